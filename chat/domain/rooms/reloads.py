"""What was read anew from its store, in place of what was known: too much had been missed to follow it by events."""

from dataclasses import dataclass, field

from chat.domain.accounts.directory import Directory
from chat.domain.messages.history import History
from chat.domain.moderation.state import Moderation
from chat.domain.rooms.directory.directory import RoomDirectory


@dataclass(frozen=True, slots=True)
class HistoryReloaded:
    """The history of a room was read anew."""

    room_id: str
    history: History = field(repr=False)


@dataclass(frozen=True, slots=True)
class StateReloaded:
    """The accounts, the moderation or the directory of rooms were read anew."""

    state: Directory | Moderation | RoomDirectory = field(repr=False)


ReloadEvent = HistoryReloaded | StateReloaded
