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
from chat.domain.rooms.events import (
    MemberAdded,
    MemberRemoved,
    RoomArchived,
    RoomDescribed,
    RoomRenamed,
    RoomReopened,
)
from chat.domain.users import Role


class JoinOrLeave(StrEnum):
    """A change of presence."""

    JOINED = "joined"
    LEFT = "left"


@dataclass(frozen=True, slots=True)
class PresenceChange:
    """A member joined or left."""

    member_id: str
    name: str
    change: JoinOrLeave
    at: datetime


@dataclass(frozen=True, slots=True)
class JoinLeaveSummary:
    """Consecutive joins and leaves in one notice: the last change of each member, in order."""

    at: datetime
    changes: tuple[PresenceChange, ...]

    def names(self, change: JoinOrLeave) -> list[str]:
        """Return the names of the members with this last change, in order."""
        return [last.name for last in self.changes if last.change is change]

    def then(self, change: PresenceChange) -> "JoinLeaveSummary":
        """Return the summary with this change added."""
        others = tuple(other for other in self.changes if other.member_id != change.member_id)
        return replace(self, changes=(*others, change))


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

DirectoryNotice = RoomRenamed | RoomDescribed | RoomArchived | RoomReopened | MemberAdded | MemberRemoved
"""The events of the directory that the message list of the room shows."""

Notice = (
    JoinLeaveSummary
    | RenamedNotice
    | RoleChangedNotice
    | HistoryClearedNotice
    | TopicChangedNotice
    | PublicModerationEvent
    | DirectoryNotice
)
