"""What the edge itself answers: a line of text in the language of whoever asks."""

from dataclasses import dataclass

from starlette.types import Receive, Scope, Send

from chat.domain.commands.registry import N_
from chat.i18n.translator import choose, translator
from chat.web.security.client_address import header


@dataclass(frozen=True, slots=True)
class PlainResponse:
    """A status with a text, and the seconds after which to ask again."""

    status: int
    text: str
    wait: int | None = None

    async def __call__(self, scope: Scope, _receive: Receive, send: Send) -> None:
        """The same, where Starlette wants a response."""
        await self.send(scope, send)

    async def send(self, scope: Scope, send: Send) -> None:
        """Answer a request, or a socket that is not to be opened."""
        kind = "http" if scope["type"] == "http" else "websocket.http"
        _ = translator(choose(header(scope, b"accept-language")))
        text = _(self.text, time=_.duration(self.wait)) if self.wait else _(self.text)
        headers = [
            (b"content-type", b"text/plain; charset=utf-8"),
            (b"cache-control", b"no-store"),
            (b"content-language", _.tag.encode()),
        ]
        if self.wait:
            headers.append((b"retry-after", str(self.wait).encode()))
        await send({"type": f"{kind}.response.start", "status": self.status, "headers": headers})
        await send({"type": f"{kind}.response.body", "body": f"{text}\n".encode()})


NOTHING_HERE = PlainResponse(404, N_("There is nothing here."))
TOO_LONG = PlainResponse(414, N_("This address is too long."))
FOR_SOCKETS = PlainResponse(426, N_("This address is for the page itself."))
OTHER_PAGE = PlainResponse(403, N_("Another page may not do this."))
UNEXPECTED = PlainResponse(400, N_("This could not be understood."))
FAILED = PlainResponse(500, N_("Something went wrong here."))


def too_many(wait: int) -> PlainResponse:
    """To ask again after `wait` seconds."""
    return PlainResponse(429, N_("That was much at once. Please try again in %(time)s."), wait)
