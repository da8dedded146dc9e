"""Directories of rooms on the disk, for chats that start later."""

import json
from pathlib import Path


def write_rooms(folder: Path, *names: str) -> None:
    """Write public rooms with these names, in lower case and one word."""
    rooms = [
        {"id": f"room{number}", "kind": "public", "name": name, "slug": name.lower(), "creator": "author0"}
        for number, name in enumerate(names)
    ]
    folder.mkdir(exist_ok=True)
    (folder / "rooms.json").write_text(json.dumps({"version": 1, "rooms": rooms}))
