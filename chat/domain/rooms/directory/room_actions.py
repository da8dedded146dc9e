"""What members do with rooms as data; `RoomService` carries it out. Fields of type `object` are unchecked."""

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
    """Say what the room is for; an empty text removes it."""

    description: object


@dataclass(frozen=True, slots=True)
class ArchiveRoom:
    """End the talk in the room."""


@dataclass(frozen=True, slots=True)
class ReopenRoom:
    """Let the talk in the archived room of this name go on."""

    name: object


@dataclass(frozen=True, slots=True)
class AddToRoom:
    """Make somebody a member of the private room."""

    target_id: object


@dataclass(frozen=True, slots=True)
class RemoveFromRoom:
    """Remove somebody from the private room."""

    target_id: object


RoomAction = CreateRoom | RenameRoom | DescribeRoom | ArchiveRoom | ReopenRoom | AddToRoom | RemoveFromRoom
