"""The files of the page are read and compressed once."""

from dataclasses import dataclass, field

import aiohttp
import pytest
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.testclient import TestClient
from starlette.types import ASGIApp, Receive, Scope, Send

from chat.web import static_cache as files
from chat.web.static_cache import Files
from tests.support.server import Server

TEXT = "words " * 1000


@dataclass
class Disk:
    """An app that answers with its files, and notes what it was asked for."""

    asked: list[str] = field(default_factory=list)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        request = Request(scope)
        self.asked.append(request.url.path)
        status = 404 if "missing" in request.url.path else 206 if "range" in request.headers else 200
        response: Response = PlainTextResponse(TEXT, status)
        response.set_cookie("session", "of whoever asked first")
        await response(scope, receive, send)


@pytest.fixture
def disk() -> Disk:
    return Disk()


@pytest.fixture
def rate_limit_key(disk: Disk) -> TestClient:
    kept = Files()

    async def served(scope: Scope, receive: Receive, send: Send) -> None:
        await kept.serve(disk, scope, receive, send)

    served_app: ASGIApp = served
    return TestClient(served_app)


def test_a_file_is_read_once(rate_limit_key: TestClient, disk: Disk):
    assert [rate_limit_key.get("/a.css").text for _ in range(3)] == [TEXT] * 3
    assert disk.asked == ["/a.css"]


def test_each_gets_it_in_a_form_they_understand(rate_limit_key: TestClient, disk: Disk):
    for encoding in ["br", "gzip", "identity"] * 2:
        response = rate_limit_key.get("/a.css", headers={"Accept-Encoding": encoding})
        assert response.text == TEXT
        assert response.headers.get("content-encoding", "identity") == encoding
    assert len(disk.asked) == 3


def test_nobody_gets_the_cookie_of_another(rate_limit_key: TestClient):
    assert "set-cookie" in rate_limit_key.get("/a.css").headers
    assert "set-cookie" not in rate_limit_key.get("/a.css").headers


async def test_who_only_asks_about_a_file_is_told(server: Server):
    async with aiohttp.ClientSession() as http, http.head(f"{server.url}assets/chat.css") as response:
        assert response.status == 200
        assert int(response.headers["Content-Length"]) > 1000


@pytest.mark.parametrize("headers", [{"Range": "bytes=0-9"}, {"If-None-Match": '"x"'}], ids=["range", "condition"])
def test_who_asks_for_less_than_the_file_is_answered_each_time(rate_limit_key: TestClient, disk: Disk, headers: dict):
    for _ in range(2):
        rate_limit_key.get("/a.css", headers=headers)
    assert len(disk.asked) == 2
    assert rate_limit_key.get("/a.css").status_code == 200


def test_what_is_not_there_is_looked_for_again(rate_limit_key: TestClient, disk: Disk):
    assert [rate_limit_key.get("/missing").status_code for _ in range(2)] == [404, 404]
    assert len(disk.asked) == 2


def test_not_more_is_kept_than_there_is_room_for(
    rate_limit_key: TestClient, disk: Disk, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(files, "ROOM", len(TEXT) + 100)
    for number in range(3):
        for _ in range(2):
            rate_limit_key.get(f"/{number}.css", headers={"Accept-Encoding": "identity"})
    assert disk.asked == ["/0.css", "/1.css", "/1.css", "/2.css", "/2.css"]
