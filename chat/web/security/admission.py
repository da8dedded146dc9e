"""Admits requests: checks rate limits, open pages, and whether there is anything to serve."""

from collections.abc import Callable

import structlog
from starlette.responses import RedirectResponse
from starlette.types import ASGIApp, Scope

from chat.web.paths import PAGES, is_page
from chat.web.security import responses
from chat.web.security.client_address import header, rate_limit_key
from chat.web.security.public_url import Site, is_same_host, public_url
from chat.web.security.rate_limits import RateLimits
from chat.web.security.request_context import request_context

SOCKETS = "/_nicegui_ws/"
SOCKET_PATH = f"{SOCKETS}socket.io/"
FILES = ("/_nicegui/", "/assets/")
SIGN_IN = ("/enter/", "/invite/", "/reset/", "/sso", "/language/")
ONCE = ("/enter/", "/sso")  # paths whose effect can't be repeated
MONITORED = {"/healthz", "/readyz", "/metrics"}  # monitors ask by address
TARGET_LIMIT = 2000  # bytes of path and query

_log = structlog.get_logger("chat.security")


class Admission:
    """Refuse requests and WebSockets that exceed a limit or that no page of this chat makes.

    `open_pages` returns how many pages an address has open, and how many of these never had a WebSocket.
    """

    def __init__(
        self,
        site: Site,
        limits: RateLimits,
        open_pages: Callable[[str], tuple[int, int]],
        is_served: Callable[[Scope], bool],
        is_file: Callable[[Scope], bool],
    ) -> None:
        self._site = site
        self._limits = limits
        self._open_pages = open_pages
        self._is_served = is_served
        self._is_file = is_file

    def refuse_request(self, scope: Scope) -> ASGIApp | None:
        path = scope["path"]
        if path not in MONITORED and (refusal := self._refuse_host(scope)):
            return refusal
        if len(scope.get("raw_path") or b"") + len(scope["query_string"]) > TARGET_LIMIT:
            return responses.URI_TOO_LONG
        if not path:
            return RedirectResponse(f"{scope['root_path']}/", 308)
        if request_context(scope).is_outside_root and starts_sessions(scope):
            query = scope["query_string"].decode("latin-1")
            return RedirectResponse(f"{scope['root_path']}{path}{query and f'?{query}'}", 307)
        if path.startswith(SOCKETS):
            if header(scope, b"sec-websocket-key"):
                self.log("a WebSocket was refused: a proxy must pass on the headers Upgrade and Connection", scope)
            return responses.UPGRADE_REQUIRED
        if self._is_file(scope):
            return None  # in memory; a class that arrives at once asks for thousands
        if retry_after := self._count(path, rate_limit_key(scope)):
            self.log("too many requests", scope)
            return responses.too_many_requests(retry_after)
        is_served = path in PAGES or (not path.startswith(FILES) and self._is_served(scope))
        return None if is_served else responses.NOT_FOUND

    def refuse_socket(self, scope: Scope) -> ASGIApp | None:
        if refusal := self._refuse_host(scope):
            return refusal
        if scope["path"] != SOCKET_PATH:
            return responses.NOT_FOUND
        if not is_same_host(scope):
            origin = header(scope, b"origin")
            self.log(
                "a WebSocket of another host was refused: a proxy must pass on the Host header", scope, origin=origin
            )
            return responses.FOREIGN_ORIGIN
        if retry_after := self._limits.hit_socket(rate_limit_key(scope)):
            self.log("too many sockets", scope)
            return responses.too_many_requests(retry_after)
        return None

    def log(self, reason: str, scope: Scope, **details: str) -> None:
        """Log a refusal, at most once a minute for each reason."""
        if self._limits.should_log(reason):
            _log.warning(reason, rate_limit_key=rate_limit_key(scope), **details)

    def _refuse_host(self, scope: Scope) -> ASGIApp | None:
        if request_context(scope).hosts:
            return None
        if not self._site.url:
            return responses.BAD_REQUEST
        self.log("a request for another host was refused: a proxy must pass on the Host header", scope)
        return responses.misdirected(public_url(scope))

    def _count(self, path: str, key: str) -> int | None:
        if is_page(path):
            return self._limits.hit_page(key, *self._open_pages(key))
        return self._limits.hit("missing" if path.startswith(FILES) else "requests", key)


def starts_sessions(scope: Scope) -> bool:
    """Tell whether a request may set the session cookie.

    Browsers also send some without the cookie, after which a new one would sign people out: for `/favicon.ico` above
    the root path, and the forms of other sites.
    """
    path = scope["path"]
    return scope["method"] in {"GET", "HEAD"} and (is_page(path) or path.startswith(SIGN_IN))
