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
