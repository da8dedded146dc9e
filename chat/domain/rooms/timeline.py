"""What the log shows: messages and, between them, notices of who came, went or did something."""

from collections import deque
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum
from itertools import islice

from chat.domain.messages.message import Message
from chat.domain.moderation.events import (
    Banned,
    Kicked,
    MessagesPurged,
    Muted,
    RoomLocked,
    SlowModeChanged,
    Unbanned,
    Unmuted,
)
from chat.domain.users import Role


class JoinOrLeave(StrEnum):
    """What a member did last, in a line of comings and goings."""

    JOINED = "joined"
    LEFT = "left"


@dataclass(frozen=True, slots=True)
class JoinLeaveSummary:
    """Comings and goings in a row, collapsed: each member's name with what they did last, by their id."""

    at: datetime
    changes: tuple[tuple[str, str, JoinOrLeave], ...]

    def names(self, verb: JoinOrLeave) -> list[str]:
        """Who did `verb`, in order."""
        return [name for _, name, done in self.changes if done is verb]

    def then(self, member_id: str, name: str, verb: JoinOrLeave) -> "JoinLeaveSummary":
        """This line with one more move in it."""
        others = tuple(move for move in self.changes if move[0] != member_id)
        return replace(self, changes=(*others, (member_id, name, verb)))


@dataclass(frozen=True, slots=True)
class RenamedNotice:
    """Somebody goes by another name."""

    at: datetime
    before: str
    after: str


@dataclass(frozen=True, slots=True)
class RoleChangedNotice:
    """Somebody has another role."""

    at: datetime
    name: str
    role: Role


@dataclass(frozen=True, slots=True)
class HistoryClearedNotice:
    """An admin wiped the history."""

    at: datetime
    name: str


@dataclass(frozen=True, slots=True)
class TopicChangedNotice:
    """An admin said what the room is about."""

    at: datetime
    name: str
    topic: str


PublicModerationEvent = Muted | Unmuted | Kicked | Banned | Unbanned | SlowModeChanged | RoomLocked | MessagesPurged
"""What everybody is told of moderation."""

Notice = (
    JoinLeaveSummary
    | RenamedNotice
    | RoleChangedNotice
    | HistoryClearedNotice
    | TopicChangedNotice
    | PublicModerationEvent
)
Item = Message | Notice


class Timeline:
    """Numbered items, oldest first. Numbers only grow; at most `limit` messages and as many notices stay.

    `last_evicted` is the last message let go of, the one before the oldest; `next` the number that the next item will have.
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
        """The item with this number."""
        return self._items.get(number)

    def number(self, message_id: str) -> int | None:
        """The number of a message."""
        return self._numbers.get(message_id)

    def latest(self, count: int) -> int:
        """The number from which on there are `count` messages (all items, where there are fewer)."""
        if len(self._numbers) <= count:
            return self.first
        return next(islice(reversed(self._numbers.values()), count - 1, None))

    def between(self, start: int, end: int | None = None) -> Iterator[tuple[int, Item]]:
        """The items numbered from `start` to before `end`."""
        for number in range(max(start, self.first), self.next if end is None else min(end, self.next)):
            if number in self._items:
                yield number, self._items[number]

    def before(self, number: int) -> tuple[Message | None, bool]:
        """The last message before a number, and whether there is nothing between."""
        near = True
        for earlier in range(number - 1, self.first - 1, -1):
            item = self._items.get(earlier)
            if isinstance(item, Message):
                return item, near
            near = near and item is None
        return self.last_evicted, near

    def add(self, item: Item) -> None:
        """Append one item and let go of the oldest beyond the limit."""
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
        """Show a message as it is now: appended, changed in its place, or gone."""
        number = self._numbers.get(message_id)
        if message is None:
            if number is not None:
                del self._items[number], self._numbers[message_id]
        elif number is None:
            self.add(message)
        else:
            self._items[number] = message

    def add_join_or_leave(self, member_id: str, name: str, verb: JoinOrLeave, at: datetime) -> None:
        """Note a coming or going, in the last line if that is one already."""
        number = next(reversed(self._items), None)
        last = None if number is None else self._items[number]
        if number is not None and isinstance(last, JoinLeaveSummary):
            self._items[number] = last.then(member_id, name, verb)
        else:
            self.add(JoinLeaveSummary(at, ((member_id, name, verb),)))

    def forget(self, member_id: str, names: Iterable[str]) -> bool:
        """Take a member, who was called so, out of the notices. Returns whether there was something about them."""
        called, found = set(names), False
        for number in reversed(self._notices.copy()):
            item = self._items[number]
            match item:
                case JoinLeaveSummary(changes=changes):
                    called |= {name for who, name, _ in changes if who == member_id}
                    others = tuple(move for move in changes if move[0] != member_id)
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
                case _:
                    continue
            found = True
            if self._items[number] is item:
                del self._items[number]
                self._notices.remove(number)
        return found

    def clear(self) -> None:
        """Forget everything; numbers go on."""
        self._items.clear()
        self._numbers.clear()
        self._notices.clear()
        self.last_evicted = None
