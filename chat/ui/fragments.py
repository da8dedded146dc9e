"""What is inside the live regions: messages, roster, count and typing line, as nodes with HTML."""

from datetime import datetime
from html import escape

from chat import words
from chat.i18n import Translator
from chat.markup import to_html
from chat.members import Role, hue, initials
from chat.messages import GAP_AFTER, Kind, Message
from chat.room import Room
from chat.timeline import Item, Timeline
from chat.ui.live import Node

CHUNK = 8

_CLOCK = "weekday month day year hour=numeric minute=2-digit"
_DATE_AND_CLOCK = "hour=numeric minute=2-digit"


class Log:
    """The log in one language. A message is rendered once and its node kept as long as it is shown."""

    def __init__(self, _: Translator) -> None:
        self._ = _
        self._nodes: dict[int, tuple[Item, Node]] = {}

    def nodes(self, timeline: Timeline) -> dict[str, Node]:
        """The nodes of the whole log, root `log`."""
        shown: dict[int, tuple[Item, Node]] = {}
        before, near = timeline.gone, True
        for number, item in timeline:
            known = self._nodes.get(number)
            shown[number] = known if known and known[0] is item else (item, self._node(item, before, near))
            near = isinstance(item, Message)
            before = item if isinstance(item, Message) else before
        self._nodes = shown
        items = {f"m{number}": node for number, (_, node) in shown.items()}
        return {**_tree(list(shown)), **items, **({} if before else self._hint())}

    def _hint(self) -> dict[str, Node]:
        head, rest = escape(self._("No messages yet")), escape(self._("Say hello and get it started."))
        return {"hint": {"tag": "p", "props": {"class": "empty", "innerHTML": f"<b>{head}</b><span>{rest}</span>"}}}

    def _node(self, item: Item, before: Message | None, near: bool) -> Node:
        """`before` is the message before this item, `near` whether it is so with nothing between."""
        if not isinstance(item, Message):
            return {"tag": "p", "props": {"class": "notice", "innerHTML": words.notice(self._, item, isolated)}}
        first = not (near and before and item.continues(before))
        stamp = before is None or item.at - before.at > GAP_AFTER
        css = ["first"] * first + ["action"] * (item.kind is Kind.ACTION)
        props = {"id": f"m-{item.id}", "data-author": item.author, "aria-label": item.name, "class": " ".join(css)}
        props["innerHTML"] = (_stamp(item.at) if stamp else "") + _message(item, first)
        return {"tag": "article", "props": {name: value for name, value in props.items() if value}}


def people(_: Translator, room: Room) -> dict[str, Node]:
    """The roster, root `people`: one node a member."""
    you, admin, reconnecting = escape(_("you")), escape(_("admin")), escape(_("reconnecting…"))
    rows: dict[str, Node] = {}
    for member in room.roster():
        html = f"{avatar(member.id, member.name)}{isolated(member.name)}<small class=you>{you}</small>"
        if member.role is Role.ADMIN:
            html += f"<small>{admin}</small>"
        props = {"data-member": member.id}
        if not room.presence.is_connected(member.id):
            props["class"] = "away"
            html += f"<small class=reconnecting>{reconnecting}</small>"
        rows[f"p-{member.id}"] = {"tag": "li", "props": {**props, "innerHTML": html}}
    root: Node = {"tag": "ul", "props": {"aria-label": _("People")}, "children": list(rows)}
    return {"people": root, **rows}


def online(_: Translator, room: Room) -> dict[str, Node]:
    """The number of people, root `online`."""
    count = _.plural("%(count)s online", "%(count)s online", len(room.members))
    props = {"class": "online", "role": "status", "aria-label": _("Online"), "innerHTML": escape(count)}
    return {"online": {"tag": "div", "props": props}}


def typing(_: Translator, room: Room) -> dict[str, Node]:
    """The typing line, root `typing`: for everybody, and once more without each of those who type, for them to see."""
    typists = [room.members[i] for i in room.typing.members if i in room.members]
    html = f"<span class=all>{_typing_line(_, [member.name for member in typists])}</span>"
    for viewer in typists[:20]:
        others = [member.name for member in typists if member is not viewer]
        html += f'<span data-viewer="{viewer.id}">{_typing_line(_, others)}</span>'
    return {"typing": {"tag": "span", "props": {"innerHTML": html if typists else ""}}}


def avatar(member_id: str, name: str) -> str:
    """Initials on the member's colour."""
    return f'<i class=avatar style="--hue:{hue(member_id)}" aria-hidden=true>{escape(initials(name))}</i>'


def _tree(numbers: list[int]) -> dict[str, Node]:
    """Chunks of eight, so that a new message resends few names. `hint` is there only in an empty log.

    A chunk goes on naming items that are gone: the page shows nothing in their place, and nothing has to be resent.
    """
    chunks: dict[str, Node] = {}
    end = numbers[-1] + 1 if numbers else 0
    for chunk in sorted({number // CHUNK for number in numbers}):
        inside = range(chunk * CHUNK, min((chunk + 1) * CHUNK, end))
        chunks[f"k{chunk}"] = {"tag": "div", "children": [f"m{number}" for number in inside]}
    return {"log": {"tag": "div", "children": ["hint", *chunks]}, **chunks}


def _message(message: Message, first: bool) -> str:
    picture, name, text = avatar(message.author, message.name), isolated(message.name), to_html(message.text)
    time = _time(message.at, _CLOCK)
    if message.kind is Kind.ACTION:
        return f"{picture}<p dir=auto>{name} {text}</p>{time}"
    return f"{picture}{name}<p dir=auto>{text}</p>{time}" if first else f"<p dir=auto>{text}</p>{time}"


def _stamp(at: datetime) -> str:
    return f"<div class=stamp>{_time(at, _DATE_AND_CLOCK)}</div>"


def _time(at: datetime, parts: str) -> str:
    return f"<relative-time datetime={at:%Y-%m-%dT%H:%M}Z format=datetime {parts}></relative-time>"


def isolated(name: str) -> str:
    """A name (or a command) that keeps its own direction among words of the other one."""
    return f"<bdi>{escape(name)}</bdi>"


def _typing_line(_: Translator, names: list[str]) -> str:
    return words.typing(_, [isolated(name) for name in names])
