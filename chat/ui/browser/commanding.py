"""In the browser: the commands of buttons that are HTML only."""

from chat.ui.browser.composing.owning import forget
from chat.ui.browser.composing.writing import cancel_reply
from chat.ui.browser.dom import CSS, Emit, Event, document, setTimeout
from chat.ui.browser.holding import ask
from chat.ui.browser.messages.message_menu import message_of, run_here
from chat.ui.browser.page import is_focus_lost, message_list

DIALOG, SUBJECT = "dialog[open]", "#composer[data-about]"

# Commands that lead to something that is typed in, and what shows that it is here, if it wasn't before.
ASKING = {
    "--account": DIALOG,
    "--close-direct": "",
    "--describe": DIALOG,
    "--direct": "",
    "--edit": SUBJECT,
    "--mention": "",
    "--messages-by": DIALOG,
    "--new-message": DIALOG,
    "--new-room": DIALOG,
    "--rename": DIALOG,
    "--reply": SUBJECT,
    "--report": DIALOG,
    "--room": DIALOG,
    "--search": DIALOG,
    "--sign-in": DIALOG,
    "--sign-up": DIALOG,
}


async def emit_command(event: Event, emit: Emit) -> None:
    """Emit the command of a button that is HTML only, its value, and the id of the message it is on."""
    button = event.source
    if button and button.matches(".gap.earlier"):
        pause_anchoring()
    values = [event.command, button.value if button else "", message_of(button) if button else ""]
    if event.command == "--cancel-reply":
        cancel_reply()
    elif hasattr(ASKING, event.command):
        ask(emit, values, getattr(ASKING, event.command))
    else:
        emit(*values)
    if button:
        await run_here(event.command, button)
    if event.command == "--sign-out":
        forget()


def pause_anchoring() -> None:
    """Turn off scroll anchoring for a moment: earlier messages are inserted above without moving those below."""
    style = message_list().style

    def resume() -> None:
        style.overflowAnchor = ""

    style.overflowAnchor = "none"
    setTimeout(resume, 1000)


def focus_command(command: str) -> None:
    """Focus the button in the bar with this command, which has taken the place of the one that had the focus."""
    button = document.querySelector(f".bar [command={CSS.escape(command)}]")
    if button and is_focus_lost():
        button.focus()
