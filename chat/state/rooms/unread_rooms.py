"""Unread rooms: notifies members' pages of changes, and lets members mark rooms as read and unread."""

import asyncio
from collections.abc import Callable
from typing import get_args

import orjson

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
from chat.storage.peers import Peer, Peers

TOPIC = "marks"
DELAY = 0.25  # seconds; a member is notified once of all messages within them

CHANGES = (MessageEdited, MessageDeleted, MessagesPurged, HistoryCleared, AuthorAnonymized)
"""The events that may take the count of a message back, or change whom it calls."""

Listener = Callable[[UnreadCounts], None]
MarkListener = Callable[[str | None], None]


class UnreadRooms(Peer):
    """The unread rooms of members with open pages. A page is notified of an unread room, and of each new count.

    Their pages in other processes are told when a member marks rooms; `check_member` follows once the marks are known.
    """

    def __init__(self, state: ChatState, bus: EventBus, peers: Peers | None = None) -> None:
        self._bus = bus
        self._peers = peers
        self._readers = Readers(state)
        self._listeners: dict[Reader, dict[Listener, None]] = {}
        self._mark_listeners: dict[tuple[str, str], dict[MarkListener, None]] = {}
        self._notified: dict[Reader, UnreadCounts] = {}
        self._due: dict[Reader, None] = {}
        self._timer: asyncio.TimerHandle | None = None
        bus.subscribe(self._on_event, MessagePosted, ViewingChanged, Disconnected, *CHANGES)
        bus.subscribe(self._on_directory_event, *get_args(DirectoryEvent))
        bus.subscribe(lambda event: self.check(event.room_id), HistoryReloaded)
        bus.subscribe(lambda _: self._check_everyone(), StateReloaded)
        if peers:
            peers.add(TOPIC, self)

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

    def follow_marks(self, member_id: str, room_id: str, listener: MarkListener) -> Callable[[], None]:
        """Call `listener` when a member marks a room as unread from a message on (its id), or as read (None).

        Return a function that ends this.
        """
        key = member_id, room_id
        self._mark_listeners.setdefault(key, {})[listener] = None
        return lambda: self._unfollow_marks(key, listener)

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
            self._tell_marked((member_id, message.room), message.id)
            self._pass_on(member_id, message.room, message.id)
            self._readers.place(reader, message.room)
            self._tell(reader)

    def mark_all_read(self, member_id: str) -> None:
        """Mark all rooms as read."""
        if reader := self._readers.get(member_id):
            self._readers.read_all(reader, clock.now())
            self._tell_all_marked(member_id)
            self._pass_on(member_id)
            self._tell(reader)

    def on_broadcast(self, process: str, note: bytes) -> None:
        """Tell pages that a member has marked rooms in another process."""
        match orjson.loads(note):
            case [member_id, room_id, message_id]:
                self._tell_marked((member_id, room_id), message_id)
            case [member_id]:
                self._tell_all_marked(member_id)

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

    def _pass_on(self, *marked: str) -> None:
        if self._peers:
            self._peers.broadcast(TOPIC, orjson.dumps(marked))

    def _tell_all_marked(self, member_id: str) -> None:
        for key in [key for key in self._mark_listeners if key[0] == member_id]:
            self._tell_marked(key, None)

    def _tell_marked(self, key: tuple[str, str], message_id: str | None) -> None:
        for listener in list(self._mark_listeners.get(key, ())):
            self._bus.call(listener, message_id)

    def _unfollow(self, reader: Reader, listener: Listener) -> None:
        self._listeners[reader].pop(listener)
        if not self._listeners[reader]:
            del self._listeners[reader]
            del self._notified[reader]
            self._readers.remove(reader)

    def _unfollow_marks(self, key: tuple[str, str], listener: MarkListener) -> None:
        self._mark_listeners[key].pop(listener)
        if not self._mark_listeners[key]:
            del self._mark_listeners[key]
