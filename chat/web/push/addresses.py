"""Connections to hosts that strangers name: only into the public Internet, never into the operator's own network."""

import asyncio
from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from socket import SOCK_STREAM, getaddrinfo
from typing import Any

import httpcore2

from chat.previews.addresses import is_public

HTTPS = 443
LOOK_UPS = 64  # at once: one that is slow goes on after the push has failed

MayReach = Callable[[str, int], bool]
"""Tells whether an address may be connected to, at a port."""


def is_push_service(address: str, port: int) -> bool:
    """Tell whether an address is one of the public web, and the port that of HTTPS."""
    return port == HTTPS and is_public(address)


class PublicNetwork(httpcore2.AnyIOBackend):
    """Looks a host up once, and connects to that very address, if it is allowed: a second answer could be another."""

    def __init__(self, may_reach: MayReach = is_push_service) -> None:
        super().__init__()
        self._may_reach = may_reach
        self._threads = ThreadPoolExecutor(LOOK_UPS, "push-hosts")  # of its own: a host that is slow delays no disk

    async def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,  # noqa: ASYNC109 - httpcore calls it
        local_address: str | None = None,
        socket_options: Iterable[Any] | None = None,
    ) -> httpcore2.AsyncNetworkStream:
        loop = asyncio.get_running_loop()
        try:
            async with asyncio.timeout(timeout):
                addresses = await loop.run_in_executor(self._threads, _look_up, host, port)
        except (OSError, UnicodeError) as problem:
            raise httpcore2.ConnectError(str(problem)) from None
        if not addresses or not all(self._may_reach(address, port) for address in addresses):
            raise httpcore2.ConnectError("not an address of the public Internet")
        return await super().connect_tcp(addresses[0], port, timeout, local_address, socket_options)


def _look_up(host: str, port: int) -> list[str]:
    return [str(address[0]) for *_, address in getaddrinfo(host, port, type=SOCK_STREAM)]
