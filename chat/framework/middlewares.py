"""NiceGUI's middlewares in plain ASGI, and our session cookie in place of Starlette's.

Written for: NiceGUI 3.18.0, whose middlewares are based on Starlette's `BaseHTTPMiddleware`.
Saves: 0.2 ms of each request and 4 KB of each open page for each of them; a page load costs a quarter less.
Obsolete when: NiceGUI's middlewares are plain ASGI.
"""

from typing import Any

from nicegui.middlewares import RedirectWithPrefixMiddleware, SetCacheControlMiddleware
from nicegui.storage import RequestTrackingMiddleware
from starlette.middleware import Middleware
from starlette.middleware.sessions import SessionMiddleware
from starlette.requests import Request
from starlette.responses import Response
from starlette.types import Receive, Scope, Send

from chat.framework.session_cookie import SessionCookie
from chat.web.security.request_context import drop_request_context


def plain_asgi_middlewares(middlewares: list[Middleware]) -> list[Middleware]:
    replacements: dict[object, Any] = {
        SessionMiddleware: SessionCookie,
        RequestTrackingMiddleware: PlainRequestTracking,
        SetCacheControlMiddleware: None,  # files are served by `chat.web.files.static_files`
        RedirectWithPrefixMiddleware: None,  # the security layer removes the header with a proxy's prefix
    }
    replaced = [(replacements.get(item.cls, item.cls), item) for item in middlewares]
    return [Middleware(cls, *item.args, **item.kwargs) for cls, item in replaced if cls]


class PlainRequestTracking(RequestTrackingMiddleware):
    """Track requests as NiceGUI does, and drop unneeded values from the scope, which an open page keeps."""

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return

        async def call_app(request: Request) -> Response:
            await self.app(scope, receive, send)
            return Response()  # never sent: the app has sent its own

        await self.dispatch(Request(scope), call_app)
        drop_request_context(scope)
        for name in [name for name in scope if name.startswith("fastapi_")]:
            del scope[name]
