"""Actions on rooms as data; `RoomService` carries them out. Fields of type `object` are unchecked."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class CreateRoom:
    """Create a room."""

    name: object
    is_private: bool = False


@dataclass(frozen=True, slots=True)
class RenameRoom:
    """Give the room another name."""

    name: object


@dataclass(frozen=True, slots=True)
class DescribeRoom:
    """Describe the room; an empty text removes the description."""

    description: object


@dataclass(frozen=True, slots=True)
class ArchiveRoom:
    """Archive the room."""


@dataclass(frozen=True, slots=True)
class ReopenRoom:
    """Reopen the archived room of this name."""

    name: object


@dataclass(frozen=True, slots=True)
class AddToRoom:
    """Add a member to the private room."""

    target_id: object


@dataclass(frozen=True, slots=True)
class RemoveFromRoom:
    """Remove a member from the private room."""

    target_id: object


RoomAction = CreateRoom | RenameRoom | DescribeRoom | ArchiveRoom | ReopenRoom | AddToRoom | RemoveFromRoom
