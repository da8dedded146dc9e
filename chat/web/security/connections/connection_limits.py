"""How many connections may be open, so that file descriptors are left for files and for other addresses."""

import sys
import time
from collections import defaultdict
from contextlib import suppress
from typing import Protocol

import structlog

from chat.web.security.client_address import network

if sys.platform != "win32":
    import resource

MAX_FILES = 65_536
RESERVE = 128  # descriptors for files, among them the libraries'
SHARE = 4  # one address may have a quarter of all connections
LOG_INTERVAL = 60.0  # seconds

_log = structlog.get_logger("chat.security")


class Connection(Protocol):
    """An HTTP connection; `is_idle` unless a request is being answered."""

    @property
    def address(self) -> str: ...

    @property
    def is_idle(self) -> bool: ...

    def abort(self) -> None: ...


class ConnectionLimits:
    """Know the connections of each address until they end or become WebSockets, which have limits of their own.

    If there are too many, the address with the most makes room, if need be by a request of its own, so that a few
    addresses shut nobody out. Behind a proxy, all connections have its address: then only the total counts.
    """

    def __init__(self, total: int, *, is_behind_proxy: bool) -> None:
        self.total = total
        self.per_address = MAX_FILES if is_behind_proxy else max(1, total // SHARE)
        self._open: defaultdict[str, dict[Connection, None]] = defaultdict(dict)  # the oldest first
        self._logged_at = -LOG_INTERVAL

    @property
    def open(self) -> int:
        """The number of known connections."""
        return sum(map(len, self._open.values()))

    def admit(self, connection: Connection, total_open: int) -> bool:
        """Count a new connection, the last of `total_open`; tell whether it may stay."""
        key = network(connection.address)
        number = len(self._open.get(key, ())) + 1
        is_admitted = number <= self.per_address and (total_open <= self.total or self._make_room(number))
        self._open[key][connection] = None
        if not is_admitted and time.monotonic() - self._logged_at >= LOG_INTERVAL:
            self._logged_at = time.monotonic()
            _log.warning("too many connections", rate_limit_key=key, open=total_open)
        return is_admitted

    def release(self, connection: Connection) -> None:
        key = network(connection.address)
        self._open[key].pop(connection, None)
        if not self._open[key]:
            del self._open[key]

    def _make_room(self, number: int) -> bool:
        """End a connection of the address that has the most; tell whether there was one to end.

        That is its oldest idle one, or its oldest if all are busy and more than `number`, the newcomer's address's own.
        """
        largest = max(self._open.values(), key=len, default={})
        oldest = next((connection for connection in largest if connection.is_idle), None)
        if oldest is None and len(largest) > number:
            oldest = next(iter(largest))
        if oldest is None:
            return False
        self.release(oldest)
        oldest.abort()
        return True


def raise_file_limit() -> int:
    """Raise the soft limit of file descriptors as far as allowed; return how many are left for connections."""
    if sys.platform == "win32":
        return MAX_FILES
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    wanted = MAX_FILES if hard == resource.RLIM_INFINITY else min(hard, MAX_FILES)
    if soft != resource.RLIM_INFINITY and soft < wanted:
        with suppress(ValueError, OSError):  # macOS allows less than it says
            resource.setrlimit(resource.RLIMIT_NOFILE, (wanted, hard))
    soft, _ = resource.getrlimit(resource.RLIMIT_NOFILE)
    return max(1, (MAX_FILES if soft == resource.RLIM_INFINITY else soft) - RESERVE)
