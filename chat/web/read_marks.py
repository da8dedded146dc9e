"""Up to where a member has read each room, as the session keeps it, or on all devices the account."""

from collections.abc import Callable
from contextlib import suppress
from datetime import datetime
from typing import Any

from chat.domain.messages.calls import ReadMark
from chat.domain.rooms.room_info import LOBBY

EVERYWHERE = "*"  # the key of the time up to which everything was read in rooms without a mark of their own


class ReadMarks:
    """The numbers of the last events seen in rooms, and the time up to which everything else was read.

    `entry` returns the dictionary and the key under which they are kept; None for a stranger. Versions without rooms
    kept only when the newest message of the lobby was written.
    """

    def __init__(self, entry: Callable[[], tuple[dict[str, Any], str] | None]) -> None:
        self._entry = entry

    def get(self, room_id: str) -> ReadMark:
        """Return the number of the last event seen in a room, or the time; None for a newcomer."""
        marks = self.all()
        mark = marks.get(room_id, marks.get(EVERYWHERE))
        return _time(mark) if isinstance(mark, str) else mark

    def save(self, room_id: str, number: int) -> None:
        """Record the number of the last event seen in a room."""
        marks = self.all()
        if marks.get(room_id) != number:
            self.replace({**marks, room_id: number})

    def save_all(self, at: datetime) -> None:
        """Record that everything written until `at` was read."""
        self.replace({EVERYWHERE: at.isoformat()})

    def all(self) -> dict[str, int | str]:
        """Return what is kept; empty for a newcomer."""
        values, key = self._entry() or ({}, "")
        match values.get(key):
            case dict() as marks:
                return {room_id: mark for room_id, mark in marks.items() if isinstance(mark, int) or _time(mark)}
            case str() as mark if _time(mark):
                return {LOBBY: mark}
        return {}

    def replace(self, marks: dict[str, int | str]) -> None:
        if entry := self._entry():
            values, key = entry
            values[key] = marks


def _time(value: object) -> datetime | None:
    with suppress(ValueError):
        at = datetime.fromisoformat(value) if isinstance(value, str) else None
        return at if at and at.tzinfo else None
    return None
