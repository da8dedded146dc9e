"""What moderators and admins ask for, as data.

The menu, the slash commands and the moderation page all build these actions; `moderation_decisions.decide` decides them.
Values may come from a browser and be anything.
"""

from dataclasses import dataclass
from datetime import timedelta

MUTE_DURATION = timedelta(minutes=10)
DEFAULT_PURGE = 10


@dataclass(frozen=True, slots=True)
class MuteMember:
    """Let a member only read for a time."""

    target_id: object
    duration: timedelta = MUTE_DURATION
    reason: object = ""


@dataclass(frozen=True, slots=True)
class UnmuteMember:
    """Let a muted member write again."""

    target_id: object


@dataclass(frozen=True, slots=True)
class KickMember:
    """Remove a member for a minute."""

    target_id: object
    reason: object = ""


@dataclass(frozen=True, slots=True)
class BanMember:
    """Ban a member for a time, or permanently (None)."""

    target_id: object
    duration: timedelta | None = None
    reason: object = ""


@dataclass(frozen=True, slots=True)
class UnbanMember:
    """Let a banned member join again."""

    target_id: object


@dataclass(frozen=True, slots=True)
class SetSlowMode:
    """Set the pause between two messages, in seconds; 0 turns slow mode off."""

    seconds: object


@dataclass(frozen=True, slots=True)
class LockRoom:
    """Let only moderators write."""


@dataclass(frozen=True, slots=True)
class UnlockRoom:
    """Let everyone write again."""


@dataclass(frozen=True, slots=True)
class PurgeMessages:
    """Delete a member's last messages."""

    target_id: object
    count: object = DEFAULT_PURGE


@dataclass(frozen=True, slots=True)
class ChangeWordFilter:
    """Block some words and allow others again."""

    added: tuple[object, ...] = ()
    removed: tuple[object, ...] = ()


@dataclass(frozen=True, slots=True)
class ChangeRole:
    """Give a member who is here, or has an account, another role."""

    target_id: object
    role: object


@dataclass(frozen=True, slots=True)
class ReportMessage:
    """Report another member's message to the moderators."""

    message_id: object
    reason: object = ""


@dataclass(frozen=True, slots=True)
class ResolveReports:
    """Close the reports of a message."""

    message_id: object
    reason: object = ""


ModerationAction = (
    MuteMember
    | UnmuteMember
    | KickMember
    | BanMember
    | UnbanMember
    | SetSlowMode
    | LockRoom
    | UnlockRoom
    | PurgeMessages
    | ChangeWordFilter
    | ChangeRole
    | ReportMessage
    | ResolveReports
)
