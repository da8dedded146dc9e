"""Fetches the documents that links lead to, only from the public web.

Members choose the link, and its server where it leads on: neither must make the chat ask its operator's own network.
So every address is checked twice, when its name is looked up, and when the socket is opened that connects to it.
"""

import asyncio
import socket
import ssl
from collections.abc import Mapping
from dataclasses import dataclass

from aiohttp import ClientError, ClientResponse, ClientSession, ClientTimeout, DummyCookieJar, TCPConnector
from aiohttp.connector import AddrInfoType
from yarl import URL

from chat.previews.addresses import LookUp, MayReach, PublicResolver, is_public, not_public

SECONDS = 10.0  # with all redirects
MAX_REDIRECTS = 4
PORTS = {80, 443}
MAX_HEADER = 32_768  # bytes; GitHub's policy for contents alone has more than the usual 8,190
HEADERS = {
    "User-Agent": "TCPChatNet (link previews)",
    "Accept-Encoding": "identity",  # a small response could unpack to a huge one
}


class Unfetchable(Exception):
    """The link leads to nothing usable, or out of the public web."""


@dataclass(frozen=True, slots=True)
class Document:
    """A document found at a URL; `charset` is the one that its server declares, if any."""

    url: URL
    type: str
    charset: str
    body: bytes


class Fetcher:
    """Makes each request on a connection of its own, without cookies, credentials or referrer."""

    def __init__(
        self,
        look_up: LookUp = socket.getaddrinfo,
        may_reach: MayReach = is_public,
        tls: ssl.SSLContext | None = None,
    ) -> None:
        self._resolver = PublicResolver(look_up, may_reach)
        self._may_reach = may_reach
        self._tls = tls

    async def fetch(self, url: str, limits: Mapping[str, int]) -> Document:
        """Return the document at a URL, cut after so many bytes; `limits` are by the beginnings of accepted types.

        Raises `Unfetchable`.
        """
        try:
            async with asyncio.timeout(SECONDS), self._session() as session:
                return await self._follow(session, URL(url), limits)
        except (ClientError, OSError, ValueError) as problem:  # timeouts are an OSError
            raise Unfetchable(f"{type(problem).__name__}: {problem}") from None

    async def close(self) -> None:
        await self._resolver.close()

    def _session(self) -> ClientSession:
        connector = TCPConnector(
            resolver=self._resolver,
            socket_factory=self._open_socket,
            use_dns_cache=False,
            force_close=True,
            ssl=self._tls or True,
        )
        return ClientSession(
            connector=connector,
            cookie_jar=DummyCookieJar(),
            headers=HEADERS,
            timeout=ClientTimeout(total=SECONDS),
            auto_decompress=False,
            max_line_size=MAX_HEADER,
            max_field_size=MAX_HEADER,
        )

    def _open_socket(self, info: AddrInfoType) -> socket.socket:
        family, kind, protocol, _, address = info
        if not self._may_reach(str(address[0])):  # a number as host isn't looked up
            raise not_public(str(address[0]))
        return socket.socket(family, kind, protocol)

    async def _follow(self, session: ClientSession, url: URL, limits: Mapping[str, int]) -> Document:
        for _ in range(1 + MAX_REDIRECTS):
            _check(url)
            async with session.get(url, allow_redirects=False) as response:
                if response.status not in {301, 302, 303, 307, 308}:
                    return await _read(response, limits)
                url = url.join(URL(response.headers.get("Location", "")))
        raise Unfetchable("too many redirects")


def _check(url: URL) -> None:
    if url.scheme not in {"http", "https"} or not url.host or url.port not in PORTS:
        raise Unfetchable("no URL of a web page")
    if url.user is not None or url.password is not None:
        raise Unfetchable("a URL with credentials")


async def _read(response: ClientResponse, limits: Mapping[str, int]) -> Document:
    kind = response.content_type
    limit = next((limit for beginning, limit in limits.items() if kind.startswith(beginning)), 0)
    if response.status != 200 or not limit:
        raise Unfetchable(f"status {response.status}, type {kind}")
    if response.headers.get("Content-Encoding", "identity").lower() != "identity":
        raise Unfetchable("compressed, which wasn't asked for")
    body = bytearray()
    async for chunk in response.content.iter_any():
        body += chunk
        if len(body) >= limit:
            break
    return Document(response.url, kind, response.charset or "", bytes(body[:limit]))
