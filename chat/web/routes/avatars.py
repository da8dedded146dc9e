"""Pictures of people."""

import re
from typing import Annotated

from fastapi import FastAPI, HTTPException, Query, Request
from fastapi.responses import Response
from starlette.requests import ClientDisconnect

from chat.domain.errors import ChatError
from chat.media.pictures import MIDDLE, Crop
from chat.state.chat import Chat
from chat.storage.file_store import FilesUnreachable
from chat.web.authentication import CurrentMember
from chat.web.files.stored_files import stored_file_response
from chat.web.files.upload_bodies import UploadBodies
from chat.web.paths import PICTURE_LENGTH
from chat.web.routes.files import SEALED, check_size, read_rest, refuse, unreachable
from chat.web.security.public_url import is_same_host

FOREVER = "private, max-age=31536000, immutable"  # another picture has another URL

Share = Annotated[float, Query(ge=0, le=1)]
Zoom = Annotated[float, Query(ge=1, le=10)]

_PICTURE = re.compile(rf"[0-9a-f]{{{PICTURE_LENGTH}}}", re.ASCII)


def register(app: FastAPI, chat: Chat, current_member: CurrentMember, bodies: UploadBodies) -> None:
    """Serve `/avatar`, to which members send their picture, and everyone's pictures to members."""

    @app.post("/avatar")
    async def choose(
        request: Request, across: Share = MIDDLE.across, down: Share = MIDDLE.down, zoom: Zoom = MIDDLE.zoom
    ) -> Response:
        if not is_same_host(request.scope):
            return Response(status_code=403)
        member, chunks = current_member(request), bodies.read(request)
        try:
            check_size(request, chat.uploads.limits.file)
            await chat.avatars.choose(member.id if member else "", chunks, Crop(across, down, zoom))
        except ClientDisconnect:
            return Response(status_code=400)
        except ChatError as problem:
            if member:
                await read_rest(chunks, problem, chat.uploads.limits.file)
            return refuse(request, problem)
        return Response(status_code=204)

    @app.get("/avatars/{member_id}/{picture}")
    async def serve(request: Request, member_id: str, picture: str) -> Response:
        is_asked = current_member(request) is not None and _PICTURE.fullmatch(picture)
        headers = {
            "Content-Type": "image/webp",
            "Content-Security-Policy": SEALED,
            "Cache-Control": FOREVER,
            "ETag": f'"{picture}"',
        }
        try:
            file = await chat.avatars.find(member_id, picture) if is_asked else None
            if file:
                return await stored_file_response(request, file, headers)
        except FilesUnreachable:
            return unreachable()
        except OSError:  # it was just removed
            pass
        raise HTTPException(404)
