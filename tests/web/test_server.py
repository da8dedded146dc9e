"""The server lets computing threads hold it up little, and announces its shutdown before it closes connections."""

import asyncio
import signal
import sys
from functools import partial

import aiohttp
import pytest
import uvicorn
from starlette.types import Receive, Scope, Send

from chat.domain.errors import StartupError
from chat.web.security.connections.connection_limits import ConnectionLimits
from chat.web.server import NOTICE, SWITCH_INTERVAL, Server, check_port, local_url
from tests.support.server import free_port

LIMITS = ConnectionLimits(100, is_behind_proxy=False)


async def test_shutdown_is_announced_before_sockets_close():
    log: list[str] = []

    async def app(scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "lifespan":
            for _ in range(2):
                kind = (await receive())["type"]
                log.append(kind)
                await send({"type": f"{kind}.complete"})
            return
        await receive()
        await send({"type": "websocket.accept"})
        await announced.wait()
        await send({"type": "websocket.send", "text": "restarting"})
        await receive()

    def announce() -> None:
        log.append("announced")
        announced.set()

    announced, port = asyncio.Event(), free_port()
    server = Server(
        app, "127.0.0.1", port, limits=LIMITS, on_started=lambda: log.append("started"), announce_shutdown=announce
    )
    serving = asyncio.create_task(server._serve())
    while "started" not in log:  # noqa: ASYNC110
        await asyncio.sleep(0.01)
    assert sys.getswitchinterval() == SWITCH_INTERVAL
    async with aiohttp.ClientSession() as http, http.ws_connect(f"http://127.0.0.1:{port}/") as socket:
        began = asyncio.get_running_loop().time()
        server.should_exit = True
        assert await socket.receive_str(timeout=5) == "restarting"
        closed = await socket.receive(5)
        assert closed.type == aiohttp.WSMsgType.CLOSE
        assert asyncio.get_running_loop().time() - began >= NOTICE
    await serving
    assert log == ["lifespan.startup", "started", "announced", "lifespan.shutdown"]


def test_web_concurrency_is_ignored(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("WEB_CONCURRENCY", "2")
    assert uvicorn.Config("app").workers == 2
    server = Server(
        lambda: None, "127.0.0.1", 3000, limits=LIMITS, on_started=lambda: None, announce_shutdown=lambda: None
    )
    assert server.config.workers == 1


def test_taken_port_is_an_error():
    port = free_port()
    check_port("127.0.0.1", port)
    with pytest.raises(StartupError, match="PORT"):
        check_port("203.0.113.1", port)


@pytest.mark.parametrize(
    ("host", "url"),
    [
        ("0.0.0.0", "http://localhost:3000"),
        ("::", "http://localhost:3000"),
        ("::1", "http://[::1]:3000"),
        ("127.0.0.1", "http://127.0.0.1:3000"),
    ],
)
def test_local_url_can_be_opened_on_this_machine(host: str, url: str):
    assert local_url(host, 3000) == url


def test_ctrl_c_ends_the_program_even_if_the_event_loop_loses_it(request: pytest.FixtureRequest):
    async def app(scope: Scope, receive: Receive, send: Send) -> None:
        """Serve nothing."""

    server = Server(
        app,
        "127.0.0.1",
        free_port(),
        limits=LIMITS,
        on_started=partial(signal.raise_signal, signal.SIGINT),
        announce_shutdown=lambda: None,
    )
    before = signal.signal(signal.SIGINT, signal.SIG_IGN)  # uvicorn raises the signal again, and it gets lost
    request.addfinalizer(partial(signal.signal, signal.SIGINT, before))
    with pytest.raises(KeyboardInterrupt):
        server.run()
