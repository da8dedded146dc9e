"""The HTML around the messages: the same for all viewers of one language.

As HTML it costs no NiceGUI elements, which take 4 KB each in every page.
"""

from functools import cache

from markupsafe import Markup

from chat.branding import Brand
from chat.domain.messages.message import Message
from chat.framework.live_region import Node
from chat.i18n.translator import Translator
from chat.text.markup.renderer import to_plain
from chat.ui.html import actions
from chat.ui.html.buttons import MENU, icon, invoke
from chat.ui.html.escaping import concat, fill

DRAWER = "people-drawer"
TOPIC = "whole-topic"


def nodes(tr: Translator) -> dict[str, Node]:
    """Return the nodes around the live parts (roots `bar` and `roster`), and the actions that all messages share."""
    open_drawer = fill("popovertarget={drawer}", drawer=DRAWER)
    close_drawer = fill("popovertarget={drawer} popovertargetaction=hide", drawer=DRAWER)
    buttons = concat((
        icon("mute", tr("Mute sounds"), invoke("--mute")),
        icon("unmute", tr("Unmute sounds"), invoke("--unmute")),
        icon("users", tr("People"), open_drawer),
        icon("menu", tr("Menu"), fill("popovertarget={menu}", menu=MENU)),
    ))  # fmt: skip
    close = icon("x", tr("Close"), close_drawer)
    head = fill("<h2>{people}</h2>{close}", people=tr("People"), close=close)
    slow = tr("The connection is slow. Your message is on its way…")
    return {
        "bar": _live("brand", "online", "buttons", "acts", "toast"),
        "buttons": _html("div", buttons),
        "outbox": {"tag": "div", "props": {"id": "outbox", "class": "outbox", "data-slow": slow}},
        "spot": {"tag": "i", "props": {"id": "spot"}},
        "roster": _live("roster-head", "people"),
        "roster-head": _html("div", head),
        **actions.nodes(tr),
    }


def connection_lost(tr: Translator, *, is_restart: bool = False) -> dict[str, Node]:
    """Return the notice of a lost connection; before a restart, it shows immediately."""
    text = tr("The chat is restarting and will be back shortly. Keep writing.")
    if not is_restart:
        text = tr("Connection lost. Reconnecting… Keep writing.")
    css = "offline restart" if is_restart else "offline"
    return {"lost": {"tag": "p", "props": {"class": css, "role": "alert", "textContent": text}}}


def gap(label: str, chunk: int, side: str) -> Node:
    """Return a button that loads a chunk the page was not sent, `earlier` or `later` than its own."""
    props = {"type": "button", "commandfor": MENU, "command": "--load", "value": chunk}
    return {"tag": "button", "props": {**props, "class": f"gap {side}", "textContent": label}}


def brand(brand: Brand, topic: str) -> dict[str, Node]:
    """Return the name of the chat and its topic; a click shows all of a topic that is cut."""
    about = Markup()
    if topic:
        about = fill(
            '<button type=button class=topic dir=auto title="{topic}" popovertarget={popover}>{topic}</button>'
            "<p id={popover} popover dir=auto>{topic}</p>",
            topic=to_plain(topic, len(topic)),
            popover=TOPIC,
        )
    html = fill(
        '<img src="{picture}" alt="" width=28 height=28><div><h1>{title}</h1>{about}</div>',
        picture=brand.picture,
        title=brand.title,
        about=about,
    )
    return {"brand": _html("div", html)}


@cache
def field(tr: Translator) -> Markup:
    """Render the content of the composer's form."""
    return fill(
        "<textarea name=message rows=1 dir=auto autofocus autocomplete=off "
        'aria-label="{label}" placeholder="{hint}" aria-autocomplete=list></textarea>{send}',
        label=tr("Message"),
        hint=tr("Write a message…"),
        send=icon("send", tr("Send"), Markup("type=submit"), "primary"),
    )


def answer(tr: Translator, lines: list[str]) -> Markup:
    """Render the reply to a command."""
    return fill(
        "<div class=lines tabindex=0>{lines}</div>{close}",
        lines=Markup("\n").join(lines),
        close=icon("x", tr("Close"), invoke("--close-answer")),
    )


def subject(tr: Translator, head: str, text: str) -> Markup:
    """Render the line above the field while a message with this text is replied to or edited."""
    return fill(
        "<p><b>{head}</b> <span dir=auto>{text}</span></p>{close}",
        head=head,
        text=to_plain(text),
        close=icon("x", tr("Cancel"), invoke("--cancel-reply")),
    )


def excerpt(message: Message) -> str:
    """Return the beginning of a message as plain text."""
    return to_plain(message.text, 200)


def keys(tr: Translator) -> Markup:
    """Render the keyboard shortcuts."""
    rows = (
        ("Enter", tr("Send, or accept the suggestion")),
        ("Shift + Enter", tr("New line")),
        ("↑", tr("Edit your last message, if the field is empty")),
        ("Esc", tr("Cancel a reply or edit, close menus and dialogs")),
        ("@  /  :", tr("Suggest people, commands or emoji")),
        ("Shift + Tab", tr("Go to the messages; ↑ and ↓ move between them, Tab moves to their buttons")),
        ("R / E / +", " / ".join(tr(text) for text in ("Reply", "Edit", "React"))),
        ("Ctrl + K", tr("Search")),
        ("?", tr("Show this list, if you aren't typing")),
    )
    return concat(fill("<dt><kbd>{key}</kbd></dt><dd>{effect}</dd>", key=key, effect=effect) for key, effect in rows)


def _live(*children: str) -> Node:
    return {"tag": "div", "props": {"class": "live"}, "children": list(children)}


def _html(tag: str, html: Markup) -> Node:
    return {"tag": tag, "props": {"innerHTML": html}}
