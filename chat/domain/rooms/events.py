"""Typing: ephemeral events, frozen and in the past tense. Times are in UTC."""

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class TypingStarted:
    """A member is typing; repeated while they continue."""

    room_id: str
    member_id: str
    at: datetime


@dataclass(frozen=True, slots=True)
class TypingStopped:
    """These members stopped typing."""

    room_id: str
    member_ids: tuple[str, ...]


TypingEvent = TypingStarted | TypingStopped
