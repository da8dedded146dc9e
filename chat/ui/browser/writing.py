"""In the browser: the field, its draft, and the subject of the text (`reply-ID` or `edit-ID`).

The form keeps what belongs to the text: `data-about`, the subject, and `data-kept`, the draft that an edit replaced.
The field keeps `data-returned`, the text that was refused last.
"""

from chat.ui.browser.dom import (
    CSS,
    JSON,
    Element,
    Emit,
    Event,
    StorageEvent,
    Text,
    TextDecoder,
    TextEncoder,
    addEventListener,
    localStorage,
    sessionStorage,
)
from chat.ui.browser.page import field, form, message_list

DRAFT, ABOUT = "chat.draft.", "chat.about."


def restore_draft(composer: Element, emit: Emit) -> None:
    """Restore the draft after a (re)load, or the text with a subject, which is emitted.

    Afterwards follow the draft of other tabs as long as it is the same, so that a text sent there is not sent again.
    """
    data, area = composer.dataset, field()
    name = DRAFT + data.owner
    saved = JSON.parse(sessionStorage.getItem(ABOUT + data.owner))
    if saved:
        data.about = saved[1]
        if saved[2] is not None:
            data.kept = saved[2]
        set_text(area, saved[0])
        emit(data.about)
    else:
        set_text(area, localStorage.getItem(name) or "")

    def follow(event: StorageEvent) -> None:
        before, now = event.oldValue or "", event.newValue or ""
        if event.key == name and getattr(data, "kept", None) == before:
            data.kept = now
        if event.key == name and not hasattr(data, "about") and area.value == before:
            set_text(area, now)

    addEventListener("storage", follow)
    addEventListener("resize", lambda event: fit_height())


def save_draft() -> None:
    """Keep the draft for reloads and other tabs. Call it last: it raises an error if the storage is full or forbidden.

    A text with a subject is kept for this tab only, and so is the draft that an edit replaced.
    """
    data, text = form().dataset, field().value
    about = getattr(data, "about", "")
    if text and not about.startswith("edit"):
        localStorage.setItem(DRAFT + data.owner, text)
    elif not about.startswith("edit"):
        localStorage.removeItem(DRAFT + data.owner)
    if about:
        sessionStorage.setItem(ABOUT + data.owner, JSON.stringify([text, about, getattr(data, "kept", None)]))
    else:
        sessionStorage.removeItem(ABOUT + data.owner)


def report_typing(event: Event, emit: Emit) -> None:
    """Emit the beginning of the text, for the typing line."""
    fit_height()
    emit(well_formed(field().value[:2]))
    save_draft()


def compose(about: str, text: str | None = None) -> None:
    """Give the next text a subject; `text` replaces the field's content until it is sent or cancelled."""
    data, area, height = form().dataset, field(), message_list().clientHeight
    draft = getattr(data, "kept", area.value)
    del data.kept
    data.about = about
    if text is not None:
        data.kept = draft
        draft = text
    set_text(area, draft)
    hold_messages(height)
    area.focus()
    area.setSelectionRange(len(area.value), len(area.value))
    save_draft()


def cancel_reply() -> None:
    """Remove the subject from the next text, and bring back the draft that an edit replaced."""
    data, area, height = form().dataset, field(), message_list().clientHeight
    set_text(area, getattr(data, "kept", area.value))
    hold_messages(height)
    del data.kept, data.about
    area.focus()
    save_draft()


def set_text(area: Element, text: str) -> None:
    area.value = text
    fit_height()


def hold_messages(height: float) -> None:
    """Leave the messages where they are, although the field has made their list higher or lower than `height`."""
    message_list().scrollTop += message_list().clientHeight - height


def fit_height() -> None:
    """Make the field as high as its text, if the browser can't do that itself (`field-sizing`)."""
    if not CSS.supports("field-sizing", "content"):
        style = field().style
        style.height = "0"
        style.height = f"{field().scrollHeight}px"


def well_formed(text: str) -> Text:
    """Replace lone surrogates, such as a half of an emoji, which no JSON may contain."""
    return TextDecoder("utf-8", {"ignoreBOM": True}).decode(TextEncoder().encode(text))
