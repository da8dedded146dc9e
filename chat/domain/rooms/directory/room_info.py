"""A room in the directory, and its visibility."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from hashlib import sha256

LOBBY = "lobby"
MAX_DIRECT = 8  # people


class RoomKind(StrEnum):
    """A room for everyone, for its members, or for the few people it began with."""

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

    `slug` is the room's part of a URL; URLs with one of `former_slugs` lead here, too. `creator` is a
    member's id. A direct room is seen only by its `openers` until its first message, which empties them. `closed` maps
    members who closed a direct room to the number of its last event then; `invited` maps those whom others added to a
    private room to the time.
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
    openers: frozenset[str] = frozenset()
    closed: Mapping[str, int] = field(default_factory=dict, hash=False)
    invited: Mapping[str, datetime] = field(default_factory=dict, hash=False)


def audience(room: RoomInfo) -> frozenset[str] | None:
    """Return the ids of the members who may see a room and its messages; None for everyone in the chat.

    All checks of visibility rely on this one.
    """
    return None if room.kind is RoomKind.PUBLIC else room.openers or room.members


def may_see(room: RoomInfo, member_id: str) -> bool:
    """Tell whether a member who may enter the chat may see a room."""
    members = audience(room)
    return members is None or member_id in members


def direct_id(member_ids: frozenset[str], attempt: int = 0) -> str:
    """Return the id of the direct room of these people, the same for all of them; each `attempt` gives another one."""
    people = "\n".join([*sorted(member_ids), *([str(attempt)] if attempt else [])])
    return f"direct{sha256(people.encode()).hexdigest()[:18]}"
