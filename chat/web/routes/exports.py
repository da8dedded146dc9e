"""The history and the audit log to download."""

import asyncio
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import get_args
from weakref import WeakValueDictionary

import structlog
from fastapi import FastAPI, Request
from fastapi.responses import Response, StreamingResponse
from starlette.types import ASGIApp, Receive, Scope, Send

from chat.domain.commands.registry import N_
from chat.domain.errors import ChatError
from chat.domain.messages.events import MessageEvent
from chat.domain.users import Member
from chat.i18n.translator import choose, translator
from chat.state.chat import Chat
from chat.state.transcripts import TooManyTranscripts, Transcripts
from chat.text.export import FORMATS
from chat.web.content_encoding import accepted_encodings
from chat.web.security import responses
from chat.web.security.rate_limits import RETRY_AFTER

MAX_ASKED = 20  # downloads of one member, of which all but the first wait

CurrentMember = Callable[[Request], Member | None]

log = structlog.get_logger()


def register(app: FastAPI, chat: Chat, title: str, current_member: CurrentMember) -> Transcripts:
    """Serve `/history.txt`, `.md`, `.json` and `.csv` to members, and `/audit.jsonl` to admins."""
    transcripts = Transcripts(title, chat.lobby.conversation.history)
    chat.subscribe(transcripts.forget, *get_args(MessageEvent))
    app.add_route("/history.{suffix}", HistoryDownload(chat, transcripts, current_member), ["GET"])  # type: ignore[arg-type]

    @app.get("/audit.jsonl")
    async def audit(request: Request) -> Response:
        member = current_member(request)
        try:
            content = await chat.moderation.audit_log(member.id if member else "")
        except ChatError:
            return _refuse(request, 403, N_("This is for admins only."))
        return Response(content, 200, _headers("audit.jsonl"), "application/jsonl")

    return transcripts


class HistoryDownload:
    """An ASGI app that sends the history to members, to each of them once at a time."""

    def __init__(self, chat: Chat, transcripts: Transcripts, current_member: CurrentMember) -> None:
        self._chat = chat
        self._transcripts = transcripts
        self._current_member = current_member
        self._turns: WeakValueDictionary[str, asyncio.Lock] = WeakValueDictionary()
        self._asked: Counter[str] = Counter()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        request = Request(scope, receive)
        member = self._current_member(request)
        if request.path_params["suffix"] not in FORMATS:
            await _refuse(request, 404, N_("Unknown format."))(scope, receive, send)
        elif not member:
            await self._refuse_stranger(request)(scope, receive, send)
        elif self._asked[member.id] >= MAX_ASKED:
            await responses.too_many_requests(RETRY_AFTER)(scope, receive, send)
        else:
            turn = self._turns.setdefault(member.id, asyncio.Lock())
            with self._counted(member.id):
                async with turn:
                    await (await self._download(request))(scope, receive, send)

    @contextmanager
    def _counted(self, member_id: str) -> Iterator[None]:
        self._asked[member_id] += 1
        try:
            yield
        finally:
            self._asked[member_id] -= 1
            if not self._asked[member_id]:
                del self._asked[member_id]

    async def _download(self, request: Request) -> ASGIApp:
        suffix, encodings = request.path_params["suffix"], accepted_encodings(request.headers)
        is_compressed = "gzip" in encodings
        try:
            transcript = await self._transcripts.get(suffix, compressed=is_compressed)
        except TooManyTranscripts:
            return responses.too_many_requests(RETRY_AFTER)
        except OSError as error:
            log.error("a download failed", reason=str(error))
            return responses.SERVER_ERROR
        if not self._current_member(request):  # banned, kicked or signed out meanwhile
            return self._refuse_stranger(request)
        headers = _headers(f"{self._chat.lobby.id}-{datetime.now(UTC):%Y-%m-%d}.{suffix}")
        headers |= {"Content-Length": str(transcript.size), "Vary": "Accept-Encoding"}
        if is_compressed:
            headers["Content-Encoding"] = "gzip"
        return StreamingResponse(transcript.chunks(), 200, headers, FORMATS[suffix].media_type)

    def _refuse_stranger(self, request: Request) -> Response:
        return _refuse(request, 403, N_("Join the chat first."))


def _headers(name: str) -> dict[str, str]:
    return {"Content-Disposition": f'attachment; filename="{name}"', "Cache-Control": "no-store"}


def _refuse(request: Request, status: int, text: str) -> Response:
    _ = translator(choose(request.headers.get("accept-language", "")))
    return Response(_(text), status, {"Content-Language": _.tag}, "text/plain")
