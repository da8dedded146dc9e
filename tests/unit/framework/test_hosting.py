"""How NiceGUI's app is hosted."""

import httpx
from nicegui import app, core
from nicegui.nicegui import sio_app
from nicegui.testing import User
from starlette.routing import Mount

from chat.framework.hosting import is_served


def test_sockets_are_mounted_where_they_are_routed_to(user: User):
    (mount,) = [route for route in app.routes if isinstance(route, Mount) and route.app is sio_app]
    assert mount.path + sio_app.engineio_path == "/_nicegui_ws/socket.io/"
    assert core.sio.eio.transports == ["websocket"]


async def test_configuration_is_complete(user: User):
    config = core.app.config
    assert (config.title, config.language, config.dark, config.tailwind) == ("TCPChatNet", "en-US", None, False)
    assert (config.reconnect_timeout, config.binding_refresh_interval, config.prod_js) == (15, None, True)
    assert config.socket_io_js_transports == ["websocket"]


async def test_only_routes_are_served(user: User):
    def scope(path: str) -> dict[str, object]:
        return {"type": "http", "method": "GET", "path": path, "headers": []}

    assert is_served(scope("/healthz"))
    assert not is_served(scope("/nowhere"))


async def test_pages_are_in_the_language_of_their_request(user: User):
    transport = httpx.ASGITransport(core.app)
    async with httpx.AsyncClient(transport=transport, base_url="http://test") as client:
        page = await client.get("/", headers={"Accept-Language": "ar"})
    assert '<html lang="ar" dir="rtl">' in page.text
    assert "splash" in page.text
