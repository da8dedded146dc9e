"""The HTML of the composer."""

from functools import lru_cache

from markupsafe import Markup

from chat.i18n.translator import Translator
from chat.state.files.upload_limits import UploadLimits
from chat.text.markup.renderer import to_plain
from chat.ui.html.buttons import icon, invoke
from chat.ui.html.escaping import fill
from chat.ui.html.messages.files import attach_button, attachments


@lru_cache(1000)
def render_field(
    tr: Translator, hint: str, uploads: UploadLimits | None = None, *, is_nearly_full: bool = False
) -> Markup:
    """Render the controls of the composer's form; the empty field says `hint`."""
    return fill(
        "{attachments}<textarea name=message rows=1 dir=auto autofocus autocomplete=off "
        'aria-label="{label}" placeholder="{hint}" aria-autocomplete=list></textarea>{attach}{emoji}{send}',
        attachments=attachments(tr, uploads, warns=is_nearly_full) if uploads else Markup(),
        attach=attach_button(tr) if uploads else Markup(),
        label=tr("Message"),
        hint=hint,
        emoji=icon("emoji", tr("Emoji"), invoke("--emoji")),
        send=icon("send", tr("Send"), Markup("type=submit disabled"), "primary"),
    )


def render_answer(tr: Translator, lines: list[str], offer: Markup = Markup()) -> Markup:  # noqa: B008
    """Render the reply to a command, or an offer with its button."""
    return fill(
        "<div class=lines tabindex=0>{lines}</div>{offer}{close}",
        lines=Markup("\n").join(lines),
        offer=offer,
        close=icon("x", tr("Close"), invoke("--close-answer")),
    )


def render_subject(tr: Translator, head: str, text: str) -> Markup:
    """Render the line above the field while a message with this text is replied to or edited."""
    return fill(
        "<p><b>{head}</b> <span dir=auto>{text}</span></p>{close}",
        head=head,
        text=to_plain(text),
        close=icon("x", tr("Cancel"), invoke("--cancel-reply")),
    )
