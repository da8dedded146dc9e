"""Histories on the disk, for chats that start later."""

import json
from collections.abc import Callable, Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

PEOPLE = 5


def write_history(
    path: Path,
    texts: Sequence[str],
    *,
    first: int = 0,
    in_a_row: int = 1,
    until: timedelta = timedelta(),
    more: Callable[[int], dict[str, Any]] = lambda number: {},
) -> None:
    """Write messages by five people, one a minute, as the format's version 2 has them.

    They are numbered from `first`; each person writes so many `in_a_row`; the last is about as old as `until`. `more`
    returns further fields of a message by its number.
    """
    now = datetime.now(UTC) - until
    messages = [
        {
            "id": f"history{number:05}",
            "room": "lobby",
            "author": f"author{number // in_a_row % PEOPLE}",
            "name": f"Author {number // in_a_row % PEOPLE}",
            "text": text,
            "at": (now - timedelta(minutes=len(texts) - number)).isoformat(),
            **more(number),
        }
        for number, text in enumerate(texts, first)
    ]
    path.parent.mkdir(exist_ok=True)
    path.write_text(json.dumps({"version": 2, "messages": messages}))


def write_rooms(folder: Path, rooms: dict[str, Sequence[str]]) -> None:
    """Write rooms of everyone by their names, and what was said in them; the last room was the last to be talked in."""
    infos = [
        {"id": f"room{n}", "kind": "public", "name": name, "slug": name.lower().replace(" ", "-")}
        for n, name in enumerate(rooms)
    ]
    (folder / "rooms").mkdir(parents=True, exist_ok=True)
    (folder / "rooms.json").write_text(json.dumps({"version": 1, "rooms": infos}))
    now = datetime.now(UTC) - timedelta(hours=len(rooms))
    for number, texts in enumerate(rooms.values()):
        messages = [
            {
                "id": f"room{number}message{at:03}",
                "room": f"room{number}",
                "author": "author1",
                "name": "Cem",
                "text": text,
                "at": (now + timedelta(hours=number, seconds=at)).isoformat(),
                "number": at,
            }
            for at, text in enumerate(texts, 1)
        ]
        log = {"version": 4, "last": len(messages), "messages": messages}
        (folder / "rooms" / f"room{number}.json").write_text(json.dumps(log))
