"""What the directory knows of a room, and the door: who may see it."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from hashlib import sha256

LOBBY = "lobby"
MAX_DIRECT = 8  # people


class RoomKind(StrEnum):
    """A room for everyone, for its members, or for the same few people for ever."""

    PUBLIC = "public"
    PRIVATE = "private"
    DIRECT = "direct"


@dataclass(frozen=True, slots=True)
class RoomLink:
    """A link that makes people members of a private room. Only a digest of its secret is kept."""

    digest: str
    until: datetime


@dataclass(frozen=True, slots=True)
class RoomInfo:
    """A room as the directory lists it. Direct rooms have no name; public rooms have no members of their own.

    `slug` is the room's part of an address; addresses with one of `former_slugs` lead here, too. `creator` is a
    member's id.
    """

    id: str
    kind: RoomKind
    name: str = ""
    slug: str = ""
    description: str = ""
    creator: str = ""
    created: datetime | None = None
    members: frozenset[str] = frozenset()
    former_slugs: tuple[str, ...] = ()
    is_archived: bool = False
    link: RoomLink | None = None


def may_see(room: RoomInfo, member_id: str) -> bool:
    """Tell whether a member who may enter the chat may see a room and what is in it. Nothing else decides that."""
    return room.kind is RoomKind.PUBLIC or member_id in room.members


def direct_id(member_ids: frozenset[str]) -> str:
    """Return the id of the room of these people: there is one, whoever of them opens it."""
    people = "\n".join(sorted(member_ids))
    return f"direct{sha256(people.encode()).hexdigest()[:18]}"
