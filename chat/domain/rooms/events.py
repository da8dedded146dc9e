"""Events of rooms: of the directory, which are stored, and of typing. Frozen, in the past tense; times are in UTC."""

from dataclasses import dataclass, field
from datetime import datetime

from chat.domain.rooms.directory.room_info import RoomInfo, RoomLink
from chat.domain.users import UserRef


@dataclass(frozen=True, slots=True)
class RoomCreated:
    """A room was created. A direct one is visible to its opener, and to the others from its first message on."""

    actor: UserRef
    at: datetime
    room: RoomInfo

    @property
    def room_id(self) -> str:
        return self.room.id


@dataclass(frozen=True, slots=True)
class RoomRenamed:
    """A room got another name, and with it another slug. The former slug still leads to it."""

    room_id: str
    actor: UserRef
    at: datetime
    name: str
    slug: str
    before: str
    is_private: bool


@dataclass(frozen=True, slots=True)
class RoomDescribed:
    """A room got another description; an empty one removes it."""

    room_id: str
    actor: UserRef
    at: datetime
    description: str


@dataclass(frozen=True, slots=True)
class RoomArchived:
    """A room is no longer listed, and can only be read."""

    room_id: str
    actor: UserRef
    at: datetime
    name: str
    is_private: bool


@dataclass(frozen=True, slots=True)
class RoomReopened:
    """An archived room is listed again, and can be written in."""

    room_id: str
    actor: UserRef
    at: datetime
    name: str
    is_private: bool


@dataclass(frozen=True, slots=True)
class RoomDeleted:
    """A room was deleted with everything in it.

    It was a direct room with one person left or without a message, or a private room without members.
    """

    room_id: str
    at: datetime


@dataclass(frozen=True, slots=True)
class MemberAdded:
    """A member was invited to a private room, or followed the link to it (then they are the `actor`, too)."""

    room_id: str
    actor: UserRef
    target: UserRef
    at: datetime


@dataclass(frozen=True, slots=True)
class MemberRemoved:
    """A member left a private room, or another one (`actor`) removed them; or a guest left the chat."""

    room_id: str
    actor: UserRef
    target: UserRef
    at: datetime


@dataclass(frozen=True, slots=True)
class RoomLinkCreated:
    """A member created the link to a private room; any earlier one is revoked."""

    room_id: str
    actor: UserRef
    at: datetime
    link: RoomLink = field(repr=False)


@dataclass(frozen=True, slots=True)
class RoomLinkRevoked:
    """The link to a private room was revoked."""

    room_id: str
    actor: UserRef
    at: datetime


@dataclass(frozen=True, slots=True)
class DirectOpened:
    """A member opened a direct room: before its first message, or after they had closed it."""

    room_id: str
    member_id: str
    at: datetime


@dataclass(frozen=True, slots=True)
class DirectClosed:
    """A member took a direct room off their list, until something happens after the event `number`."""

    room_id: str
    member_id: str
    at: datetime
    number: int


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


DirectoryEvent = (
    RoomCreated
    | RoomRenamed
    | RoomDescribed
    | RoomArchived
    | RoomReopened
    | RoomDeleted
    | MemberAdded
    | MemberRemoved
    | RoomLinkCreated
    | RoomLinkRevoked
    | DirectOpened
    | DirectClosed
)
TypingEvent = TypingStarted | TypingStopped
