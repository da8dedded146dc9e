"""NiceGUI, spared work that this chat doesn't need: what was measured to cost a page or a server most."""

import asyncio
from collections.abc import Awaitable, Callable
from itertools import chain
from types import CodeType
from typing import Any

import nicegui.client
from fastapi import FastAPI
from nicegui import Client, core, helpers, json, outbox
from nicegui.middlewares import RedirectWithPrefixMiddleware, SetCacheControlMiddleware
from nicegui.nicegui import sio_app
from nicegui.storage import RequestTrackingMiddleware
from starlette.datastructures import MutableHeaders
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Mount
from starlette.types import ASGIApp, Message, Receive, Scope, Send

FILES = "/_nicegui/"  # with their version in their address
OK = 200
SPENT = ("edge.", "fastapi_")  # what nobody needs of a request that is answered


def apply_patches() -> None:
    """Spare NiceGUI work: outboxes sleep until there is something to send (instead of waking up each second), the
    parameters of a function are looked at once (instead of for each element, a sixth of a page's CPU), and a page is
    escaped by searching (instead of letter by letter, a twelfth).
    """
    outbox.asyncio = _Patience()  # type: ignore[assignment, attr-defined]
    nicegui.client.json = _QuicklyEscaped()  # type: ignore[assignment, attr-defined]
    helpers.expects_arguments = _remembering(helpers.expects_arguments)  # type: ignore[assignment]


def forget(client_id: str) -> None:
    """End a page without a socket that is not coming back now, not after the time in which people's pages do."""
    client = Client.instances.get(client_id)
    if client and not client.has_socket_connection:
        while client._delete_tasks:
            client._delete_tasks.popitem()[1].cancel()
        client.delete()


def forget_on_disconnect(client: Client) -> None:
    """Forget a page, which is on its way elsewhere, as soon as it is gone."""
    client.on_disconnect(lambda: asyncio.get_running_loop().call_soon(forget, client.id))


def plain_asgi_middlewares(middlewares: list[Middleware]) -> list[Middleware]:
    """The same stack in plain ASGI: each that is based on Starlette's `BaseHTTPMiddleware` takes 0.2 ms of a request,
    and 4 KB of its page for as long as that is open, as the page keeps its request.
    """
    lighter: dict[object, list[Middleware]] = {
        RequestTrackingMiddleware: [Middleware(Tracking)],
        SetCacheControlMiddleware: [Middleware(CachedFiles)],
        RedirectWithPrefixMiddleware: [],  # no prefix of a proxy gets past the edge
    }
    return list(chain.from_iterable(lighter.get(one.cls, [one]) for one in middlewares))


def straight(app: FastAPI, stack: ASGIApp) -> ASGIApp:
    """`stack`, but for sockets: none of it is for them, and each frame that is sent would come through it."""
    sockets = next(route for route in app.routes if isinstance(route, Mount) and route.app is sio_app)

    async def inner(scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "websocket":
            scope.update(sockets.matches(scope)[1])
            await sockets.handle(scope, receive, send)
        else:
            await stack(scope, receive, send)

    return inner


class Tracking(RequestTrackingMiddleware):
    """NiceGUI's, with what is inside called directly, and less kept of the request that an open page has."""

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """One request; sockets pass."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return

        async def answer(request: Request) -> Response:
            await self.app(scope, receive, send)
            return Response()  # nobody sends it: the answer is on its way

        await self.dispatch(Request(scope), answer)
        for name in [name for name in scope if name.startswith(SPENT)]:
            del scope[name]


class CachedFiles:
    """Lets browsers keep NiceGUI's own files."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """One request."""

        async def send_cached(message: Message) -> None:
            if message["type"] == "http.response.start" and message["status"] == OK:
                MutableHeaders(scope=message)["Cache-Control"] = core.app.config.cache_control_directives
            await send(message)

        is_file = scope["type"] == "http" and scope["path"].startswith(FILES)
        await self._app(scope, receive, send_cached if is_file else send)


def _remembering(look: Callable[[Callable[..., Any]], bool]) -> Callable[[Callable[..., Any]], bool]:
    known: dict[tuple[CodeType, bool, int], bool] = {}

    def expects_arguments(func: Callable[..., Any]) -> bool:
        code = getattr(func, "__code__", None)
        if code is None:
            return look(func)
        key = code, hasattr(func, "__self__"), len(getattr(func, "__defaults__", None) or ())
        if key not in known:
            known[key] = look(func)
        return known[key]

    return expects_arguments


class _Patience:
    """`asyncio`, but for the end of waiting: an outbox is woken when there is something to send, and when it stops."""

    def __getattr__(self, name: str) -> Any:
        return getattr(asyncio, name)

    @staticmethod
    async def wait_for(woken: Awaitable[bool], timeout: float) -> bool:  # noqa: ASYNC109
        return await woken


class _QuicklyEscaped:
    """NiceGUI's `json`, but for `dumps`, which gives a text that is translated quickly."""

    def __getattr__(self, name: str) -> Any:
        return getattr(json, name)

    @staticmethod
    def dumps(value: Any) -> "_Text":
        return _Text(json.dumps(value))


class _Text(str):
    __slots__ = ()

    def translate(self, table: Any) -> str:
        text = str(self)
        for letter, replacement in table.items():  # the ampersand, which is in the replacements, comes first
            text = text.replace(chr(letter), replacement)
        return text
