"""Who is here, how many, and who is typing, as nodes with HTML."""

from html import escape

from chat.domain.rooms.room import Room
from chat.domain.users import Member, Role
from chat.framework.live_region import Node
from chat.i18n import phrases as words
from chat.i18n.translator import Translator
from chat.ui.html.message import MENU, avatar, isolated

QUIET = {"role": "status", "aria-live": "off"}
"""A state to look up, which is not read out at each change: comings and goings are in the log."""

MARKED = {Role.MODERATOR, Role.ADMIN, Role.OWNER}


def people(tr: Translator, room: Room) -> dict[str, Node]:
    """The roster, root `people`: one node a member."""
    you, reconnecting = escape(tr("you")), escape(tr("reconnecting…"))
    rows: dict[str, Node] = {}
    for member in room.roster():
        html = f"{avatar(member.id, member.name)}{isolated(member.name)}<small class=you>{you}</small>"
        if member.role in MARKED:
            html += f"<small>{escape(tr(words.ROLES[member.role]))}</small>"
        html += _moderate(tr, member)
        props = {"data-member": member.id}
        if not room.presence.is_connected(member.id):
            props["class"] = "away"
            html += f"<small class=reconnecting>{reconnecting}</small>"
        rows[f"p-{member.id}"] = {"tag": "li", "props": {**props, "innerHTML": html}}
    root: Node = {"tag": "ul", "props": {"aria-label": tr("People"), "tabindex": 0}, "children": list(rows)}
    return {"people": root, **rows}


def _moderate(tr: Translator, member: Member) -> str:
    name = escape(tr("Moderate %(name)s", name=member.name))
    # Enter on the row presses it (see `browser.WALK`): it is no stop of its own for Tab.
    invoke = f"type=button tabindex=-1 commandfor={MENU} command=--person value={escape(member.id)}"
    return f'<button {invoke} class="icon icon-shield moderate" aria-label="{name}" title="{name}"></button>'


def online(tr: Translator, room: Room) -> dict[str, Node]:
    """The number of people, root `online`."""
    count = tr.plural("%(count)s online", "%(count)s online", len(room.members))
    props = {"class": "online", **QUIET, "aria-label": tr("Online"), "innerHTML": escape(count)}
    return {"online": {"tag": "div", "props": props}}


def mode(tr: Translator, room: Room) -> dict[str, Node]:
    """What limits writing here, root `mode`."""
    text = words.mode(tr, room.moderation.slow_mode.seconds, room.moderation.locked)
    return {"mode": {"tag": "p", "props": {"class": "mode", "innerHTML": escape(text)}}}


def typing(tr: Translator, room: Room) -> dict[str, Node]:
    """The typing line, root `typing`: for everybody, and once more without each of those who type, for them to see."""
    typists = [room.members[i] for i in room.typing.members if i in room.members]
    html = f"<span class=all>{_typing_line(tr, [member.name for member in typists])}</span>"
    for viewer in typists[:20]:
        others = [member.name for member in typists if member is not viewer]
        html += f'<span data-viewer="{viewer.id}">{_typing_line(tr, others)}</span>'
    return {"typing": {"tag": "span", "props": {"innerHTML": html if typists else ""}}}


def _typing_line(tr: Translator, names: list[str]) -> str:
    return words.typing(tr, [isolated(name) for name in names])
