"""The timeline as nodes of a live region, in one language, shared by all its readers."""

from collections.abc import Iterable
from functools import cached_property
from itertools import takewhile

from markupsafe import Markup

from chat.domain.messages.message import Message
from chat.domain.rooms.directory.directory import RoomDirectory
from chat.domain.rooms.directory.room_info import RoomKind
from chat.domain.rooms.room import Room
from chat.framework.live_region import Node
from chat.i18n import phrases
from chat.i18n.translator import Translator
from chat.ui.components.messages.item_renderer import ItemRenderer
from chat.ui.html.buttons import button
from chat.ui.html.escaping import concat, fill

NEWEST = 100  # messages that every page is sent
CHUNK = 8  # items
BLOCK = 16  # chunks


class MessageNodes:
    """Arranges a room's conversation in nodes.

    Items `m<number>` are in chunks `k<number>`, and these in blocks `g<number>`, so that a new item resends few names.
    An earlier chunk, which pages load on demand, has one node `e<number>` for all its items: a page goes through all
    its nodes at each change, and this way 1,000 messages cost it little more than 100.
    """

    def __init__(self, tr: Translator, room: Room, directory: RoomDirectory) -> None:
        self._tr = tr
        self._room_id, self._directory = room.id, directory
        self._timeline = room.conversation.timeline
        self._history = room.conversation.history
        self._renderer = ItemRenderer(tr, room, directory)
        self._earlier: dict[int, Node] = {}
        self._newest: dict[int, dict[str, Node]] = {}
        self.start = 0  # the first of the newest chunks

    def newest(self, *, is_large_room: bool = False) -> dict[str, Node]:
        """Return the newest chunks under the root `log`, with at least `NEWEST` messages if there are as many.

        Only the end and the oldest chunk, from which a new message may evict one, are gone through again, and only new
        items rendered, until others are to be forgotten. In a large room, pages may hide who joined and left.
        """
        last = max(self._timeline.next - 1, 0) // CHUNK
        self.start = self._timeline.latest(NEWEST) // CHUNK
        self._renderer.trim(2 * len(self._timeline) + NEWEST)
        same = range(self._timeline.first // CHUNK + 1, max(self._newest, default=0))
        before, self._newest, nodes = self._newest, {}, self._top()
        for chunk in range(self.start, last + 1):
            known = before.get(chunk, {})
            self._newest[chunk] = known if known and chunk in same else self._chunk(chunk, known)
            nodes |= self._newest[chunk]
        for chunk in {*range(self.start, last, BLOCK), last}:
            nodes |= self.block(chunk)
        blocks = range(self._timeline.first // CHUNK // BLOCK, last // BLOCK + 1)
        children = ["hint", "limit", *(f"g{block}" for block in blocks)]
        css = "live large" if is_large_room else "live"
        return {**nodes, "log": {"tag": "div", "props": {"class": css}, "children": children}}

    def forget_newest(self) -> None:
        """Go through all of the newest items again next time: any of them may have changed."""
        self._newest.clear()

    def forget(self, message_id: str) -> None:
        """Go through the chunks with a message and with replies to it again next time."""
        for number, item in self._timeline.between(self.start * CHUNK):
            if isinstance(item, Message) and message_id in (item.id, item.reply and item.reply.id):
                self._newest.pop(number // CHUNK, None)

    def has_earlier(self, chunk: int) -> bool:
        """Whether there are items before a chunk."""
        return self._timeline.first < chunk * CHUNK

    def earlier(self, chunks: Iterable[int]) -> dict[str, Node]:
        """Return earlier chunks and their blocks.

        A chunk names all its items, and a block all its chunks. In place of one that is gone or was not sent to a page,
        the page shows nothing, so nothing has to be resent.
        """
        nodes: dict[str, Node] = {}
        for chunk in chunks:
            self._earlier[chunk] = self._as_one_node(chunk)
            nodes |= {f"k{chunk}": {"tag": "div", "children": [f"e{chunk}"]}, f"e{chunk}": self._earlier[chunk]}
            nodes |= self.block(chunk)
        return nodes

    def changed_earlier(self) -> dict[str, Node | None]:
        """Return the changes in rendered items before the newest chunks, None for nodes that are gone."""
        changed: dict[str, Node | None] = {}
        for number in takewhile(lambda number: number // CHUNK < self.start, self._renderer.numbers()):
            before, item = self._renderer.cached(number), self._timeline.get(number)
            after = self._renderer.render(number, item, *self._timeline.before(number)) if item else None
            if after is None:
                self._renderer.discard(number)
            if after is not before:
                changed[f"m{number}"] = after
                chunk = number // CHUNK
                if chunk in self._earlier:
                    self._earlier[chunk] = self._as_one_node(chunk)
                    changed[f"e{chunk}"] = self._earlier[chunk]
        return changed

    def chunk_of(self, message_id: str) -> int | None:
        """Return the number of the chunk that a message is in."""
        number = self._timeline.number(message_id)
        return None if number is None else number // CHUNK

    def message_in(self, chunk: int) -> str:
        """Return the id of the first message in a chunk; empty if there is none."""
        items = self._timeline.between(chunk * CHUNK, (chunk + 1) * CHUNK)
        return next((item.id for _, item in items if isinstance(item, Message)), "")

    def names(self, chunk: int) -> list[str]:
        """Return the names of all nodes that a chunk may have."""
        return [f"k{chunk}", f"e{chunk}", *(f"m{number}" for number in range(chunk * CHUNK, (chunk + 1) * CHUNK))]

    def keeps(self, name: str) -> bool:
        """Whether a node that moved out of the newest chunks still belongs to an item of the timeline."""
        size = {"g": CHUNK * BLOCK, "k": CHUNK, "e": CHUNK, "m": 1}.get(name[:1], 0)
        if not size or not name[1:].isdecimal():
            return False
        start = int(name[1:]) * size
        return start < self.start * CHUNK and any(self._timeline.between(start, start + size))

    def block(self, chunk: int) -> dict[str, Node]:
        """Return the block that a chunk is in."""
        block = chunk // BLOCK
        within = range(block * BLOCK, min((block + 1) * BLOCK, -(-self._timeline.next // CHUNK)))
        return {f"g{block}": {"tag": "div", "children": [f"k{number}" for number in within]}}

    def _as_one_node(self, chunk: int) -> Node:
        return {"tag": "div", "props": {"innerHTML": concat(map(_as_html, self._items(chunk, {}).values()))}}

    def _chunk(self, chunk: int, known: dict[str, Node]) -> dict[str, Node]:
        numbers = range(chunk * CHUNK, min((chunk + 1) * CHUNK, self._timeline.next))
        items = {f"m{number}": node for number, node in self._items(chunk, known).items()}
        return {f"k{chunk}": {"tag": "div", "children": [f"m{number}" for number in numbers]}, **items}

    def _items(self, chunk: int, known: dict[str, Node]) -> dict[int, Node]:
        """Return the items of a chunk; those that are `known` are as they were."""
        start, nodes = chunk * CHUNK, {}
        previous, is_adjacent = self._timeline.before(start)
        for number, item in self._timeline.between(start, start + CHUNK):
            nodes[number] = known.get(f"m{number}") or self._renderer.render(number, item, previous, is_adjacent)
            is_adjacent = isinstance(item, Message)
            previous = item if isinstance(item, Message) else previous
        return nodes

    def _top(self) -> dict[str, Node]:
        """Return the notice above the first message: that there is none, or that earlier ones are not kept."""
        if self._timeline.before(self._timeline.next)[0] is None:
            return self._empty_hint()
        is_cut = self._timeline.last_evicted or len(self._history) >= self._history.limit
        return {"limit": self._limit_notice} if is_cut else {}

    @cached_property
    def _limit_notice(self) -> Node:
        html = self._tr.html.plural(
            "Only the last %(count)s message is kept. To keep more, set %(setting)s.",
            "Only the last %(count)s messages are kept. To keep more, set %(setting)s.",
            self._history.limit,
            setting="CHAT_HISTORY_LIMIT",
        )
        return {"tag": "p", "props": {"class": "limit", "innerHTML": html}}

    def _empty_hint(self) -> dict[str, Node]:
        tr, offer, room = self._tr, Markup(), self._directory.get(self._room_id)
        match room.kind if room else RoomKind.PUBLIC:
            case RoomKind.DIRECT:
                text = tr("Only the people in this conversation can see it.")
            case RoomKind.PRIVATE:
                text = tr("Only its members will see the room.")
                if room and not room.is_archived:
                    offer = button(phrases.with_dots(tr, tr("Add someone")), "--room")
            case RoomKind.PUBLIC:
                text = tr("Say hello to get things started.")
        head = tr("No messages yet")
        html = fill("<b>{head}</b><span>{text}</span>{offer}", head=head, text=text, offer=offer)
        return {"hint": {"tag": "p", "props": {"class": "empty", "innerHTML": html}}}


def _as_html(node: Node) -> Markup:
    attributes = concat(
        fill(' {name}="{value}"', name=name, value=value)
        for name, value in node["props"].items()
        if name != "innerHTML"
    )
    return fill(
        "<{tag}{attributes}>{html}</{tag}>", tag=node["tag"], attributes=attributes, html=node["props"]["innerHTML"]
    )
