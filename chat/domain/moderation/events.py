"""The facts of moderation: who did what to whom, when, why and for how long. Frozen, in the past tense, in UTC."""

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class UserRef:
    """Somebody by id, with the name they had at the time."""

    id: str
    name: str


@dataclass(frozen=True, slots=True)
class Muted:
    """Somebody can't speak until a time. `identifiers` are what they are known by (see `sanctions`)."""

    room: str
    by: UserRef
    whom: UserRef
    at: datetime
    until: datetime
    identifiers: frozenset[str]
    why: str = ""


@dataclass(frozen=True, slots=True)
class Unmuted:
    """Somebody can speak again."""

    room: str
    by: UserRef
    whom: UserRef
    at: datetime


@dataclass(frozen=True, slots=True)
class Kicked:
    """Somebody had to leave, and can come back at `until`."""

    room: str
    by: UserRef
    whom: UserRef
    at: datetime
    until: datetime
    identifiers: frozenset[str]
    why: str = ""


@dataclass(frozen=True, slots=True)
class Banned:
    """Somebody had to leave and can't come back before `until`; never, where that is None."""

    room: str
    by: UserRef
    whom: UserRef
    at: datetime
    until: datetime | None
    identifiers: frozenset[str]
    why: str = ""


@dataclass(frozen=True, slots=True)
class Unbanned:
    """Somebody can come back."""

    room: str
    by: UserRef
    whom: UserRef
    at: datetime


@dataclass(frozen=True, slots=True)
class SlowModeChanged:
    """People have to wait so many seconds between two messages; 0 for not at all."""

    room: str
    by: UserRef
    at: datetime
    seconds: int


@dataclass(frozen=True, slots=True)
class RoomLocked:
    """The room is there to read only, or (not `on`) to write again."""

    room: str
    by: UserRef
    at: datetime
    on: bool


@dataclass(frozen=True, slots=True)
class MessagesPurged:
    """The last messages of somebody (by their ids) are gone."""

    room: str
    by: UserRef
    whom: UserRef
    at: datetime
    messages: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class WordFilterChanged:
    """Words are refused from now on, or not any more; all of them as compared."""

    room: str
    by: UserRef
    at: datetime
    added: frozenset[str]
    removed: frozenset[str]


@dataclass(frozen=True, slots=True)
class MessageReported:
    """Somebody told the moderators about a message (by its id, with its author), that read `text` then."""

    room: str
    by: UserRef
    whom: UserRef
    at: datetime
    message: str
    why: str
    text: str = ""


@dataclass(frozen=True, slots=True)
class ReportResolved:
    """Somebody has seen to the reports of a message (by its id, with its author)."""

    room: str
    by: UserRef
    whom: UserRef
    at: datetime
    message: str
    why: str = ""


ModerationEvent = (
    Muted | Unmuted | Kicked | Banned | Unbanned | SlowModeChanged | RoomLocked | MessagesPurged | WordFilterChanged
    | MessageReported | ReportResolved
)  # fmt: skip
"""Facts that are kept beside the history and written into the audit log."""
