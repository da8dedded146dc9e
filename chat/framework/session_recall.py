"""Copies sessions from the engine to the folder, where NiceGUI reads them, before their first request is answered.

Written for: NiceGUI 3.18.0 (`storage.USER_PREFIX`, the names of session files).
"""

from collections.abc import Awaitable, Callable

from nicegui.storage import USER_PREFIX
from starlette.types import Scope

from chat.framework.session_cookie import session_id

FetchSession = Callable[[str], Awaitable[bool]]


class SessionRecall:
    """`fetch` brings the file of a session by its name; it returns False if it can't find out whether there is one."""

    def __init__(self, fetch: FetchSession, secret: str) -> None:
        self._fetch = fetch
        self._secret = secret

    async def __call__(self, scope: Scope) -> bool:
        """Bring the session of a request, if it has one. Return False if that failed."""
        found = session_id(scope, self._secret)
        return found is None or await self._fetch(f"storage-{USER_PREFIX}{found}")
