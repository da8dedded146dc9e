"""Events of a room's messages and topic: frozen, in the past tense. Times are in UTC."""

from dataclasses import dataclass
from datetime import datetime

from chat.domain.messages.message import Message
from chat.domain.users import UserRef


@dataclass(frozen=True, slots=True)
class MessagePosted:
    """A message was added to the history."""

    room_id: str
    message: Message


@dataclass(frozen=True, slots=True)
class MessageEdited:
    """The author changed a message's text."""

    room_id: str
    message_id: str
    text: str
    mentions: dict[str, str]
    at: datetime


@dataclass(frozen=True, slots=True)
class MessageDeleted:
    """The author or a moderator (`actor`) deleted a message by `target`."""

    room_id: str
    actor: UserRef
    target: UserRef
    at: datetime
    message_id: str


@dataclass(frozen=True, slots=True)
class MessagesPurged:
    """A moderator deleted the last messages by `target`."""

    room_id: str
    actor: UserRef
    target: UserRef
    at: datetime
    message_ids: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ReactionAdded:
    """A member reacted to a message."""

    room_id: str
    message_id: str
    emoji: str
    member_id: str
    name: str


@dataclass(frozen=True, slots=True)
class ReactionRemoved:
    """A member took a reaction back."""

    room_id: str
    message_id: str
    emoji: str
    member_id: str


@dataclass(frozen=True, slots=True)
class TopicChanged:
    """An admin set the topic; an empty one removes it."""

    room_id: str
    actor: UserRef
    at: datetime
    topic: str


@dataclass(frozen=True, slots=True)
class HistoryCleared:
    """An admin deleted the whole history."""

    room_id: str
    actor: UserRef
    at: datetime


@dataclass(frozen=True, slots=True)
class AuthorAnonymized:
    """A member's messages stay, with a random id `pseudonym` instead of `author_id`."""

    room_id: str
    author_id: str
    pseudonym: str
    at: datetime


MessageEvent = (
    MessagePosted
    | MessageEdited
    | MessageDeleted
    | MessagesPurged
    | ReactionAdded
    | ReactionRemoved
    | TopicChanged
    | HistoryCleared
    | AuthorAnonymized
)
