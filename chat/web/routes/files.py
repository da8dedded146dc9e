"""Uploads, and the files of messages."""

import re
from collections.abc import AsyncIterator
from contextlib import suppress
from urllib.parse import quote

from fastapi import FastAPI, HTTPException, Request
from fastapi.responses import JSONResponse, Response
from starlette.requests import ClientDisconnect

from chat.domain.errors import ChatError, FileRefused
from chat.domain.messages.attachment import Attachment
from chat.i18n.error_messages import describe_error
from chat.i18n.translator import choose, translator
from chat.media.file_types import UNKNOWN
from chat.state.chat import Chat
from chat.storage.file_store import FilesUnreachable
from chat.web.authentication import CurrentMember
from chat.web.files.stored_files import stored_file_response
from chat.web.files.upload_bodies import UploadBodies
from chat.web.security.public_url import is_same_host

SEALED = "sandbox; default-src 'none'; style-src 'unsafe-inline'"  # beside the policy that every response has
STATUS = {"file-too-large": 413, "files-unreachable": 503, "storage-full": 507, "too-fast": 429, "upload-quota": 429}
LASTING = {"file-empty", "file-too-large", "picture-broken", "picture-too-large", "picture-unknown"}

_POSITION = re.compile(r"\d{1,2}", re.ASCII)
_RUN_BY_BROWSERS = re.compile("html|xml|svg|script|xsl|flash|multipart|css")


def register(app: FastAPI, chat: Chat, current_member: CurrentMember, bodies: UploadBodies) -> None:
    """Serve `/upload` and the files of messages."""

    @app.post("/upload")
    async def upload(request: Request) -> Response:
        if not is_same_host(request.scope):
            return Response(status_code=403)
        member, query, chunks = current_member(request), request.query_params, bodies.read(request)
        try:
            check_size(request, chat.uploads.limits.file)
            room_id, name = query.get("room", ""), query.get("name", "")
            found = await chat.uploads.receive(member.id if member else "", room_id, name, chunks)
        except ClientDisconnect:
            return Response(status_code=400)
        except ChatError as problem:
            if member:
                await read_rest(chunks, problem, chat.uploads.limits.file)
            return refuse(request, problem)
        return JSONResponse(_described(found.id, found.attachment))

    @app.delete("/upload/{upload_id}")
    async def discard(request: Request, upload_id: str) -> Response:
        member = current_member(request)
        if not member or not is_same_host(request.scope):
            return Response(status_code=403)
        await chat.uploads.discard(member.id, upload_id)
        return Response(status_code=204)

    async def serve(request: Request) -> Response:
        member, path = current_member(request), request.path_params
        is_small = request.url.path.endswith("/small")
        if member is None or not _POSITION.fullmatch(path["position"]):
            raise HTTPException(404)
        try:
            attachment, file = await chat.files.open(
                member.id, path["room_id"], path["message_id"], int(path["position"]), small=is_small
            )
        except ChatError:
            raise HTTPException(404) from None
        except FilesUnreachable:
            return unreachable()
        headers = _headers(attachment, is_small=is_small)
        if headers["ETag"] in request.headers.get("if-none-match", ""):
            return Response(status_code=304, headers=headers)
        try:
            return await stored_file_response(request, file, headers)
        except FilesUnreachable:
            return unreachable()
        except OSError:  # it was just removed
            raise HTTPException(404) from None

    for suffix in ("", "/small"):
        app.add_route(f"/files/{{room_id}}/{{message_id}}/{{position}}{suffix}", serve, ["GET"])


def unreachable() -> Response:
    return Response(status_code=503, headers={"Cache-Control": "no-store", "Retry-After": "5"})


def check_size(request: Request, limit: int) -> None:
    """Refuse a request at once if its declared size is too large; undeclared bytes are counted."""
    length = request.headers.get("content-length", "")
    if length.isdecimal() and int(length) > limit:
        raise FileRefused("file-too-large", size=limit)


async def read_rest(chunks: AsyncIterator[bytes], problem: ChatError, limit: int) -> None:
    """Read on after a refusal, up to `limit` bytes: some browsers see an answer only once they have sent everything."""
    if problem.key == "file-too-large":
        return
    with suppress(ClientDisconnect):
        async for chunk in chunks:
            limit -= len(chunk)
            if limit < 0:
                return


def refuse(request: Request, problem: ChatError) -> Response:
    """Return the reason of a refusal in the language of the page, and whether it may be worth another try."""
    tr = translator(choose(request.query_params.get("lang", "")[:20]))
    answer = {"problem": describe_error(tr, problem), "retry": problem.key not in LASTING}
    return JSONResponse(answer, STATUS.get(problem.key, 400))


def _described(upload_id: str, attachment: Attachment) -> dict[str, object]:
    return {"id": upload_id, "name": attachment.name, "picture": attachment.is_picture}


def _headers(attachment: Attachment, *, is_small: bool) -> dict[str, str]:
    """Return headers that let browsers show the file where a page asks for it, and never as a page itself."""
    media_type = "image/webp" if is_small else attachment.type
    if _RUN_BY_BROWSERS.search(media_type):
        media_type = UNKNOWN
    return {
        "Content-Type": media_type,
        "Content-Security-Policy": SEALED,
        "Cache-Control": "private, no-cache",  # deleted files are gone at once
        "ETag": f'"{attachment.content[:20]}{"-small" if is_small else ""}"',
        "Content-Disposition": f"attachment; filename*=utf-8''{quote(attachment.name, safe='')}",
    }
