"""Tells a member's pages, in all processes, when the member marks rooms as read or unread."""

from collections.abc import Callable

import orjson

from chat.state.pipeline.event_bus import EventBus
from chat.storage.peers import Peer, Peers

TOPIC = "marks"

MarkListener = Callable[[str | None], None]


class MarkListeners(Peer):
    """Listeners by member and room. They get the id of the message from which on a room is unread, None if it is read.

    Those in other processes are told, too.
    """

    def __init__(self, bus: EventBus, peers: Peers | None = None) -> None:
        self._bus = bus
        self._peers = peers
        self._listeners: dict[tuple[str, str], dict[MarkListener, None]] = {}
        if peers:
            peers.add(TOPIC, self)

    def follow(self, member_id: str, room_id: str, listener: MarkListener) -> Callable[[], None]:
        """Call `listener` when the member marks the room. Return a function that ends this."""
        key = member_id, room_id
        self._listeners.setdefault(key, {})[listener] = None
        return lambda: self._unfollow(key, listener)

    def tell_unread(self, member_id: str, room_id: str, message_id: str) -> None:
        """Tell that the member has marked a room as unread from a message on."""
        self._tell((member_id, room_id), message_id)
        self._pass_on(member_id, room_id, message_id)

    def tell_all_read(self, member_id: str) -> None:
        """Tell that the member has marked all rooms as read."""
        self._tell_all(member_id)
        self._pass_on(member_id)

    def on_broadcast(self, process: str, note: bytes) -> None:
        """Tell what the member has marked in another process."""
        match orjson.loads(note):
            case [member_id, room_id, message_id]:
                self._tell((member_id, room_id), message_id)
            case [member_id]:
                self._tell_all(member_id)

    def _pass_on(self, *marked: str) -> None:
        if self._peers:
            self._peers.broadcast(TOPIC, orjson.dumps(marked))

    def _tell_all(self, member_id: str) -> None:
        for key in [key for key in self._listeners if key[0] == member_id]:
            self._tell(key, None)

    def _tell(self, key: tuple[str, str], message_id: str | None) -> None:
        for listener in list(self._listeners.get(key, ())):
            self._bus.call(listener, message_id)

    def _unfollow(self, key: tuple[str, str], listener: MarkListener) -> None:
        self._listeners[key].pop(listener)
        if not self._listeners[key]:
            del self._listeners[key]
