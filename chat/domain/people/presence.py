"""Presence: the connections of each member, and a grace period after the last one."""

from datetime import datetime, timedelta


class Presence:
    """Members and their connections. A member without a connection leaves after `grace`."""

    def __init__(self, grace: timedelta) -> None:
        self.grace = grace
        self._connections: dict[str, set[str]] = {}
        self._lost_at: dict[str, datetime] = {}
        self._viewing: dict[str, str] = {}  # the room of which a connection shows the newest message
        self._browsers: dict[str, str] = {}  # the session of a connection

    def __contains__(self, member_id: str) -> bool:
        return member_id in self._connections

    def __len__(self) -> int:
        return len(self._connections)

    def is_connected(self, member_id: str) -> bool:
        """Tell whether the member has a connection, not just a grace period."""
        return bool(self._connections.get(member_id))

    def is_connected_in(self, member_id: str, browser: str) -> bool:
        """Tell whether a browser of the member has a connection."""
        return any(self._browsers.get(tab) == browser for tab in self._connections.get(member_id, ()))

    def is_connected_outside(self, member_id: str, browser: str) -> bool:
        """Tell whether another browser of the member has a connection."""
        return any(self._browsers.get(tab) != browser for tab in self._connections.get(member_id, ()))

    def has_several_connections(self, member_id: str) -> bool:
        return len(self._connections.get(member_id, ())) > 1

    def connect(self, member_id: str, connection_id: str, browser: str = "") -> bool:
        """Add a connection. Return whether it is new."""
        connections = self._connections.setdefault(member_id, set())
        if connection_id in connections:
            return False
        connections.add(connection_id)
        self._browsers[connection_id] = browser
        self._lost_at.pop(member_id, None)
        return True

    def disconnect(self, member_id: str, connection_id: str, now: datetime) -> bool:
        """Remove a connection; the last one starts the grace period. Return whether it was known."""
        connections = self._connections.get(member_id)
        if connections is None or connection_id not in connections:
            return False
        connections.remove(connection_id)
        self._forget(connection_id)
        if not connections:
            self._lost_at[member_id] = now
        return True

    def leave(self, member_id: str) -> None:
        """Remove the member with all connections."""
        for connection_id in self._connections.pop(member_id, ()):
            self._forget(connection_id)
        self._lost_at.pop(member_id, None)

    def set_viewing_latest(self, member_id: str, connection_id: str, room_id: str, is_viewing: bool) -> bool:
        """Record whether a tab shows the newest message of a room. Return whether that changed."""
        was_viewing = self.viewed_by(connection_id) == room_id
        if connection_id not in self._connections.get(member_id, ()) or is_viewing == was_viewing:
            return False
        if is_viewing:
            self._viewing[connection_id] = room_id
        else:
            del self._viewing[connection_id]
        return True

    def viewed_by(self, connection_id: str) -> str | None:
        """Return the room of which a tab shows the newest message."""
        return self._viewing.get(connection_id)

    def is_viewing_latest(self, member_id: str, room_id: str) -> bool:
        """Tell whether any tab of the member shows the newest message of a room."""
        return any(self._viewing.get(tab) == room_id for tab in self._connections.get(member_id, ()))

    def is_reading(self, member_id: str) -> bool:
        """Tell whether any tab of the member shows the newest message of any room."""
        return any(tab in self._viewing for tab in self._connections.get(member_id, ()))

    def adjust_clock(self, change: timedelta) -> None:
        """Preserve the remaining grace periods after the clock was set."""
        self._lost_at = {member_id: lost_at + change for member_id, lost_at in self._lost_at.items()}

    def expired(self, now: datetime) -> list[str]:
        """Return the members whose grace period is over."""
        return [member_id for member_id, lost_at in self._lost_at.items() if now - lost_at >= self.grace]

    def _forget(self, connection_id: str) -> None:
        self._viewing.pop(connection_id, None)
        self._browsers.pop(connection_id, None)
