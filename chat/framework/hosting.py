"""NiceGUI's app, hosted by an ASGI app of ours through `ui.run_with`.

Written for: NiceGUI 3.18.0 (`core.sio`, `Storage.path`, `app.user_middleware`).
"""

from pathlib import Path

import socketio
from fastapi import FastAPI
from nicegui import app, core, ui
from nicegui.storage import Storage
from starlette.routing import Match
from starlette.types import ASGIApp, Receive, Scope, Send

from chat.framework.middlewares import plain_asgi_middlewares
from chat.framework.page_client import use_page_clients
from chat.framework.patches import apply_patches
from chat.framework.patches.session_files import CopySession
from chat.framework.session_cookie import MAX_AGE

TAB_STORAGE_AGE = 60  # seconds; this chat keeps nothing there


def host_nicegui(
    *,
    title: str,
    favicon: Path,
    reconnect_timeout: float,
    storage_secret: str,
    storage_dir: Path,
    copy_session: CopySession | None = None,
) -> ASGIApp:
    """Return an ASGI app that serves NiceGUI's. Its middlewares are fixed from then on, pages and routes are not.

    `copy_session` gets the name and the content of each session's file that is written.
    """
    apply_patches(copy_session)
    use_page_clients()
    Storage.path = storage_dir
    Storage.max_tab_storage_age = TAB_STORAGE_AGE
    parent = FastAPI(openapi_url=None)
    ui.run_with(
        parent,
        title=title,
        favicon=favicon,
        dark=None,
        language="en-US",
        show_welcome_message=False,
        tailwind=False,
        gzip_middleware_factory=None,
        binding_refresh_interval=None,
        reconnect_timeout=reconnect_timeout,
        storage_secret=storage_secret,
        session_middleware_kwargs={"max_age": MAX_AGE, "same_site": "lax"},
    )
    app.user_middleware[:] = plain_asgi_middlewares(app.user_middleware)
    return _with_direct_sockets(_with_direct_requests(parent))


def is_served(scope: Scope) -> bool:
    """Whether there is a route for a request."""
    return any(route.matches(scope)[0] is not Match.NONE for route in app.routes)


def _with_direct_sockets(others: ASGIApp) -> ASGIApp:
    """Connect WebSockets to Socket.IO directly: through the middlewares, each frame sent would pass them all."""
    core.sio.eio.transports = ["websocket"]
    core.sio.async_handlers = False  # a task for each event, though NiceGUI handles it at once or starts its own
    app.config.socket_io_js_transports = ["websocket"]
    direct: ASGIApp = socketio.ASGIApp(core.sio, others, socketio_path="/_nicegui_ws/socket.io")
    return direct


def _with_direct_requests(parent: FastAPI) -> ASGIApp:
    """Answer requests without the parent, which would only pass them on; it starts and stops NiceGUI's app.

    Starlette wants whole paths; everything before sees them without the root path.
    """

    async def call(scope: Scope, receive: Receive, send: Send) -> None:
        if root_path := scope.get("root_path"):
            scope = {**scope, "path": root_path + scope["path"]}
        await (parent if scope["type"] == "lifespan" else app)(scope, receive, send)

    return call
