"""Static files are read and compressed once."""

from dataclasses import dataclass, field

import aiohttp
import pytest
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.testclient import TestClient
from starlette.types import Receive, Scope, Send

from chat.web import static_cache
from chat.web.static_cache import StaticCache
from tests.support.server import Server

TEXT = "words " * 1000


@dataclass
class Disk:
    """An app that serves files and records their paths."""

    paths: list[str] = field(default_factory=list)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        request = Request(scope)
        self.paths.append(request.url.path)
        status = 404 if "missing" in request.url.path else 206 if "range" in request.headers else 200
        response: Response = PlainTextResponse(TEXT, status)
        response.set_cookie("session", "of the first client")
        await response(scope, receive, send)


@pytest.fixture
def disk() -> Disk:
    return Disk()


@pytest.fixture
def client(disk: Disk) -> TestClient:
    return TestClient(StaticCache(disk))


def test_file_is_read_once(client: TestClient, disk: Disk):
    assert [client.get("/a.css").text for _ in range(3)] == [TEXT] * 3
    assert disk.paths == ["/a.css"]


def test_file_is_sent_in_an_accepted_encoding(client: TestClient, disk: Disk):
    for encoding in ["br", "gzip", "identity"] * 2:
        response = client.get("/a.css", headers={"Accept-Encoding": encoding})
        assert response.text == TEXT
        assert response.headers.get("content-encoding", "identity") == encoding
    assert len(disk.paths) == 3


def test_cookies_are_not_cached(client: TestClient):
    assert "set-cookie" in client.get("/a.css").headers
    assert "set-cookie" not in client.get("/a.css").headers


async def test_head_request_is_served(server: Server):
    async with aiohttp.ClientSession() as http, http.head(f"{server.url}assets/chat.css") as response:
        assert response.status == 200
        assert int(response.headers["Content-Length"]) > 1000


@pytest.mark.parametrize("headers", [{"Range": "bytes=0-9"}, {"If-None-Match": '"x"'}], ids=["range", "condition"])
def test_partial_and_conditional_requests_are_not_cached(client: TestClient, disk: Disk, headers: dict):
    for _ in range(2):
        client.get("/a.css", headers=headers)
    assert len(disk.paths) == 2
    assert client.get("/a.css").status_code == 200


def test_missing_file_is_not_cached(client: TestClient, disk: Disk):
    assert [client.get("/missing").status_code for _ in range(2)] == [404, 404]
    assert len(disk.paths) == 2


def test_cache_size_is_limited(client: TestClient, disk: Disk, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(static_cache, "CAPACITY", len(TEXT) + 100)
    for number in range(3):
        for _ in range(2):
            client.get(f"/{number}.css", headers={"Accept-Encoding": "identity"})
    assert disk.paths == ["/0.css", "/1.css", "/1.css", "/2.css", "/2.css"]
