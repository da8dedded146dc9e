"""Who is here (by connection, with grace) and who is typing (with expiry). Times are `datetime`s in UTC."""

from collections.abc import Iterable
from datetime import datetime, timedelta

TYPING_LASTS = timedelta(seconds=5)


class Presence:
    """Members and their connections. Who loses the last one stays for `grace` before they have left."""

    def __init__(self, grace: timedelta) -> None:
        self.grace = grace
        self._connections: dict[str, set[str]] = {}
        self._lost: dict[str, datetime] = {}
        self._elsewhere: set[str] = set()

    def __contains__(self, member_id: str) -> bool:
        return member_id in self._connections

    def __len__(self) -> int:
        return len(self._connections)

    def is_connected(self, member_id: str) -> bool:
        """Whether the member has at least one live connection now."""
        return bool(self._connections.get(member_id))

    def connect(self, member_id: str, connection: str) -> bool:
        """Count one more tab; returns whether it is a new one."""
        connections = self._connections.setdefault(member_id, set())
        if connection in connections:
            return False
        connections.add(connection)
        self._lost.pop(member_id, None)
        return True

    def disconnect(self, member_id: str, connection: str, now: datetime) -> bool:
        """Count one tab less, the last one starts the grace; returns whether it was known."""
        connections = self._connections.get(member_id)
        if connections is None or connection not in connections:
            return False
        connections.remove(connection)
        self._elsewhere.discard(connection)
        if not connections:
            self._lost[member_id] = now
        return True

    def leave(self, member_id: str) -> None:
        """Forget the member and every tab of theirs."""
        self._elsewhere -= self._connections.pop(member_id, set())
        self._lost.pop(member_id, None)

    def set_viewing_latest(self, member_id: str, connection: str, on: bool) -> bool:
        """Note whether a tab shows what is newest (it does at first); returns whether that is new."""
        if connection not in self._connections.get(member_id, ()) or on == (connection not in self._elsewhere):
            return False
        (self._elsewhere.discard if on else self._elsewhere.add)(connection)
        return True

    def is_viewing_latest(self, member_id: str) -> bool:
        """Whether any tab of the member shows what is newest."""
        return not self._connections.get(member_id, set()) <= self._elsewhere

    def overdue(self, now: datetime) -> list[str]:
        """The members whose grace is over."""
        return [member_id for member_id, lost in self._lost.items() if now - lost >= self.grace]


class Typing:
    """Who is typing, in the order they began; each entry ends by itself after five seconds."""

    def __init__(self) -> None:
        self._until: dict[str, datetime] = {}

    @property
    def members(self) -> tuple[str, ...]:
        """Ids of those who are typing."""
        return tuple(self._until)

    def start(self, member_id: str, now: datetime) -> None:
        """The member is typing, or still is."""
        self._until[member_id] = now + TYPING_LASTS

    def stop(self, member_ids: Iterable[str]) -> bool:
        """These members are not typing any more; returns whether any of them was."""
        before = len(self._until)
        for member_id in member_ids:
            self._until.pop(member_id, None)
        return len(self._until) < before

    def overdue(self, now: datetime) -> list[str]:
        """Those who have not typed for five seconds."""
        return [member_id for member_id, until in self._until.items() if until <= now]
