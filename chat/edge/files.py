"""The files of the page, which do not change while the program runs: read and compressed once, not for everybody."""

from typing import Any

from starlette.types import ASGIApp, Message, Receive, Scope, Send
from starlette_compress import CompressMiddleware

from chat.edge.addresses import header

ROOM = 20_000_000  # bytes of all that is kept
OK = 200
ENCODINGS = ("br", "gzip")
CONDITIONS = {b"range", b"if-none-match", b"if-modified-since", b"if-range", b"if-match"}


class Files:
    """Answers that were given once, by path and encoding. Only whole files are kept, and nobody's cookies."""

    def __init__(self) -> None:
        self._kept: dict[tuple[str, str], tuple[Message, bytes]] = {}
        self._size = 0

    async def serve(self, app: ASGIApp, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer from what is kept, or let `app` answer, and keep that."""
        if scope["method"] == "HEAD":  # NiceGUI's routes know GET only; the server leaves the body out
            scope = {**scope, "method": "GET"}
        if scope["method"] != "GET" or any(name in CONDITIONS for name, _ in scope["headers"]):
            await app(scope, receive, send)
            return
        accepted = header(scope, b"accept-encoding")
        key = scope["path"], next((encoding for encoding in ENCODINGS if encoding in accepted), "")
        if key in self._kept:
            start, body = self._kept[key]
            await send({**start})
            await send({"type": "http.response.body", "body": body})
            return
        answer = _Copy(send)
        await _thorough(app)(scope, receive, answer.send)
        size = len(answer.body)
        if answer.is_whole and answer.start["status"] == OK and self._size + size <= ROOM and key not in self._kept:
            self._kept[key] = answer.start, bytes(answer.body)
            self._size += size


def _thorough(app: ASGIApp) -> ASGIApp:
    """What is kept is compressed once: better than each page is, whose compression somebody waits for."""
    return CompressMiddleware(app, zstd=False, brotli_quality=9, gzip_level=9, remove_accept_encoding=True)


class _Copy:
    """Passes an answer on, and has it afterwards."""

    def __init__(self, send: Send) -> None:
        self._send = send
        self.start: dict[str, Any] = {}
        self.body = bytearray()
        self.is_whole = False

    async def send(self, message: Message) -> None:
        if message["type"] == "http.response.start":
            headers = [(name, value) for name, value in message["headers"] if name != b"set-cookie"]
            self.start = {**message, "headers": headers}
        elif message["type"] == "http.response.body":
            self.body += message.get("body", b"")
            self.is_whole = not message.get("more_body", False)
        await self._send(message)
