"""The audit log: which events are recorded, and with which details."""

from dataclasses import dataclass, replace
from datetime import datetime

from chat.domain.accounts.events import (
    AvatarChanged,
    InvitationCreated,
    InvitationRevoked,
    PasswordResetCreated,
    PasswordResetUsed,
    RoleChanged,
)
from chat.domain.events import Event
from chat.domain.messages.events import HistoryCleared, MessageDeleted, MessagesPurged, TopicChanged
from chat.domain.moderation.events import Banned, Kicked, MessageReported, ModerationEvent, Muted
from chat.domain.rooms.directory.room_info import RoomInfo, RoomKind
from chat.domain.rooms.events import (
    MemberAdded,
    MemberRemoved,
    RoomArchived,
    RoomCreated,
    RoomRenamed,
    RoomReopened,
)
from chat.domain.users import UserRef

AuditedEvent = (
    ModerationEvent
    | HistoryCleared
    | TopicChanged
    | MessageDeleted
    | MessagesPurged
    | RoleChanged
    | AvatarChanged
    | PasswordResetCreated
    | PasswordResetUsed
    | InvitationCreated
    | InvitationRevoked
    | RoomCreated
    | RoomRenamed
    | RoomArchived
    | RoomReopened
    | MemberAdded
    | MemberRemoved
)


@dataclass(frozen=True, slots=True)
class ActionFailed:
    """The action of an earlier entry could not be stored: it did not take effect."""

    entry: AuditedEvent

    @property
    def actor(self) -> UserRef:
        return self.entry.actor

    @property
    def at(self) -> datetime:
        return self.entry.at


AuditEntry = AuditedEvent | ActionFailed


def audit_entry(event: Event, *, is_private: bool = False) -> AuditedEvent | None:
    """Return the event as the audit log records it; None if it isn't recorded.

    Members' own deletions and pictures, members who join or leave a private room themselves, roles that stay the same,
    and topics of rooms that not everyone sees (`is_private`) are not recorded. Addresses and sessions, reported texts,
    secrets and the names of private rooms are left out.
    """
    match event:
        case RoomCreated(room=room):
            return None if room.kind is RoomKind.DIRECT else replace(event, room=_as_recorded(room))
        case RoomRenamed(is_private=True):
            return replace(event, name="", slug="", before="")
        case RoomArchived(is_private=True) | RoomReopened(is_private=True):
            return replace(event, name="")
        case MemberAdded(actor=actor, target=target) | MemberRemoved(actor=actor, target=target):
            return None if actor.id == target.id else event
        case TopicChanged() if is_private:
            return None
        case Muted() | Kicked() | Banned():
            return replace(event, identifiers=frozenset())
        case MessageReported():
            return replace(event, text="", identifiers=frozenset())
        case MessageDeleted() | AvatarChanged() if event.actor.id == event.target.id:
            return None
        case RoleChanged(before=before, role=role) if before is role:
            return None
        case PasswordResetCreated():
            return replace(event, reset=None)
        case PasswordResetUsed():
            return replace(event, password="")
        case InvitationCreated(invitation=invitation):
            return replace(event, invitation=replace(invitation, digest=""))
    return event if isinstance(event, AuditedEvent) else None


def _as_recorded(room: RoomInfo) -> RoomInfo:
    if room.kind is RoomKind.PRIVATE:
        return RoomInfo(room.id, room.kind)
    return RoomInfo(room.id, room.kind, room.name, room.slug)
