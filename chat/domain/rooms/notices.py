"""The notices between messages."""

from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum

from chat.domain.messages.events import MessagesPurged
from chat.domain.moderation.events import (
    Banned,
    Kicked,
    Muted,
    RoomLocked,
    RoomUnlocked,
    SlowModeChanged,
    Unbanned,
    Unmuted,
)
from chat.domain.users import Role


class JoinOrLeave(StrEnum):
    """A member's last change in a summary of joins and leaves."""

    JOINED = "joined"
    LEFT = "left"


@dataclass(frozen=True, slots=True)
class JoinLeaveSummary:
    """Consecutive joins and leaves in one notice: id, name and last change of each member."""

    at: datetime
    changes: tuple[tuple[str, str, JoinOrLeave], ...]

    def names(self, change: JoinOrLeave) -> list[str]:
        """Return the names of the members with this last change, in order."""
        return [name for _, name, last in self.changes if last is change]

    def then(self, member_id: str, name: str, change: JoinOrLeave) -> "JoinLeaveSummary":
        """Return the summary with this change added."""
        others = tuple(other for other in self.changes if other[0] != member_id)
        return replace(self, changes=(*others, (member_id, name, change)))


@dataclass(frozen=True, slots=True)
class RenamedNotice:
    """A member changed their name."""

    at: datetime
    before: str
    after: str


@dataclass(frozen=True, slots=True)
class RoleChangedNotice:
    """A member's role changed."""

    at: datetime
    name: str
    role: Role


@dataclass(frozen=True, slots=True)
class HistoryClearedNotice:
    """An admin cleared the history."""

    at: datetime
    name: str


@dataclass(frozen=True, slots=True)
class TopicChangedNotice:
    """An admin changed the topic; an empty one removes it."""

    at: datetime
    name: str
    topic: str


PublicModerationEvent = (
    Muted | Unmuted | Kicked | Banned | Unbanned | SlowModeChanged | RoomLocked | RoomUnlocked | MessagesPurged
)
"""The moderation events that the message list shows to everyone."""

Notice = (
    JoinLeaveSummary
    | RenamedNotice
    | RoleChangedNotice
    | HistoryClearedNotice
    | TopicChangedNotice
    | PublicModerationEvent
)
