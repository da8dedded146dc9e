"""The audit log: which events are recorded, and with which details."""

from dataclasses import dataclass, replace
from datetime import datetime

from chat.domain.accounts.events import (
    InvitationCreated,
    InvitationRevoked,
    PasswordResetCreated,
    PasswordResetUsed,
    RoleChanged,
)
from chat.domain.events import Event
from chat.domain.messages.events import HistoryCleared, MessageDeleted, MessagesPurged, TopicChanged
from chat.domain.moderation.events import Banned, Kicked, MessageReported, ModerationEvent, Muted
from chat.domain.users import UserRef

AuditedEvent = (
    ModerationEvent
    | HistoryCleared
    | TopicChanged
    | MessageDeleted
    | MessagesPurged
    | RoleChanged
    | PasswordResetCreated
    | PasswordResetUsed
    | InvitationCreated
    | InvitationRevoked
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

    Members' own deletions, roles that stay the same, and topics of rooms that not everyone sees (`is_private`) are not
    recorded. Addresses and sessions, reported texts and secrets are left out.
    """
    match event:
        case TopicChanged() if is_private:
            return None
        case Muted() | Kicked() | Banned():
            return replace(event, identifiers=frozenset())
        case MessageReported():
            return replace(event, text="", identifiers=frozenset())
        case MessageDeleted(actor=actor, target=target) if actor.id == target.id:
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
