"""Addresses of the public web, which anyone can reach."""

import asyncio
import errno
import socket
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from ipaddress import ip_address, ip_network
from typing import Any

from aiohttp.abc import AbstractResolver, ResolveResult

MayReach = Callable[[str], bool]
LookUp = Callable[..., list[tuple[Any, ...]]]
"""`socket.getaddrinfo`, or what does the same."""

THREADS = 4  # of their own: a slow name server must not keep the disk waiting

# Global by name, or on paper, but leading to other addresses: translated and embedded ones, and shared networks.
_TRANSLATED = [
    ip_network(network)
    for network in (
        *("100.64.0.0/10", "192.88.99.0/24"),
        *("::/96", "::ffff:0:0/96", "::ffff:0:0:0/96", "64:ff9b::/96", "64:ff9b:1::/48", "2001::/32", "2002::/16"),
        *("fec0::/10", "3fff::/20", "5f00::/16"),
    )
]


def is_public(address: str) -> bool:
    """Tell whether an address is one of the public web."""
    try:
        found = ip_address(address)
    except ValueError:
        return False
    is_translated = any(found in network for network in _TRANSLATED)
    return found.is_global and not found.is_multicast and not found.is_reserved and not is_translated


def not_public(host: str) -> OSError:
    return OSError(errno.EACCES, f"{host} is not on the public web")


class PublicResolver(AbstractResolver):
    """Looks up names, and refuses one as soon as any of its addresses may not be reached."""

    def __init__(self, look_up: LookUp, may_reach: MayReach) -> None:
        self._look_up = look_up
        self._may_reach = may_reach
        self._threads = ThreadPoolExecutor(THREADS, "names")

    async def resolve(
        self, host: str, port: int = 0, family: socket.AddressFamily = socket.AF_UNSPEC
    ) -> list[ResolveResult]:
        """Raises `OSError`."""
        look_up = partial(self._look_up, host, port, family=family, type=socket.SOCK_STREAM)
        infos = await asyncio.get_running_loop().run_in_executor(self._threads, look_up)
        for *_, address in infos:
            if not self._may_reach(address[0]):
                raise not_public(host)
        return [_result(host, *info) for info in infos]

    async def close(self) -> None:
        self._threads.shutdown(wait=False, cancel_futures=True)


def _result(
    host: str, family: int, _kind: int, protocol: int, _name: str, address: tuple[str, int, *tuple[Any, ...]]
) -> ResolveResult:
    return {
        "hostname": host,
        "host": address[0],
        "port": address[1],
        "family": family,
        "proto": protocol,
        "flags": socket.AI_NUMERICHOST,
    }
