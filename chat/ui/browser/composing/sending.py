"""In the browser: sending, and keeping each text until the server has confirmed it.

A text leaves the field immediately, however long the round trip takes, and waits in the tab's storage until the server
has confirmed or refused it. After a lost connection or a restart it is sent again: to the same member only, because
another one may have joined in the same tab.
"""

from typing import Any

from chat.ui.browser.composing.attaching import add_uploaded, take_attachments
from chat.ui.browser.composing.completing import empty_list
from chat.ui.browser.composing.fitting import has_files_attached, hold_messages, list_height, set_text, well_formed
from chat.ui.browser.composing.storing import LOCAL, SESSION, drop, keep, kept, names
from chat.ui.browser.composing.uploading import keep_attachments, retry_cut, waits_for_files
from chat.ui.browser.composing.writing import DRAFT, LOBBY, SENT, edit_key, own_key, save_draft, sign_texts
from chat.ui.browser.dom import (
    JSON,
    Date,
    Element,
    Emit,
    Event,
    Object,
    RegExp,
    Text,
    Uint32Array,
    crypto,
    document,
    window,
)
from chat.ui.browser.holding import ask, give_up
from chat.ui.browser.page import field, form, is_typing

COMMAND = r"^\s*[/／]"
MAX_LENGTH = 50_000  # far above the longest text that is accepted


def send(event: Event, emit: Emit) -> None:
    """Store the text with its subject under a new id, show it as waiting, empty the field, and send if connected.

    Emits the id, the text, its subject, its room, whether the reason for the previous refusal was seen, and its files.
    A text with files waits until they are uploaded. A command may lead to a dialog or to another room.
    """
    data, area, height = form().dataset, field(), list_height()
    text = well_formed(area.value)
    message_id, about = new_id(), getattr(data, "about", "")
    is_edit = about.startswith("edit")
    if not text.trim() and not has_files_attached():
        return
    if not is_edit and waits_for_files():
        return
    files = [] if is_edit else take_attachments()
    keep(SESSION, waiting_key(message_id), JSON.stringify([text, about, data.room, files]))
    drop(SESSION, edit_key(about))
    show_waiting(message_id, text, files)
    values = [message_id, sendable(text), about, data.room, bool(getattr(area.dataset, "returned", "")), files]
    area.value, area.dataset.returned = getattr(data, "kept", ""), ""
    if window.socket.connected and RegExp(COMMAND).test(text):
        ask(emit, values)
    elif window.socket.connected:
        emit(*values)
    del data.about, data.kept, data.original, data.sending
    area.dispatchEvent(Event("input", {"bubbles": True}))
    if is_edit:
        hold_messages(height)
    empty_list()
    area.focus()


def new_id() -> str:
    """Return an id that no other message has; ids sort by time."""
    chance = crypto.getRandomValues(Uint32Array(1))[0]
    return Date.now().toString(36) + chance.toString(36).padStart(7, "0")


def waiting_key(message_id: str) -> str:
    """Return the name under which a text of this page's member waits."""
    return f"{SENT}{form().dataset.owner}.{message_id}"


def sendable(text: str) -> Text:
    """Cut a text that is refused for its length anyway."""
    return well_formed(text[:MAX_LENGTH])


def show_waiting(message_id: str, text: Text, files: list[Any]) -> None:
    """Show a text, or else the names of its files, as waiting, once the page is connected and has a place for it."""
    outbox = document.querySelector("#outbox")
    if not outbox or document.getElementById(f"sent-{message_id}"):
        return
    line = document.createElement("p")
    shown = text if text.trim() else ", ".join([file[2] for file in files])
    Object.assign(line, {"id": f"sent-{message_id}", "dir": "auto", "textContent": shown})
    outbox.append(line)


def waiting(owner: str) -> list[str]:
    """Return the names under which a member's texts wait, in the order they were sent."""
    return names(SESSION, f"{SENT}{owner}.")


def resend(event: Event, emit: Emit) -> None:
    """Send unconfirmed texts again, each to its room."""
    for name in waiting(form().dataset.owner):
        text, about, room, files = waiting_text(name)
        emit(name[len(waiting_key("")) :], sendable(text), about, room, False, files)
    show_all_waiting()
    retry_cut()


def show_all_waiting() -> None:
    """Show the texts that wait for this room."""
    for name in waiting(form().dataset.owner):
        text, _, room, files = waiting_text(name)
        if room == form().dataset.room:
            show_waiting(name[len(waiting_key("")) :], text, files)


def waiting_text(name: str) -> list[Any]:
    """Return a text that waits, its subject, its room and its files. Earlier versions kept no rooms and no files."""
    waited = JSON.parse(kept(SESSION, name))
    files = waited[3] if len(waited) > 3 else []
    return [waited[0], waited[1], waited[2] or LOBBY, files]


def resend_now() -> None:
    """Send unconfirmed texts again after a reconnect."""
    if document.querySelector("#composer textarea"):
        form().dispatchEvent(Event("resend"))


def confirm(message_id: str) -> None:
    """Stop keeping a text: it was posted or refused."""
    drop(SESSION, waiting_key(message_id))
    sign_texts()
    line = document.getElementById(f"sent-{message_id}")
    if line:
        line.remove()


def restore_text(message_id: str, keep_subject: bool) -> None:
    """Put a refused text back into the field, and its subject too with `keep_subject`."""
    if kept(SESSION, waiting_key(message_id)) is None:
        confirm(message_id)
        return
    text, about, room, files = waiting_text(waiting_key(message_id))
    if RegExp(COMMAND).test(text):
        give_up()
    if room != form().dataset.room:
        keep_for_later(text, room)
        confirm(message_id)
        return
    add_uploaded(files)
    keep_attachments()
    data, area = form().dataset, field()
    takes_subject = keep_subject and about and not hasattr(data, "about")
    if takes_subject:
        data.about = about
    if takes_subject and about.startswith("edit"):
        data.kept = area.value
        area.dataset.returned = text
        set_text(area, text)
    else:
        put_back(area, text)
    if not is_typing():
        area.focus()
    save_draft()
    confirm(message_id)


def keep_for_later(text: str, room: str) -> None:
    """Put a refused text before the draft of a room that the page doesn't show."""
    name = own_key(DRAFT, room)
    keep(LOCAL, name, "\n".join([part for part in [text, kept(LOCAL, name)] if part]))


def put_back(area: Element, text: str) -> None:
    """Put a text before what was typed since, and after texts that were put back before."""
    before = getattr(area.dataset, "returned", "")
    if not area.value.startswith(before):
        before = ""
    since = area.value[len(before) :]
    if before and since.startswith("\n"):
        since = since[1:]
    area.dataset.returned = before + "\n" + text if before else text
    set_text(area, "\n".join([part for part in [area.dataset.returned, since] if part]))
