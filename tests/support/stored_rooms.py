"""Public rooms on the disk, each with its own history, for chats that start later."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

from chat.domain.messages.history import History
from chat.domain.messages.message import Message
from chat.domain.rooms.directory import RoomDirectory
from chat.domain.rooms.room_info import RoomInfo, RoomKind
from chat.storage.json_files.history.history_format import dump_log
from chat.storage.json_files.rooms import _dump

NOON = datetime(2026, 5, 1, 12, tzinfo=UTC)
TEXT = "Shall we have tea, or rather cake, tomorrow?"


def write_rooms(folder: Path, rooms: int, messages: int) -> None:
    """Write `room0`, at `/room/room-0`, and so on; the last message of each has the id `room0m00100`."""
    infos = [RoomInfo(f"room{n}", RoomKind.PUBLIC, f"Room {n}", f"room-{n}", "Tea", "ann", NOON) for n in range(rooms)]
    (folder / "rooms").mkdir(parents=True)
    (folder / "rooms.json").write_bytes(_dump(RoomDirectory(infos), ()))
    for info in infos:
        history = History(messages, _messages(info.id, messages), last=messages)
        (folder / "rooms" / f"{info.id}.json").write_bytes(b"".join(dump_log(history)))


def _messages(room_id: str, count: int) -> Iterator[Message]:
    first = Message("", room_id, "", "", TEXT, NOON)
    for number in range(1, count + 1):
        author, at = f"author{number % 5}", NOON + timedelta(minutes=number)
        name = f"Author {number % 5}"
        yield replace(first, id=f"{room_id}m{number:05}", author=author, name=name, at=at, number=number)
