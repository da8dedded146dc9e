"""Renders the items of the timeline, each once as long as it looks the same."""

from dataclasses import dataclass, replace
from typing import NamedTuple

from chat.domain.messages.message import QUOTE_LIMIT, Message, Quote
from chat.domain.people.avatars import Avatar
from chat.domain.rooms import room_mentions
from chat.domain.rooms.directory.directory import RoomDirectory
from chat.domain.rooms.room import Room
from chat.domain.rooms.timeline import Item
from chat.framework.live_region import Node
from chat.i18n.translator import Translator
from chat.ui.html.messages.message import References, article
from chat.ui.html.messages.notice import notice

NONE = References()


@dataclass(frozen=True)
class RenderKey:
    """Everything that a rendered item depends on."""

    item: Item
    is_first: bool = False
    references: References = NONE
    quoted: str = ""
    avatar: Avatar | None = None


class RenderInputs(NamedTuple):
    """Inputs of the key besides the item.

    `previous` is the last message before it, `is_adjacent` whether nothing is between them; `avatar` is its author's,
    and `original` the message that it quotes.
    """

    previous: Message | None
    is_adjacent: bool
    avatar: Avatar | None = None
    references: References = NONE
    original: Message | None = None

    def is_unchanged(self, other: "RenderInputs") -> bool:
        """Whether the key must be the same; compares messages by identity, which is fast."""
        is_same = self.previous is other.previous and self.is_adjacent == other.is_adjacent
        is_same = is_same and self.avatar == other.avatar
        is_same = is_same and self.references == other.references and self.original is other.original
        return is_same and not (self.original and self.original.mentions)


class CachedNode(NamedTuple):
    """A rendered item."""

    inputs: RenderInputs
    key: RenderKey
    node: Node


class ItemRenderer:
    """Caches rendered items by their number in the timeline."""

    def __init__(self, tr: Translator, room: Room, directory: RoomDirectory) -> None:
        self._tr = tr
        self._directory = directory
        self._conversation = room.conversation
        self._people = room.people
        self._cache: dict[int, CachedNode] = {}

    def numbers(self) -> list[int]:
        """Return the numbers of all cached items, in order."""
        return sorted(self._cache)

    def cached(self, number: int) -> Node:
        return self._cache[number].node

    def discard(self, number: int) -> None:
        del self._cache[number]

    def trim(self, limit: int) -> None:
        """Drop items that left the timeline, if more than `limit` are cached."""
        if len(self._cache) > limit:
            timeline = self._conversation.timeline
            self._cache = {number: cached for number, cached in self._cache.items() if number in timeline}

    def render(self, number: int, item: Item, previous: Message | None, is_adjacent: bool) -> Node:
        """`previous` is the last message before the item, `is_adjacent` whether there is nothing between them."""
        cached, inputs = self._cache.get(number), self._inputs(item, previous, is_adjacent)
        if cached and cached.key.item is item and inputs.is_unchanged(cached.inputs):
            return cached.node
        key = self._key(item, inputs)
        is_same = cached and cached.key.item is item and cached.key == key
        node = cached.node if cached and is_same else self._render(key)
        self._cache[number] = CachedNode(inputs, key, node)
        return node

    def _inputs(self, item: Item, previous: Message | None, is_adjacent: bool) -> RenderInputs:
        if not isinstance(item, Message):
            return RenderInputs(previous, is_adjacent)
        avatar = self._people.avatar_of(item.author)
        has_rooms = room_mentions.has_sign(item.text)
        if not (item.mentions or item.reply or has_rooms):
            return RenderInputs(previous, is_adjacent, avatar)
        names = tuple(self._conversation.names.get(member_id) for member_id in item.mentions.values())
        rooms = tuple(room_mentions.find(item.text, self._directory).items()) if has_rooms else ()
        original = self._conversation.history.get(item.reply.id) if item.reply else None
        return RenderInputs(previous, is_adjacent, avatar, References(names, rooms), original)

    def _key(self, item: Item, inputs: RenderInputs) -> RenderKey:
        if not isinstance(item, Message):
            return RenderKey(item)
        previous = inputs.previous
        is_first = not (inputs.is_adjacent and previous and item.continues(previous))
        quoted = self._quoted(item.reply, inputs.original) if item.reply else ""
        return RenderKey(item, is_first, inputs.references, quoted, inputs.avatar)

    def _quoted(self, quote: Quote, original: Message | None) -> str:
        """Return the quoted text, with the current names of the members it mentions."""
        if original is None:
            return quote.text
        return (self._conversation.mentions.text_with_current_names(original) or original.excerpt)[:QUOTE_LIMIT]

    def _render(self, key: RenderKey) -> Node:
        item = key.item
        if not isinstance(item, Message):
            return notice(self._tr, item)
        if item.reply:
            item = replace(item, reply=replace(item.reply, text=key.quoted))
        assert key.avatar
        return article(self._tr, item, key.references, key.avatar, is_first=key.is_first)
