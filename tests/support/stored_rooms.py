"""Rooms on the disk, for chats that start later."""

import json
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

from chat.domain.messages.history import History
from chat.domain.messages.message import Message
from chat.storage.json_files.history.history_format import dump_log

NOON = datetime(2026, 5, 1, 12, tzinfo=UTC)
TEXT = "Shall we have tea, or rather cake, tomorrow?"


def write_rooms(folder: Path, *names: str) -> None:
    """Write public rooms with these names, in lower case and one word."""
    rooms = [
        {"id": f"room{number}", "kind": "public", "name": name, "slug": name.lower(), "creator": "author0"}
        for number, name in enumerate(names)
    ]
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "rooms.json").write_text(json.dumps({"version": 1, "rooms": rooms}))


def write_many_rooms(folder: Path, rooms: int, messages: int) -> None:
    """Write `room0`, at `/room/room-0`, and so on; the last message of each has an id such as `room0m00100`."""
    write_rooms(folder, *(f"Room-{number}" for number in range(rooms)))
    (folder / "rooms").mkdir()
    for number in range(rooms):
        history = History(messages, _messages(f"room{number}", messages), last=messages)
        (folder / "rooms" / f"room{number}.json").write_bytes(b"".join(dump_log(history)))


def _messages(room_id: str, count: int) -> Iterator[Message]:
    first = Message("", room_id, "", "", TEXT, NOON)
    for number in range(1, count + 1):
        author, at = f"author{number % 5}", NOON + timedelta(minutes=number)
        name = f"Author {number % 5}"
        yield replace(first, id=f"{room_id}m{number:05}", author=author, name=name, at=at, number=number)
