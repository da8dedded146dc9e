"""In the browser: the field's text and height."""

from chat.ui.browser.dom import CSS, Element, Text, TextDecoder, TextEncoder, document
from chat.ui.browser.page import field, form, message_list, the


def set_text(area: Element, text: str) -> None:
    area.value = text
    show_text()


def show_text() -> None:
    """Make the field as high as its text, and dim the button if there is none."""
    fit_height()
    the("#composer [type=submit]").disabled = not field().value.trim() and not has_files_attached()


def has_files_attached() -> bool:
    """Whether there is something to send without a text; an edit has only that."""
    is_edit = getattr(form().dataset, "about", "").startswith("edit")
    return not is_edit and bool(document.querySelector("#attachments > li"))


def list_height() -> float:
    return message_list().getBoundingClientRect().height


def hold_messages(height: float) -> None:
    """Leave the messages where they are, although the field has made their list higher or lower than `height`."""
    message_list().scrollTop += list_height() - height


def fit_height() -> None:
    """Make the field as high as its text, if the browser can't do that itself (`field-sizing`)."""
    if not CSS.supports("field-sizing", "content"):
        style = field().style
        style.height = "0"
        style.height = f"{field().scrollHeight}px"


def well_formed(text: str) -> Text:
    """Replace lone surrogates, such as a half of an emoji, which no JSON may contain."""
    return TextDecoder("utf-8", {"ignoreBOM": True}).decode(TextEncoder().encode(text))
