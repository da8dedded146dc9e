"""The log as nodes: what is in the timeline, in one language. Shared by all who read it."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from html import escape

from chat.domain.messages.message import GAP_AFTER, QUOTE_LIMIT, Message, Quote
from chat.domain.rooms.conversation import Conversation
from chat.domain.rooms.timeline import Item
from chat.framework.live_region import Node
from chat.i18n import notices
from chat.i18n.translator import Translator
from chat.ui.html import message as message_html

WINDOW = 100
CHUNK = 8
BLOCK = 16


@dataclass(frozen=True)
class RenderKey:
    """All that a rendered item depends on."""

    item: Item
    first: bool = False
    stamp: bool = False
    names: tuple[str | None, ...] = ()
    quoted: str = ""


@dataclass(frozen=True, slots=True)
class RenderInputs:
    """What an item's look is worked out from, besides itself: what stands before it, whom it mentions and quotes."""

    before: Message | None
    near: bool
    names: tuple[str | None, ...] = ()
    original: Message | None = None

    def is_still(self, then: "RenderInputs") -> bool:
        """Whether nothing can be different (by identity, which is quick)."""
        is_same = self.before is then.before and self.near == then.near and self.names == then.names
        return is_same and self.original is then.original and not (self.original and self.original.mentions)


@dataclass(frozen=True, slots=True)
class CachedNode:
    """A rendered item."""

    around: RenderInputs
    look: RenderKey
    node: Node


class MessageNodes:
    """Renders a conversation. An item is rendered once and kept as long as it looks the same.

    Items `m<number>` are in chunks `k<number>` of eight, and these in blocks `g<number>` of sixteen, so that a new one
    resends few names. Chunks before the newest part, which pages ask for, have one node `e<number>` for all their
    items: a page goes through all its nodes at each change, and so 1,000 messages cost it little more than 100.
    """

    def __init__(self, tr: Translator, conversation: Conversation) -> None:
        self._tr = tr
        self._conversation = conversation
        self._timeline = conversation.timeline
        self._kept: dict[int, CachedNode] = {}
        self._earlier: dict[int, Node] = {}
        self.start = 0

    def newest(self) -> dict[str, Node]:
        """The newest part, at least a hundred messages where there are as many, under the root `log`."""
        last = max(self._timeline.next - 1, 0) // CHUNK
        self.start = self._timeline.latest(WINDOW) // CHUNK
        if len(self._kept) > 2 * len(self._timeline) + WINDOW:
            self._kept = {number: kept for number, kept in self._kept.items() if number in self._timeline}
        nodes = self._hint() if self._timeline.before(self._timeline.next)[0] is None else {}
        for chunk in range(self.start, last + 1):
            items = self._items(chunk)
            names = range(chunk * CHUNK, min((chunk + 1) * CHUNK, self._timeline.next))
            nodes[f"k{chunk}"] = {"tag": "div", "children": [f"m{number}" for number in names]}
            nodes |= {f"m{number}": node for number, node in items.items()} | self.block(chunk)
        blocks = range(self._timeline.first // CHUNK // BLOCK, last // BLOCK + 1)
        children = ["hint", *(f"g{block}" for block in blocks)]
        return {**nodes, "log": {"tag": "div", "props": {"class": "live"}, "children": children}}

    def has_earlier(self, chunk: int) -> bool:
        """Whether there is anything before this chunk."""
        return self._timeline.first < chunk * CHUNK

    def earlier(self, chunks: Iterable[int]) -> dict[str, Node]:
        """Chunks before the newest part, and the blocks they are in.

        A chunk names all its items, and a block all its chunks: where one is gone, or has not been sent to a page,
        the page shows nothing in its place, and nothing has to be resent.
        """
        nodes: dict[str, Node] = {}
        for chunk in chunks:
            self._earlier[chunk] = self._together(chunk)
            nodes |= {f"k{chunk}": {"tag": "div", "children": [f"e{chunk}"]}, f"e{chunk}": self._earlier[chunk]}
            nodes |= self.block(chunk)
        return nodes

    def changed_earlier(self) -> dict[str, Node | None]:
        """What is different in rendered items before the newest part; None for nodes that are gone."""
        changed: dict[str, Node | None] = {}
        for number in sorted(number for number in self._kept if number // CHUNK < self.start):
            known, item = self._kept[number].node, self._timeline.get(number)
            now = self._item(number, item, *self._timeline.before(number)) if item else None
            if now is None:
                del self._kept[number]
            if now is not known:
                changed[f"m{number}"] = now
                chunk = number // CHUNK
                if chunk in self._earlier:
                    self._earlier[chunk] = self._together(chunk)
                    changed[f"e{chunk}"] = self._earlier[chunk]
        return changed

    def names(self, chunk: int) -> list[str]:
        """The names of all nodes that a chunk may have."""
        return [f"k{chunk}", f"e{chunk}", *(f"m{number}" for number in range(chunk * CHUNK, (chunk + 1) * CHUNK))]

    def keeps(self, name: str) -> bool:
        """Whether a node that is not in the newest part any more is of something still in the timeline."""
        size = {"g": CHUNK * BLOCK, "k": CHUNK, "e": CHUNK, "m": 1}.get(name[:1], 0)
        if not size or not name[1:].isdecimal():
            return False
        start = int(name[1:]) * size
        return start < self.start * CHUNK and any(self._timeline.between(start, start + size))

    def block(self, chunk: int) -> dict[str, Node]:
        """The block in which a chunk is."""
        block = chunk // BLOCK
        within = range(block * BLOCK, min((block + 1) * BLOCK, -(-self._timeline.next // CHUNK)))
        return {f"g{block}": {"tag": "div", "children": [f"k{number}" for number in within]}}

    def _together(self, chunk: int) -> Node:
        return {"tag": "div", "props": {"innerHTML": "".join(map(_as_html, self._items(chunk).values()))}}

    def _items(self, chunk: int) -> dict[int, Node]:
        start, nodes = chunk * CHUNK, {}
        before, near = self._timeline.before(start)
        for number, item in self._timeline.between(start, start + CHUNK):
            nodes[number] = self._item(number, item, before, near)
            near = isinstance(item, Message)
            before = item if isinstance(item, Message) else before
        return nodes

    def _item(self, number: int, item: Item, before: Message | None, near: bool) -> Node:
        kept, around = self._kept.get(number), self._around(item, before, near)
        if kept and kept.look.item is item and around.is_still(kept.around):
            return kept.node
        look = self._look(item, around)
        is_same = kept and kept.look.item is item and kept.look == look
        node = kept.node if kept and is_same else self._render(look)
        self._kept[number] = CachedNode(around, look, node)
        return node

    def _around(self, item: Item, before: Message | None, near: bool) -> RenderInputs:
        """`before` is the message before this item, `near` whether it is so with nothing between."""
        if not isinstance(item, Message) or not (item.mentions or item.reply):
            return RenderInputs(before, near)
        names = tuple(self._conversation.name_of(member_id) for member_id in item.mentions.values())
        return RenderInputs(before, near, names, self._conversation.history.get(item.reply.id) if item.reply else None)

    def _look(self, item: Item, around: RenderInputs) -> RenderKey:
        if not isinstance(item, Message):
            return RenderKey(item)
        before = around.before
        stamp = before is None or item.at - before.at > GAP_AFTER or item.at.date() != before.at.date()
        first = stamp or not (around.near and before and item.continues(before))
        quoted = self._quoted(item.reply, around.original) if item.reply else ""
        return RenderKey(item, first, stamp, around.names, quoted)

    def _quoted(self, quote: Quote, original: Message | None) -> str:
        """What a reply quotes, with those it mentions called as they are now."""
        return self._conversation.text_with_current_names(original)[:QUOTE_LIMIT] if original else quote.text

    def _render(self, look: RenderKey) -> Node:
        item = look.item
        if not isinstance(item, Message):
            notice = notices.notice(self._tr, item, message_html.isolated)
            return {"tag": "p", "props": {"class": "notice", "innerHTML": notice}}
        names = dict(zip(item.mentions, look.names, strict=True))
        if item.reply:
            item = replace(item, reply=replace(item.reply, text=look.quoted))
        return message_html.article(self._tr, item, names, first=look.first, stamp=look.stamp)

    def _hint(self) -> dict[str, Node]:
        head, rest = escape(self._tr("No messages yet")), escape(self._tr("Say hello and get it started."))
        html = f"<b>{head}</b><span>{rest}</span>"
        return {"hint": {"tag": "p", "props": {"class": "empty", "innerHTML": html}}}


def _as_html(node: Node) -> str:
    tag, props = node["tag"], node["props"]
    attributes = "".join(f' {name}="{escape(value)}"' for name, value in props.items() if name != "innerHTML")
    return f"<{tag}{attributes}>{props['innerHTML']}</{tag}>"
