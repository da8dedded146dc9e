"""How many connections may be open, so that file descriptors are left for files and for other addresses."""

import sys
import time
from collections import Counter
from contextlib import suppress

import structlog

from chat.web.security.client_address import network

if sys.platform != "win32":
    import resource

MAX_FILES = 65_536
RESERVE = 128  # descriptors for files, among them the libraries'
SHARE = 4  # one address may have a quarter of all connections
LOG_INTERVAL = 60.0  # seconds

_log = structlog.get_logger("chat.security")


class ConnectionLimits:
    """Count the connections of each address until they end or become WebSockets, which have limits of their own.

    Behind a proxy, all connections have its address: then only the total counts.
    """

    def __init__(self, total: int, *, is_behind_proxy: bool) -> None:
        self.total = total
        self.per_address = total if is_behind_proxy else max(1, total // SHARE)
        self._open: Counter[str] = Counter()
        self._logged_at = -LOG_INTERVAL

    @property
    def open(self) -> int:
        """The number of counted connections."""
        return self._open.total()

    def admit(self, address: str, total_open: int) -> bool:
        """Count a new connection, the last of `total_open`; tell whether it may stay."""
        key = network(address)
        self._open[key] += 1
        is_admitted = total_open <= self.total and self._open[key] <= self.per_address
        if not is_admitted and time.monotonic() - self._logged_at >= LOG_INTERVAL:
            self._logged_at = time.monotonic()
            _log.warning("too many connections", rate_limit_key=key, open=total_open)
        return is_admitted

    def release(self, address: str) -> None:
        key = network(address)
        self._open[key] -= 1
        if self._open[key] <= 0:
            del self._open[key]


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
