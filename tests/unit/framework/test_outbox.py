"""The patch of NiceGUI's outbox."""

import asyncio
import inspect

import pytest
from nicegui import core, outbox

from chat.framework.patches.outbox import sleep_until_enqueued, write_at_once
from tests.support.scene_page import until
from tests.unit.framework.connection import connect
from tests.unit.framework.contract import source_hash


class Page:
    """What an outbox needs of its client."""

    id = "page"
    has_socket_connection = True

    def check_existence(self) -> None: ...


@pytest.fixture(params=[False, True], ids=["original", "patched"])
def is_patched(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> bool:
    monkeypatch.setattr(outbox, "asyncio", asyncio)
    if request.param:
        sleep_until_enqueued()
    return request.param


def test_loop_is_the_one_the_patch_was_written_for():
    assert source_hash(outbox.Outbox.loop) == "efb7d8934c32"
    for change in (outbox.Outbox.enqueue_update, outbox.Outbox.enqueue_delete, outbox.Outbox.enqueue_message):
        assert "self._set_enqueue_event()" in inspect.getsource(change)
    assert "await core.sio.emit(message_type, data, room=client_id)" in inspect.getsource(outbox.Outbox._emit)


async def test_messages_are_sent_and_the_loop_stops(is_patched: bool, monkeypatch: pytest.MonkeyPatch):
    client, sent = Page(), []

    async def emit(self: outbox.Outbox, message: outbox.Message) -> None:
        sent.append(message)

    monkeypatch.setattr(outbox.Outbox, "_emit", emit)
    monkeypatch.setattr(outbox.background_tasks, "create_or_defer", lambda loop, name: loop.close())
    box = outbox.Outbox(client)
    running = asyncio.create_task(box.loop())
    await asyncio.sleep(0)
    box.enqueue_message("open", {"path": "/"}, "page")
    await until(lambda: sent == [("page", "open", {"path": "/"})])
    box.stop()
    await asyncio.wait_for(running, 2)


async def test_patched_outbox_sets_no_timer(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(outbox, "asyncio", asyncio)
    sleep_until_enqueued()
    with pytest.raises(TimeoutError):
        await asyncio.wait_for(outbox.asyncio.wait_for(asyncio.Event().wait(), timeout=0.01), 0.1)


async def test_message_is_written_to_an_idle_socket_before_anything_else_happens(monkeypatch: pytest.MonkeyPatch):
    async with connect(monkeypatch) as connection:
        write_at_once()
        happened = asyncio.ensure_future(asyncio.sleep(0))
        await core.sio.emit("open", {"path": "/"}, room="room")
        assert connection.straight[-1] == '42["open",{"path":"/"}]'
        assert not happened.done()
