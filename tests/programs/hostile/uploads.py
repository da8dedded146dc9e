"""Files that harm what looks at them, and many at once."""

import asyncio
import io
import os
import struct
import zipfile
from collections import Counter

import aiohttp

from tests.programs.hostile.attacker import Attacker
from tests.programs.hostile.guests import staying
from tests.support.hostile_pictures import HOSTILE, SECRET, drawn, encoded, with_place

LARGE = 5_000_000  # bytes
REST = 10.0  # seconds
PATIENCE = aiohttp.ClientTimeout(180)
NAMES = (
    "../../accounts.json",
    "a\0b\r\nX: y.jpg",
    "photo\u202egpj.exe",
    "x" * 1500,
    "🦊" * 100 + ".jpg",
    "..",
    "CON",
    "",
    "\ud83d.png",
)
DRAWING = b'<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>'


def zipped(name: str, content: bytes) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as file:
        file.writestr(name, content)
    return out.getvalue()


def video_that_claims(width: int, height: int) -> bytes:
    def box(kind: bytes, content: bytes) -> bytes:
        return struct.pack(">I", len(content) + 8) + kind + content

    track = box(b"tkhd", b"\0\0\0\7" + bytes(72) + struct.pack(">II", width, height))
    return box(b"ftyp", b"isom\0\0\2\0isomiso2avc1mp41") + box(b"moov", box(b"trak", track))


OTHERS = {
    "drawing with a script": DRAWING,
    "page": b"<!DOCTYPE html><script>alert(1)</script>",
    "polyglot": encoded(drawn(), "JPEG", exif=with_place()) + b"<script>" + SECRET + b"</script>",
    "many frames": encoded(drawn(), "GIF", save_all=True, append_images=[drawn().rotate(n) for n in range(300)]),
    "page that begins like a picture": b"GIF89a/*<html><script>alert(1)</script>*/",
    "archive with a drawing": zipped("drawing.svg", DRAWING),
    "video of absurd size": video_that_claims(0xFFFFFFFF, 0xFFFFFFFF),
    "nothing": b"",
}


async def hostile_uploads(attacker: Attacker) -> Counter[str]:
    """Send each hostile file, also with hostile names, and what is no upload at all."""
    await attacker.join()
    outcome: Counter[str] = Counter()
    contents = [*(make() for make, _ in HOSTILE.values()), *OTHERS.values()]
    for number, content in enumerate(contents * 2):
        outcome[await _upload(attacker, content, NAMES[number % len(NAMES)])] += 1
    outcome[await _upload(attacker, b"tea", "tea.txt", room="nowhere")] += 1
    outcome[await _upload(attacker, b"tea", "tea.txt", **{"Content-Length": "9" * 30})] += 1
    return outcome


async def uploads_of_twenty_people(attacker: Attacker) -> Counter[str]:
    """Let twenty people who are here send 5 MB at once: photos and other files."""
    photo = encoded(drawn(4000, 3000), "JPEG")
    photo += os.urandom(LARGE - len(photo))
    async with staying(attacker) as guests:
        await attacker.rest(REST)
        tasks = (
            _upload(attacker, photo if number % 2 else os.urandom(LARGE), f"{number}.jpg", Cookie=guest.cookie)
            for number, guest in enumerate(guests)
        )
        return Counter(await asyncio.gather(*tasks))


async def _upload(attacker: Attacker, content: bytes, name: str, room: str = "lobby", **headers: str) -> str:
    """Return the status, or that the server hung up."""
    query = {"room": room, "name": name.encode(errors="replace").decode()}
    try:
        async with attacker.http.post(
            f"{attacker.url}upload", params=query, data=content, headers=headers, timeout=PATIENCE
        ) as response:
            return str(response.status)
    except (aiohttp.ClientError, ValueError):
        return "cut"
