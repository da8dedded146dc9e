"""Responses with content that is kept in memory: whole, in part, or not at all if the client has it."""

from collections.abc import Mapping
from dataclasses import dataclass
from email.utils import parsedate
from hashlib import sha256

from starlette.datastructures import Headers
from starlette.responses import Response
from starlette.staticfiles import NotModifiedResponse
from starlette.types import Receive, Scope, Send

from chat.web.files.byte_ranges import RangeNotSatisfiable, requested_part

CHUNK = 64_000  # bytes that are sent at a time, so that slow readers don't fill the memory


@dataclass(frozen=True, slots=True)
class StaticContent:
    """Content in one encoding, and the headers that belong to it."""

    content: bytes
    headers: Headers

    @classmethod
    def of(cls, content: bytes, headers: Mapping[str, str]) -> "StaticContent":
        return cls(content, Headers({**headers, "ETag": f'"{sha256(content).hexdigest()[:20]}"'}))

    def response_to(self, request: Headers) -> Response:
        """Answer a request, by its conditions and its range."""
        if self._is_known(request):
            return NotModifiedResponse(self.headers)
        size = len(self.content)
        try:
            part = requested_part(request.get("range", ""), size) if self._allows_range(request) else None
        except RangeNotSatisfiable:
            return Response(status_code=416, headers={"Content-Range": f"bytes */{size}", "Cache-Control": "no-store"})
        if part is None:
            return ChunkedResponse(self.content, headers=self.headers)
        headers = {**self.headers, "content-range": f"bytes {part.start}-{part.stop - 1}/{size}"}
        return ChunkedResponse(self.content[part], 206, headers)

    def _is_known(self, request: Headers) -> bool:
        """Tell whether the client has this content already (RFC 9110, section 13)."""
        if tags := request.get("if-none-match"):
            known = {tag.strip().removeprefix("W/") for tag in tags.split(",")}
            return not known.isdisjoint({self.headers["etag"], "*"})
        since, modified = (parsedate(text) for text in (request.get("if-modified-since"), self._modified))
        return since is not None and modified is not None and since >= modified

    def _allows_range(self, request: Headers) -> bool:
        """Tell whether a part fits what the client has."""
        return request.get("if-range", self.headers["etag"]) in {self.headers["etag"], self._modified}

    @property
    def _modified(self) -> str | None:
        return self.headers.get("last-modified")


class ChunkedResponse(Response):
    """A response that is sent as fast as the client reads. It needs no end if the client leaves."""

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        await send({"type": "http.response.start", "status": self.status_code, "headers": self.raw_headers})
        for start in range(0, len(self.body) or 1, CHUNK):
            end = start + CHUNK
            await send({"type": "http.response.body", "body": self.body[start:end], "more_body": end < len(self.body)})
