"""In the browser: sending, and keeping each text until the server has confirmed it.

A text leaves the field immediately, however long the round trip takes, and waits in the tab's storage until the server
has confirmed or refused it. After a lost connection or a restart it is sent again: to the same member only, because
another one may have joined in the same tab.
"""

from chat.ui.browser.composing.awaiting import waits_for_files
from chat.ui.browser.composing.completing import empty_list
from chat.ui.browser.composing.fitting import has_files_attached, hold_messages, list_height, set_text, well_formed
from chat.ui.browser.composing.listing import return_files, take_attachments
from chat.ui.browser.composing.sent_texts import (
    confirm,
    keep_for_later,
    keep_sent,
    new_id,
    show_all_waiting,
    show_waiting,
    waiting,
    waiting_key,
    waiting_text,
)
from chat.ui.browser.composing.storing import SESSION, drop, kept
from chat.ui.browser.composing.uploading import retry_cut
from chat.ui.browser.composing.writing import edit_key, save_draft
from chat.ui.browser.dom import Element, Emit, Event, RegExp, Text, window
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
    files = [] if is_edit else take_attachments(data.room)
    keep_sent(message_id, text, about, data.room, files)
    drop(SESSION, edit_key(about))
    show_waiting(message_id, text, files)
    values = [message_id, sendable(text), about, data.room, bool(getattr(area.dataset, "returned", "")), files]
    area.value, area.dataset.returned = getattr(data, "kept", ""), ""
    if window.socket.connected and RegExp(COMMAND).test(text):
        ask(emit, values)
    elif window.socket.connected:
        emit(*values)
    del data.about, data.kept, data.original
    area.dispatchEvent(Event("input", {"bubbles": True}))
    if is_edit:
        hold_messages(height)
    empty_list()
    area.focus()


def sendable(text: str) -> Text:
    """Cut a text that is refused for its length anyway."""
    return well_formed(text[:MAX_LENGTH])


def resend(event: Event, emit: Emit) -> None:
    """Send unconfirmed texts again, each to its room."""
    for name in waiting(form().dataset.owner):
        text, about, room, files = waiting_text(name)
        emit(name[len(waiting_key("")) :], sendable(text), about, room, False, files)
    show_all_waiting()
    retry_cut()


def restore_text(message_id: str, keep_subject: bool) -> None:
    """Put a refused text back into the field, and its subject too with `keep_subject`."""
    if kept(SESSION, waiting_key(message_id)) is None:
        confirm(message_id)
        return
    text, about, room, files = waiting_text(waiting_key(message_id))
    if RegExp(COMMAND).test(text):
        give_up()
    return_files(room, files)
    if room != form().dataset.room:
        keep_for_later(text, room)
        confirm(message_id)
        return
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
