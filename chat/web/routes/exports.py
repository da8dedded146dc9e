"""The history and the audit log to download."""

import asyncio
from collections.abc import Callable
from datetime import UTC, datetime

from fastapi import FastAPI, Request
from fastapi.responses import Response

from chat.domain.commands.registry import N_
from chat.domain.errors import ChatError
from chat.domain.users import Member
from chat.i18n.translator import choose, translator
from chat.state.chat import Chat
from chat.text.export import FORMATS


def register(app: FastAPI, chat: Chat, title: str, current_member: Callable[[Request], Member | None]) -> None:
    """Serve `/history.txt`, `.md`, `.json` and `.csv` to members, and `/audit.jsonl` to admins."""

    @app.get("/history.{suffix}")
    async def history(request: Request, suffix: str) -> Response:
        if suffix not in FORMATS:
            return _refuse(request, 404, N_("Unknown format."))
        if not current_member(request):
            return _refuse(request, 403, N_("Join the chat first."))
        form = FORMATS[suffix]
        messages = list(chat.lobby.conversation.history)  # a copy: the history may change while the thread renders
        content = await asyncio.to_thread(form.render, title, messages)
        return _download(content, form.media_type, f"{chat.lobby.id}-{datetime.now(UTC):%Y-%m-%d}.{suffix}")

    @app.get("/audit.jsonl")
    async def audit(request: Request) -> Response:
        member = current_member(request)
        try:
            content = await chat.moderation.audit_log(member.id if member else "")
        except ChatError:
            return _refuse(request, 403, N_("This is for admins only."))
        return _download(content, "application/jsonl", "audit.jsonl")


def _download(content: str | bytes, media_type: str, name: str) -> Response:
    headers = {"Content-Disposition": f'attachment; filename="{name}"', "Cache-Control": "no-store"}
    return Response(content, 200, headers, media_type)


def _refuse(request: Request, status: int, text: str) -> Response:
    _ = translator(choose(request.headers.get("accept-language", "")))
    return Response(_(text), status, {"Content-Language": _.tag}, "text/plain")
