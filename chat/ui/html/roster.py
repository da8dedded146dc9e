"""The roster, the number of members and the typing line as nodes."""

from functools import lru_cache

from markupsafe import Markup

from chat.domain.rooms.room import Room
from chat.domain.users import Member, Role
from chat.framework.live_region import Node
from chat.i18n import phrases
from chat.i18n.translator import Translator
from chat.ui.html.buttons import invoke
from chat.ui.html.escaping import concat, fill
from chat.ui.html.message import avatar, isolated

NOT_LIVE = {"role": "status", "aria-live": "off"}
"""Screen readers don't read out every change: the message list announces joins and leaves."""

LABELLED = {Role.MODERATOR, Role.ADMIN, Role.OWNER}
PERSON = invoke("--person")
MAX_VIEWERS = 20  # typists with a typing line of their own


def people(tr: Translator, room: Room) -> dict[str, Node]:
    """Return the roster, root `people`, with one node for each member."""
    rows = {f"p-{member.id}": _row(tr, member, room.presence.is_connected(member.id)) for member in room.roster()}
    root: Node = {"tag": "ul", "props": {"aria-label": tr("People"), "tabindex": 0}, "children": list(rows)}
    return {"people": root, **rows}


@lru_cache(2000)
def _row(tr: Translator, member: Member, is_connected: bool) -> Node:
    html = fill(
        "{avatar}{name}<small class=you>{you}</small>{role}{button}{connection}",
        avatar=avatar(member.id, member.name),
        name=isolated(member.name),
        you=tr("you"),
        role=fill("<small>{role}</small>", role=tr(phrases.ROLES[member.role])) if member.role in LABELLED else "",
        button=_moderate_button(tr, member),
        connection="" if is_connected else fill("<small class=reconnecting>{text}</small>", text=tr("reconnecting…")),
    )
    props = {"data-member": member.id} | ({} if is_connected else {"class": "away"})
    return {"tag": "li", "props": {**props, "innerHTML": html}}


def _moderate_button(tr: Translator, member: Member) -> Markup:
    # Enter on the row presses it (see `walk` in chat/ui/browser/reading.py), so Tab skips it.
    return fill(
        "<button type=button tabindex=-1 {person} value={id} "
        'class="icon icon-shield moderate" aria-label="{label}" title="{label}"></button>',
        person=PERSON,
        id=member.id,
        label=tr("Moderate %(name)s", name=member.name),
    )


def online(tr: Translator, room: Room) -> dict[str, Node]:
    """Return the number of members, root `online`."""
    count = tr.html.plural("%(count)s online", "%(count)s online", len(room.members))
    props = {"class": "online", **NOT_LIVE, "aria-label": tr("Online"), "innerHTML": count}
    return {"online": {"tag": "div", "props": props}}


def mode(tr: Translator, room: Room) -> dict[str, Node]:
    """Return the line about a lock or slow mode, root `mode`."""
    text = phrases.room_mode(tr.html, room.moderation.slow_mode.seconds, room.moderation.locked)
    return {"mode": {"tag": "p", "props": {"class": "mode", "innerHTML": text}}}


def typing(tr: Translator, room: Room) -> dict[str, Node]:
    """Return the typing line, root `typing`: one version for all, and one for each typist, without their own name."""
    typists = [room.members[member_id] for member_id in room.typing.member_ids if member_id in room.members]
    if not typists:
        return {"typing": {"tag": "span", "props": {"innerHTML": ""}}}
    lines = [fill("<span class=all>{text}</span>", text=_typing_line(tr, typists))]
    for viewer in typists[:MAX_VIEWERS]:
        text = _typing_line(tr, [member for member in typists if member is not viewer])
        lines.append(fill('<span data-viewer="{id}">{text}</span>', id=viewer.id, text=text))
    return {"typing": {"tag": "span", "props": {"innerHTML": concat(lines)}}}


def _typing_line(tr: Translator, typists: list[Member]) -> str:
    return phrases.typing(tr.html, [isolated(member.name) for member in typists])
