"""Pictures of people, and voice notes, by many at once."""

import asyncio
import os
from collections import Counter
from collections.abc import AsyncIterator
from contextlib import suppress
from uuid import uuid4

import aiohttp

from chat.domain.rooms.directory.room_info import LOBBY
from tests.programs.hostile.attacker import Attacker
from tests.programs.hostile.guests import Guest, staying
from tests.support.hostile_pictures import HOSTILE, drawn, encoded

PICTURES = 4  # of each guest
NOTES, LENGTH = 5, 1_000_000  # of each guest; bytes
OGG = b"OggS\0\2" + bytes(20) + b"\1\x13OpusHead" + bytes(11)
PATIENCE = aiohttp.ClientTimeout(180)


async def pictures_of_twenty_people(attacker: Attacker) -> Counter[str]:
    """Choose pictures, also such that do harm, and remove them again, twenty at once."""
    contents = [encoded(drawn(2000, 1500), "PNG"), *(make() for make, _ in HOSTILE.values())]
    outcome: Counter[str] = Counter()

    async def choose(guest: Guest, number: int) -> None:
        await guest.page.choose("--settings")
        remove = await guest.page.element("click", textContent="Remove picture")
        for count in range(PICTURES):
            content = contents[(number + count) % len(contents)] if count % 2 else contents[0]
            async with attacker.http.post(
                f"{attacker.url}avatar", data=content, headers={"Cookie": guest.cookie}, timeout=PATIENCE
            ) as response:
                outcome[str(response.status)] += 1
            await guest.page.emit(*remove, [])

    async with staying(attacker) as guests:
        await asyncio.gather(*(choose(guest, number) for number, guest in enumerate(guests)))
    return outcome


async def voice_notes_of_twenty_people(attacker: Attacker) -> Counter[str]:
    """Post voice notes, and listen to each in many small parts, twenty at once."""
    outcome: Counter[str] = Counter()

    async def speak(guest: Guest) -> None:
        submit = next(iter(guest.page.listeners("submit")))
        for _ in range(NOTES):
            status, upload_id = await _upload(attacker, guest.cookie)
            outcome[f"{status} to a note"] += 1
            if upload_id:
                message_id = uuid4().hex[:20]
                await guest.page.emit(*submit, [message_id, "", "", LOBBY, False, [[upload_id, ""]]])
                async for part_status in _parts(attacker, f"files/{LOBBY}/{message_id}/0", guest.cookie):
                    outcome[f"{part_status} to a part"] += 1

    async with staying(attacker) as guests:
        await asyncio.gather(*map(speak, guests))
    return outcome


async def _upload(attacker: Attacker, cookie: str) -> tuple[str, str]:
    """Send a voice note; return the status, or that the server hung up, and the id of the upload if it was taken."""
    try:
        async with attacker.http.post(
            f"{attacker.url}upload",
            params={"room": LOBBY, "name": "note.ogg"},
            data=OGG + os.urandom(LENGTH),
            headers={"Cookie": cookie},
            timeout=PATIENCE,
        ) as response:
            taken = await response.json() if response.status == 200 else {}
            return str(response.status), taken.get("id", "")
    except aiohttp.ClientError:
        return "cut", ""


async def _parts(attacker: Attacker, path: str, cookie: str) -> AsyncIterator[int]:
    for start in range(0, LENGTH, LENGTH // 20):
        headers = {"Cookie": cookie, "Range": f"bytes={start}-{start + 1}"}
        with suppress(aiohttp.ClientError):
            async with attacker.http.get(f"{attacker.url}{path}", headers=headers) as response:
                await response.read()
                yield response.status
