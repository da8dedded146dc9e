"""In the browser: texts that were sent, each kept in the tab's storage until the server has confirmed or refused it."""

from typing import Any

from chat.ui.browser.composing.storing import LOCAL, SESSION, drop, keep, kept, names
from chat.ui.browser.composing.writing import DRAFT, LOBBY, SENT, own_key, sign_texts
from chat.ui.browser.dom import JSON, Date, Event, Object, Text, Uint32Array, crypto, document
from chat.ui.browser.page import form


def new_id() -> str:
    """Return an id that no other message has; ids sort by time."""
    chance = crypto.getRandomValues(Uint32Array(1))[0]
    return Date.now().toString(36) + chance.toString(36).padStart(7, "0")


def waiting_key(message_id: str) -> str:
    """Return the name under which a text of this page's member waits."""
    return f"{SENT}{form().dataset.owner}.{message_id}"


def keep_sent(message_id: str, text: str, about: str, room: str, files: list[Any]) -> None:
    keep(SESSION, waiting_key(message_id), JSON.stringify([text, about, room, files]))


def waiting(owner: str) -> list[str]:
    """Return the names under which a member's texts wait, in the order they were sent."""
    return names(SESSION, f"{SENT}{owner}.")


def waiting_text(name: str) -> list[Any]:
    """Return a text that waits, its subject, its room and its files. Earlier versions kept no rooms and no files."""
    waited = JSON.parse(kept(SESSION, name))
    files = waited[3] if len(waited) > 3 else []
    return [waited[0], waited[1], waited[2] or LOBBY, files]


def show_all_waiting() -> None:
    """Show the texts that wait for this room."""
    for name in waiting(form().dataset.owner):
        text, _, room, files = waiting_text(name)
        if room == form().dataset.room:
            show_waiting(name[len(waiting_key("")) :], text, files)


def show_waiting(message_id: str, text: Text, files: list[Any]) -> None:
    """Show a text, or else the names of its files, as waiting, once the page is connected and has a place for it."""
    outbox = document.querySelector("#outbox")
    if not outbox or document.getElementById(f"sent-{message_id}"):
        return
    line = document.createElement("p")
    shown = text if text.trim() else ", ".join([file[2] for file in files])
    Object.assign(line, {"id": f"sent-{message_id}", "dir": "auto", "textContent": shown})
    outbox.append(line)


def resend_now() -> None:
    """Send unconfirmed texts again after a reconnect, or those of other rooms."""
    if document.querySelector("#composer textarea"):
        form().dispatchEvent(Event("resend"))


def confirm(message_id: str) -> None:
    """Stop keeping a text: it was posted or refused."""
    drop(SESSION, waiting_key(message_id))
    sign_texts()
    line = document.getElementById(f"sent-{message_id}")
    if line:
        line.remove()


def keep_for_later(text: str, room: str) -> None:
    """Put a refused text before the draft of a room that the page doesn't show."""
    name = own_key(DRAFT, room)
    keep(LOCAL, name, "\n".join([part for part in [text, kept(LOCAL, name)] if part]))
