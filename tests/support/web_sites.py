"""Web sites for previews: all on one server of this machine, and a name server that says where they are."""

import asyncio
import socket
import ssl
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager, suppress
from typing import Any

from aiohttp import web

from chat.previews.addresses import is_public
from chat.previews.fetcher import Fetcher

HERE = "127.0.0.1"
Answer = Callable[[web.Request], Awaitable[web.StreamResponse]]


class WebSites:
    """Answers by URL without its scheme, or by path at any host. `asked` has all requests.

    A name that isn't in `addresses` leads here. If it is, each look-up takes the next of its lists, and then the last.
    """

    def __init__(self) -> None:
        self.port = 0
        self.answers: dict[str, Answer] = {}
        self.asked: list[web.Request] = []
        self.addresses: dict[str, list[list[str]]] = {}
        self.refused: list[str] = []

    def page(self, url: str, html: str | bytes = "", kind: str = "text/html", **headers: str) -> None:
        """Put a page, or a picture, at a URL."""
        body = html.encode() if isinstance(html, str) else html

        async def answer(_request: web.Request) -> web.Response:
            named = {name.replace("_", "-"): value for name, value in headers.items()}
            return web.Response(body=body, headers={"Content-Type": kind, **named})

        self.answers[url] = answer

    def redirect(self, url: str, target: str, status: int = 302, **headers: str) -> None:
        async def answer(_request: web.Request) -> web.Response:
            named = {name.replace("_", "-"): value for name, value in headers.items()}
            return web.Response(status=status, headers={"Location": target, **named})

        self.answers[url] = answer

    def stream(self, url: str, part: bytes, pause: float = 0, kind: str = "text/html") -> None:
        """Send the same part again and again."""

        async def answer(request: web.Request) -> web.StreamResponse:
            response = web.StreamResponse(headers={"Content-Type": kind})
            await response.prepare(request)
            with suppress(ConnectionError):
                while True:
                    await response.write(part)
                    await asyncio.sleep(pause)
            return response

        self.answers[url] = answer

    def look_up(self, host: str, port: int, **_options: object) -> list[tuple[Any, ...]]:
        """Do what `socket.getaddrinfo` does, except for numbers, which are no names here."""
        known = self.addresses.get(host, [[HERE]])
        found = known.pop(0) if len(known) > 1 else known[0]
        return [
            (socket.AF_INET6 if ":" in address else socket.AF_INET, socket.SOCK_STREAM, 6, "", (address, self.port))
            for address in found
        ]

    def may_reach(self, address: str) -> bool:
        """Take this server for a public one, and no other address of the machine."""
        is_reached = address == HERE or is_public(address)
        if not is_reached:
            self.refused.append(address)
        return is_reached

    def fetcher(self, tls: ssl.SSLContext | None = None) -> Fetcher:
        return Fetcher(self.look_up, self.may_reach, tls)

    async def answer(self, request: web.Request) -> web.StreamResponse:
        self.asked.append(request)
        path = str(request.rel_url)
        found = self.answers.get(f"{request.host}{path}") or self.answers.get(path)
        return await found(request) if found else web.Response(status=404)


@asynccontextmanager
async def web_sites(tls: ssl.SSLContext | None = None, port: int = 0) -> AsyncIterator[WebSites]:
    sites = WebSites()
    application = web.Application()
    application.router.add_route("*", "/{path:.*}", sites.answer)
    runner = web.AppRunner(application, shutdown_timeout=0)
    await runner.setup()
    site = web.TCPSite(runner, HERE, port, ssl_context=tls)
    await site.start()
    sites.port = runner.addresses[0][1]
    try:
        yield sites
    finally:
        await runner.cleanup()
