"""All events: those that a store keeps, and those that end with the process."""

from chat.domain.accounts.events import AccountEvent, InvitationEvent
from chat.domain.accounts.push_devices import PushEvent
from chat.domain.messages.events import (
    AuthorAnonymized,
    FilesRemoved,
    HistoryCleared,
    MessageDeleted,
    MessageEdited,
    MessageEvent,
    MessagesPurged,
)
from chat.domain.moderation.events import StoredModerationEvent
from chat.domain.people.events import PresenceEvent
from chat.domain.rooms.events import DirectoryEvent, RoomDeleted, TypingEvent
from chat.domain.rooms.reloads import HistoryReloaded, ReloadEvent

DurableEvent = MessageEvent | StoredModerationEvent | AccountEvent | InvitationEvent | PushEvent | DirectoryEvent
EphemeralEvent = PresenceEvent | TypingEvent | ReloadEvent
Event = DurableEvent | EphemeralEvent

CONTENT_REMOVED = (
    MessageDeleted,
    MessageEdited,
    MessagesPurged,
    HistoryCleared,
    AuthorAnonymized,
    FilesRemoved,
    RoomDeleted,
    HistoryReloaded,
)
"""The kinds of events after which texts or files of a room may be gone."""
