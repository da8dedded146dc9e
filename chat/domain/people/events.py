"""Presence: ephemeral events, frozen and in the past tense. Times are in UTC."""

from dataclasses import dataclass
from datetime import datetime

from chat.domain.client_identity import UNKNOWN_CLIENT, ClientIdentity
from chat.domain.people.avatar_colors import AvatarColor
from chat.domain.users import Member


@dataclass(frozen=True, slots=True)
class MemberJoined:
    """A member joined the chat, or is back after a restart, which isn't announced.

    `color` is that of their avatar, if they joined in another process.
    """

    member: Member
    at: datetime
    is_back: bool = False
    color: AvatarColor | None = None

    @property
    def member_id(self) -> str:
        return self.member.id


@dataclass(frozen=True, slots=True)
class MemberLeft:
    """A member left: by choice, after the grace period that follows their last connection, or by a kick or ban."""

    member: Member
    at: datetime
    is_by_choice: bool = False

    @property
    def member_id(self) -> str:
        return self.member.id


@dataclass(frozen=True, slots=True)
class Connected:
    """A member's tab connected."""

    member_id: str
    connection_id: str
    client_identity: ClientIdentity = UNKNOWN_CLIENT


@dataclass(frozen=True, slots=True)
class Disconnected:
    """A member's tab lost its connection."""

    member_id: str
    connection_id: str
    at: datetime


@dataclass(frozen=True, slots=True)
class ViewingChanged:
    """A member's tab now shows the newest message of a room, or no longer does: it is hidden or scrolled up."""

    member_id: str
    connection_id: str
    room_id: str
    is_viewing: bool


PresenceEvent = MemberJoined | MemberLeft | Connected | Disconnected | ViewingChanged
