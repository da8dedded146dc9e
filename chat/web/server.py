"""The uvicorn server, with the settings a chat needs."""

import asyncio
import signal
import socket
import sys
from collections.abc import Callable
from functools import partial
from types import FrameType

import uvicorn
from starlette.types import ASGIApp

from chat.domain.errors import StartupError
from chat.web.security.connections.connection_limits import ConnectionLimits
from chat.web.security.connections.frame_validation import FRAME_LIMIT
from chat.web.security.connections.http_protocol import BoundedHttpProtocol

BOTH_FAMILIES = "::"
SWITCH_INTERVAL = 0.0005  # seconds that the event loop waits for a computing thread, such as a search; 0.005 by default
NOTICE = 0.3  # seconds for pages to receive the announcement of a restart


class Server(uvicorn.Server):
    """Run `app`; announce a shutdown to open pages before their connections are closed."""

    def __init__(
        self,
        app: ASGIApp,
        host: str,
        port: int,
        *,
        limits: ConnectionLimits,
        on_started: Callable[[], None],
        announce_shutdown: Callable[[], None],
    ) -> None:
        super().__init__(
            uvicorn.Config(
                app,
                host=host,
                port=port,
                ws="wsproto",
                ws_per_message_deflate=False,  # costs 50 us per delivery and 170 KB per page
                ws_max_size=FRAME_LIMIT,
                ws_ping_interval=None,  # Socket.IO has its own pings
                http=partial(BoundedHttpProtocol, limits=limits),  # type: ignore[arg-type]  # a class or a function
                proxy_headers=False,
                server_header=False,
                workers=1,  # ignore WEB_CONCURRENCY
                timeout_graceful_shutdown=3,
                log_config=None,
                log_level="warning",
            )
        )
        self._on_started = on_started
        self._announce_shutdown = announce_shutdown
        self._is_interrupted = False

    def run(self, sockets: list[socket.socket] | None = None) -> None:
        """Serve until a signal ends it. Raises `KeyboardInterrupt` after Ctrl+C.

        Uvicorn raises it inside the event loop, where it can get lost: Engine.IO takes it for the end of a task.
        """
        super().run(sockets)
        if self._is_interrupted:
            raise KeyboardInterrupt

    def handle_exit(self, sig: int, frame: FrameType | None) -> None:
        self._is_interrupted = self._is_interrupted or sig == signal.SIGINT
        super().handle_exit(sig, frame)

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        sys.setswitchinterval(SWITCH_INTERVAL)
        if self.config.host == BOTH_FAMILIES:  # asyncio would listen to IPv6 only
            sockets = [_listening_socket(self.config.host, self.config.port)]
        await super().startup(sockets)
        self._on_started()

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        self._announce_shutdown()
        await asyncio.sleep(NOTICE)
        await super().shutdown(sockets)


def check_port(host: str, port: int) -> None:
    """Raise `StartupError` unless the port is free."""
    try:
        _listening_socket(host, port).close()
    except OSError as error:
        raise StartupError(f"PORT: can't listen on {host}:{port}: {error.strerror or error}") from None


def local_url(host: str, port: int) -> str:
    """Return the URL to open on this machine."""
    if host in {"0.0.0.0", BOTH_FAMILIES}:
        host = "localhost"
    elif ":" in host:
        host = f"[{host}]"
    return f"http://{host}:{port}"


def _listening_socket(host: str, port: int) -> socket.socket:
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    is_dual = host == BOTH_FAMILIES and socket.has_dualstack_ipv6()
    return socket.create_server((host, port), family=family, dualstack_ipv6=is_dual)
