"""The pictures and files of a message, the list of those that wait to be sent, and the dialog that shows a picture."""

from markupsafe import Markup

from chat.domain.messages.attachment import ATTACHMENTS_LIMIT, Attachment
from chat.domain.messages.message import Message
from chat.framework.live_region import Node
from chat.i18n.translator import Translator
from chat.media.file_types import usual_extension
from chat.state.files.upload_limits import UploadLimits
from chat.ui.html.buttons import icon, invoke
from chat.ui.html.escaping import concat, fill
from chat.web.paths import file_path

PICTURE = "picture"
AUDIO, VIDEO = Markup("audio"), Markup("video")
ALONE, BESIDE_OTHERS = (400, 320), (240, 200)  # pixels that a picture takes at most


def files(tr: Translator, message: Message) -> Markup:
    """Render the files of a message; pictures have their room before they are loaded."""
    found = list(enumerate(message.attachments))
    pictures = [position for position, attachment in found if attachment.is_picture]
    room = ALONE if len(pictures) == 1 else BESIDE_OTHERS
    return fill(
        "<span class=files><span class=pictures>{pictures}</span>{others}</span>",
        pictures=concat(_picture(tr, message, position, room) for position in pictures),
        others=concat(_file(tr, message, position) for position, attachment in found if not attachment.is_picture),
    )


def attachments(tr: Translator, limits: UploadLimits, *, warns: bool) -> Markup:
    """Render the list of files that wait to be sent (see chat/ui/browser/composing/listing.py).

    `warns` is whether to say that old files will be removed.
    """
    kept = tr("Once all files together take up %(size)s, the oldest are removed.", size=tr.size(limits.total))
    return fill(
        '<ul id=attachments class=attachments aria-label="{list}" data-limit={limit} data-most={most} '
        'data-large="{large}" data-many="{many}" data-cut="{cut}" data-unsent="{unsent}"></ul>'
        '<template id=attachment><li><img alt="" hidden><span class=about-file><b dir=auto></b>'
        '<small role=status></small><input class=alt name="" autocomplete=off hidden maxlength=500 dir=auto '
        'aria-label="{describe}" placeholder="{describe}"><progress max=1></progress></span>{retry}{remove}</li>'
        "</template>"
        "{kept}<p class=drop-here aria-hidden=true>{drop}</p>",
        list=tr("Attachments"),
        limit=limits.file,
        most=ATTACHMENTS_LIMIT,
        large=tr("This file is too large. Files can have up to %(size)s.", size=tr.size(limits.file)),
        many=tr("A message can have up to %(limit)s files.", limit=tr.number(ATTACHMENTS_LIMIT)),
        cut=tr("The connection was lost."),
        unsent=tr("A file can't be uploaded. Your message in another room isn't sent yet."),
        describe=tr("Describe this picture"),
        retry=icon("retry", tr("Try again"), Markup("data-retry hidden")),
        remove=icon("x", tr("Remove"), Markup("data-remove")),
        kept=fill("<p class=kept-files>{kept}</p>", kept=kept) if warns else "",
        drop=tr("Drop files here"),
    )


def attach_button(tr: Translator) -> Markup:
    return fill(
        "<input type=file name=files multiple hidden tabindex=-1>{attach}{record}",
        attach=icon("attach", tr("Attach"), Markup("data-attach")),
        record=icon(
            "record",
            tr("Record a voice note"),
            fill(
                'data-record hidden aria-pressed=false data-name="{name}" data-refused="{refused}"',
                name=tr("Voice note"),
                refused=tr("The browser doesn't let this page use the microphone."),
            ),
        ),
    )


def picture_dialog(tr: Translator) -> dict[str, Node]:
    """Return the dialog for pictures, which the browser fills (see chat/ui/browser/messages/viewing.py)."""
    html = fill(
        '<img alt=""><p dir=auto></p><div class=picture-buttons>{before}{after}{describe}'
        '<a class="icon icon-download" href="" download aria-label="{download}" title="{download}"></a>{close}</div>',
        before=icon("before", tr("Previous"), Markup("data-step=-1")),
        after=icon("after", tr("Next"), Markup("data-step=1")),
        describe=icon("pencil", tr("Describe this picture"), invoke("--describe")),
        download=tr("Download"),
        close=icon("x", tr("Close"), Markup("command=close commandfor=picture")),
    )
    return {PICTURE: {"tag": "dialog", "props": {"id": PICTURE, "aria-label": tr("Picture"), "innerHTML": html}}}


def _file(tr: Translator, message: Message, position: int) -> Markup:
    attachment, path = message.attachments[position], file_path(message.room, message.id, position)
    if not attachment.content:
        return _removed(tr, attachment)
    card = fill(
        '<span class="file icon-file"><a href="{path}" download="{name}" dir=auto>{name}</a>'
        "<small>{about}</small></span>",
        path=path,
        name=attachment.name,
        about=" · ".join([*_kind(attachment), tr.size(attachment.size)]),
    )
    if not attachment.is_played:
        return card
    tag = AUDIO if attachment.type.startswith("audio") else VIDEO
    player = fill(
        '<{tag} controls preload=metadata src="{path}" aria-label="{name}"></{tag}>',
        tag=tag,
        path=path,
        name=attachment.name,
    )
    return player + card


def _picture(tr: Translator, message: Message, position: int, room: tuple[int, int]) -> Markup:
    attachment, path = message.attachments[position], file_path(message.room, message.id, position)
    scale = min(1, room[0] / attachment.width, room[1] / attachment.height)
    return fill(
        '<a class="picture{moving}" href="{path}" data-picture="{id}/{position}" data-name="{name}" '
        'data-size="{full_width} {full_height}">'
        '<img src="{path}/small" alt="{alt}" width={width} height={height} loading=lazy {look}></a>',
        moving=" moving" if attachment.is_animated else "",
        id=message.id,
        position=position,
        path=path,
        name=attachment.name,
        full_width=attachment.width,
        full_height=attachment.height,
        alt=attachment.alt or tr("Picture: %(name)s", name=attachment.name),
        width=max(1, round(attachment.width * scale)),
        height=max(1, round(attachment.height * scale)),
        look=_placeholder(attachment.placeholder) if attachment.placeholder else "",
    )


def _placeholder(picture: str) -> Markup:
    return fill('style="background-image:url(data:image/webp;base64,{picture})"', picture=picture)


def _removed(tr: Translator, attachment: Attachment) -> Markup:
    return fill(
        '<span class="file icon-file gone"><span dir=auto>{name}</span><small>{text}</small></span>',
        name=attachment.name,
        text=tr("No longer kept"),
    )


def _kind(attachment: Attachment) -> list[str]:
    """Return the common name of a file's type, if it has one."""
    extension = usual_extension(attachment.type)
    return [extension[1:].upper()] if extension and extension != ".bin" else []
