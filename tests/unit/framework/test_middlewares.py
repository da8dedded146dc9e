"""Plain ASGI middlewares in place of NiceGUI's."""

import httpx
import pytest
from fastapi import Request
from nicegui import core
from nicegui.middlewares import RedirectWithPrefixMiddleware, SetCacheControlMiddleware
from nicegui.storage import RequestTrackingMiddleware, request_contextvar
from nicegui.testing import User
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.middleware.gzip import GZipMiddleware
from starlette.middleware.sessions import SessionMiddleware
from starlette.responses import PlainTextResponse
from starlette.routing import Route

from chat.framework.middlewares import PlainRequestTracking, plain_asgi_middlewares
from chat.framework.session_cookie import SessionCookie
from chat.web.security.request_context import request_context
from tests.unit.framework.contract import source_hash

ORIGINAL = [
    Middleware(SessionMiddleware, secret_key="secret"),
    Middleware(RequestTrackingMiddleware),
    Middleware(SetCacheControlMiddleware),
    Middleware(RedirectWithPrefixMiddleware),
]


def test_middlewares_are_the_ones_the_replacements_were_written_for():
    assert source_hash(RequestTrackingMiddleware) == "c3b9e40e3027"
    assert source_hash(SetCacheControlMiddleware) == "da37a070f4d5"
    assert source_hash(RedirectWithPrefixMiddleware) == "f71b1b441fd3"


def test_middlewares_are_replaced_with_their_options():
    replaced = plain_asgi_middlewares([*ORIGINAL, Middleware(GZipMiddleware, minimum_size=7)])
    assert [item.cls for item in replaced] == [SessionCookie, PlainRequestTracking, GZipMiddleware]
    assert (replaced[0].kwargs, replaced[2].kwargs) == ({"secret_key": "secret"}, {"minimum_size": 7})


def test_app_has_no_other_middlewares(user: User):
    assert [item.cls.__name__ for item in core.app.user_middleware] == ["SessionCookie", "PlainRequestTracking"]


@pytest.mark.parametrize("middlewares", [ORIGINAL, plain_asgi_middlewares(ORIGINAL)], ids=["original", "plain"])
async def test_requests_are_tracked(user: User, middlewares: list[Middleware]):
    active = core.app.storage._active_request_sessions
    seen = []

    async def answer(request: Request) -> PlainTextResponse:
        assert request_contextvar.get().session["id"] == request.session["id"]
        assert active[request.session["id"]] == 1
        assert request.session["id"] in core.app.storage._users
        seen.append(request)
        return PlainTextResponse("hello")

    app = Starlette(routes=[Route("/{path:path}", answer)], middleware=middlewares)
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://test") as client:
        page = await client.get("/")
        assert "httponly" in page.headers["set-cookie"]
        assert "cache-control" not in page.headers
    assert all(request.state.responded for request in seen)
    assert not active


async def test_open_page_keeps_little_of_its_scope(user: User):
    scopes = []

    async def answer(request: Request) -> PlainTextResponse:
        request_context(request.scope).nonce = "nonce"
        request.scope["fastapi_inner_astack"] = object()
        scopes.append(request.scope)
        return PlainTextResponse("hello")

    app = Starlette(routes=[Route("/", answer)], middleware=plain_asgi_middlewares(ORIGINAL))
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://test") as client:
        await client.get("/")
    assert not [name for name in scopes[0] if name.startswith(("fastapi_", "chat."))]
