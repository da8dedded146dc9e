"""Files that are the same for everyone. They are known from the start, and each is read and compressed once."""

import asyncio
import gzip
import re
from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from email.utils import formatdate
from functools import partial
from pathlib import Path

import brotli
from starlette.datastructures import Headers
from starlette.responses import Response
from starlette.types import ASGIApp, Receive, Scope, Send

from chat.web.files.content_encoding import accepted_encodings
from chat.web.files.static_responses import StaticContent
from chat.web.security import responses

YEAR = 365 * 24 * 60 * 60
FOR_A_YEAR = {"Cache-Control": f"public, max-age={YEAR}"}
FOR_EVER = {"Cache-Control": f"public, max-age={YEAR}, immutable"}  # the content is known by the URL
MEDIA_TYPES = {
    "": "text/plain; charset=utf-8",  # licences
    ".css": "text/css; charset=utf-8",
    ".jpeg": "image/jpeg",
    ".jpg": "image/jpeg",
    ".js": "text/javascript; charset=utf-8",
    ".json": "application/json",
    ".mjs": "text/javascript; charset=utf-8",
    ".png": "image/png",
    ".svg": "image/svg+xml",
    ".wav": "audio/wav",
    ".webp": "image/webp",
    ".woff2": "font/woff2",
}
"""The types of files that browsers load, by extension."""

COMMENT = re.compile(rb"/\*.*?\*/\s*", re.DOTALL)

COMPRESSIBLE = ("text/", "application/json", "image/svg+xml")
# In order of preference. A file is compressed once, so it may take longer than compressing a page.
ENCODERS: dict[str, Callable[[bytes], bytes]] = {
    "br": lambda content: brotli.compress(content, quality=9),
    "gzip": lambda content: gzip.compress(content, 9, mtime=0),
}


@dataclass(frozen=True, slots=True)
class StaticFile:
    """A file, read when it is first requested."""

    read: Callable[[], bytes]
    media_type: str
    headers: Mapping[str, str] = field(default_factory=lambda: FOR_A_YEAR)
    modified: float | None = None

    @classmethod
    def at(cls, path: Path, headers: Mapping[str, str] = FOR_A_YEAR) -> "StaticFile":
        extension = path.suffix.lower()
        read = partial(_read_style_sheet, path) if extension == ".css" else path.read_bytes
        return cls(read, MEDIA_TYPES[extension], headers, path.stat().st_mtime)

    @property
    def is_compressible(self) -> bool:
        return self.media_type.startswith(COMPRESSIBLE)

    def load(self, encoding: str) -> StaticContent:
        """Read the file, and compress it as `encoding` says; "" for not at all."""
        content = self.read()
        headers = {**self.headers, "Content-Type": self.media_type, "Accept-Ranges": "bytes"}
        if self.modified is not None:
            headers["Last-Modified"] = formatdate(self.modified, usegmt=True)
        if self.is_compressible:
            headers["Vary"] = "Accept-Encoding"
        if encoding:
            headers["Content-Encoding"] = encoding
        return StaticContent.of(ENCODERS[encoding](content) if encoding else content, headers)


def _read_style_sheet(path: Path) -> bytes:
    """Read a style sheet without its comments, which compressed are a sixth of it."""
    return COMMENT.sub(b"", path.read_bytes())


def files_in(folder: Path, url: str) -> dict[str, StaticFile]:
    """Return the files of a folder by their paths, which begin with `url`."""
    paths = [path for path in folder.rglob("*") if path.suffix.lower() in MEDIA_TYPES and path.is_file()]
    return {f"{url}{path.relative_to(folder).as_posix()}": StaticFile.at(path) for path in paths}


class StaticFiles:
    """An ASGI app that serves `files`, by exact paths. Its memory is bounded by their number."""

    def __init__(self, files: Mapping[str, StaticFile]) -> None:
        self._files = files
        self._loads: dict[tuple[str, str], asyncio.Future[StaticContent]] = {}
        self._thread = ThreadPoolExecutor(1, "static-files")  # of its own: writes to disk don't wait for it

    def has(self, scope: Scope) -> bool:
        """Tell whether a request names a file, and without escapes, as pages do."""
        path: str = scope["path"]
        return path in self._files and (scope.get("raw_path") or path.encode()).endswith(path.encode())

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        await (await self._response(scope))(scope, receive, send)

    async def _response(self, scope: Scope) -> ASGIApp:
        if scope["method"] != "GET":
            return Response(status_code=405, headers={"Allow": "GET, HEAD"})
        headers = Headers(scope=scope)
        try:
            content = await self._load(scope["path"], self._encoding(scope["path"], headers))
        except OSError:  # removed or replaced since the start
            return responses.NOT_FOUND
        return content.response_to(headers)

    def _encoding(self, path: str, headers: Headers) -> str:
        """Choose an encoding; parts are always parts of the file itself."""
        if "range" in headers or not self._files[path].is_compressible:
            return ""
        accepted = accepted_encodings(headers)
        return next((encoding for encoding in ENCODERS if encoding in accepted), "")

    async def _load(self, path: str, encoding: str) -> StaticContent:
        key = path, encoding
        if key not in self._loads:
            load = asyncio.get_running_loop().run_in_executor(self._thread, self._files[path].load, encoding)
            self._loads[key] = load
            load.add_done_callback(partial(self._forget_failed, key))
        return await asyncio.shield(self._loads[key])  # others wait for it, too

    def _forget_failed(self, key: tuple[str, str], load: asyncio.Future[StaticContent]) -> None:
        if load.cancelled() or load.exception():
            del self._loads[key]
