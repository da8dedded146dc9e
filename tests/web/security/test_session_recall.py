"""Requests whose session is kept elsewhere."""

import httpx
import pytest
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import PlainTextResponse
from starlette.routing import Route
from starlette.types import Message, Receive, Scope, Send

from chat.framework.session_cookie import cookie_name
from chat.framework.session_recall import SessionRecall
from tests.unit.framework.test_session_cookie import SECRET, visiting
from tests.web.security.secured import secured
from tests.web.security.sockets import QUERY


async def answer(request: Request) -> PlainTextResponse:
    return PlainTextResponse("with a cookie" if request.cookies else "without")


async def _nothing(*_: object) -> Message:
    return {"type": "websocket.disconnect"}


class Elsewhere:
    """Where sessions are kept, if it `answers`."""

    def __init__(self) -> None:
        self.answers = True
        self.asked: list[str] = []

    async def fetch(self, name: str) -> bool:
        self.asked.append(name)
        return self.answers

    def client(self, **cookies: str) -> httpx.AsyncClient:
        paths = "/", "/healthz", "/readyz", "/metrics", "/history.txt"
        app = secured(
            Starlette(routes=[Route(path, answer) for path in paths]), recall_session=SessionRecall(self.fetch, SECRET)
        )
        return httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://test", cookies=cookies)


@pytest.fixture
async def anns_cookie() -> str:
    async with visiting() as ann:
        await ann.get("/?new=ann")
        return ann.cookies[cookie_name(SECRET)]


@pytest.mark.parametrize("path", ["/", "/history.txt"])
async def test_session_is_fetched_before_a_request_is_answered(anns_cookie: str, path: str):
    elsewhere = Elsewhere()
    async with elsewhere.client(**{cookie_name(SECRET): anns_cookie}) as ann:
        assert (await ann.get(path)).text == "with a cookie"
    assert elsewhere.asked == ["storage-user-ann"]


async def test_session_is_fetched_before_a_socket_is_accepted(anns_cookie: str):
    elsewhere, accepted = Elsewhere(), []

    async def accept(_scope: Scope, _receive: Receive, _send: Send) -> None:
        accepted.append([*elsewhere.asked])

    app = secured(accept, recall_session=SessionRecall(elsewhere.fetch, SECRET))
    headers = [(b"host", b"test"), (b"origin", b"http://test")]
    headers.append((b"cookie", f"{cookie_name(SECRET)}={anns_cookie}".encode()))
    path = "/_nicegui_ws/socket.io/"
    socket = {"type": "websocket", "scheme": "ws", "path": path, "query_string": QUERY, "headers": headers}
    await app({**socket, "client": ("192.0.2.1", 1), "root_path": ""}, _nothing, _nothing)
    assert accepted == [["storage-user-ann"]]


@pytest.mark.parametrize("value", [None, "", "forged", "YWJj.x.y"])
async def test_nothing_is_fetched_for_strangers(value: str | None):
    elsewhere = Elsewhere()
    async with elsewhere.client(**({} if value is None else {cookie_name(SECRET): value})) as stranger:
        assert (await stranger.get("/")).status_code == 200
    assert elsewhere.asked == []


async def test_session_that_cannot_be_had_is_waited_for_by_the_page(anns_cookie: str):
    elsewhere = Elsewhere()
    elsewhere.answers = False
    async with elsewhere.client(**{cookie_name(SECRET): anns_cookie}) as ann, elsewhere.client() as stranger:
        refused = await ann.get("/", headers={"Accept-Language": "de"})
        assert (refused.status_code, refused.headers["refresh"], refused.headers["retry-after"]) == (503, "3", "3")
        assert refused.text == "Der Chat ist gerade nicht erreichbar. Diese Seite versucht es gleich noch einmal.\n"
        assert (await stranger.get("/")).status_code == 200
        elsewhere.answers = True
        assert (await ann.get("/")).status_code == 200


@pytest.mark.parametrize("path", ["/healthz", "/readyz", "/metrics"])
async def test_monitors_need_no_session(anns_cookie: str, path: str):
    elsewhere = Elsewhere()
    elsewhere.answers = False
    async with elsewhere.client(**{cookie_name(SECRET): anns_cookie}) as ann:
        assert (await ann.get(path)).text == "without"
    assert elsewhere.asked == []
