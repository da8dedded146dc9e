"""Static files never change while the server runs, so each is read and compressed once."""

from typing import Any

from starlette.types import ASGIApp, Message, Receive, Scope, Send
from starlette_compress import CompressMiddleware

from chat.web.security.client_address import header

CAPACITY = 20_000_000  # bytes of all cached files
OK = 200
ENCODINGS = ("br", "gzip")
CONDITIONS = {b"range", b"if-none-match", b"if-modified-since", b"if-range", b"if-match"}


class StaticCache:
    """Cache the responses of `app` by path and encoding: whole files only, and without cookies."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app
        # Compressed once, so it may take longer than compressing a page.
        self._compressed = CompressMiddleware(
            app, zstd=False, brotli_quality=9, gzip_level=9, remove_accept_encoding=True
        )
        self._responses: dict[tuple[str, str], _Response] = {}
        self._size = 0

    def has(self, path: str) -> bool:
        """Whether a file is cached, so that sending it costs next to nothing."""
        return any((path, encoding) in self._responses for encoding in (*ENCODINGS, ""))

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["method"] != "GET" or any(name in CONDITIONS for name, _ in scope["headers"]):
            await self.app(scope, receive, send)
            return
        accepted = header(scope, b"accept-encoding")
        key = scope["path"], next((encoding for encoding in ENCODINGS if encoding in accepted), "")
        if key in self._responses:
            await self._responses[key].send(send)
            return
        response = _Response()
        await self._compressed(scope, receive, response.collect)
        self._keep(key, response)
        await response.send(send, cookies=True)

    def _keep(self, key: tuple[str, str], response: "_Response") -> None:
        is_new = response.start["status"] == OK and key not in self._responses
        if is_new and self._size + len(response.body) <= CAPACITY:
            self._responses[key] = response
            self._size += len(response.body)


class _Response:
    """A complete response, to be sent many times."""

    def __init__(self) -> None:
        self.start: dict[str, Any] = {}
        self.body = b""

    async def collect(self, message: Message) -> None:
        if message["type"] == "http.response.start":
            self.start = dict(message)
        elif message["type"] == "http.response.body":
            self.body += message.get("body", b"")

    async def send(self, send: Send, *, cookies: bool = False) -> None:
        """Send the response; its cookies belong to the first client only."""
        left_out = {b"content-length"} if cookies else {b"content-length", b"set-cookie"}
        headers = [(name, value) for name, value in self.start["headers"] if name not in left_out]
        length = (b"content-length", str(len(self.body)).encode())
        await send({**self.start, "headers": [*headers, length]})
        await send({"type": "http.response.body", "body": self.body})
