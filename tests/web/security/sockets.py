"""Raw WebSockets of pages that were loaded over HTTP."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import aiohttp

from tests.support.page_source import between
from tests.support.server import Server

QUERY = b"EIO=4&transport=websocket&client_id=me&tab_id=tab&document_id=document&old_tab_id=null&next_message_id=0"


async def load(http: aiohttp.ClientSession, server: Server) -> str:
    """Load a page, as soon as one more is allowed; returns its id."""
    async with asyncio.timeout(5):
        while True:
            async with http.get(server.url) as response:
                if response.status == 200:
                    return between(await response.text(), "'client_id': '", "'")


@asynccontextmanager
async def connect(
    http: aiohttp.ClientSession, server: Server, client_id: str, *, is_implicit: bool = True, **headers: str
) -> AsyncIterator[tuple[Any, str]]:
    """Open a WebSocket of a page; yields it and the server's reply."""
    query = QUERY.decode().replace("client_id=me", f"client_id={client_id}")
    query += "&implicit_handshake=true" if is_implicit else ""
    async with http.ws_connect(f"{server.url}_nicegui_ws/socket.io/?{query}", headers=headers) as opened:
        await opened.receive()
        await opened.send_str("40")
        yield opened, await opened.receive_str()


@asynccontextmanager
async def socket(http: aiohttp.ClientSession, server: Server, **headers: str) -> AsyncIterator[tuple[Any, str]]:
    """Load a page and open its WebSocket; yields it and the page's id."""
    client_id = await load(http, server)
    async with connect(http, server, client_id, **headers) as (opened, _):
        yield opened, client_id


async def violate_protocol(opened: Any) -> None:
    """Send what no page sends, and wait to be dropped."""
    await opened.send_bytes(b"\x00")
    while not opened.closed:
        await opened.receive(5)
