"""The timeline of the message list: messages and the notices between them."""

from collections import deque
from collections.abc import Iterable, Iterator
from dataclasses import replace
from itertools import islice

from chat.domain.messages.message import Message
from chat.domain.rooms.notices import (
    HistoryClearedNotice,
    JoinLeaveSummary,
    Notice,
    PresenceChange,
    RenamedNotice,
    RoleChangedNotice,
    TopicChangedNotice,
)
from chat.domain.users import UserRef

MAX_CHANGES = 100  # in one summary, which is sent again with each

Item = Message | Notice


class Timeline:
    """Numbered items, oldest first: at most `limit` messages and as many notices. Numbers are never reused.

    `last_evicted` is the message before the oldest one kept, `next` the number of the next item.
    """

    def __init__(self, limit: int, messages: Iterable[Message] = ()) -> None:
        self.limit = limit
        self._items: dict[int, Item] = {}
        self._numbers: dict[str, int] = {}
        self._notices: deque[int] = deque()
        self.next = 0
        self.last_evicted: Message | None = None
        for message in messages:
            self.add(message)

    def __iter__(self) -> Iterator[tuple[int, Item]]:
        return iter(self._items.items())

    def __len__(self) -> int:
        return len(self._items)

    def __contains__(self, number: object) -> bool:
        return number in self._items

    @property
    def first(self) -> int:
        """The number of the oldest item."""
        return next(iter(self._items), self.next)

    def get(self, number: int) -> Item | None:
        return self._items.get(number)

    def number(self, message_id: str) -> int | None:
        return self._numbers.get(message_id)

    def latest(self, count: int) -> int:
        """Return the number of the first of the last `count` messages, or of the oldest item if there are fewer."""
        if len(self._numbers) <= count:
            return self.first
        return next(islice(reversed(self._numbers.values()), count - 1, None))

    def between(self, start: int, end: int | None = None) -> Iterator[tuple[int, Item]]:
        """Yield the items with numbers from `start` up to, but not including, `end`."""
        for number in range(max(start, self.first), self.next if end is None else min(end, self.next)):
            if number in self._items:
                yield number, self._items[number]

    def before(self, number: int) -> tuple[Message | None, bool]:
        """Return the last message before a number, and whether no notice is between them."""
        is_adjacent = True
        for earlier in range(number - 1, self.first - 1, -1):
            item = self._items.get(earlier)
            if isinstance(item, Message):
                return item, is_adjacent
            is_adjacent = is_adjacent and item is None
        return self.last_evicted, is_adjacent

    def add(self, item: Item) -> None:
        """Append an item, and evict the oldest ones beyond the limit."""
        self._items[self.next] = item
        if isinstance(item, Message):
            self._numbers[item.id] = self.next
        else:
            self._notices.append(self.next)
        self.next += 1
        while len(self._numbers) > self.limit:
            oldest = self._items.pop(self.first)
            if isinstance(oldest, Message):
                del self._numbers[oldest.id]
                self.last_evicted = oldest
            else:
                self._notices.popleft()
        if len(self._notices) > self.limit:
            del self._items[self._notices.popleft()]

    def put(self, message_id: str, message: Message | None) -> None:
        """Append a message, replace it in place, or remove it (None)."""
        number = self._numbers.get(message_id)
        if message is None:
            if number is not None:
                del self._items[number], self._numbers[message_id]
        elif number is None:
            self.add(message)
        else:
            self._items[number] = message

    def add_join_or_leave(self, change: PresenceChange) -> None:
        """Append a join or leave, or add it to the last item if that is a summary with room for it."""
        number = next(reversed(self._items), None)
        last = None if number is None else self._items[number]
        if number is not None and isinstance(last, JoinLeaveSummary) and len(last.changes) < MAX_CHANGES:
            self._items[number] = last.then(change)
        else:
            self.add(JoinLeaveSummary(change.at, (change,)))

    def forget(self, member_id: str, names: Iterable[str]) -> bool:
        """Remove the member, known by these names, from all notices. Return whether anything changed."""
        called, found = set(names), False
        for number in reversed(self._notices.copy()):
            item = self._items[number]
            match item:
                case JoinLeaveSummary(changes=changes):
                    called |= {change.name for change in changes if change.member_id == member_id}
                    others = tuple(change for change in changes if change.member_id != member_id)
                    if others == changes:
                        continue
                    if others:
                        self._items[number] = replace(item, changes=others)
                case RenamedNotice(before=before, after=after) if after in called or before in called:
                    called.add(before)
                case RoleChangedNotice(name=name) | HistoryClearedNotice(name=name) | TopicChangedNotice(name=name) if (
                    name in called
                ):
                    pass
                case _ if member_id in _people_in(item):
                    pass
                case _:
                    continue
            found = True
            if self._items[number] is item:
                del self._items[number]
                self._notices.remove(number)
        return found

    def clear(self) -> None:
        """Remove all items; numbers continue."""
        self._items.clear()
        self._numbers.clear()
        self._notices.clear()
        self.last_evicted = None


def _people_in(item: Item) -> set[str]:
    """Return the ids of those whom a notice of an event names."""
    people = (getattr(item, part, None) for part in ("actor", "target"))
    return {user.id for user in people if isinstance(user, UserRef)}
