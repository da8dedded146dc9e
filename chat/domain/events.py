"""The facts: what has happened, frozen and in the past tense. Each carries its room; times are in UTC."""

from dataclasses import dataclass
from datetime import datetime

from chat.domain.messages.message import Message
from chat.domain.moderation.events import ModerationEvent
from chat.domain.moderation.sanctions import UNKNOWN_CLIENT, ClientIdentity
from chat.domain.users import Member


@dataclass(frozen=True, slots=True)
class MessagePosted:
    """A message is in the history."""

    room: str
    message: Message


@dataclass(frozen=True, slots=True)
class MessageEdited:
    """The author gave a message (by its id) another text."""

    room: str
    message: str
    text: str
    mentions: dict[str, str]
    at: datetime


@dataclass(frozen=True, slots=True)
class MessageDeleted:
    """The message with this id is gone, by its author or a moderator."""

    room: str
    message: str
    by: str


@dataclass(frozen=True, slots=True)
class Reacted:
    """A member put an emoji to a message (by its id), or (not `on`) took it back."""

    room: str
    message: str
    emoji: str
    member: str
    name: str
    on: bool


@dataclass(frozen=True, slots=True)
class TopicChanged:
    """An admin said what the room is about; nothing, if the topic is empty."""

    room: str
    topic: str
    by: str
    name: str
    at: datetime


@dataclass(frozen=True, slots=True)
class HistoryCleared:
    """An admin wiped the history."""

    room: str
    by: str
    name: str
    at: datetime


@dataclass(frozen=True, slots=True)
class AuthorAnonymized:
    """Somebody's messages stay, but not whose they are: `pseudonym`, a random id, takes the place of their id `author`."""

    room: str
    author: str
    pseudonym: str
    at: datetime


@dataclass(frozen=True, slots=True)
class MemberJoined:
    """Somebody came who was not here."""

    room: str
    member: Member
    at: datetime


@dataclass(frozen=True, slots=True)
class MemberLeft:
    """Somebody went, or their grace after the last connection is over."""

    room: str
    member: Member
    at: datetime


@dataclass(frozen=True, slots=True)
class MemberChanged:
    """Somebody has another name or role; `before` is how they were."""

    room: str
    before: Member
    member: Member
    at: datetime


@dataclass(frozen=True, slots=True)
class Connected:
    """A tab of a member is connected."""

    room: str
    member: str
    connection: str
    client_identity: ClientIdentity = UNKNOWN_CLIENT


@dataclass(frozen=True, slots=True)
class Disconnected:
    """A tab of a member lost its connection."""

    room: str
    member: str
    connection: str
    at: datetime


@dataclass(frozen=True, slots=True)
class ViewingChanged:
    """A tab of a member shows what is newest in the room, or (not `on`) is hidden or scrolled up."""

    room: str
    member: str
    connection: str
    on: bool


@dataclass(frozen=True, slots=True)
class TypingStarted:
    """A member is typing, or still is."""

    room: str
    member: str
    at: datetime


@dataclass(frozen=True, slots=True)
class TypingStopped:
    """These members are not typing any more."""

    room: str
    members: tuple[str, ...]


DurableEvent = (
    MessagePosted | MessageEdited | MessageDeleted | Reacted | TopicChanged | HistoryCleared | AuthorAnonymized
)
"""Facts that a store makes durable."""

EphemeralEvent = (
    MemberJoined
    | MemberLeft
    | MemberChanged
    | Connected
    | Disconnected
    | ViewingChanged
    | TypingStarted
    | TypingStopped
)
"""Facts that end with the process."""

Event = DurableEvent | EphemeralEvent | ModerationEvent
