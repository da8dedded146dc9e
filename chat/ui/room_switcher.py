"""What the components of a page ask of the page as a whole."""

from typing import Protocol

from nicegui import events


class RoomSwitcher(Protocol):
    """Shows rooms in a page (a `RoomPage`)."""

    async def open(self, room_id: object, message_id: str = "") -> None:
        """Show a room, at a message if one is given."""

    async def open_address(self, event: events.GenericEventArguments) -> None:
        """Show what an address names."""

    def show_preferences(self) -> None:
        """Show what changed preferences change."""

    def unload_earlier(self) -> None:
        """Remove earlier messages from a page that has gathered many."""
