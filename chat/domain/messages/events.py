"""Events of a room's messages and topic: frozen, in the past tense. Times are in UTC.

The store numbers them: the events of a room have the numbers 1, 2, 3 ... in their order, and 0 until they are stored.
A number says where an event is, not what it is: events with different numbers may be equal.
"""

from dataclasses import dataclass, field, replace
from datetime import datetime

from chat.domain.messages.link_preview import LinkPreview
from chat.domain.messages.message import Message
from chat.domain.users import UserRef


@dataclass(frozen=True, slots=True)
class MessagePosted:
    """A message was added to the history."""

    room_id: str
    message: Message
    number: int = field(default=0, compare=False)


@dataclass(frozen=True, slots=True)
class MessageEdited:
    """The author changed a message's text."""

    room_id: str
    message_id: str
    text: str
    mentions: dict[str, str]
    at: datetime
    link: str = ""
    number: int = field(default=0, compare=False)


@dataclass(frozen=True, slots=True)
class MessageDeleted:
    """The author or a moderator (`actor`) deleted a message by `target`."""

    room_id: str
    actor: UserRef
    target: UserRef
    at: datetime
    message_id: str
    number: int = field(default=0, compare=False)


@dataclass(frozen=True, slots=True)
class MessagesPurged:
    """A moderator deleted the last messages by `target`."""

    room_id: str
    actor: UserRef
    target: UserRef
    at: datetime
    message_ids: tuple[str, ...]
    number: int = field(default=0, compare=False)


@dataclass(frozen=True, slots=True)
class ReactionAdded:
    """A member reacted to a message."""

    room_id: str
    message_id: str
    emoji: str
    member_id: str
    name: str
    number: int = field(default=0, compare=False)


@dataclass(frozen=True, slots=True)
class ReactionRemoved:
    """A member took a reaction back."""

    room_id: str
    message_id: str
    emoji: str
    member_id: str
    number: int = field(default=0, compare=False)


@dataclass(frozen=True, slots=True)
class TopicChanged:
    """An admin set the topic; an empty one removes it."""

    room_id: str
    actor: UserRef
    at: datetime
    topic: str
    number: int = field(default=0, compare=False)


@dataclass(frozen=True, slots=True)
class HistoryCleared:
    """An admin deleted the whole history."""

    room_id: str
    actor: UserRef
    at: datetime
    number: int = field(default=0, compare=False)


@dataclass(frozen=True, slots=True)
class AuthorAnonymized:
    """A member's messages stay, with a random id `pseudonym` instead of `author_id`."""

    room_id: str
    author_id: str
    pseudonym: str
    at: datetime
    number: int = field(default=0, compare=False)


@dataclass(frozen=True, slots=True)
class PictureDescribed:
    """The author described a picture of a message, for those who can't see it."""

    room_id: str
    message_id: str
    position: int
    alt: str
    at: datetime
    number: int = field(default=0, compare=False)


@dataclass(frozen=True, slots=True)
class FilesRemoved:
    """The files of messages were removed: there was no room for them any longer, or their author's account ended."""

    room_id: str
    message_ids: tuple[str, ...]
    at: datetime
    number: int = field(default=0, compare=False)


@dataclass(frozen=True, slots=True)
class PreviewAdded:
    """A preview of the link in a message was found."""

    room_id: str
    message_id: str
    link: str
    preview: LinkPreview
    at: datetime
    number: int = field(default=0, compare=False)


@dataclass(frozen=True, slots=True)
class PreviewRemoved:
    """The author or a moderator removed the preview of a link."""

    room_id: str
    message_id: str
    at: datetime
    number: int = field(default=0, compare=False)


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
    | PictureDescribed
    | FilesRemoved
    | PreviewAdded
    | PreviewRemoved
)


def numbered(event: MessageEvent, number: int) -> MessageEvent:
    """Return the event with its number, which a posted message keeps."""
    if isinstance(event, MessagePosted):
        return replace(event, message=replace(event.message, number=number), number=number)
    return replace(event, number=number)


def erases(event: MessageEvent) -> bool:
    """Tell whether nothing may be left of what the event removed, also in files and their backups."""
    return isinstance(event, HistoryCleared | MessageDeleted | MessagesPurged | AuthorAnonymized)
