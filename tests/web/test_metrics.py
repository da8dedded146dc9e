"""`/metrics` of a running server."""

import re
from unittest.mock import Mock

import aiohttp
import pytest
from fastapi import FastAPI
from starlette.routing import Match

from chat.web.routes.metrics import register
from tests.support.raw_page import RawPage
from tests.support.scrape import BEARER, TOKEN, values
from tests.support.server import Server
from tests.web.security.sockets import socket, violate_protocol

WRONG: list[dict[str, str]] = [
    {},
    {"Authorization": TOKEN},
    {"Authorization": f"Basic {TOKEN}"},
    {"Authorization": "Bearer "},
    {"Authorization": f"Bearer {TOKEN[:-1]}"},
    {"Authorization": f"Bearer {TOKEN}s"},
    {"Authorization": "Bearer zwölf"},
]

Answer = tuple[int, dict[str, str], str]


async def ask(http: aiohttp.ClientSession, url: str, method: str = "GET", **headers: str) -> Answer:
    """Return an answer without what differs each time."""
    async with http.request(method, url, headers=headers) as response:
        kept = {name: re.sub(r"'nonce-[^']+'", "", value) for name, value in response.headers.items()}
        return response.status, kept | {"date": "", "Date": ""}, await response.text()


async def test_without_the_token_nothing_is_there(make_server, http: aiohttp.ClientSession):
    with_metrics, without = make_server(CHAT_METRICS_TOKEN=TOKEN), make_server()
    for method in "GET", "POST", "DELETE":
        nothing = await ask(http, f"{without.url}metrics", method)
        assert nothing[0] == 404
        assert nothing == await ask(http, f"{with_metrics.url}nowhere", method)
        for headers in WRONG:
            assert await ask(http, f"{with_metrics.url}metrics", method, **headers) == nothing
    assert await ask(http, f"{without.url}metrics", **BEARER) == await ask(http, f"{without.url}nowhere")
    assert TOKEN not in with_metrics.output


async def test_requests_refused_and_sockets_dropped_are_counted(make_server, http: aiohttp.ClientSession):
    server: Server = make_server(CHAT_METRICS_TOKEN=TOKEN)
    async with socket(http, server) as (bad, _):
        await violate_protocol(bad)
    for path in "nowhere", "assets/nowhere.css":
        assert (await ask(http, f"{server.url}{path}"))[0] == 404
    with pytest.raises(aiohttp.WSServerHandshakeError):
        async with socket(http, server, Origin="https://evil.example"):
            pass
    async with RawPage(server.url, "Ann") as ann:
        await ann.open()
        await ann.post("ann000001", "Hello")
        status, headers, exposition = await ask(http, f"{server.url}metrics", **BEARER)
        await ann.close()
    assert (status, headers["Cache-Control"]) == (200, "no-store")
    found = values(exposition)
    assert (found["requests_refused_total{status=404}"], found["requests_refused_total{status=403}"]) == (2, 1)
    assert found["sockets_dropped_total{reason=frame}"] == 1
    assert (found["people"], found["messages_total"], found["delivery_seconds_count"]) == (1, 1, 1)
    assert found["process_resident_memory_bytes"] > 10_000_000


def test_token_may_have_any_letters():
    app = FastAPI()
    register(app, Mock(), "zwölf schöne Töne")
    request = {"type": "http", "method": "GET", "path": "/metrics", "root_path": ""}
    for token, match in ("zwölf schöne Töne", Match.FULL), ("zwölf schöne Tone", Match.NONE):
        found, _ = app.router.routes[-1].matches(
            {**request, "headers": [(b"authorization", f"Bearer {token}".encode())]}
        )
        assert found is match
