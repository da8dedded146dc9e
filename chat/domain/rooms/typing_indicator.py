"""The typing indicator."""

from collections.abc import Iterable
from datetime import datetime, timedelta

TYPING_TIMEOUT = timedelta(seconds=5)


class TypingIndicator:
    """The typing members, in the order they started; each entry expires after five seconds."""

    def __init__(self) -> None:
        self._until: dict[str, datetime] = {}

    @property
    def member_ids(self) -> tuple[str, ...]:
        return tuple(self._until)

    def start(self, member_id: str, now: datetime) -> bool:
        """Add the member, or renew their entry. Return whether it is new."""
        is_new = member_id not in self._until
        self._until[member_id] = now + TYPING_TIMEOUT
        return is_new

    def stop(self, member_ids: Iterable[str]) -> bool:
        """Remove these members. Return whether any was typing."""
        before = len(self._until)
        for member_id in member_ids:
            self._until.pop(member_id, None)
        return len(self._until) < before

    def adjust_clock(self, change: timedelta) -> None:
        """Preserve the remaining times after the clock was set."""
        self._until = {member_id: until + change for member_id, until in self._until.items()}

    def expired(self, now: datetime) -> list[str]:
        return [member_id for member_id, until in self._until.items() if until <= now]
