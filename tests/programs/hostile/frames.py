"""Frames that no page sends."""

import asyncio
import json
from collections import Counter
from collections.abc import Iterable
from contextlib import suppress
from typing import Any

from aiohttp import WSMsgType

from tests.programs.hostile.attacker import Attacker


async def say(attacker: Attacker, frames: Iterable[str | bytes]) -> Counter[str]:
    """Send each frame on its own socket."""

    async def one(frame: str | bytes) -> str:
        page = await attacker.page()
        await page.connect()
        with suppress(OSError):
            if isinstance(frame, bytes):
                await page.socket.send_bytes(frame)
            else:
                await page.socket.send_str(frame.replace("CLIENT", page.client_id))
        return await page.fate()

    return Counter(await asyncio.gather(*(one(frame) for frame in frames)))


def frame(**changes: Any) -> str:
    return "42" + json.dumps(["event", {"id": 4, "client_id": "CLIENT", "listener_id": "x", "args": ["1"]} | changes])


async def wrong_types_and_missing_keys(attacker: Attacker) -> Counter[str]:
    names = ("id", "client_id", "listener_id", "args")
    frames = [frame(**{name: odd}) for name in names for odd in (None, [], {}, 1.5, [[1]], {"a": 1}, True)]
    frames += ['42["event"]', '42["event",{}]', '42["event",7]', '42["ack",{}]', '42["javascript_response",{}]']
    frames += ['42["handshake",{}]', '42["connect"]', '42["disconnect"]', "42{}", "42[]", "4", "9", "{", "40/x,"]
    return await say(attacker, frames)


async def unknown_elements_and_listeners(attacker: Attacker) -> Counter[str]:
    return await say(attacker, [frame(id=number) for number in (-1, 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 99, 10**15)])


async def deep_json(attacker: Attacker) -> Counter[str]:
    deep = "[" * 1000 + "]" * 1000
    return await say(attacker, [frame(args=[deep]), f'42["event",{deep}]', "42" + "[" * 100_000] * 10)


async def empty_binary_and_oversized_frames(attacker: Attacker) -> Counter[str]:
    return await say(
        attacker, ["", b"", b"\x00" * 1000, "42" + "x" * 399_000, "4" * 5_000_000, b"\x04" * 5_000_000] * 3
    )


async def lone_surrogates_and_invalid_utf8(attacker: Attacker) -> Counter[str]:
    outcome = await say(attacker, [frame(args=['"\\ud800"']), '42["\\udfff",{}]'])
    for _ in range(10):
        page = await attacker.page()
        await page.connect()
        await page.socket._writer.send_frame(b'42["\xff\xfe\xed\xa0\x80"]', WSMsgType.TEXT)
        outcome[await page.fate()] += 1
    return outcome


async def attachments_never_sent(attacker: Attacker) -> Counter[str]:
    one = '["event",{"_placeholder":true,"num":0}]'
    return await say(attacker, [f"45{count}-{one}" for count in (1, 10, 999_999_999)] * 10)
