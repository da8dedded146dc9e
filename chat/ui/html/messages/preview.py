"""The card under a message with a link, with the preview of the linked page."""

from markupsafe import Markup

from chat.domain.messages.message import Message
from chat.i18n.translator import Translator
from chat.ui.html.buttons import icon, invoke
from chat.ui.html.escaping import fill
from chat.web.paths import file_path

NOTHING = Markup()


def preview(tr: Translator, message: Message) -> Markup:
    """Render the card, which is as high as any other, whether it has a picture or not."""
    if message.preview is None:
        return NOTHING
    return fill(
        '<span class=preview>{picture}<span class=about-page><a href="{link}" target=_blank '
        'rel="noopener noreferrer nofollow" dir=auto>{title}</a>{description}<small dir=auto>{site}</small></span>'
        "{remove}</span>",
        picture=_picture(message),
        link=message.link,
        title=message.preview.title,
        description=_description(message.preview.description),
        site=message.preview.site,
        remove=icon("x", tr("Remove preview"), invoke("--remove-preview")),
    )


def _picture(message: Message) -> Markup:
    """Render the picture without a name: beside the title, it says nothing more."""
    if message.preview is None or message.preview.picture is None or not message.preview.picture.content:
        return NOTHING
    path = file_path(message.room, message.id, len(message.attachments))
    return fill('<img src="{path}/small" alt="" loading=lazy>', path=path)


def _description(text: str) -> Markup:
    return fill("<span dir=auto>{text}</span>", text=text) if text else NOTHING
