"""The outermost ASGI layer."""

import inspect
from collections.abc import Callable, Mapping
from contextlib import AsyncExitStack
from functools import wraps
from typing import Any

import structlog
from fastapi import FastAPI, Request
from starlette.routing import Match
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from chat.web.security import responses as answers
from chat.web.security.client_address import is_same_host, rate_limit_key, resolve_client_address
from chat.web.security.frame_validation import FrameValidator, ProtocolViolation
from chat.web.security.headers import Headers, make_nonce
from chat.web.security.page_queue import PageBuildQueue
from chat.web.security.rate_limits import REMINDER, Limits
from chat.web.security.responses import PlainResponse
from chat.web.security.websocket import GuardedSocket, SlowClientMonitor
from chat.web.static_cache import Files

SOCKETS = "/_nicegui_ws/"
FILES = ("/_nicegui/", "/assets/")  # NiceGUI's have its version in their address, ours theirs
PAGES = {"/", "/moderation"}
TARGET_LIMIT = 2000
MISSING = 404

_log = structlog.get_logger("chat.edge")


class SecurityMiddleware:
    """Lets in what is meant for the app, and tells others in one line why not.

    `hops` proxies are trusted; `open_pages` tells how many pages a visitor has, and how many of these never had a
    socket; `forget` ends a page by its id; `sockets` are Engine.IO's, by id.
    """

    def __init__(
        self,
        hops: int,
        limits: Limits,
        open_pages: Callable[[str], tuple[int, int]],
        forget: Callable[[str], None],
        sockets: Mapping[str, Any],
    ) -> None:
        self._hops = hops
        self._limits = limits
        self._open_pages = open_pages
        self._forget = forget
        self._sockets = sockets
        self._files = Files()
        self._headers = Headers()
        self._turns = PageBuildQueue()
        self._watch = SlowClientMonitor()

    def around(self, app: ASGIApp) -> ASGIApp:
        """`app` with the edge around it."""

        async def guarded(scope: Scope, receive: Receive, send: Send) -> None:
            if scope["type"] == "lifespan":
                await app(scope, receive, send)
                return
            resolve_client_address(scope, self._hops)
            await (self._http if scope["type"] == "http" else self._socket)(app, scope, receive, send)

        return guarded

    async def _http(self, app: ASGIApp, scope: Scope, receive: Receive, send: Send) -> None:
        nonce = scope["edge.nonce"] = make_nonce()
        started = False

        async def send_with_headers(message: Message) -> None:
            nonlocal started
            if message["type"] == "http.response.start":
                started = True
                if message["status"] == MISSING and scope["path"].startswith(FILES):
                    self._limits.wait("missing", rate_limit_key(scope))
                self._headers.apply(message, nonce, tls=scope["scheme"] == "https")
            await send(message)

        try:
            if refusal := self._refusal(scope):
                await refusal.send(scope, send_with_headers)
            elif scope["path"].startswith(FILES):
                await self._files.serve(app, scope, receive, send_with_headers)
            elif scope["path"] in PAGES:
                await self._page(app, scope, receive, send_with_headers)
            else:
                await app(scope, receive, send_with_headers)
        except Exception:
            _log.exception("a request failed", path=scope["path"])
            if not started:
                await answers.FAILED.send(scope, send_with_headers)

    async def _page(self, app: ASGIApp, scope: Scope, receive: Receive, send: Send) -> None:
        async with AsyncExitStack() as turn:
            await turn.enter_async_context(self._turns.take(rate_limit_key(scope)))

            async def send_and_let_others(message: Message) -> None:
                await turn.aclose()  # it is built; whoever reads it slowly keeps nobody waiting
                await send(message)

            await app(scope, receive, send_and_let_others)

    def _refusal(self, scope: Scope) -> PlainResponse | None:
        path = scope["path"]
        if len(scope.get("raw_path") or b"") + len(scope["query_string"]) > TARGET_LIMIT:
            return answers.TOO_LONG
        if path.startswith(SOCKETS):
            return answers.FOR_SOCKETS
        who = rate_limit_key(scope)
        if path.startswith(FILES):
            # Only those that were not there count: a class that comes at once asks for thousands that are.
            wait = None if self._files.has(path) or self._limits.would_allow("missing", who) else REMINDER
        elif path in PAGES:
            wait = self._limits.wait_for_page(who, *self._open_pages(who))
        else:
            wait = self._limits.wait("requests", who)
        if wait:
            self._note("too many requests", who)
            return answers.too_many(wait)
        is_served = path in PAGES or path.startswith(FILES) or _is_known(scope)
        return None if is_served else answers.NOTHING_HERE

    async def _socket(self, app: ASGIApp, scope: Scope, receive: Receive, send: Send) -> None:
        who = rate_limit_key(scope)
        if not scope["path"].startswith(SOCKETS):
            await answers.NOTHING_HERE.send(scope, send)
        elif not is_same_host(scope):
            self._note("foreign origin", who)
            await answers.OTHER_PAGE.send(scope, send)
        elif wait := self._limits.wait_for_socket(who):
            self._note("too many sockets", who)
            await answers.too_many(wait).send(scope, send)
        else:
            try:
                reader = FrameValidator(scope["query_string"])
            except ProtocolViolation:
                self._note("unexpected query", who)
                await answers.UNEXPECTED.send(scope, send)
            else:
                await self._guard(app, scope, receive, send, reader)

    async def _guard(self, app: ASGIApp, scope: Scope, receive: Receive, send: Send, reader: FrameValidator) -> None:
        who = rate_limit_key(scope)

        def refused(reason: str) -> None:
            self._note(f"a socket was cut: {reason}", who)

        with self._limits.socket(who) as buckets:
            socket = GuardedSocket(receive, send, reader=reader, buckets=buckets, queues=self._sockets, refused=refused)
            self._watch.add(socket)
            try:
                await app(scope, socket.receive, socket.send)
            finally:
                self._watch.discard(socket)
                if socket.broke_rules:
                    self._forget(reader.client_id)

    def _note(self, reason: str, who: str) -> None:
        if self._limits.is_news(reason):
            _log.warning(reason, rate_limit_key=who)


def ignore_stale_events(handlers: dict[str, Callable[..., Any]]) -> None:
    """Let what a page says about things it doesn't have be ignored by NiceGUI, instead of being an error."""
    event = inspect.unwrap(handlers["event"])

    @wraps(event)
    def contained(sid: str, message: dict[str, Any]) -> None:
        try:
            event(sid, message)
        except KeyError:
            _log.debug("an event for nobody", sid=sid)

    handlers["event"] = contained


def register_error_handlers(app: FastAPI) -> None:
    """Let what is missing or fails be answered in a line, instead of by a page that NiceGUI builds for it."""

    @app.exception_handler(404)
    async def missing(request: Request, problem: Exception) -> PlainResponse:
        return answers.NOTHING_HERE

    @app.exception_handler(Exception)
    async def failed(request: Request, problem: Exception) -> PlainResponse:
        return answers.FAILED  # `SecurityMiddleware` logs it


def _is_known(scope: Scope) -> bool:
    return any(route.matches(scope)[0] is not Match.NONE for route in scope["app"].routes)
