"""The outermost ASGI layer."""

from collections.abc import Awaitable, Callable
from contextlib import AsyncExitStack

import structlog
from starlette.types import ASGIApp, Message, Receive, Scope, Send
from starlette_compress import CompressMiddleware

from chat.state.pipeline.signals import RequestRefused, Signal, SocketDropped
from chat.web.files.static_files import StaticFiles
from chat.web.paths import is_page, without_secret
from chat.web.security import responses
from chat.web.security.admission import MONITORED, ONCE, Admission, starts_sessions
from chat.web.security.client_address import header, rate_limit_key, remove_proxy_headers, resolve_client_address
from chat.web.security.connections.frame_validation import FrameValidator, ProtocolViolation
from chat.web.security.connections.slow_clients import SlowClientMonitor
from chat.web.security.connections.transport import Transport
from chat.web.security.connections.websocket import GuardedSocket
from chat.web.security.headers import SecurityHeaders, make_nonce
from chat.web.security.page_queue import PageBuildQueue
from chat.web.security.public_url import Site
from chat.web.security.rate_limits import RateLimits
from chat.web.security.request_context import ProblemPage, request_context

FAST = 1  # quality of Brotli: 1 KB more for each page than by default, for a quarter of the time

_log = structlog.get_logger("chat.security")


class SecurityMiddleware:
    """Serve `files`, admit requests meant for the app, and refuse others with one line.

    `hops` proxies are trusted. `is_served` tells whether the app has a route for a request. `forget` ends a page by its
    id. `problem_page` shows people what was refused. `transport` and `queued` reach below a WebSocket: see
    `GuardedSocket`. `signal` gets refusals. `recall_session` loads the session of a request or WebSocket; it returns
    False if that failed.
    """

    def __init__(
        self,
        app: ASGIApp,
        files: StaticFiles,
        *,
        hops: int,
        site: Site,
        limits: RateLimits,
        open_pages: Callable[[str], tuple[int, int]],
        is_served: Callable[[Scope], bool],
        forget: Callable[[str], None],
        transport: Callable[[Send], Transport | None],
        queued: Callable[[str], int],
        signal: Callable[[Signal], None],
        problem_page: ProblemPage | None = None,
        recall_session: Callable[[Scope], Awaitable[bool]] | None = None,
    ) -> None:
        self.app = app
        self._hops, self._has_warned = hops, False
        self._site = site
        self._limits = limits
        self._forget = forget
        self._transport, self._queued = transport, queued
        self._signal = signal
        self._problem_page = problem_page
        self._recall_session = recall_session
        self._files = files
        self._compressed_pages = CompressMiddleware(app, zstd=False, brotli_quality=FAST)
        self._headers = SecurityHeaders()
        self._page_builds = PageBuildQueue()
        self._slow_clients = SlowClientMonitor()
        self._admission = Admission(site, limits, open_pages, is_served, files.has)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "lifespan":
            await self.app(scope, receive, send)
            return
        if not self._hops and not self._has_warned and header(scope, b"x-forwarded-for"):
            self._has_warned = True
            _log.warning(
                "requests come through a proxy, but CHAT_TRUSTED_HOPS is 0: everyone counts as one IP address, so one "
                "stranger's wrong passwords lock out all; set it to the number of proxies, or ignore this without one"
            )
        resolve_client_address(scope, self._hops)
        self._site.resolve(scope, self._hops)
        remove_proxy_headers(scope)
        if scope["type"] == "http":
            await self._request(scope, receive, send)
        else:
            request_context(scope).pages = self._request
            await self._socket(scope, receive, send)

    async def _request(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["method"] == "HEAD" and not scope["path"].startswith(ONCE):
            # Routes only know GET; the server leaves the body out. A range is for GET alone (RFC 9110, section 14.2).
            headers = [(name, value) for name, value in scope["headers"] if name != b"range"]
            scope = {**scope, "method": "GET", "headers": headers}
        context = request_context(scope)
        nonce = context.nonce = make_nonce()
        context.problem_page = self._problem_page
        started = False

        async def send_with_headers(message: Message) -> None:
            nonlocal started
            if message["type"] == "http.response.start":
                started = True
                if not starts_sessions(scope):
                    message["headers"] = [item for item in message.get("headers", []) if item[0] != b"set-cookie"]
                self._headers.apply(message, nonce, tls=scope["scheme"] == "https", root_path=scope["root_path"])
            await send(message)

        try:
            answer = self._noted(self._admission.refuse_request(scope) or await self._app_for(scope))
            await answer(scope, receive, send_with_headers)
        except Exception:
            _log.exception("a request failed", path=without_secret(scope["path"]))
            if not started:
                await responses.SERVER_ERROR(scope, receive, send_with_headers)

    async def _app_for(self, scope: Scope) -> ASGIApp:
        if self._files.has(scope):
            return self._files
        if scope["path"] in MONITORED:  # monitors are answered without a session, even if none can be read
            scope["headers"] = [item for item in scope["headers"] if item[0] != b"cookie"]
        elif self._recall_session and not await self._recall_session(scope):
            return responses.UNAVAILABLE
        return self._page if is_page(scope["path"]) else self.app

    async def _page(self, scope: Scope, receive: Receive, send: Send) -> None:
        async with AsyncExitStack() as slot:
            await slot.enter_async_context(self._page_builds.slot(rate_limit_key(scope)))

            async def send_and_free_slot(message: Message) -> None:
                await slot.aclose()  # the page is built; a client that reads it slowly delays no other
                await send(message)

            await self._compressed_pages(scope, receive, send_and_free_slot)

    async def _socket(self, scope: Scope, receive: Receive, send: Send) -> None:
        if refusal := self._admission.refuse_socket(scope):
            await self._noted(refusal)(scope, receive, send)
            return
        try:
            validator = FrameValidator(scope["query_string"])
        except ProtocolViolation:
            self._admission.log("invalid query", scope)
            await responses.BAD_REQUEST(scope, receive, send)
        else:
            if self._recall_session:
                await self._recall_session(scope)
            await self._guarded_socket(scope, receive, send, validator)

    async def _guarded_socket(self, scope: Scope, receive: Receive, send: Send, validator: FrameValidator) -> None:
        with self._limits.socket(rate_limit_key(scope)) as buckets:
            socket = GuardedSocket(
                receive,
                send,
                transport=self._transport(send),
                validator=validator,
                buckets=buckets,
                queued=self._queued,
                on_dropped=lambda reason: self._note_dropped(reason, scope),
            )
            self._slow_clients.add(socket)
            try:
                await self.app(scope, socket.receive, socket.send)
            finally:
                self._slow_clients.discard(socket)
                if socket.violated_protocol:
                    self._forget(validator.client_id)

    def _noted(self, answer: ASGIApp) -> ASGIApp:
        if isinstance(answer, responses.PlainResponse):
            self._signal(RequestRefused(answer.status))
        return answer

    def _note_dropped(self, reason: str, scope: Scope) -> None:
        self._admission.log(f"a socket was dropped: {reason}", scope)
        self._signal(SocketDropped(reason))
