"""Live regions: what is broadcast, and what Socket.IO must offer for it."""

from typing import Any

import pytest
from engineio.async_socket import AsyncSocket
from nicegui import Client, core
from nicegui.page import page

from chat.framework import live_region
from chat.framework.live_region import LiveRegion, LiveSlot


def node(html: str, *children: str) -> dict[str, Any]:
    return {"tag": "div", "props": {"innerHTML": html}, "children": list(children)}


@pytest.fixture
def frames(monkeypatch: pytest.MonkeyPatch) -> list[dict[str, Any]]:
    """What is broadcast."""
    broadcast: list[dict[str, Any]] = []

    def record(event: str, frame: dict[str, Any], room: str) -> None:
        assert (event, room) == ("update", "lobby:en")
        broadcast.append(frame)

    monkeypatch.setattr(live_region, "broadcast", record)
    return broadcast


def test_only_differences_are_broadcast(frames: list[dict[str, Any]]):
    region = LiveRegion("lobby:en")
    region.update({"log": {"a": node("1"), "b": node("2")}})
    region.update({"log": {"a": node("1"), "b": node("3")}})
    region.update({"log": {"b": node("3")}})
    region.update({"log": {"b": node("3")}})
    assert frames == [{"a": node("1"), "b": node("2")}, {"b": node("3")}, {"a": None}]


def test_kept_nodes_stay_with_the_pages(frames: list[dict[str, Any]]):
    region = LiveRegion("lobby:en", keeps=lambda name: name == "a")
    region.update({"log": {"a": node("1"), "b": node("2")}})
    region.update({"log": {}})
    assert frames[-1] == {"b": None}


def test_snapshot_removes_children_that_no_longer_exist(frames: list[dict[str, Any]]):
    region = LiveRegion("lobby:en")
    region.update({"log": {"log": node("", "gone")}})
    assert region.snapshot() == {"gone": None, "log": node("", "gone")}


def test_text_is_what_is_visible(frames: list[dict[str, Any]]):
    region = LiveRegion("lobby:en")
    region.update({"log": {"log": node("<b>one</b>", "a"), "a": node("two")}})
    assert region.text("log") == "one two"


async def test_page_receives_the_snapshot_and_then_its_own_nodes_if_it_has_any(monkeypatch: pytest.MonkeyPatch):
    client, socket = Client(page("")), AsyncSocket(core.sio.eio, "engine")
    monkeypatch.setitem(core.sio.eio.sockets, "engine", socket)
    region = LiveRegion("lobby:en")
    region._parts = {"log": {"log": node("hello")}}
    sid = await core.sio.manager.connect("engine", "/")
    await core.sio.enter_room(sid, client.id)
    await region.enter(client, lambda: {"own": node("mine")})
    region.update({"log": {"log": node("changed")}})
    frames = [region.snapshot() | {"log": node("hello")}, {"own": node("mine")}, {"log": node("changed")}]
    packets = [core.sio.packet_class(data=["update", frame]).encode() for frame in frames]
    assert [socket.queue.get_nowait().data for _ in frames] == packets
    assert [one for one, _ in core.sio.manager.get_participants("/", "lobby:en")] == [sid]
    region.remove(client)
    region.update({"log": {"log": node("not seen")}})
    assert socket.queue.empty()
    await region.enter(client, dict)
    assert socket.queue.get_nowait().data == core.sio.packet_class(data=["update", region.snapshot()]).encode()
    assert socket.queue.empty()
    await core.sio.manager.disconnect(sid, "/")
    client.delete()


async def test_slot_names_shared_nodes_as_its_first_children():
    region = LiveRegion("lobby:en")
    region._parts = {"log": {"log": node("hello")}}
    with Client(page("")) as client:
        with LiveSlot(region, "log") as slot:
            own = LiveSlot(region, "other")
        assert slot._to_dict()["children"] == ["log", own.id]
        assert slot._displayed_contents(only_visible=True) == ["hello"]
    client.delete()


async def test_socket_that_closes_meanwhile_gets_nothing(monkeypatch: pytest.MonkeyPatch):
    client, entered = Client(page("")), []
    sids = {engine_sid: await core.sio.manager.connect(engine_sid, "/") for engine_sid in ("first", "second")}
    for sid in sids.values():
        await core.sio.enter_room(sid, client.id)

    async def enter_room(sid: str, name: str) -> None:
        entered.append(sid)
        for other in {*sids.values()} - {sid}:
            await core.sio.manager.disconnect(other, "/")

    monkeypatch.setattr(core.sio, "enter_room", enter_room)
    await LiveRegion("lobby:en").enter(client, dict)
    assert len(entered) == 1
    await core.sio.manager.disconnect(entered[0], "/")
    client.delete()
