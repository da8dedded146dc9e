"""Refusals and failures: a page for people in a browser, one line of text for programs; in the client's language."""

from dataclasses import dataclass

from starlette.types import Receive, Scope, Send

from chat.domain.text.translatable import N_
from chat.i18n.translator import choose, translator
from chat.web.security.client_address import header
from chat.web.security.request_context import request_context


@dataclass(frozen=True, slots=True)
class PlainResponse:
    """An ASGI response: a status, a text that may name a `url`, and the seconds after which to retry.

    It also refuses WebSockets. `allow` lists the methods that a URL has instead.
    """

    status: int
    text: str
    retry_after: int | None = None
    url: str = ""
    allow: str = ""

    async def __call__(self, scope: Scope, _receive: Receive, send: Send) -> None:
        kind = "http" if scope["type"] == "http" else "websocket.http"
        page = request_context(scope).problem_page if _is_for_person(scope) else None
        tr = translator(choose(header(scope, b"accept-language"), page.chosen_language(scope) if page else None))
        time = tr.duration(self.retry_after) if self.retry_after else ""
        text = tr(self.text, time=time, url=self.url)
        body = page.render(scope, tr, text) if page else f"{text}\n"
        headers = [
            (b"content-type", f"text/{'html' if page else 'plain'}; charset=utf-8".encode()),
            (b"cache-control", b"no-store"),
            (b"content-language", tr.tag.encode()),
        ]
        if self.allow:
            headers.append((b"allow", self.allow.encode()))
        if self.retry_after:
            # Refresh lets a page that came at a bad moment try again by itself.
            headers += [(name, str(self.retry_after).encode()) for name in (b"retry-after", b"refresh")]
        await send({"type": f"{kind}.response.start", "status": self.status, "headers": headers})
        await send({"type": f"{kind}.response.body", "body": body.encode()})


NOT_FOUND = PlainResponse(404, N_("Page not found."))
URI_TOO_LONG = PlainResponse(414, N_("This URL is too long."))
UPGRADE_REQUIRED = PlainResponse(426, N_("Only the chat page can use this URL."))
FOREIGN_ORIGIN = PlainResponse(403, N_("Requests from other sites aren't allowed."))
BAD_REQUEST = PlainResponse(400, N_("Bad request."))
SERVER_ERROR = PlainResponse(500, N_("Something went wrong."))
UNAVAILABLE = PlainResponse(503, N_("The chat can't be reached right now. This page will try again."), 3)


def not_allowed(methods: str) -> PlainResponse:
    """Return a response to a request with another method than the `methods` of its URL."""
    return PlainResponse(405, NOT_FOUND.text, allow=methods)


def misdirected(url: str) -> PlainResponse:
    """Return a response to a request for another host than that of the chat's URL."""
    text = N_("This chat is at %(url)s. A proxy in front of it must pass on the Host header.")
    return PlainResponse(421, text, url=url)


def too_many_requests(retry_after: int) -> PlainResponse:
    """Return a 429 response; `retry_after` in seconds."""
    return PlainResponse(429, N_("Too many requests. Try again in %(time)s."), retry_after)


def _is_for_person(scope: Scope) -> bool:
    """Whether a browser asks for a page, at the chat's own URL."""
    is_page = scope["type"] == "http" and scope["method"] == "GET" and "text/html" in header(scope, b"accept")
    return is_page and bool(request_context(scope).hosts)
