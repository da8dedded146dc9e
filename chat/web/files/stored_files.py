"""Files of messages as responses: whole or in part, as they are read."""

from collections.abc import Mapping
from contextlib import suppress

from fastapi import Request
from fastapi.responses import Response, StreamingResponse
from starlette.types import Send

from chat.storage.file_store import StoredFile, begin_reading
from chat.web.files.byte_ranges import RangeNotSatisfiable, requested_part


async def stored_file_response(request: Request, file: StoredFile, headers: Mapping[str, str]) -> Response:
    """Answer with a file, by the range of the request. `headers` has the `ETag`.

    Raises `OSError` if the file can't be read.
    """
    try:
        part = requested_part(request.headers.get("range", ""), file.size) if _allows_range(request, headers) else None
    except RangeNotSatisfiable:
        return Response(status_code=416, headers={"Content-Range": f"bytes */{file.size}", "Cache-Control": "no-store"})
    found = part or slice(0, file.size)
    length = {"Accept-Ranges": "bytes", "Content-Length": str(found.stop - found.start)}
    if part:
        length["Content-Range"] = f"bytes {part.start}-{part.stop - 1}/{file.size}"
    status, all_headers = 206 if part else 200, {**headers, **length}
    return _FileResponse(await begin_reading(file, found), status, all_headers)


class _FileResponse(StreamingResponse):
    async def stream_response(self, send: Send) -> None:
        with suppress(OSError):  # the connection is closed: the client notices that something is missing
            await super().stream_response(send)


def _allows_range(request: Request, headers: Mapping[str, str]) -> bool:
    """Tell whether a part fits what the client has."""
    return request.headers.get("if-range", headers["ETag"]) == headers["ETag"]
