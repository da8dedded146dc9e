"""The roster, the number of members and the typing line as nodes."""

from html import escape

from chat.domain.rooms.room import Room
from chat.domain.users import Member, Role
from chat.framework.live_region import Node
from chat.i18n import phrases
from chat.i18n.translator import Translator
from chat.ui.html.buttons import MENU
from chat.ui.html.message import avatar, isolated

NOT_LIVE = {"role": "status", "aria-live": "off"}
"""Screen readers don't read out every change: the message list tells who joins and leaves."""

MARKED = {Role.MODERATOR, Role.ADMIN, Role.OWNER}


def people(tr: Translator, room: Room) -> dict[str, Node]:
    """Return the roster, root `people`, with one node for each member."""
    you, reconnecting = escape(tr("you")), escape(tr("reconnecting…"))
    rows: dict[str, Node] = {}
    for member in room.roster():
        html = f"{avatar(member.id, member.name)}{isolated(member.name)}<small class=you>{you}</small>"
        if member.role in MARKED:
            html += f"<small>{escape(tr(phrases.ROLES[member.role]))}</small>"
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
    # Enter on the row presses it (see `browser.WALK`), so Tab skips it.
    invoke = f"type=button tabindex=-1 commandfor={MENU} command=--person value={escape(member.id)}"
    return f'<button {invoke} class="icon icon-shield moderate" aria-label="{name}" title="{name}"></button>'


def online(tr: Translator, room: Room) -> dict[str, Node]:
    """Return the number of members, root `online`."""
    count = tr.plural("%(count)s online", "%(count)s online", len(room.members))
    props = {"class": "online", **NOT_LIVE, "aria-label": tr("Online"), "innerHTML": escape(count)}
    return {"online": {"tag": "div", "props": props}}


def mode(tr: Translator, room: Room) -> dict[str, Node]:
    """Return what limits writing in the room, root `mode`."""
    text = phrases.room_mode(tr, room.moderation.slow_mode.seconds, room.moderation.locked)
    return {"mode": {"tag": "p", "props": {"class": "mode", "innerHTML": escape(text)}}}


def typing(tr: Translator, room: Room) -> dict[str, Node]:
    """Return the typing line, root `typing`: one version for all, and one for each typist, without their own name."""
    typists = [room.members[i] for i in room.typing.member_ids if i in room.members]
    html = f"<span class=all>{_typing_line(tr, [member.name for member in typists])}</span>"
    for viewer in typists[:20]:
        others = [member.name for member in typists if member is not viewer]
        html += f'<span data-viewer="{viewer.id}">{_typing_line(tr, others)}</span>'
    return {"typing": {"tag": "span", "props": {"innerHTML": html if typists else ""}}}


def _typing_line(tr: Translator, names: list[str]) -> str:
    return phrases.typing(tr, [isolated(name) for name in names])
