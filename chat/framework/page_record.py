"""The record with which an open page can be built again, kept by the page itself (see `rebuilding`).

Written for: NiceGUI 3.18.0 (`Client.id`, `build_response`, `Outbox.next_message_id`).
"""

from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from hashlib import sha256
from secrets import token_hex
from typing import Any

import orjson
from itsdangerous import BadSignature, Signer
from nicegui import Client
from nicegui.storage import Storage
from starlette.requests import Request
from starlette.responses import Response

from chat.framework.clients import delete_client
from chat.framework.elements import SPARE, RawElement

ID = "page-record"  # of the element
REBUILT = 204  # HTTP status
# In the scope of a page's request.
GIVEN, LIFE, NEWEST = "chat.page_record", "chat.page_life", "chat.newest_message"


class PageRecord(RawElement):
    """An element that holds the record, signed. Components keep in it what the browser shows and only they know.

    `former` is the record of the page before it was built again, until that is done. Each build gives the page another
    `life`, which shows a process that a page it still has went on in another one. `was_open` tells whether the page has
    been connected before.
    """

    def __init__(self, former: dict[str, Any] | None, **values: str) -> None:
        super().__init__("data", {"id": ID, "hidden": True})
        self.is_rebuilt = former is not None
        self.former = former or {}
        self.was_open = self.is_rebuilt and not self.former.get("is_new")
        self._values: dict[str, Any] = {**values, "life": token_hex(8)}

    def keep(self, **values: Any) -> None:
        """Keep values, which must be few and short: they are part of a URL."""
        if any(self._values.get(name) != value for name, value in values.items()):
            self._values |= values
            self.update()

    def agrees(self, **values: str) -> bool:
        """Keep values; return whether a page that is built again had the same."""
        self.keep(**values)
        return not self.is_rebuilt or all(self.former.get(name, "") == value for name, value in values.items())

    @contextmanager
    def numbering(self, part: str) -> Iterator[None]:
        """Number the elements that are built in this context: as before, if the page is being built again."""
        client, former = self.client, self.former.get("numbers", {})
        client.next_element_id = max(client.next_element_id, former.get(part, 0))
        self.keep(numbers={**self._values.get("numbers", {}), part: client.next_element_id})
        yield
        numbers = (number + 1 for number in client.elements if number < SPARE)
        client.next_element_id = max(client.next_element_id, *numbers)

    def build_in_order(self, **parts: Callable[[], object]) -> None:
        """Build parts that are numbered each, in the order in which they were built before."""
        numbers = self.former.get("numbers", {})
        for part in sorted(parts, key=lambda part: numbers.get(part, 0)):
            parts[part]()

    @property
    def newest_id(self) -> str:
        """The newest message that the browser had when it connected again; empty if it didn't say."""
        return str(self.client.request.scope.get(NEWEST, ""))

    @property
    def life(self) -> str:
        return str(self._values["life"])

    def sign(self, **more: Any) -> str:
        values = self._values | more
        content = orjson.dumps({name: value for name, value in values.items() if value})
        return _signer().sign(urlsafe_b64encode(content).rstrip(b"=")).decode()

    def _to_dict(self) -> dict[str, Any]:
        own = super()._to_dict()
        return {**own, "props": {**own["props"], "value": self.sign()}}


def open_record(client: Client) -> PageRecord:
    """Create the record of a page that is being built, as its first element, and give it the id of the one before."""
    scope = client.request.scope
    if given := scope.pop(GIVEN, None):
        take_over(client, given["client"], given.pop("next_message_id"))
    record = PageRecord(given, client=client.id, session=_digest(scope["session"]["id"]))
    scope[LIFE] = record.life
    return record


def take_over(client: Client, client_id: str, next_message_id: int) -> None:
    """Give a page that is being built its id, in place of one that was left behind here."""
    if left_behind := Client.instances.get(client_id):
        left_behind.tab_id = None  # or it would tell the page that all elements are gone, and keep its member here
        delete_client(left_behind)
    Client.instances[client_id] = Client.instances.pop(client.id)
    client.id = client_id
    client.outbox.next_message_id = next_message_id
    client.build_response = partial(_send_as_update, client)  # type: ignore[method-assign]


def read_record(signed: str, client_id: str, session_id: str | None) -> dict[str, Any] | None:
    """Return the record that a page of this session brings; None if it is not this page's, or not ours."""
    try:
        content = _signer().unsign(signed)
    except BadSignature:
        return None
    values: dict[str, Any] = orjson.loads(urlsafe_b64decode(content + b"=="))
    is_own = session_id is not None and values["session"] == _digest(session_id)
    return values if is_own and values["client"] == client_id else None


def _signer() -> Signer:
    return Signer(Storage.secret or "", salt="page record")


def _digest(session_id: str) -> str:
    """Return a digest to use in place of the id, which would end up in the logs of proxies."""
    return sha256(session_id.encode()).hexdigest()[:16]


def _send_as_update(client: Client, _request: Request, _status_code: int = 200) -> Response:
    """Answer with nothing: the browser has a page already, which gets all elements."""
    client._response_built = True
    for element in client.elements.values():
        element.update()
    return Response(status_code=REBUILT)
