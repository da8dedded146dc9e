"""Reloads: state that was read again from its store, as too much was missed to catch up by events."""

from dataclasses import dataclass, field

from chat.domain.accounts.directory import Directory
from chat.domain.messages.history import History
from chat.domain.moderation.state import Moderation
from chat.domain.rooms.directory.directory import RoomDirectory


@dataclass(frozen=True, slots=True)
class HistoryReloaded:
    """The history of a room was read again."""

    room_id: str
    history: History = field(repr=False)


@dataclass(frozen=True, slots=True)
class StateReloaded:
    """The accounts, the moderation or the directory of rooms were read again."""

    state: Directory | Moderation | RoomDirectory = field(repr=False)


ReloadEvent = HistoryReloaded | StateReloaded
