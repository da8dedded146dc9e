"""All events: those that a store keeps, and those that end with the process."""

from chat.domain.accounts.events import AccountEvent, InvitationEvent
from chat.domain.accounts.push_devices import PushEvent
from chat.domain.messages.events import MessageEvent
from chat.domain.moderation.events import StoredModerationEvent
from chat.domain.people.events import PresenceEvent
from chat.domain.rooms.events import DirectoryEvent, TypingEvent
from chat.domain.rooms.reloads import ReloadEvent

DurableEvent = MessageEvent | StoredModerationEvent | AccountEvent | InvitationEvent | PushEvent | DirectoryEvent
EphemeralEvent = PresenceEvent | TypingEvent | ReloadEvent
Event = DurableEvent | EphemeralEvent
