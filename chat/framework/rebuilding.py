"""Pages that outlive the process which built them.

A WebSocket may ask for a page that is not here: the process was restarted, or a balancer leads to another one. The page
is then loaded again on the server alone, as its browser would, but under its own id, and sent as one update. Elements
and listeners have the same ids as before, so the browser only changes what differs.

Written for: NiceGUI 3.18.0 (`Client.id`, `build_response`, `Outbox`), whose browser reloads such a page.
Saves: a reload of every page at each restart, with its scroll position, selection, focus and open dialogs.
Obsolete when: NiceGUI moves pages between processes.
"""

from typing import Any

from nicegui import Client
from starlette.types import Message, Scope

from chat.framework.page_record import GIVEN, LIFE, NEWEST, REBUILT, read_record
from chat.web.security.page_request import load_page

LATER = {429, 503}  # HTTP statuses


class Busy(Exception):
    """A page can't be built again now, but later."""


async def find_page(query: dict[str, str], socket: Scope, session_id: str | None) -> Client | None:
    """Return the page that a WebSocket asks for, built again if necessary; None if that isn't possible.

    `session_id` is that of the WebSocket's cookie. Raises `Busy`.
    """
    client_id = query.get("client_id", "")
    client = Client.instances.get(client_id)
    record = read_record(query.get("page", ""), client_id, session_id)
    newest_id = query.get("newest", "")
    if record is None or (client and _is_current(client, record, query)):
        if client:
            client.request.scope[NEWEST] = newest_id
        return client
    known = {"next_message_id": _next_message_id(query), "newest_id": newest_id}
    status = await _load_again({**record, **known}, socket)
    if status in LATER:
        raise Busy
    return Client.instances.get(client_id) if status == REBUILT else None


def _is_current(client: Client, record: dict[str, Any], query: dict[str, str]) -> bool:
    """Whether a page is as its browser knows it, or can be sent what it missed. It may have gone on elsewhere."""
    wanted, outbox = _next_message_id(query), client.outbox
    can_catch_up = wanted == outbox.next_message_id or any(number == wanted for number, *_ in outbox.message_history)
    return client.request.scope.get(LIFE) == record["life"] and can_catch_up


def _next_message_id(query: dict[str, str]) -> int:
    """Return the number of the update that the browser expects next, which NiceGUI calls a message."""
    return int(query.get("next_message_id", 0))


async def _load_again(record: dict[str, Any], socket: Scope) -> int:
    """Load the page as a request of its browser would; return the HTTP status."""
    statuses: list[int] = []

    async def send(message: Message) -> None:
        if message["type"] == "http.response.start":
            statuses.append(message["status"])

    await load_page({**socket, GIVEN: record}, record["path"], send)
    return statuses[0]
