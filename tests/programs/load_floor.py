"""The floors of the load test, and the raw Socket.IO client that all sides use.

A floor is a bare python-socketio room, or bare WebSockets of aiohttp.
"""

import asyncio
import json
import sys
import time
from collections.abc import Iterable
from typing import Any

import aiohttp
import socketio
import uvicorn
from aiohttp import web

ROOM = "room"


def main() -> None:
    """Serve a floor: `python load_floor.py PORT [aiohttp]`."""
    serve = serve_aiohttp if sys.argv[2:] == ["aiohttp"] else serve_socketio
    serve(int(sys.argv[1]))


def serve_aiohttp(port: int) -> None:
    """Send each text that arrives to all WebSockets."""
    sockets = set[web.WebSocketResponse]()

    async def join(request: web.Request) -> web.WebSocketResponse:
        socket = web.WebSocketResponse(compress=False)
        await socket.prepare(request)
        sockets.add(socket)
        async for message in socket:
            for other in tuple(sockets):
                await other.send_str(message.data)
        sockets.discard(socket)
        return socket

    app = web.Application()
    app.router.add_get("/", join)
    web.run_app(app, host="127.0.0.1", port=port, print=None, access_log=None)


def serve_socketio(port: int) -> None:
    """Serve a room with the uvicorn settings of NiceGUI and `main.py`."""
    sio = socketio.AsyncServer(async_mode="asgi", cors_allowed_origins="*", ping_interval=12, ping_timeout=6)

    @sio.event
    async def connect(sid: str, environ: dict, auth: object) -> None:
        await sio.enter_room(sid, ROOM)

    @sio.event
    async def post(sid: str, update: dict) -> None:
        await sio.emit("update", update, room=ROOM)

    settings = {"ws": "wsproto", "ws_per_message_deflate": False, "workers": 1}
    uvicorn.run(socketio.ASGIApp(sio), host="127.0.0.1", port=port, log_level="warning", **settings)


class Watch:
    """Watch for a text in the frames of several sockets; latencies in seconds, size of the frame in bytes."""

    def __init__(self, text: str, sockets: Iterable["Socket"]) -> None:
        self.text = text
        self.missing = set(sockets)
        self.latencies: list[float] = []
        self.size = 0
        self._began = time.perf_counter()
        self._seen_by_all = asyncio.Event()
        for socket in self.missing:
            socket.watches.append(self)

    def look(self, socket: "Socket", frame: str, now: float) -> None:
        if socket in self.missing and self.text in frame:
            self.missing.discard(socket)
            socket.watches.remove(self)
            self.latencies.append(now - self._began)
            self.size = len(frame.encode())
            if not self.missing:
                self._seen_by_all.set()

    async def wait(self, seconds: float) -> int:
        """Wait until every socket has received the text; return how many have not after `seconds`."""
        try:
            await asyncio.wait_for(self._seen_by_all.wait(), seconds)
        except TimeoutError:
            for socket in self.missing:
                socket.watches.remove(self)
        return len(self.missing)


class Socket:
    """A cheap Socket.IO client: it answers pings and searches frames for texts. It waits `patience` seconds."""

    patience = 20.0

    def __init__(self, url: str) -> None:
        self.url = url
        self.watches: list[Watch] = []
        self.frames = 0  # received, but for pings
        self._http: aiohttp.ClientSession | None = None
        self._reader: asyncio.Task[None] | None = None

    @property
    def http(self) -> aiohttp.ClientSession:
        """The cookies and connections of one browser."""
        if self._http is None:
            # As in a browser, the WebSocket doesn't reuse a connection that loaded a page.
            connector = aiohttp.TCPConnector(force_close=True)
            self._http = aiohttp.ClientSession(
                self.url,
                connector=connector,
                cookie_jar=aiohttp.CookieJar(unsafe=True),
                timeout=aiohttp.ClientTimeout(total=None),
            )
        return self._http

    @property
    def is_open(self) -> bool:
        return self._reader is not None and not self._reader.done()

    async def connect(self, path: str, query: dict[str, str]) -> None:
        """Open the WebSocket and its Socket.IO connection."""
        connected = Watch('40{"sid"', [self])
        self._socket = await self.http.ws_connect(path, params={**query, "EIO": "4", "transport": "websocket"})
        self._reader = asyncio.create_task(self._read())
        await self._socket.send_str("40")
        assert not await connected.wait(self.patience), "no connection"

    async def emit(self, event: str, data: dict[str, Any]) -> None:
        await self._socket.send_str("42" + json.dumps([event, data]))

    async def disconnect(self) -> None:
        if self._reader:
            await self._socket.close()
            await self._reader

    async def close(self) -> None:
        await self.disconnect()
        await self.http.close()

    async def _read(self) -> None:
        async for message in self._socket:
            now = time.perf_counter()
            frame = message.data
            if frame == "2":
                await self._socket.send_str("3")
                continue
            self.frames += 1
            for watch in tuple(self.watches):
                watch.look(self, frame, now)


class FloorPage(Socket):
    """A client of the floor; its messages are as large as the app's."""

    size = 0

    async def open(self) -> None:
        await self.connect("/socket.io/", {})

    async def post(self, message_id: str, text: str) -> None:
        """Send the room one frame of `size` bytes."""
        name = f"m-{message_id}"
        await self.emit("post", {name: text.ljust(self.size - len(f'42["update",{{"{name}":""}}]'), ".")})


class BarePage(FloorPage):
    """A client of the floor of bare WebSockets."""

    async def open(self) -> None:
        self._socket = await self.http.ws_connect("/")
        self._reader = asyncio.create_task(self._read())

    async def emit(self, event: str, data: dict[str, Any]) -> None:
        await self._socket.send_str("42" + json.dumps(["update", data]))


if __name__ == "__main__":
    main()
