"""The roster, the absent people, the number of members and the typing line as nodes."""

from functools import lru_cache

from markupsafe import Markup

from chat.domain.people.avatars import Avatar
from chat.domain.people.people import People
from chat.domain.rooms.room import Room
from chat.domain.users import Member, Role, UserRef
from chat.framework.live_region import Node
from chat.i18n import phrases
from chat.i18n.translator import Translator
from chat.ui.html.buttons import invoke
from chat.ui.html.escaping import concat, fill
from chat.ui.html.names_and_times import avatar, isolated

NOT_LIVE = {"role": "status", "aria-live": "off"}
"""Screen readers don't read out every change: the message list announces joins and leaves."""

LABELLED = {Role.MODERATOR, Role.ADMIN, Role.OWNER}
CARD, PERSON = invoke("--card"), invoke("--person")
MAX_VIEWERS = 20  # typists with a typing line of their own
MAX_AWAY = 200  # rows; suggestions know all

_Shown = tuple[Member, Avatar, bool]  # and whether the member is connected


class Roster:
    """The present members in one language; only rows that have changed are rendered again."""

    def __init__(self, tr: Translator) -> None:
        self._tr = tr
        self._rows: dict[str, tuple[_Shown, Node]] = {}

    def nodes(self, people: People) -> dict[str, Node]:
        """Return the roster, root `people`, with one node for each member."""
        before, self._rows = self._rows, {}
        for member in people.roster():
            shown = member, people.avatar_of(member.id), people.presence.is_connected(member.id)
            row = before.get(member.id)
            self._rows[member.id] = row if row and row[0] == shown else (shown, _row(self._tr, *shown))
        rows = {f"p-{member_id}": node for member_id, (_, node) in self._rows.items()}
        props = {"aria-label": self._tr("People"), "tabindex": 0}
        return {"people": {"tag": "ul", "props": props, "children": list(rows)}, **rows}


def away(tr: Translator, room: Room) -> dict[str, Node]:
    """Return the list of absent people, root `away`, which is closed at first, with one node for each."""
    users = room.away()
    rows = {f"a-{user.id}": _item(_absent(tr, room.people, user)) for user in users[:MAX_AWAY]}
    if users[MAX_AWAY:]:
        rows["away-more"] = _item(_others(tr, len(users) - MAX_AWAY))
    head = fill("{away} <small>{count}</small>", away=tr("Away"), count=tr.number(len(users)))
    return {
        "away": {
            "tag": "details",
            "props": {"class": "absent", "hidden": not users},
            "children": ["away-head", "away-list"],
        },
        "away-head": {"tag": "summary", "props": {"innerHTML": head}},
        "away-list": {"tag": "ul", "props": {"aria-label": tr("Away"), "tabindex": 0}, "children": list(rows)},
        **rows,
    }


def _absent(tr: Translator, people: People, user: UserRef) -> Markup:
    return _person(tr, user, people.avatar_of(user.id), people.role_of(user.id))


def _item(html: str) -> Node:
    return {"tag": "li", "props": {"innerHTML": html}}


def _others(tr: Translator, count: int) -> str:
    return tr.html.plural("%(count)s other", "%(count)s others", count)


def _row(tr: Translator, member: Member, shown: Avatar, is_connected: bool) -> Node:
    html = _person(tr, member.ref, shown, member.role, is_connected=is_connected) + _moderate_button(tr, member)
    props = {"data-member": member.id, "data-role": member.role} | ({} if is_connected else {"class": "away"})
    return {"tag": "li", "props": {**props, "innerHTML": html}}


@lru_cache(2000)
def _person(tr: Translator, user: UserRef, shown: Avatar, role: Role, *, is_connected: bool = True) -> Markup:
    """Render the button that opens the person's card; Tab skips it, arrows lead to it (see `walk`)."""
    return fill(
        "<button type=button class=person tabindex=-1 {card} value={id}>"
        "{avatar}{dot}{name}<small class=you>{you}</small>{role}</button>",
        card=CARD,
        id=user.id,
        avatar=avatar(shown, user.name),
        dot="" if is_connected else fill('<i class=dot title="{text}">{text}</i>', text=tr("reconnecting…")),
        name=isolated(user.name),
        you=tr("you"),
        role=fill("<small>{role}</small>", role=tr(phrases.ROLES[role])) if role in LABELLED else "",
    )


def _moderate_button(tr: Translator, member: Member) -> Markup:
    return fill(
        "<button type=button tabindex=-1 {person} value={id} "
        'class="icon icon-shield moderate" aria-label="{label}" title="{label}"></button>',
        person=PERSON,
        id=member.id,
        label=tr("Moderate %(name)s", name=member.name),
    )


def online(tr: Translator, people: People) -> dict[str, Node]:
    """Return the number of members, root `online`."""
    count = tr.html.plural("%(count)s online", "%(count)s online", len(people.members))
    props = {"class": "online", **NOT_LIVE, "aria-label": tr("Online"), "innerHTML": count}
    return {"online": {"tag": "div", "props": props}}


def mode(tr: Translator, room: Room) -> dict[str, Node]:
    """Return the line about a lock or slow mode, root `mode`."""
    text = phrases.room_mode(tr.html, room.restrictions.slow_mode.seconds, room.restrictions.locked)
    return {"mode": {"tag": "p", "props": {"class": "mode", "innerHTML": text}}}


def typing(tr: Translator, room: Room) -> dict[str, Node]:
    """Return the typing line, root `typing`: one version for all, and one for each typist, without their own name."""
    members = room.people.members
    typists = [members[member_id] for member_id in room.typing.member_ids if member_id in members]
    if not typists:
        return {"typing": {"tag": "span", "props": {"innerHTML": ""}}}
    lines = [fill("<span class=all>{text}</span>", text=_typing_line(tr, typists))]
    for viewer in typists[:MAX_VIEWERS]:
        text = _typing_line(tr, [member for member in typists if member is not viewer])
        lines.append(fill('<span data-viewer="{id}">{text}</span>', id=viewer.id, text=text))
    return {"typing": {"tag": "span", "props": {"innerHTML": concat(lines)}}}


def _typing_line(tr: Translator, typists: list[Member]) -> str:
    return phrases.typing(tr.html, [isolated(member.name) for member in typists])
