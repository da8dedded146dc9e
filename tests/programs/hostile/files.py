"""Another program of the same user, which changes the files of a running chat."""

import asyncio
import json
import os
from collections import Counter
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

from tests.programs.hostile.attacker import Attacker, server_process

FILES = ("chat_log.json", "accounts.json", "moderation.json", "invitations.json")
LATER_VERSION = 99
PATIENCE = 10.0  # seconds until the chat has noticed, by way of its health check
MALLORY = {
    "id": "mallory",
    "name": "Mallory",
    "password": "x",
    "created": "2026-05-01T12:00:00Z",
    "generation": 7,
    "role": "owner",
}
FORGED = {
    "chat_log.json": {"version": 3, "messages": []},
    "accounts.json": {"version": 2, "accounts": [MALLORY]},
    "moderation.json": {"version": 3, "blocked_words": ["mallory"]},
    "invitations.json": {"version": 2, "invitations": []},
}


def forge(file: Path) -> None:
    file.write_text(json.dumps(FORGED[file.name]))


def replace_by_folder(file: Path) -> None:
    file.unlink(missing_ok=True)
    file.mkdir()


def link_elsewhere(file: Path) -> None:
    file.unlink(missing_ok=True)
    file.symlink_to(file.with_name("victim"))
    for suffix in (".tmp", ".link", ".backup-1", ".backup-2"):
        with suppress(FileExistsError):
            file.with_name(f"{file.name}{suffix}").symlink_to(file.with_name("victim"))


DAMAGES: list[Callable[[Path], object]] = [
    lambda file: file.unlink(missing_ok=True),
    lambda file: file.write_bytes(b""),
    lambda file: file.write_bytes(bytes(4096)),
    lambda file: file.write_bytes(b"\xff\xfe{"),
    lambda file: file.write_text(f'{{"version": {LATER_VERSION}}}'),
    replace_by_folder,
    link_elsewhere,
    forge,
]


async def broken_and_tampered_files(attacker: Attacker) -> Counter[str]:
    folder = Path(server_process(attacker.url).environ()["CHAT_DATA_DIR"])
    victim = folder / "victim"
    victim.write_text("precious")
    outcome: Counter[str] = Counter()
    for damage in DAMAGES:
        for name in FILES:
            damage(folder / name)
        for name in FILES:
            outcome["put right" if await is_put_right(attacker, folder / name) else f"{name} LOST"] += 1
    outcome["files elsewhere untouched" if victim.read_text() == "precious" else "A FILE ELSEWHERE CHANGED"] += 1
    return outcome


async def is_put_right(attacker: Attacker, file: Path) -> bool:
    """Wait until the chat has written its own content again; a file that was never needed may stay away."""
    with suppress(TimeoutError):
        async with asyncio.timeout(PATIENCE):
            while not _is_own(file):
                await attacker.get("healthz")
                await asyncio.sleep(0.1)
            return True
    return False


def _is_own(file: Path) -> bool:
    if not os.path.lexists(file):
        return file.name != "chat_log.json"
    if file.is_symlink() or file.is_dir():
        return False
    try:
        content = json.loads(file.read_bytes())
    except ValueError:
        return False
    if file.name == "chat_log.json":
        return bool(content.get("messages"))
    return content["version"] != LATER_VERSION and "mallory" not in json.dumps(content)
