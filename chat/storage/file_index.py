"""An index of the files in each room."""

from collections.abc import Collection, Set
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class StoredSize:
    """The size of a file in bytes, with its small picture, and the time it was stored (POSIX)."""

    size: int
    at: float


class FileIndex:
    """Lists the files of messages without access to the disk or a server."""

    def __init__(self) -> None:
        self._found: dict[str, dict[str, StoredSize]] = {}

    @property
    def total(self) -> int:
        return sum(stored.size for room in self._found.values() for stored in room.values())

    @property
    def rooms(self) -> list[str]:
        return [room_id for room_id, stored in self._found.items() if stored]

    def contents(self, room_id: str) -> Set[str]:
        return self._found.get(room_id, {}).keys()

    def newest(self, room_id: str) -> str:
        return max(files := self._every(room_id), key=lambda name: files[name].at, default="")

    def oldest(self, besides: Collection[str] = ()) -> tuple[str, str] | None:
        every = (
            (stored.at, room_id, name)
            for room_id, room in self._found.items()
            if room_id not in besides
            for name, stored in room.items()
        )
        found = min(every, default=None)
        return found and found[1:]

    def _every(self, room_id: str) -> dict[str, StoredSize]:
        return self._found.get(room_id, {})

    def _forget(self, room_id: str, contents: Collection[str]) -> None:
        known = self._found.get(room_id, {})
        for content in contents:
            known.pop(content, None)
