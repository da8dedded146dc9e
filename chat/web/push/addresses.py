"""Connections to hosts that strangers name: only into the public Internet, never into the operator's own network."""

import asyncio
from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from ipaddress import IPv4Address, IPv6Address, ip_address, ip_network
from socket import SOCK_STREAM, getaddrinfo
from typing import Any

import httpcore2

IPAddress = IPv4Address | IPv6Address
HTTPS = 443
LOOK_UPS = 16  # at once
INWARD = tuple(map(ip_network, ("::/96", "64:ff9b::/96", "64:ff9b:1::/48", "2002::/16", "fec0::/10", "192.88.99.0/24")))
"""Networks whose addresses lead to others, or that were once local, though Python takes them for global."""


def is_public(address: IPAddress, port: int) -> bool:
    """Tell whether an address is in the public Internet, and the port that of HTTPS."""
    inner = getattr(address, "ipv4_mapped", None) or address
    is_inward = inner.is_multicast or any(inner in network for network in INWARD if network.version == inner.version)
    return port == HTTPS and inner.is_global and not is_inward


class PublicNetwork(httpcore2.AnyIOBackend):
    """Looks a host up once, and connects to that very address, if it is allowed: a second answer could be another."""

    def __init__(self, is_allowed: Callable[[IPAddress, int], bool] = is_public) -> None:
        super().__init__()
        self._is_allowed = is_allowed
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
        if not addresses or not all(self._is_allowed(address, port) for address in addresses):
            raise httpcore2.ConnectError("not an address of the public Internet")
        return await super().connect_tcp(str(addresses[0]), port, timeout, local_address, socket_options)


def _look_up(host: str, port: int) -> list[IPAddress]:
    found = getaddrinfo(host, port, type=SOCK_STREAM)
    return [ip_address(str(address[0]).partition("%")[0]) for *_, address in found]
