"""How far a member has read each room: kept with the session or, for all devices, with the account."""

from collections.abc import Callable
from contextlib import suppress
from datetime import datetime
from typing import Any

from chat.domain.messages.calls import ReadMark
from chat.domain.rooms.directory.room_info import LOBBY

EVERYWHERE = "*"  # the key of the time up to which everything was read in rooms without a mark of their own


class ReadMarks:
    """The numbers of the last events seen in rooms, and the time up to which everything else was read.

    `entry` returns the dictionary and the key under which they are kept; None for a stranger. Versions without rooms
    kept only when the newest message of the lobby was written.
    """

    def __init__(self, entry: Callable[[], tuple[dict[str, Any], str] | None]) -> None:
        self._entry = entry

    @property
    def is_empty(self) -> bool:
        """Whether nothing is kept, as for a newcomer."""
        return not self.all()

    def get(self, room_id: str) -> ReadMark:
        """Return the number of the last event seen in a room, or the time; None for a newcomer."""
        kept = self._kept()
        mark = _parse(kept.get(room_id))
        return _parse(kept.get(EVERYWHERE)) if mark is None else mark

    def save(self, room_id: str, number: int) -> None:
        """Record the number of the last event seen in a room."""
        if self._kept().get(room_id) != number:
            self.replace({**self.all(), room_id: number})

    def forget(self, room_id: str) -> None:
        """Forget a room that has ended."""
        if room_id in self._kept():
            self.replace({key: mark for key, mark in self.all().items() if key != room_id})

    def save_all(self, at: datetime) -> None:
        """Record that everything written until `at` was read."""
        self.replace({EVERYWHERE: at.isoformat()})

    def all(self) -> dict[str, int | str]:
        """Return what is kept, as far as it can be read; empty for a newcomer."""
        return {room_id: mark for room_id, mark in self._kept().items() if _parse(mark) is not None}

    def replace(self, marks: dict[str, int | str]) -> None:
        if entry := self._entry():
            values, key = entry
            values[key] = marks

    def _kept(self) -> dict[str, Any]:
        values, key = self._entry() or ({}, "")
        kept = values.get(key)
        return {LOBBY: kept} if isinstance(kept, str) else kept if isinstance(kept, dict) else {}


def _parse(mark: object) -> ReadMark:
    if isinstance(mark, int):
        return mark
    with suppress(ValueError):
        at = datetime.fromisoformat(mark) if isinstance(mark, str) else None
        return at if at and at.tzinfo else None
    return None
