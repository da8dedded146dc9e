"""A WebSocket only gets the page that was made for the session in its cookie; built again, if it is not here.

Written for: NiceGUI 3.18.0, which gives a page to any WebSocket that knows its `client_id`.
Saves: nothing. A `client_id` that leaked, say in a copy of the page's source, opens nothing.
Obsolete when: NiceGUI compares them itself.
"""

import inspect
from functools import wraps
from typing import Any
from urllib.parse import parse_qs

from nicegui import core
from nicegui.storage import Storage
from socketio.exceptions import ConnectionRefusedError as Refused
from starlette.types import Scope

from chat.framework.rebuilding import Busy, find_page
from chat.framework.session_cookie import session_id

RELOAD = "Implicit handshake failed"  # NiceGUI's message, at which the browser loads the page again
LATER = "Try again"  # the browser does, without loading the page again
NO_COOKIES = "Cookies needed"  # the browser says so: it would load the page again and again


def bind_pages_to_cookies() -> None:
    handlers = core.sio.handlers["/"]
    connect = inspect.unwrap(handlers["connect"])

    @wraps(connect)
    async def connect_owner(sid: str, environ: dict[str, Any], auth: Any = None) -> None:
        query = {name: values[0] for name, values in parse_qs(environ.get("QUERY_STRING", "")).items()}
        given = session_id(environ["asgi.scope"], Storage.secret or "")
        try:
            client = await find_page(query, environ["asgi.scope"], given)
        except Busy:
            raise Refused(LATER) from None
        if client is None:
            raise Refused(RELOAD)
        _check(client.request.scope, given)
        await connect(sid, environ, auth)

    handlers["connect"] = connect_owner


def _check(page: Scope, given: str | None) -> None:
    """Raise `Refused` unless the WebSocket brings the session for which the page was made."""
    if given and given == page["session"]["id"]:
        return
    sends_cookies = given or session_id(page, Storage.secret or "")
    raise Refused(RELOAD if sends_cookies else NO_COOKIES)
