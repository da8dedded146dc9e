"""The interface of a page that shows rooms, as its components use it."""

from typing import Protocol

from nicegui import events


class RoomSwitcher(Protocol):
    """Shows rooms in a page (a `RoomPage`)."""

    async def open(self, room_id: object, message_id: str = "") -> None:
        """Show a room, at a message if one is given."""

    async def open_link(self, event: events.GenericEventArguments) -> None:
        """Show the target of a link."""

    def show_preferences(self) -> None:
        """Apply changed preferences."""

    def unload_earlier(self) -> None:
        """Remove earlier messages from a page that has gathered many."""
