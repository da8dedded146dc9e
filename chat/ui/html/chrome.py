"""What surrounds the messages, as HTML: the same for all viewers of one language.

As HTML it costs no NiceGUI elements, which take 4 KB each in every page.
"""

from collections.abc import Iterable
from html import escape

from chat.branding import Brand
from chat.domain.messages.message import Message
from chat.framework.live_region import Node
from chat.i18n.translator import Translator
from chat.text.markup.renderer import to_plain
from chat.ui.html.buttons import MENU, icon, invoke

DRAWER = "people-drawer"
TOPIC = "whole-topic"


def nodes(tr: Translator) -> dict[str, Node]:
    """Return the nodes around the live parts (roots `bar` and `roster`), and the buttons that all messages share."""
    buttons = "".join((
        icon("mute", tr("Mute sounds"), invoke("--mute")),
        icon("unmute", tr("Unmute sounds"), invoke("--unmute")),
        icon("users", tr("People"), f"popovertarget={DRAWER}"),
        icon("menu", tr("Menu"), f"popovertarget={MENU}"),
    ))  # fmt: skip
    close = icon("x", tr("Close"), f"popovertarget={DRAWER} popovertargetaction=hide")
    people, slow = escape(tr("People")), tr("The connection is slow. It is on its way…")
    actions = f"<div class=acts>{_message_buttons(tr)}</div>"
    return {
        "bar": _live("brand", "online", "buttons", "acts"),
        "buttons": _html("div", buttons),
        "acts": {"tag": "template", "props": {"id": "acts", "innerHTML": actions}},
        "outbox": {"tag": "div", "props": {"id": "outbox", "class": "outbox", "data-slow": slow}},
        "spot": {"tag": "i", "props": {"id": "spot"}},
        "roster": _live("roster-head", "people"),
        "roster-head": _html("div", f"<h2>{people}</h2>{close}"),
    }


def connection_lost(tr: Translator, *, is_restart: bool = False) -> dict[str, Node]:
    """Return what the page shows while it is not connected; before a restart, it shows immediately."""
    text = tr("The chat is being updated and will be back in a moment. You can go on writing.")
    if not is_restart:
        text = tr("Connection lost. Trying again… You can go on writing.")
    css = "offline restart" if is_restart else "offline"
    return {"lost": {"tag": "p", "props": {"class": css, "role": "alert", "textContent": text}}}


def gap(label: str, chunk: int, side: str) -> Node:
    """Return a button that loads a chunk the page was not sent, `earlier` or `later` than its own."""
    props = {"type": "button", "commandfor": MENU, "command": "--load", "value": chunk}
    return {"tag": "button", "props": {**props, "class": f"gap {side}", "textContent": label}}


def brand(brand: Brand, topic: str) -> dict[str, Node]:
    """Return the name of the chat and its topic; a click shows all of a topic that is cut."""
    about, said = "", escape(to_plain(topic, len(topic)))
    if topic:
        about = f'<button type=button class=topic dir=auto title="{said}" popovertarget={TOPIC}>{said}</button>'
        about += f"<p id={TOPIC} popover dir=auto>{said}</p>"
    html = f'<img src="{brand.picture}" alt="" width=28 height=28><div><h1>{escape(brand.title)}</h1>{about}</div>'
    return {"brand": _html("div", html)}


def field(tr: Translator) -> str:
    """Render the content of the composer's form."""
    name, hint = escape(tr("Message")), escape(tr("Write a message…"))
    send = icon("send", tr("Send"), "type=submit", "primary")
    look = f'aria-label="{name}" placeholder="{hint}" aria-autocomplete=list'
    return f"<textarea name=message rows=1 dir=auto autofocus autocomplete=off {look}></textarea>{send}"


def answer(tr: Translator, lines: list[str]) -> str:
    """Render the reply to a command; `lines` are HTML."""
    close = icon("x", tr("Close"), invoke("--close-answer"))
    return f"<div class=lines tabindex=0>{chr(10).join(lines)}</div>{close}"


def subject(tr: Translator, head: str, text: str) -> str:
    """Render the line above the field while a message with this text is replied to or edited; `head` is HTML."""
    close = icon("x", tr("Cancel"), invoke("--dismiss"))
    return f"<p><b>{head}</b> <span dir=auto>{escape(to_plain(text))}</span></p>{close}"


def excerpt(message: Message) -> str:
    """Return the beginning of a message as plain text."""
    return to_plain(message.text, 200)


def keys(tr: Translator) -> str:
    """Render the keyboard shortcuts."""
    rows = (
        ("Enter", tr("Send the message, or take the chosen suggestion")),
        ("Shift + Enter", tr("Begin a new line")),
        ("↑", tr("Edit your last message, while the field is empty")),
        ("Esc", tr("Cancel a reply or an edit, close what is open")),
        ("@  /  :", tr("Suggest people, commands, emoji")),
        ("Shift + Tab", tr("Go to the messages; ↑ and ↓ go from one to the next, Tab to its buttons")),
        ("Ctrl + K", tr("Search")),
        ("?", tr("Show this list, while you are not writing")),
    )
    return "".join(f"<dt><kbd>{escape(key)}</kbd></dt><dd>{escape(what)}</dd>" for key, what in rows)


def quick_row(tr: Translator, emojis: Iterable[str]) -> str:
    """Render the most frequent emoji, and a button for all others."""
    look = f"type=button {invoke('--react')}"
    first, *others = (f'{look} value="{emoji}">{emoji}</button>' for emoji in emojis)
    buttons = [f"<button autofocus {first}", *(f"<button {other}" for other in others)]
    return "".join((*buttons, icon("react", tr("More emoji"), invoke("--more-reactions"))))


def _message_buttons(tr: Translator) -> str:
    return "".join((
        icon("react", tr("React"), invoke("--react")),
        icon("reply", tr("Reply"), invoke("--reply")),
        icon("flag", tr("Report"), invoke("--report")),
        icon("pencil", tr("Edit"), invoke("--edit")),
        icon("trash", tr("Delete"), invoke("--delete")),
    ))  # fmt: skip


def _live(*children: str) -> Node:
    return {"tag": "div", "props": {"class": "live"}, "children": list(children)}


def _html(tag: str, html: str) -> Node:
    return {"tag": tag, "props": {"innerHTML": html}}
