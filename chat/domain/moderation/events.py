"""Moderation events: frozen, in the past tense. Times are in UTC.

`identifiers` are all identifiers known for the target, or for the reporter of a message (see `client_identity`).
"""

from dataclasses import dataclass
from datetime import datetime

from chat.domain.users import UserRef


@dataclass(frozen=True, slots=True)
class Muted:
    """A member can only read until a time."""

    room_id: str
    actor: UserRef
    target: UserRef
    at: datetime
    until: datetime
    identifiers: frozenset[str] = frozenset()
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Unmuted:
    """A member can write again."""

    room_id: str
    actor: UserRef
    target: UserRef
    at: datetime


@dataclass(frozen=True, slots=True)
class Kicked:
    """A member was removed, and can rejoin at `until`."""

    room_id: str
    actor: UserRef
    target: UserRef
    at: datetime
    until: datetime
    identifiers: frozenset[str] = frozenset()
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Banned:
    """A member was removed, and can't rejoin before `until`; None is permanent."""

    room_id: str
    actor: UserRef
    target: UserRef
    at: datetime
    until: datetime | None = None
    identifiers: frozenset[str] = frozenset()
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Unbanned:
    """A member can join again."""

    room_id: str
    actor: UserRef
    target: UserRef
    at: datetime


@dataclass(frozen=True, slots=True)
class SlowModeChanged:
    """Members must wait this long between two messages; 0 turns slow mode off."""

    room_id: str
    actor: UserRef
    at: datetime
    seconds: int


@dataclass(frozen=True, slots=True)
class RoomLocked:
    """Only moderators can write."""

    room_id: str
    actor: UserRef
    at: datetime


@dataclass(frozen=True, slots=True)
class RoomUnlocked:
    """Everyone can write again."""

    room_id: str
    actor: UserRef
    at: datetime


@dataclass(frozen=True, slots=True)
class WordFilterChanged:
    """Words were blocked or allowed again; all of them folded."""

    room_id: str
    actor: UserRef
    at: datetime
    added: frozenset[str]
    removed: frozenset[str]


@dataclass(frozen=True, slots=True)
class MessageReported:
    """A member reported a message by `target`; `text` is its text at that time."""

    room_id: str
    actor: UserRef
    target: UserRef
    at: datetime
    message_id: str
    reason: str = ""
    text: str = ""
    identifiers: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class ReportResolved:
    """A moderator resolved the reports of a message by `target`."""

    room_id: str
    actor: UserRef
    target: UserRef
    at: datetime
    message_id: str
    reason: str = ""


@dataclass(frozen=True, slots=True)
class RestrictionsLifted:
    """A room ended, and with it its lock and slow mode. There is no actor."""

    room_id: str
    at: datetime


ModerationEvent = (
    Muted
    | Unmuted
    | Kicked
    | Banned
    | Unbanned
    | SlowModeChanged
    | RoomLocked
    | RoomUnlocked
    | WordFilterChanged
    | MessageReported
    | ReportResolved
)

StoredModerationEvent = ModerationEvent | RestrictionsLifted
