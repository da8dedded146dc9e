"""Calls: the messages of a room that are addressed to members, by a mention, as a reply, or in a direct room."""

from dataclasses import dataclass
from datetime import datetime

from chat.domain.messages.events import (
    AuthorAnonymized,
    HistoryCleared,
    MessageDeleted,
    MessageEdited,
    MessageEvent,
    MessagePosted,
    MessagesPurged,
)
from chat.domain.messages.history import History
from chat.domain.messages.mentions import ALL
from chat.domain.messages.message import Message

MAX_CALLS = 100  # in a room; the newest ones

ReadMark = int | datetime | None
"""How far a member has read a room: the number of an event or a time; None for a room never opened."""


@dataclass(frozen=True, slots=True)
class Call:
    """A message addressed to others. `called` has the ids of those it mentions (or `all`) or replies to."""

    message_id: str
    number: int
    at: datetime
    author: str
    called: tuple[str, ...]

    def is_to(self, member_id: str) -> bool:
        return member_id != self.author and (member_id in self.called or ALL in self.called)

    def is_after(self, mark: ReadMark) -> bool:
        return self.at > mark if isinstance(mark, datetime) else self.number > (mark or 0)


class RoomCalls:
    """The calls in a room, and which message is its newest; kept while the room isn't loaded.

    In a direct room, every message is a call.
    """

    __slots__ = ("_calls", "_is_direct", "_newest")

    def __init__(self, history: History, *, is_direct: bool = False) -> None:
        self._is_direct = is_direct
        self._calls: dict[str, Call] = {}
        self._newest: Call | None = None
        self._read(history)

    def is_read(self, mark: ReadMark) -> bool:
        """Tell whether no message is after `mark`."""
        return self._newest is None or not self._newest.is_after(mark)

    def unread(self, member_id: str, mark: ReadMark) -> list[Call]:
        """Return what calls a member after `mark`."""
        mine = (call for call in self._calls.values() if call.is_to(member_id) or self._is_direct_to(member_id, call))
        return [call for call in mine if call.is_after(mark)]

    def of(self, member_id: str) -> list[Call]:
        """Return the messages that mention a member or reply to them."""
        return [call for call in self._calls.values() if call.is_to(member_id)]

    def apply(self, event: MessageEvent, history: History) -> None:
        """Follow an event that was applied to the room's history."""
        match event:
            case MessagePosted(message=message):
                self._put(message.id, history)
                if len(history) == history.limit:
                    self._forget_evicted(history)
            case MessageEdited(message_id=message_id):
                self._put(message_id, history)
            case MessageDeleted() | MessagesPurged() | HistoryCleared() | AuthorAnonymized():
                self._read(history)
            case _:
                return
        self._newest = _newest(history)

    def _read(self, history: History) -> None:
        self._calls.clear()
        for message in history:
            self._add(message)
        self._newest = _newest(history)

    def _put(self, message_id: str, history: History) -> None:
        message = history.get(message_id)
        if message is None or not self._add(message):
            self._calls.pop(message_id, None)

    def _add(self, message: Message) -> bool:
        """Add a message if it is a call. Return whether it is."""
        call = call_of(message)
        is_call = self._is_direct or bool(call.called)
        if is_call:
            self._calls[message.id] = call
            if len(self._calls) > MAX_CALLS:
                del self._calls[min(self._calls, key=lambda key: self._calls[key].number)]
        return is_call

    def _forget_evicted(self, history: History) -> None:
        oldest = next(iter(history)).number
        self._calls = {key: call for key, call in self._calls.items() if call.number >= oldest}

    def _is_direct_to(self, member_id: str, call: Call) -> bool:
        return self._is_direct and member_id != call.author


def call_of(message: Message) -> Call:
    """Return a message as a call, whose `called` may be empty."""
    called = {*message.mentions.values(), *([message.reply.author] if message.reply else [])} - {message.author}
    return Call(message.id, message.number, message.at, message.author, tuple(called))


def _newest(history: History) -> Call | None:
    message = next(reversed(history), None)
    return call_of(message) if message else None
