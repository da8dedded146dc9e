"""The files of the page, which do not change while the program runs: read and compressed once, not for everybody."""

from typing import Any

from starlette.types import ASGIApp, Message, Receive, Scope, Send
from starlette_compress import CompressMiddleware

from chat.web.security.client_address import header

ROOM = 20_000_000  # bytes of all that is kept
OK = 200
ENCODINGS = ("br", "gzip")
CONDITIONS = {b"range", b"if-none-match", b"if-modified-since", b"if-range", b"if-match"}


class Files:
    """Answers that were given once, by path and encoding. Only whole files are kept, and nobody's cookies."""

    def __init__(self) -> None:
        self._kept: dict[tuple[str, str], _Copy] = {}
        self._size = 0

    def has(self, path: str) -> bool:
        """Whether a file is kept: then to send it costs next to nothing."""
        return any((path, encoding) in self._kept for encoding in (*ENCODINGS, ""))

    async def serve(self, app: ASGIApp, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer from what is kept, or let `app` answer, and keep that."""
        if scope["method"] == "HEAD":  # NiceGUI's routes know GET only; the server leaves the body out
            scope = {**scope, "method": "GET"}
        if scope["method"] != "GET" or any(name in CONDITIONS for name, _ in scope["headers"]):
            await app(scope, receive, send)
            return
        accepted = header(scope, b"accept-encoding")
        key = scope["path"], next((encoding for encoding in ENCODINGS if encoding in accepted), "")
        if key not in self._kept:
            answer = _Copy()
            await _thorough(app)(scope, receive, answer.take)
            is_news = answer.start["status"] == OK and key not in self._kept
            if is_news and self._size + len(answer.body) <= ROOM:
                self._kept[key] = answer
                self._size += len(answer.body)
            await answer.send(send, cookies=True)
            return
        await self._kept[key].send(send)


def _thorough(app: ASGIApp) -> ASGIApp:
    """What is kept is compressed once: better than each page is, whose compression somebody waits for."""
    return CompressMiddleware(app, zstd=False, brotli_quality=9, gzip_level=9, remove_accept_encoding=True)


class _Copy:
    """An answer, whole, to be sent to many."""

    def __init__(self) -> None:
        self.start: dict[str, Any] = {}
        self.body = b""

    async def take(self, message: Message) -> None:
        """Take the next part of it."""
        if message["type"] == "http.response.start":
            self.start = dict(message)
        elif message["type"] == "http.response.body":
            self.body += message.get("body", b"")

    async def send(self, send: Send, *, cookies: bool = False) -> None:
        """Send it, with its length; what was said to the first who asked only with `cookies`."""
        left_out = {b"content-length"} if cookies else {b"content-length", b"set-cookie"}
        headers = [(name, value) for name, value in self.start["headers"] if name not in left_out]
        length = (b"content-length", str(len(self.body)).encode())
        await send({**self.start, "headers": [*headers, length]})
        await send({"type": "http.response.body", "body": self.body})
