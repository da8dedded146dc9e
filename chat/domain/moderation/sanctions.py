"""Sanctions: mutes, kicks and bans, matched by any identifier of the target."""

from collections.abc import Iterator, Set
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from chat.domain.users import UserRef


@dataclass(frozen=True, slots=True)
class Sanction:
    """A mute, kick or ban that ends at `until`; None is permanent."""

    target: UserRef
    actor: UserRef
    at: datetime
    until: datetime | None
    identifiers: frozenset[str]
    reason: str = ""

    def seconds_left(self, now: datetime) -> int:
        """Return the seconds left, rounded up; 0 if permanent."""
        return -int((now - self.until).total_seconds() // 1) if self.until else 0


class Sanctions:
    """Sanctions of one kind, at most one for each member."""

    def __init__(self) -> None:
        self._sanctions: dict[str, Sanction] = {}

    def __iter__(self) -> Iterator[Sanction]:
        return iter(self._sanctions.values())

    def get(self, member_id: str) -> Sanction | None:
        """Return the member's sanction, expired or not."""
        return self._sanctions.get(member_id)

    def find(self, known: Set[str], now: datetime) -> Sanction | None:
        """Return the sanction in force against any of these identifiers; of several, the longest."""
        found = [s for s in self.in_force(now) if s.identifiers & known]
        return max(found, key=lambda s: (s.until is None, s.until or s.at), default=None)

    def in_force(self, now: datetime) -> list[Sanction]:
        return [sanction for sanction in self if sanction.until is None or sanction.until > now]

    def put(self, sanction: Sanction) -> bool:
        """Replace the member's sanction and drop expired ones. Return whether that changed anything."""
        if self._sanctions.get(sanction.target.id) == sanction:
            return False
        others = (other for other in self.in_force(sanction.at) if other.target.id != sanction.target.id)
        self._sanctions = {s.target.id: s for s in (*others, sanction)}
        return True

    def lift(self, member_id: str) -> bool:
        """End the member's sanction. Return whether there was one."""
        return self._sanctions.pop(member_id, None) is not None

    def adjust_clock(self, change: timedelta) -> None:
        """Preserve the remaining times after the clock was set."""
        for key, sanction in self._sanctions.items():
            if sanction.until:
                self._sanctions[key] = replace(sanction, until=sanction.until + change)

    def copy(self) -> "Sanctions":
        other = Sanctions()
        other._sanctions = self._sanctions.copy()
        return other
