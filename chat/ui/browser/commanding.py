"""In the browser: the commands of buttons that are HTML only."""

from chat.ui.browser.composing.owning import forget
from chat.ui.browser.composing.writing import cancel_reply
from chat.ui.browser.dom import CSS, Emit, Event, document, setTimeout
from chat.ui.browser.holding import ask
from chat.ui.browser.messages.message_menu import message_of, run_here
from chat.ui.browser.page import is_focus_lost, message_list

# Commands that lead to something that is typed in: a dialog with a field, another room, a reply or an edit.
ASKING = [
    "--account",
    "--close-direct",
    "--describe",
    "--direct",
    "--edit",
    "--mention",
    "--messages-by",
    "--new-message",
    "--new-room",
    "--rename",
    "--reply",
    "--report",
    "--room",
    "--search",
    "--sign-in",
    "--sign-up",
]


async def emit_command(event: Event, emit: Emit) -> None:
    """Emit the command of a button that is HTML only, its value, and the id of the message it is on."""
    button = event.source
    if button and button.matches(".gap.earlier"):
        pause_anchoring()
    values = [event.command, button.value if button else "", message_of(button) if button else ""]
    if event.command == "--cancel-reply":
        cancel_reply()
    elif event.command in ASKING:
        ask(emit, values)
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
