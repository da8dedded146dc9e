"""The room that a page shows."""

from collections.abc import Callable

from chat.domain.events import Event
from chat.domain.rooms.room import Room
from chat.state.chat import Chat
from chat.state.event_bus import Listener


class ShownRoom:
    """A room while a page shows it: it stays loaded, and what the page's components listen to ends with it."""

    def __init__(self, chat: Chat, room: Room) -> None:
        self._chat = chat
        self.room = room
        self._ends: dict[Callable[[], None], None] = {chat.keep_loaded(room): None}

    def subscribe(self, listener: Listener, *kinds: type[Event], everywhere: bool = False) -> Callable[[], None]:
        """Call `listener` with events of these kinds in this room, or `everywhere`, while the page shows it.

        Return a function that unsubscribes earlier.
        """
        end = self._chat.subscribe(listener, *kinds, room_id=None if everywhere else self.room.id)
        self.on_close(end)

        def unsubscribe() -> None:
            self._ends.pop(end, None)
            end()

        return unsubscribe

    def on_close(self, end: Callable[[], None]) -> None:
        """Call `end` when the page no longer shows the room."""
        self._ends[end] = None

    def close(self) -> None:
        """Called when the page shows another room, or is gone."""
        ends, self._ends = self._ends, {}
        for end in ends:
            end()
