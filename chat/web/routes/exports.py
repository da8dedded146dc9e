"""The histories of rooms and the audit log to download."""

import asyncio
from collections import Counter
from collections.abc import AsyncGenerator, AsyncIterator, Iterator
from contextlib import aclosing, contextmanager, suppress
from datetime import UTC, datetime
from functools import partial
from typing import get_args
from urllib.parse import quote
from weakref import WeakValueDictionary

import structlog
from fastapi import FastAPI, Request
from fastapi.responses import RedirectResponse, Response, StreamingResponse
from starlette.types import ASGIApp, Receive, Scope, Send

from chat.domain.errors import ChatError, NotHere, RoomRefused
from chat.domain.messages.events import MessageEvent
from chat.domain.people.people import People
from chat.domain.rooms.directory.room_info import LOBBY, RoomInfo
from chat.domain.rooms.directory.slugs import slugify
from chat.domain.rooms.events import RoomDeleted
from chat.domain.text.translatable import N_
from chat.i18n.error_messages import ERRORS
from chat.state.chat import Chat
from chat.state.files.transcripts import TooManyTranscripts, Transcript, TranscriptClosed, Transcripts
from chat.text.export import FORMATS
from chat.web.authentication import CurrentMember
from chat.web.files.content_encoding import accepted_encodings
from chat.web.paths import find_room, path_of, room_path
from chat.web.security import responses
from chat.web.security.client_address import rate_limit_key
from chat.web.security.rate_limits import RETRY_AFTER

ARCHIVE, ZIP = "zip", "application/zip"
STRANGER = responses.PlainResponse(403, N_("Join the chat first."))
MAX_ASKED = 20  # downloads of one member, of which all but the first wait

log = structlog.get_logger()


def register(app: FastAPI, chat: Chat, title: str, current_member: CurrentMember) -> Transcripts:
    """Serve `/history.txt` (`.md`, `.json`, `.csv`; `.zip` has the files), also of other rooms, and `/audit.jsonl`."""
    transcripts = Transcripts()
    chat.subscribe(transcripts.forget, *get_args(MessageEvent), RoomDeleted)
    download = HistoryDownload(chat, title, transcripts, current_member)
    for path in ("", "/room/{slug}", "/direct/{room_id}"):
        app.add_route(f"{path}/history.{{suffix}}", download, ["GET"])  # type: ignore[arg-type]

    async def audit(request: Request) -> ASGIApp:
        member = current_member(request)
        try:
            content = await chat.moderation.audit_log(member.id if member else "")
        except ChatError:
            return responses.PlainResponse(403, N_("This is for admins only."))
        return Response(content, 200, _headers("audit.jsonl"), "application/jsonl")

    app.add_route("/audit.jsonl", audit, ["GET"])  # type: ignore[arg-type]
    return transcripts


class HistoryDownload:
    """An ASGI app that sends the history of a room to members who may see it, one download each at a time."""

    def __init__(self, chat: Chat, title: str, transcripts: Transcripts, current_member: CurrentMember) -> None:
        self._chat = chat
        self._title = title
        self._transcripts = transcripts
        self._current_member = current_member
        self._turns: WeakValueDictionary[str, asyncio.Lock] = WeakValueDictionary()
        self._asked: Counter[str] = Counter()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        request = Request(scope, receive)
        member = self._current_member(request)
        if request.path_params["suffix"] not in {*FORMATS, ARCHIVE}:
            await responses.PlainResponse(404, N_("Unknown format."))(scope, receive, send)
        elif not member:
            await STRANGER(scope, receive, send)
        elif self._asked[member.id] >= MAX_ASKED:
            await responses.too_many_requests(RETRY_AFTER)(scope, receive, send)
        else:
            turn = self._turns.setdefault(member.id, asyncio.Lock())
            with self._counted(member.id):
                async with turn:
                    with suppress(TranscriptClosed):  # the server ends the connection, so that it is no whole file
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
        suffix = request.path_params["suffix"]
        is_compressed = "gzip" in accepted_encodings(request.headers)
        try:
            member_id, info = self._authorize(request)
            if info.slug != request.path_params.get("slug", info.slug):
                return RedirectResponse(f"{request.scope['root_path']}/{room_path(info)}/history.{suffix}", 303)
            if suffix == ARCHIVE:
                return await self._archive(request, member_id, info)
            address = rate_limit_key(request.scope)
            transcript = await self._transcript(member_id, info, suffix, compressed=is_compressed, address=address)
            self._authorize(request)  # banned, kicked, signed out or removed meanwhile
        except NotHere:
            return STRANGER
        except RoomRefused as problem:
            return responses.PlainResponse(404, ERRORS[problem.key])
        except TooManyTranscripts:
            return responses.too_many_requests(RETRY_AFTER)
        except OSError as error:
            log.error("a download failed", reason=str(error))
            return responses.SERVER_ERROR
        headers = self._headers(info, suffix)
        headers |= {"Content-Length": str(transcript.size), "Vary": "Accept-Encoding"}
        if is_compressed:
            headers["Content-Encoding"] = "gzip"
        return StreamingResponse(transcript.chunks(), 200, headers, FORMATS[suffix].media_type)

    async def _archive(self, request: Request, member_id: str, info: RoomInfo) -> ASGIApp:
        async with self._chat.room_access.view(member_id, info.id) as room:
            chunks = self._transcripts.archive(room, self._title_of(info), partial(self._chat.files.find, room))
        return StreamingResponse(self._while_admitted(request, chunks), 200, self._headers(info, ARCHIVE), ZIP)

    async def _while_admitted(self, request: Request, chunks: AsyncGenerator[bytes]) -> AsyncIterator[bytes]:
        """Yield a download, which may take long, until the member may no longer see the room."""
        async with aclosing(chunks):
            async for chunk in chunks:
                try:
                    self._authorize(request)
                except (NotHere, RoomRefused):
                    raise TranscriptClosed from None
                yield chunk

    def _headers(self, info: RoomInfo, suffix: str) -> dict[str, str]:
        return _headers(f"{_file_name(info, self._chat.people)}-{datetime.now(UTC):%Y-%m-%d}.{suffix}")

    def _title_of(self, info: RoomInfo) -> str:
        name = "" if info.id == LOBBY else info.name or ", ".join(_names(info, self._chat.people))
        return f"{self._title} · {name}" if name else self._title

    def _authorize(self, request: Request) -> tuple[str, RoomInfo]:
        """Return the member's id and the requested room. Raises `NotHere` for strangers, `RoomRefused`."""
        member = self._current_member(request)
        if member is None:
            raise NotHere
        path = path_of(request.scope).rpartition("/")[0]
        return member.id, find_room(self._chat.directory, member.id, path.removeprefix("/"))

    async def _transcript(
        self, member_id: str, info: RoomInfo, suffix: str, *, compressed: bool, address: str
    ) -> Transcript:
        title = self._title_of(info)
        async with self._chat.room_access.view(member_id, info.id) as room:
            return await self._transcripts.get(room, title, suffix, compressed=compressed, address=address)


def _file_name(info: RoomInfo, people: People) -> str:
    return info.slug or slugify(" ".join(_names(info, people)))


def _names(info: RoomInfo, people: People) -> list[str]:
    """Return the names of the people of a direct room."""
    return sorted(name for member_id in info.members if (name := people.name_of(member_id)))


def _headers(name: str) -> dict[str, str]:
    """Return the headers of a file, whose name may have any letters (RFC 6266)."""
    disposition = f"attachment; filename*=UTF-8''{quote(name)}"
    if name.isascii():
        disposition = f'attachment; filename="{name}"'
    return {"Content-Disposition": disposition, "Cache-Control": "no-store"}
