"""The HTML around the messages: the same for all viewers of one language.

As HTML it costs no NiceGUI elements, which take 4 KB each in every page.
"""

from markupsafe import Markup, escape

from chat.config.branding import Brand
from chat.domain.messages.message import Message
from chat.domain.people.people import People
from chat.domain.rooms.directory.room_info import LOBBY, RoomInfo, RoomKind
from chat.framework.live_region import Node
from chat.i18n import phrases
from chat.i18n.translator import Translator
from chat.text.markup.renderer import to_plain
from chat.ui.html.buttons import MENU, icon, invoke
from chat.ui.html.escaping import concat, fill
from chat.ui.html.messages import actions
from chat.ui.html.messages.files import picture_dialog

DRAWER = "people-drawer"
TOPIC = "whole-topic"
OF_ROOM = {"brand"}  # what the bar shows of the room (see `brand`)


def nodes(tr: Translator) -> dict[str, Node]:
    """Return the nodes around the live parts (roots `bar` and `roster`), and the actions that all messages share."""
    open_drawer = fill("popovertarget={drawer}", drawer=DRAWER)
    close_drawer = fill("popovertarget={drawer} popovertargetaction=hide", drawer=DRAWER)
    buttons = (
        _search_button(tr),
        icon("mute", tr("Mute sounds"), invoke("--mute")),
        icon("unmute", tr("Unmute sounds"), invoke("--unmute")),
        fill(
            '<button type=button {drawer} class="icon icon-users"><span>{people}</span></button>',
            drawer=open_drawer,
            people=tr("People"),
        ),
        icon("menu", tr("Menu"), fill("popovertarget={menu}", menu=MENU)),
    )
    close = icon("x", tr("Close"), close_drawer)
    outbox = {
        "data-slow": tr("The connection is slow. Your message is on its way…"),
        "data-waiting": tr("Will be sent once you're back online"),
    }
    unsaved = tr("Your browser isn't saving what you type. If you close or reload this page, it will be lost.")
    filter_texts = {"placeholder": tr("Filter rooms"), "aria-label": tr("Filter rooms"), "autocomplete": "off"}
    return {
        "bar": _live("brand", "online", "buttons", "acts", "toast"),
        "buttons": _html("div", concat(buttons)),
        "outbox": {"tag": "div", "props": {"id": "outbox", "class": "outbox", **outbox}},
        "unsaved": {"tag": "p", "props": {"class": "unsaved", "role": "alert", "textContent": unsaved}},
        "spot": {"tag": "i", "props": {"id": "spot"}},
        "day": {"tag": "p", "props": {"id": "day", "class": "day", "aria-hidden": "true"}},
        "rooms-head": _html("div", _rooms_head(tr)),
        "rooms-filter": {"tag": "input", "props": {"type": "search", "class": "room-filter", **filter_texts}},
        "roster": _live("roster-head", "people", "away"),
        "roster-head": _html("div", fill("<h2>{people}</h2>", people=tr("People"))),
        "close-drawer": {"tag": "div", "props": {"class": "close-drawer", "innerHTML": close}},
        **actions.nodes(tr),
        **picture_dialog(tr),
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


def _rooms_head(tr: Translator) -> Markup:
    """Render the heading, and a button that the page's own style sheet shows to members who may create rooms."""
    return fill(
        "<h2>{rooms}</h2>{button}",
        rooms=tr("Rooms"),
        button=icon("plus", tr("New room"), invoke("--new-room"), "new-room"),
    )


def brand(tr: Translator, brand: Brand, people: People, room: RoomInfo | None, topic: str) -> dict[str, Node]:
    """Return the name of the room, which in the lobby is that of the chat, and its topic or else its description.

    A private room also has the names of its members.
    """
    title = phrases.room_name(tr, room) if room and room.name and room.id != LOBBY else brand.title
    text = topic or (room.description if room else "")
    members = phrases.member_names(tr, people, room) if room and room.kind is RoomKind.PRIVATE else ""
    about = " · ".join(filter(None, (to_plain(text, len(text)), members)))
    return {"brand": heading(tr, brand, title, about, room)}


def heading(tr: Translator, brand: Brand, title: str, about: str = "", room: RoomInfo | None = None) -> Node:
    """Return a heading for the bar; a click shows all of what is said about the room, if that is cut."""
    details = Markup()
    if about:
        details = fill(
            '<button type=button class=topic dir=auto title="{about}" popovertarget={popover}>{about}</button>'
            "<p id={popover} popover dir=auto>{about}</p>",
            about=about,
            popover=TOPIC,
        )
    html = fill(
        '<img src="{picture}" alt="" width=28 height=28>'
        "<div><div class=bar-name><h1 dir=auto>{title}</h1>{archived}</div>{details}</div>",
        picture=brand.picture,
        title=title,
        archived=fill("<small class=archived>{text}</small>", text=tr("Archived")) if room and room.is_archived else "",
        details=details,
    )
    is_for_all = room is None or room.kind is RoomKind.PUBLIC
    return {"tag": "div", "props": {"innerHTML": html, **({} if is_for_all else {"class": "private"})}}


def dialog_head(tr: Translator, heading: str) -> Markup:
    """Render the heading of the dialog and its button to close."""
    close = icon("x", tr("Close"), Markup("command=close commandfor=dialog"))
    return fill("<h2 id=dialog-heading>{heading}</h2>{close}", heading=heading, close=close)


def excerpt(message: Message) -> str:
    """Return the beginning of a message as plain text."""
    return to_plain(message.text, 200) or message.excerpt


def keys(tr: Translator) -> Markup:
    """Render the keyboard shortcuts."""
    rows = (
        ("Enter", tr("Send, or accept the suggestion")),
        ("Shift + Enter", tr("New line")),
        ("Ctrl + B / I / E", tr("Bold, italic, code")),
        ("↑", tr("Edit your last message, if the field is empty")),
        ("Esc", tr("Cancel a reply or edit, close menus and dialogs")),
        ("@  #  /  :", tr("Suggest people, rooms, commands or emoji")),
        ("Shift + Tab", tr("Go to the messages; ↑ and ↓ move between them, Tab moves to their buttons")),
        ("R / E / + / U", " / ".join(tr(text) for text in ("Reply", "Edit", "React", "Mark as unread"))),
        ("/", tr("Filter the rooms, while in their list")),
        ("Ctrl + K", tr("Search, or go to a room or person")),
        ("Shift + Esc", tr("Mark all as read")),
        ("?", tr("Show this list, if you aren't typing")),
    )
    return concat(
        fill("<dt><kbd>{keys}</kbd></dt><dd>{effect}</dd>", keys=_shortcut(keys), effect=effect)
        for keys, effect in rows
    )


def _search_button(tr: Translator) -> Markup:
    """A button that looks like a field where there is room for one."""
    return fill(
        '<button type=button {invoke} class="icon icon-search find" aria-label="{label}" title="{label}" '
        'aria-keyshortcuts="Control+K Meta+K"><span>{label}</span><kbd>{shortcut}</kbd></button>',
        invoke=invoke("--search"),
        label=tr("Search"),
        shortcut=_shortcut("Ctrl K"),
    )


def _shortcut(keys: str) -> Markup:
    """Render a shortcut; devices of Apple have another key for Ctrl."""
    apple = Markup("<span class=other-keys>Ctrl</span><span class=apple-keys>⌘</span>")
    return Markup(escape(keys).replace("Ctrl", apple))  # noqa: S704 - escaped


def _live(*children: str) -> Node:
    return {"tag": "div", "props": {"class": "live"}, "children": list(children)}


def _html(tag: str, html: Markup) -> Node:
    return {"tag": tag, "props": {"innerHTML": html}}
