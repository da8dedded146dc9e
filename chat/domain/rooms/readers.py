"""The rooms that members with open pages have read to the end, haven't read, or are viewing."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Protocol

from chat.domain.messages.calls import Call, ReadMark, call_of
from chat.domain.messages.events import MessagePosted
from chat.domain.messages.mentions import ALL
from chat.domain.messages.message import Message
from chat.domain.rooms.chat_state import ChatState
from chat.domain.rooms.directory.direct_rooms import is_closed
from chat.domain.rooms.directory.room_info import RoomInfo, RoomKind, may_see

UnreadCounts = Mapping[str, int]
"""The rooms with unread messages, and how many of these call the member."""


class ReadMarks(Protocol):
    """The place up to which a member has read each room, on all devices."""

    @property
    def is_empty(self) -> bool:
        """Whether the member is a newcomer."""

    def get(self, room_id: str) -> ReadMark: ...

    def save(self, room_id: str, number: int) -> None: ...

    def forget(self, room_id: str) -> None: ...

    def save_all(self, at: datetime) -> None: ...


@dataclass(eq=False, slots=True)
class Reader:
    """A member with open pages. Each room that they may see is unread, being viewed, or read to its end."""

    id: str
    marks: ReadMarks
    unread: set[str] = field(default_factory=set)
    viewed: set[str] = field(default_factory=set)


class Readers:
    """The readers by member id.

    For each room, this knows who has read it to its end and isn't viewing it. The next message empties that set, so
    that the ones after it cost the same however many members and rooms there are.
    """

    def __init__(self, state: ChatState) -> None:
        self._state = state
        self._directory = state.directory
        self._by_id: dict[str, Reader] = {}
        self._at_end: dict[str, set[str]] = {}

    def __iter__(self) -> Iterator[Reader]:
        return iter(self._by_id.values())

    def get(self, member_id: str) -> Reader | None:
        return self._by_id.get(member_id)

    def add(self, member_id: str, marks: ReadMarks) -> Reader:
        reader = self._by_id[member_id] = Reader(member_id, marks)
        self.place_all(reader)
        return reader

    def remove(self, reader: Reader) -> None:
        del self._by_id[reader.id]
        for readers in self._at_end.values():
            readers.discard(reader.id)

    def post(self, event: MessagePosted) -> list[Reader]:
        """Note a new message. Return the readers for whom something changed."""
        room_id, message = event.room_id, event.message
        readers = [self._by_id[member_id] for member_id in self._at_end.pop(room_id, ())]
        for reader in readers:
            reader.unread.add(room_id)
            if reader.id == message.author:
                reader.marks.save(room_id, event.number)
                self.place(reader, room_id)
        called = [reader for reader in map(self.get, self._called(message)) if reader]
        for reader in called:
            if room_id not in reader.unread:  # the room may have been hidden from them until now
                self.place(reader, room_id)
        return [reader for reader in {*readers, *called} if room_id in reader.unread]

    def place_all(self, reader: Reader) -> None:
        for room in self._directory:
            self.place(reader, room.id)

    def place(self, reader: Reader, room_id: str) -> None:
        """Decide whether a room is unread, viewed or read for a reader; none of these if hidden, archived or closed."""
        room = self._directory.get(room_id)
        is_listed = (
            room is not None
            and not room.is_archived
            and may_see(room, reader.id)
            and not is_closed(room, reader.id, self._directory.last.get(room_id, 0))
        )
        is_viewed = is_listed and self._state.people.presence.is_viewing_latest(reader.id, room_id)
        is_read = room is not None and is_listed and not is_viewed and self._is_read(reader, room)
        _include(reader.viewed, room_id, is_viewed)
        _include(reader.unread, room_id, is_listed and not is_viewed and not is_read)
        if is_read:
            self._at_end.setdefault(room_id, set()).add(reader.id)
        else:
            self._at_end.get(room_id, set()).discard(reader.id)

    def read_all(self, reader: Reader, now: datetime) -> None:
        """Mark all rooms as read."""
        reader.marks.save_all(now)
        for room_id in list(reader.unread):
            self.place(reader, room_id)
            if room_id in reader.unread:  # the system's clock was set back, or the room wasn't loaded yet
                reader.marks.save(room_id, self._directory.last.get(room_id, 0))
                self.place(reader, room_id)

    def forget_room(self, room_id: str) -> None:
        self._at_end.pop(room_id, None)
        for reader in self._by_id.values():
            reader.marks.forget(room_id)

    def unread(self, reader: Reader) -> UnreadCounts:
        return {room_id: len(self.unread_calls(reader, room_id)) for room_id in reader.unread}

    def unread_calls(self, reader: Reader, room_id: str) -> list[Call]:
        """Return the messages in a room that call a reader and that they haven't read."""
        calls = self._state.calls.get(room_id)
        is_unread = calls is not None and room_id in reader.unread
        return calls.unread(reader.id, reader.marks.get(room_id)) if calls and is_unread else []

    def _called(self, message: Message) -> Iterable[str]:
        room, called = self._directory.get(message.room), call_of(message).called
        if room and room.kind is RoomKind.DIRECT:
            return room.members
        return self._by_id.keys() if ALL in called else called

    def _is_read(self, reader: Reader, room: RoomInfo) -> bool:
        mark, calls = reader.marks.get(room.id), self._state.calls.get(room.id)
        invited = room.invited.get(reader.id)
        if invited and isinstance(mark, datetime) and mark < invited:
            return False  # not opened since then
        if calls:
            return calls.is_read(mark)
        # The room wasn't loaded since the start: its last event may be a reaction, and its time isn't known.
        return isinstance(mark, datetime) or self._directory.last.get(room.id, 0) <= (mark or 0)


def _include(items: set[str], item: str, is_included: bool) -> None:
    if is_included:
        items.add(item)
    else:
        items.discard(item)
