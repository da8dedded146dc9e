"""The patch of the handler of a page's events."""

import inspect
from collections.abc import Iterator

import pytest
from nicegui import core
from nicegui.client import Client
from nicegui.page import page

from chat.framework.patches.stale_events import ignore_stale_events
from tests.unit.framework.contract import source_hash


@pytest.fixture
async def client() -> Iterator[Client]:
    client = Client(page(""))
    client.tab_id = "tab"
    yield client
    client.delete()


def stale(client: Client) -> dict[str, object]:
    return {"client_id": client.id, "id": client.content.id, "listener_id": "unknown", "args": []}


def handler() -> object:
    return core.sio.handlers["/"]["event"]


def test_handler_is_the_one_the_patch_was_written_for():
    assert source_hash(inspect.unwrap(handler())) == "ccc27fcc74c2"


async def test_stale_event_raises_key_error_without_the_patch(client: Client):
    with pytest.raises(KeyError):
        inspect.unwrap(handler())("sid", stale(client))


async def test_stale_event_is_ignored(client: Client):
    ignore_stale_events()
    ignore_stale_events()
    handler()("sid", stale(client))
    assert handler().__wrapped__ is inspect.unwrap(handler())


async def test_known_event_is_handled(client: Client):
    handled = []
    client.content.on("click", lambda: handled.append(True))
    (listener,) = client.content._event_listeners.values()
    ignore_stale_events()
    handler()("sid", stale(client) | {"listener_id": listener.id})
    assert handled == [True]
