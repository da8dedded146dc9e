"""What the log shows: messages and, between them, notices of who came, went or did something."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum

from chat.messages import Message


class Verb(StrEnum):
    """What a member did last, in a line of comings and goings."""

    JOINED = "joined"
    LEFT = "left"


@dataclass(frozen=True, slots=True)
class Traffic:
    """Comings and goings in a row, collapsed: each member's name with what they did last, by their id."""

    at: datetime
    moves: tuple[tuple[str, str, Verb], ...]

    def names(self, verb: Verb) -> list[str]:
        """Who did `verb`, in order."""
        return [name for _, name, done in self.moves if done is verb]

    def then(self, member_id: str, name: str, verb: Verb) -> "Traffic":
        """This line with one more move in it."""
        others = tuple(move for move in self.moves if move[0] != member_id)
        return replace(self, moves=(*others, (member_id, name, verb)))


@dataclass(frozen=True, slots=True)
class Renamed:
    """Somebody goes by another name."""

    at: datetime
    before: str
    after: str


@dataclass(frozen=True, slots=True)
class Promoted:
    """Somebody became an admin."""

    at: datetime
    name: str


@dataclass(frozen=True, slots=True)
class Cleared:
    """An admin wiped the history."""

    at: datetime
    name: str


Notice = Traffic | Renamed | Promoted | Cleared
Item = Message | Notice


class Timeline:
    """Numbered items, oldest first. Numbers only grow; at most `limit` messages and as many notices stay.

    `gone` is the last message let go of, the one before the oldest.
    """

    def __init__(self, limit: int, items: Iterable[Item] = ()) -> None:
        self.limit = limit
        self._items: dict[int, Item] = {}
        self._next = 0
        self._messages = 0
        self.gone: Message | None = None
        for item in items:
            self.add(item)

    def __iter__(self) -> Iterator[tuple[int, Item]]:
        return iter(self._items.items())

    def __len__(self) -> int:
        return len(self._items)

    def add(self, item: Item) -> None:
        """Append one item and let go of the oldest beyond the limit."""
        self._items[self._next] = item
        self._next += 1
        self._messages += isinstance(item, Message)
        while self._messages > self.limit:
            oldest = self._items.pop(next(iter(self._items)))
            if isinstance(oldest, Message):
                self._messages -= 1
                self.gone = oldest
        if len(self._items) - self._messages > self.limit:
            del self._items[next(number for number, old in self if not isinstance(old, Message))]

    def add_move(self, member_id: str, name: str, verb: Verb, at: datetime) -> None:
        """Note a coming or going, in the last line if that is one already."""
        number = next(reversed(self._items), None)
        last = None if number is None else self._items[number]
        if number is not None and isinstance(last, Traffic):
            self._items[number] = last.then(member_id, name, verb)
        else:
            self.add(Traffic(at, ((member_id, name, verb),)))

    def clear(self) -> None:
        """Forget everything; numbers go on."""
        self._items.clear()
        self._messages = 0
        self.gone = None
