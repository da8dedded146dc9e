"""The room that a page shows."""

from collections.abc import Callable
from contextlib import suppress
from functools import cached_property, partial

from chat.domain.errors import RoomRefused
from chat.domain.events import Event
from chat.domain.rooms.directory.room_info import RoomInfo
from chat.domain.rooms.room import Room
from chat.state.pipeline.event_bus import Listener
from chat.ui.app_context import AppContext
from chat.ui.last_seen import LastSeen
from chat.ui.views.room_view import RoomKey, RoomView
from chat.web.session import Session


class ShownRoom:
    """A room while a page shows it: it stays loaded, and what the page's components listen to ends with it."""

    def __init__(self, app: AppContext, session: Session, room: Room, language: str) -> None:
        self._app = app
        self.room = room
        self._key = RoomKey(room, language)
        self._ends: dict[Callable[[], None], None] = {app.chat.room_access.keep_loaded(room): None}
        self.last_seen = LastSeen(session, room)
        info = app.chat.directory.get(room.id)
        assert info  # nobody is shown a room that isn't there
        self._info = info

    def info(self, member_id: str) -> RoomInfo:
        """Return the room as the directory lists it, or listed it before the member lost it."""
        with suppress(RoomRefused):
            self._info = self._app.chat.directory.room_for(member_id, self.room.id)
        return self._info

    @cached_property
    def view(self) -> RoomView:
        """The view that the page shares with others that show the room."""
        self.on_close(partial(self._app.room_views.close, self._key))
        return self._app.room_views.open(self._key)

    def subscribe(
        self, listener: Listener, *kinds: type[Event], everywhere: bool = False, member_id: str | None = None
    ) -> Callable[[], None]:
        """Call `listener` with events of these kinds in this room, or `everywhere`, while the page shows it.

        With a `member_id`, with those that are about this member, wherever they happen. Return a function that
        unsubscribes earlier.
        """
        room_id = None if everywhere or member_id else self.room.id
        end = self._app.chat.subscribe(listener, *kinds, room_id=room_id, member_id=member_id)
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
