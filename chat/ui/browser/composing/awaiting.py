"""In the browser: a message that waits for its files, while the page shows its room or another one.

Until they are uploaded, it stays a draft, so that it can be changed, and outlives a reload.
"""

from chat.ui.browser.composing.listing import attachments, has_unready, take_attachments
from chat.ui.browser.composing.sent_texts import keep_sent, new_id, resend_now
from chat.ui.browser.composing.storing import LOCAL, SESSION, drop
from chat.ui.browser.composing.writing import ABOUT, DRAFT, own_key, sign_texts, subject_in, written_in
from chat.ui.browser.dom import window
from chat.ui.browser.messages.copying import say
from chat.ui.browser.page import field, form, the


def waits_for_files() -> bool:
    """Whether not all files are ready. The message is sent once they are, unless it is changed or one is refused."""
    listed = attachments()
    if not listed or not has_unready(form().dataset.room):
        return False
    listed.dataset.sending = field().value
    return True


def send_if_ready(room: str) -> None:
    """Send the message that waits for its files in a room."""
    sending = getattr(window.attached[room].dataset, "sending", None)
    if sending is None or has_unready(room):
        return
    if room != form().dataset.room:
        send_from(room, sending)
    elif sending == field().value:
        form().requestSubmit()


def send_from(room: str, text: str) -> None:
    """Send a message from a room that the page no longer shows, unless it was changed before the page left."""
    about = subject_in(room)
    if text != written_in(room) or about.startswith("edit"):
        return
    keep_sent(new_id(), text, about, room, take_attachments(room))
    drop(LOCAL, own_key(DRAFT, room))
    drop(SESSION, own_key(ABOUT, room))
    sign_texts()
    resend_now()


def tell_if_refused(room: str) -> None:
    """Say that a message of a room that the page no longer shows waits in vain."""
    if room != form().dataset.room and hasattr(window.attached[room].dataset, "sending"):
        say(the("#attachments").dataset.unsent)


def stop_waiting() -> None:
    """Leave it to the member to send what was changed."""
    listed = attachments()
    if listed:
        del listed.dataset.sending
