"""Restrictions that moderators impose on everyone in a room: slow mode and the lock."""

from chat.domain.moderation.events import RoomLocked, RoomUnlocked, SlowModeChanged
from chat.domain.moderation.slow_mode import SlowMode
from chat.domain.users import UserRef

RestrictionEvent = SlowModeChanged | RoomLocked | RoomUnlocked


class Restrictions:
    """Slow mode and lock of one room, with the members who set them. Only `apply` changes them."""

    def __init__(self) -> None:
        self.slow_mode = SlowMode()
        self.locked = False
        self.locked_by: UserRef | None = None

    def __bool__(self) -> bool:
        return self.locked or self.slow_mode.seconds > 0

    def apply(self, event: RestrictionEvent) -> bool:
        """Apply an event; applying it again changes nothing. Return whether anything changed."""
        match event:
            case SlowModeChanged(actor=actor, seconds=seconds):
                if self.slow_mode.seconds == seconds:
                    return False
                self.slow_mode.seconds, self.slow_mode.actor = seconds, actor if seconds else None
                return True
            case RoomLocked(actor=actor) | RoomUnlocked(actor=actor):
                was_locked, self.locked = self.locked, isinstance(event, RoomLocked)
                if was_locked != self.locked:
                    self.locked_by = actor if self.locked else None
                return was_locked != self.locked

    def copy(self) -> "Restrictions":
        """Return a copy of the stored part."""
        other = Restrictions()
        other.slow_mode.seconds, other.slow_mode.actor = self.slow_mode.seconds, self.slow_mode.actor
        other.locked, other.locked_by = self.locked, self.locked_by
        return other
