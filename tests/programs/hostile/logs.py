"""What clients do so that the server reports it: the log stays short, and in lines of its own."""

import asyncio
import json
import socket
import struct
from collections import Counter
from contextlib import suppress
from urllib.parse import quote
from uuid import uuid4

import aiohttp

from tests.programs.hostile.attacker import Attacker

FORGED = "\ntimestamp=2026-01-01 level=error event=forged\x1b[2J\x1b]0;owned\x07\u2028\x85\u202e"
SOCKETS = "_nicegui_ws/socket.io/"
UPGRADE = (
    "Upgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Version: 13\r\n"
    "Sec-WebSocket-Key: MDEyMzQ1Njc4OWFiY2RlZg==\r\n\r\n"
)


async def sso_errors(attacker: Attacker) -> Counter[str]:
    """Come back from the provider 500 times with long errors that nobody asked for, and go to one that is down.

    The server has a `CHAT_SSO_URL` with a closed port.
    """

    async def some(worker: int) -> Counter[str]:
        outcome: Counter[str] = Counter()
        for number in range(50):
            description = quote(f"{number}{FORGED}" * 10)[:1500]
            back = f"sso/callback?error=denied&error_description={description}&state={worker}"
            async with attacker.http.get(
                f"{attacker.url}{back if number % 2 else 'sso'}", allow_redirects=False
            ) as got:
                outcome[str(got.status)] += 1
        return outcome

    return sum(await asyncio.gather(*map(some, range(10))), Counter[str]())


async def forged_session_ids(attacker: Attacker) -> Counter[str]:
    """Open WebSockets and poll with names and values that Engine.IO would log."""
    outcome: Counter[str] = Counter()
    valid = f"EIO=4&transport=websocket&client_id={uuid4()}&tab_id={uuid4()}&document_id={uuid4()}&old_tab_id=null"
    extra = ["sid=" + quote(FORGED), "sid=x", "j=1", "sid", "EIO=3", "transport=" + quote(FORGED), quote(FORGED) + "=1"]
    for number in range(210):
        query = f"{valid}&{extra[number % len(extra)]}"
        try:
            opened = await attacker.http.ws_connect(f"{attacker.url}{SOCKETS}?{query}")
            outcome["LET IN"] += 1
            await opened.close()
        except aiohttp.WSServerHandshakeError as refusal:
            outcome[str(refusal.status)] += 1
        outcome[str((await attacker.get(f"{SOCKETS}?{query}"))[0])] += 1
    return outcome


async def sockets_that_come_and_go(attacker: Attacker) -> Counter[str]:
    """Hang up, politely or by a reset, at every moment of the handshake and after it, with three sockets a page."""
    await (await attacker.join()).socket.close()
    outcome: Counter[str] = Counter()
    for _ in range(40):
        outcome += Counter(await asyncio.gather(*(_come_and_go(attacker, number) for number in range(8))))
    return outcome


async def _come_and_go(attacker: Attacker, number: int) -> str:
    try:
        page = await attacker.page()
    except PermissionError as refusal:
        return str(refusal)
    ids = {"EIO": 4, "transport": "websocket", "tab_id": uuid4(), "old_tab_id": "null", "document_id": uuid4()}
    query = {**ids, **page.query, "implicit_handshake": "true"}
    target = "&".join(f"{name}={value}" for name, value in query.items())
    host = attacker.url.removeprefix("http://").rstrip("/")
    cookies = "; ".join(f"{cookie.key}={cookie.value}" for cookie in attacker.http.cookie_jar)
    head = f"GET /{SOCKETS}?{target} HTTP/1.1\r\nHost: {host}\r\nCookie: {cookies}\r\n{UPGRADE}"

    async def one(moment: int) -> None:
        reader, writer = await attacker.connection()
        with suppress(OSError, asyncio.IncompleteReadError):
            writer.write(head.encode())
            await _leave_at(moment % 8, reader, writer, page.client_id)
        if moment % 2:
            reset = struct.pack("ii", 1, 0)
            writer.get_extra_info("socket").setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, reset)
        writer.transport.abort()

    await asyncio.gather(*(one(number + step) for step in (0, 3, 5)))
    return "gone"


async def _leave_at(moment: int, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, client_id: str) -> None:
    if moment >= 1:
        await reader.readuntil(b"\r\n\r\n")
    if moment >= 2:
        await reader.read(200)
    if moment >= 3:
        writer.write(_frame(b"40"))
    if moment == 4:
        await reader.read(200)
    if moment == 5:
        writer.write(_frame(b"40") * 3)
    if moment == 6:
        writer.write(b"\x88\x80\0\0\0\0")
    if moment == 7:
        event = ["event", {"id": 1, "client_id": client_id, "listener_id": "x", "args": []}]
        writer.write(_frame(b"42" + json.dumps(event).encode()) * 5)


def _frame(payload: bytes) -> bytes:
    """Return a masked text frame with a mask of zeros."""
    size = bytes([0x80 | len(payload)]) if len(payload) < 126 else b"\xfe" + struct.pack("!H", len(payload))
    return b"\x81" + size + b"\0\0\0\0" + payload
