"""In the browser: the field, its draft, and the subject of the text (`reply-ID` or `edit-ID`).

The form keeps what belongs to the text: `data-about`, the subject, `data-kept`, the draft that an edit replaced, and
`data-original`, the message's text before the edit. The field keeps `data-returned`, the text that was refused last.
"""

from chat.ui.browser.composing.fitting import fit_height, hold_messages, list_height, set_text, show_text, well_formed
from chat.ui.browser.composing.storing import LOCAL, SESSION, drop, keep, kept, names
from chat.ui.browser.dom import (
    JSON,
    Element,
    Emit,
    Event,
    StorageEvent,
    addEventListener,
)
from chat.ui.browser.page import field, form, until_left

DRAFT, ABOUT, EDITED = "chat.draft.", "chat.about.", "chat.edit."
SENT, AUTHOR, FILES = "chat.sent.", "chat.author.", "chat.files."
LOBBY = "lobby"


def own_key(kind: str, room: str = "") -> str:
    """Return the name of what this page's member has written in a room, by default the shown one."""
    data = form().dataset
    where = room or data.room
    return kind + data.owner if where == LOBBY else f"{kind}{data.owner}.{where}"


def restore_draft(composer: Element, emit: Emit) -> None:
    """Restore the draft after a (re)load, or the text with a subject, which is emitted.

    Afterwards follow the draft of other tabs as long as it is the same, so that a text sent there is not sent again.
    """
    data, area = composer.dataset, field()
    name = own_key(DRAFT)
    saved = JSON.parse(kept(SESSION, own_key(ABOUT)))
    if saved:
        data.about = saved[1]
        if saved[2] is not None:
            data.kept = saved[2]
            data.original = saved[3]
        set_text(area, saved[0])
        emit(data.about)
    else:
        set_text(area, kept(LOCAL, name) or "")

    def follow(event: StorageEvent) -> None:
        before, now = event.oldValue or "", event.newValue or ""
        if event.key == name and getattr(data, "kept", None) == before:
            data.kept = now
        if event.key == name and not hasattr(data, "about") and area.value == before:
            set_text(area, now)

    addEventListener("storage", follow, until_left())
    addEventListener("resize", lambda event: fit_height(), until_left())


def save_draft() -> None:
    """Keep the draft for reloads and other tabs.

    A text with a subject is kept for this tab only, and so is the draft that an edit replaced.
    """
    data, text = form().dataset, field().value
    about = getattr(data, "about", "")
    if text and not about.startswith("edit"):
        keep(LOCAL, own_key(DRAFT), text)
    elif not about.startswith("edit"):
        drop(LOCAL, own_key(DRAFT))
    if about:
        texts = [text, about, getattr(data, "kept", None), getattr(data, "original", None)]
        keep(SESSION, own_key(ABOUT), JSON.stringify(texts))
    else:
        drop(SESSION, own_key(ABOUT))
    sign_texts()


def sign_texts() -> None:
    """Keep the author's name as long as there are texts, in case that the id is lost (see `adopt_texts`)."""
    owner = form().dataset.owner
    has_draft = len(names(LOCAL, DRAFT + owner)) > 0
    has_others = len(names(SESSION, ABOUT + owner)) > 0 or len(names(SESSION, f"{SENT}{owner}.")) > 0
    sign(LOCAL, has_draft)
    sign(SESSION, has_others)


def sign(kind: str, has_texts: bool) -> None:
    data = form().dataset
    if has_texts:
        keep(kind, AUTHOR + data.owner, data.name)
    else:
        drop(kind, AUTHOR + data.owner)


def report_typing(event: Event, emit: Emit) -> None:
    """Emit the beginning of the text, for the typing line."""
    show_text()
    emit(well_formed(field().value[:2]))
    save_draft()


def report_refused(event: Event, emit: Emit) -> None:
    """Emit how long the text is, as it is changed after it was refused."""
    data, length = field().dataset, len(field().value.trim())
    if getattr(data, "returned", ""):
        emit(length)
    if not length:
        data.returned = ""


def compose(about: str, text: str | None = None) -> None:
    """Give the next text a subject; `text` replaces the field's content until it is sent or cancelled.

    What was typed in an earlier edit of the same text comes back.
    """
    keep_edit()
    data, area, height = form().dataset, field(), list_height()
    draft = getattr(data, "kept", area.value)
    del data.kept, data.original
    data.about = about
    if text is not None:
        data.kept, data.original = draft, text
        draft = edited_before(about, text)
    set_text(area, draft)
    hold_messages(height)
    area.focus()
    area.setSelectionRange(len(area.value), len(area.value))
    save_draft()


def written_in(room: str) -> str:
    """Return what the member was writing in a room that the page no longer shows."""
    saved = JSON.parse(kept(SESSION, own_key(ABOUT, room)))
    return saved[0] if saved else kept(LOCAL, own_key(DRAFT, room)) or ""


def subject_in(room: str) -> str:
    """Return the subject of what the member was writing in a room that the page no longer shows."""
    saved = JSON.parse(kept(SESSION, own_key(ABOUT, room)))
    return saved[1] if saved else ""


def show_hint(hint: str) -> None:
    """Show a hint in the empty field."""
    field().placeholder = hint


def cancel_reply() -> None:
    """Remove the subject from the next text, and bring back the draft that an edit replaced."""
    keep_edit()
    data, area, height = form().dataset, field(), list_height()
    set_text(area, getattr(data, "kept", area.value))
    hold_messages(height)
    del data.kept, data.original, data.about
    area.focus()
    save_draft()


def keep_edit() -> None:
    """Keep what was typed in the edit that ends now, for the next edit of that message."""
    data, text = form().dataset, field().value
    about, original = getattr(data, "about", ""), getattr(data, "original", "")
    if not about.startswith("edit"):
        return
    if text.trim() and text != original:
        keep(SESSION, edit_key(about), JSON.stringify([original, text]))
    else:
        drop(SESSION, edit_key(about))


def edited_before(about: str, original: str) -> str:
    """Return what was typed in an earlier edit, unless the message was changed since."""
    saved: list[str] | None = JSON.parse(kept(SESSION, edit_key(about)))
    is_current = saved is not None and (saved[0] == original or not saved[0])
    return saved[1] if saved and is_current else original


def edit_key(about: str) -> str:
    return f"{EDITED}{form().dataset.owner}.{about}"
