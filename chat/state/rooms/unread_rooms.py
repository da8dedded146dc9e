"""Unread rooms: notifies members' pages of changes, and lets members mark rooms as read and unread."""

import asyncio
from collections.abc import Callable
from typing import get_args

from chat.domain.events import Event
from chat.domain.messages.events import (
    AuthorAnonymized,
    HistoryCleared,
    MessageDeleted,
    MessageEdited,
    MessagePosted,
    MessagesPurged,
)
from chat.domain.messages.message import Message
from chat.domain.people.events import Disconnected, ViewingChanged
from chat.domain.rooms.chat_state import ChatState
from chat.domain.rooms.events import DirectoryEvent, MemberRemoved, RoomDeleted
from chat.domain.rooms.readers import Reader, Readers, ReadMarks, UnreadCounts
from chat.domain.rooms.reloads import HistoryReloaded, StateReloaded
from chat.state import clock
from chat.state.pipeline.event_bus import EventBus
from chat.state.rooms.mark_listeners import MarkListeners
from chat.storage.peers import Peers

DELAY = 0.25  # seconds; a member is notified once of all messages within them

CHANGES = (MessageEdited, MessageDeleted, MessagesPurged, HistoryCleared, AuthorAnonymized)
"""The events that may take the count of a message back, or change whom it calls."""

Listener = Callable[[UnreadCounts], None]


class UnreadRooms:
    """The unread rooms of members with open pages. A page is notified of an unread room, and of each new count.

    `marked` tells pages when a member marks rooms; in other processes, `check_member` follows once the marks are known.
    """

    def __init__(self, state: ChatState, bus: EventBus, peers: Peers | None = None) -> None:
        self._bus = bus
        self.marked = MarkListeners(bus, peers)
        self._readers = Readers(state)
        self._listeners: dict[Reader, dict[Listener, None]] = {}
        self._notified: dict[Reader, UnreadCounts] = {}
        self._due: dict[Reader, None] = {}
        self._timer: asyncio.TimerHandle | None = None
        bus.subscribe(self._on_event, MessagePosted, ViewingChanged, Disconnected, *CHANGES)
        bus.subscribe(self._on_directory_event, *get_args(DirectoryEvent))
        bus.subscribe(lambda event: self.check(event.room_id), HistoryReloaded)
        bus.subscribe(lambda _: self._check_everyone(), StateReloaded)

    def follow(self, member_id: str, marks: ReadMarks, listener: Listener) -> Callable[[], None]:
        """Call `listener` after each change of what is unread. Return a function that ends this.

        A newcomer begins with everything read.
        """
        if marks.is_empty:
            marks.save_all(clock.now())
        reader = self._readers.get(member_id)
        if reader is None:
            reader = self._readers.add(member_id, marks)
            self._notified[reader] = self._readers.unread(reader)
        reader.marks = marks  # a guest who signs up keeps their id
        self._listeners.setdefault(reader, {})[listener] = None
        return lambda: self._unfollow(reader, listener)

    def of(self, member_id: str) -> UnreadCounts:
        """Return the unread rooms of a member with an open page."""
        reader = self._readers.get(member_id)
        return self._readers.unread(reader) if reader else {}

    def mentions(self, member_id: str) -> set[tuple[str, str]]:
        """Return the unread messages that mention a member with an open page or reply to them.

        Each is given by the id of its room, and its own.
        """
        reader = self._readers.get(member_id)
        if reader is None:
            return set()
        calls = ((call, room_id) for room_id in reader.unread for call in self._readers.unread_calls(reader, room_id))
        return {(room_id, call.message_id) for call, room_id in calls if call.is_to(member_id)}

    def mark_unread(self, member_id: str, message: Message) -> None:
        """Mark a room as unread from a message on; the member's pages no longer count as viewing it."""
        if reader := self._readers.get(member_id):
            reader.marks.save(message.room, message.number - 1)
            self.marked.tell_unread(member_id, message.room, message.id)
            self._readers.place(reader, message.room)
            self._tell(reader)

    def mark_all_read(self, member_id: str) -> None:
        """Mark all rooms as read."""
        if reader := self._readers.get(member_id):
            self._readers.read_all(reader, clock.now())
            self.marked.tell_all_read(member_id)
            self._tell(reader)

    def check_member(self, member_id: str) -> None:
        """Recheck which rooms are unread for a member whose marks were changed by another process."""
        if reader := self._readers.get(member_id):
            self._readers.place_all(reader)
            self._tell(reader)

    def check(self, room_id: str) -> None:
        """Recheck for all members whether a room is unread."""
        for reader in self._readers:
            self._readers.place(reader, room_id)
            self._tell_soon(reader)

    def _check_everyone(self) -> None:
        for reader in self._readers:
            self.check_member(reader.id)

    def _on_event(self, event: Event) -> None:
        match event:
            case MessagePosted():
                for reader in self._readers.post(event):
                    self._tell_soon(reader)
            case ViewingChanged(member_id=member_id, room_id=room_id):
                if found := self._readers.get(member_id):
                    self._readers.place(found, room_id)
                    self._tell(found)
            case Disconnected(member_id=member_id):
                if found := self._readers.get(member_id):
                    for room_id in [*found.viewed]:
                        self._readers.place(found, room_id)
            case MessageEdited() | MessageDeleted() | MessagesPurged() | HistoryCleared() | AuthorAnonymized():
                self._recount(event.room_id)

    def _on_directory_event(self, event: DirectoryEvent) -> None:
        if isinstance(event, MemberRemoved) and (removed := self._readers.get(event.target.id)):
            removed.marks.forget(event.room_id)  # or it would count as opened once they are invited again
        self.check(event.room_id)
        if isinstance(event, RoomDeleted):
            self._readers.forget_room(event.room_id)

    def _recount(self, room_id: str) -> None:
        for reader in self._readers:
            if room_id in reader.unread:
                self._readers.place(reader, room_id)
                self._tell_soon(reader)

    def _tell_soon(self, reader: Reader) -> None:
        self._due[reader] = None
        if self._timer is None:
            self._timer = asyncio.get_running_loop().call_later(DELAY, self._tell_due)

    def _tell_due(self) -> None:
        self._timer = None
        due, self._due = self._due, {}
        for reader in due:
            self._tell(reader)

    def _tell(self, reader: Reader) -> None:
        unread = self._readers.unread(reader)
        if reader in self._notified and unread != self._notified[reader]:
            self._notified[reader] = unread
            for listener in list(self._listeners.get(reader, ())):
                self._bus.call(listener, unread)

    def _unfollow(self, reader: Reader, listener: Listener) -> None:
        self._listeners[reader].pop(listener)
        if not self._listeners[reader]:
            del self._listeners[reader]
            del self._notified[reader]
            self._readers.remove(reader)
