"""Moderation actions as data.

The menu, the slash commands and the moderation page all build them; `moderation_decisions.decide` decides them.
Fields of type `object` come from a browser unchecked.
"""

from dataclasses import dataclass
from datetime import timedelta

MUTE_DURATION = timedelta(minutes=10)
DEFAULT_PURGE = 10


@dataclass(frozen=True, slots=True)
class MuteMember:
    """Stop a member from writing for a time."""

    target_id: object
    duration: timedelta = MUTE_DURATION
    reason: object = ""


@dataclass(frozen=True, slots=True)
class UnmuteMember:
    """Lift a member's mute."""

    target_id: object


@dataclass(frozen=True, slots=True)
class KickMember:
    """Remove a member for a minute."""

    target_id: object
    reason: object = ""


@dataclass(frozen=True, slots=True)
class BanMember:
    """Ban a member for a time, or permanently (None).

    Their last `purge` messages are deleted, in all rooms but direct ones.
    """

    target_id: object
    duration: timedelta | None = None
    reason: object = ""
    purge: object = 0


@dataclass(frozen=True, slots=True)
class UnbanMember:
    """Lift a member's ban."""

    target_id: object


@dataclass(frozen=True, slots=True)
class ChangeTopic:
    """Set the topic; an empty one removes it."""

    topic: object


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
    """Delete a member's last `count` messages, in this room or of those in all rooms but direct ones."""

    target_id: object
    count: object = DEFAULT_PURGE
    is_everywhere: bool = False


@dataclass(frozen=True, slots=True)
class ChangeWordFilter:
    """Block words, and allow others again."""

    added: tuple[object, ...] = ()
    removed: tuple[object, ...] = ()


@dataclass(frozen=True, slots=True)
class ChangeRole:
    """Change the role of a present member or account holder."""

    target_id: object
    role: object


@dataclass(frozen=True, slots=True)
class RemovePicture:
    """Remove the picture of a present member or account holder."""

    target_id: object


@dataclass(frozen=True, slots=True)
class ReportMessage:
    """Report another member's message to the moderators."""

    message_id: object
    reason: object = ""


@dataclass(frozen=True, slots=True)
class ResolveReports:
    """Resolve all open reports of a message; `room_id` is that of another room, which the moderator may not see."""

    message_id: object
    reason: object = ""
    room_id: object = ""


ModerationAction = (
    MuteMember
    | UnmuteMember
    | KickMember
    | BanMember
    | UnbanMember
    | ChangeTopic
    | SetSlowMode
    | LockRoom
    | UnlockRoom
    | PurgeMessages
    | ChangeWordFilter
    | ChangeRole
    | RemovePicture
    | ReportMessage
    | ResolveReports
)
