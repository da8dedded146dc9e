"""HTTP routes besides the page: health and the history to download."""

import asyncio
import time
from collections.abc import Callable
from datetime import UTC, datetime

from fastapi import FastAPI
from fastapi.responses import JSONResponse, Response

from chat import __version__
from chat.errors import ChatError
from chat.state import Chat
from chat.transcript import FORMATS


def register(app: FastAPI, chat: Chat, title: str, member_id: Callable[[], str | None]) -> None:
    """Serve `/healthz`, `/history.txt`, `.md`, `.json`, `.csv` and `/audit.jsonl`.

    `member_id` tells who makes the current request.
    """
    started = time.monotonic()

    @app.get("/healthz")
    async def healthz() -> JSONResponse:
        history = await chat.store.check()
        content = {
            "status": "ok" if history.writable else "history can't be written",
            "version": __version__,
            "uptime": round(time.monotonic() - started, 1),
            "people": len(chat.room.members),
            **history.model_dump(mode="json"),
        }
        return JSONResponse(content, 200 if history.writable else 503, {"Cache-Control": "no-store"})

    @app.get("/history.{suffix}")
    async def history(suffix: str) -> Response:
        if suffix not in FORMATS:
            return Response("There is no such format.", 404, media_type="text/plain")
        if not member_id():
            return Response("Join the chat first.", 403, media_type="text/plain")
        form = FORMATS[suffix]
        name = f"{chat.room.name}-{datetime.now(UTC):%Y-%m-%d}.{suffix}"
        headers = {"Content-Disposition": f'attachment; filename="{name}"', "Cache-Control": "no-store"}
        messages = list(chat.room.conversation.history)  # the thread must not see it change
        return Response(await asyncio.to_thread(form.render, title, messages), 200, headers, form.media_type)

    @app.get("/audit.jsonl")
    async def audit() -> Response:
        try:
            content = await chat.desk.audit(member_id() or "")
        except ChatError:
            return Response("This is for admins.", 403, media_type="text/plain")
        headers = {"Content-Disposition": 'attachment; filename="audit.jsonl"', "Cache-Control": "no-store"}
        return Response(content, 200, headers, "application/jsonl")
