"""Replies to commands, and offers: shown to one member only."""

from dataclasses import dataclass

from chat.domain.rooms.moderation.moderation_actions import PurgeMessages
from chat.domain.users import Role, UserRef


@dataclass(frozen=True, slots=True)
class HelpReply:
    """The commands available to a role, and of those about rooms the ones that apply here."""

    role: Role
    about_room: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class RosterReply:
    """The names of the present members."""

    names: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class WordFilterReply:
    """The blocked words."""

    words: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class RoleReply:
    """The role of a member who is absent or had it before, so that the room shows no notice."""

    name: str
    role: Role


@dataclass(frozen=True, slots=True)
class TemporaryRoleReply:
    """The member who was given a role has no account to keep it."""

    name: str


@dataclass(frozen=True, slots=True)
class AccountOffer:
    """Tell a guest with a new role that an account would keep it."""


@dataclass(frozen=True, slots=True)
class ReportReply:
    """The report was received."""


@dataclass(frozen=True, slots=True)
class LostRoomReply:
    """A direct room ended, or the member was removed from the private `room`; `text` is their draft there."""

    room: str = ""
    text: str = ""


@dataclass(frozen=True, slots=True)
class ClearPrompt:
    """Ask for confirmation before clearing the history."""


@dataclass(frozen=True, slots=True)
class PurgePrompt:
    """Ask in which rooms to delete a member's last messages; `count` is what the command named."""

    target: UserRef
    count: int

    @property
    def action(self) -> PurgeMessages:
        return PurgeMessages(self.target.id, self.count)


@dataclass(frozen=True, slots=True)
class SearchPrompt:
    """Open the search dialog with this query."""

    query: str = ""


@dataclass(frozen=True, slots=True)
class LeaveRoomPrompt:
    """Ask for confirmation before the member leaves the private room."""


@dataclass(frozen=True, slots=True)
class RoomPrompt:
    """Show another room."""

    room_id: str


Reply = (
    HelpReply
    | RosterReply
    | WordFilterReply
    | RoleReply
    | TemporaryRoleReply
    | AccountOffer
    | ReportReply
    | LostRoomReply
)
Prompt = ClearPrompt | PurgePrompt | SearchPrompt | LeaveRoomPrompt | RoomPrompt
