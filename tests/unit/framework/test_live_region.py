"""Live regions: what is broadcast, and what Socket.IO must offer for it."""

from typing import Any

import pytest
from nicegui import Client, background_tasks, core
from nicegui.page import page

from chat.framework.live_region import LiveRegion, LiveSlot


def node(html: str, *children: str) -> dict[str, Any]:
    return {"tag": "div", "props": {"innerHTML": html}, "children": list(children)}


@pytest.fixture
def frames(monkeypatch: pytest.MonkeyPatch) -> list[dict[str, Any]]:
    """What is broadcast."""
    broadcast: list[dict[str, Any]] = []

    def emit(event: str, frame: dict[str, Any], room: str) -> None:
        assert (event, room) == ("update", "lobby:en")
        broadcast.append(frame)

    monkeypatch.setattr(core.sio, "emit", emit)
    monkeypatch.setattr(background_tasks, "create", lambda result, name: None)
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


async def test_page_receives_the_snapshot_and_then_its_own_nodes(monkeypatch: pytest.MonkeyPatch):
    client, packets = Client(page("")), []

    async def send(engine_sid: str, packet: str) -> None:
        packets.append((engine_sid, packet))

    async def emit(event: str, frame: dict[str, Any], to: str) -> None:
        packets.append((event, frame))

    region = LiveRegion("lobby:en")
    region._parts = {"log": {"log": node("hello")}}
    sid = await core.sio.manager.connect("engine", "/")
    await core.sio.enter_room(sid, client.id)
    monkeypatch.setattr(core.sio.eio, "send", send)
    monkeypatch.setattr(core.sio, "emit", emit)
    await region.enter(client, lambda: {"own": node("mine")})
    plain = core.sio.packet_class(data=["update", region.snapshot()])
    assert packets == [("engine", plain.encode()), ("update", {"own": node("mine")})]
    assert [one for one, _ in core.sio.manager.get_participants("/", "lobby:en")] == [sid]
    core.sio.manager.basic_leave_room(sid, "/", "lobby:en")
    assert not list(core.sio.manager.get_participants("/", "lobby:en"))
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
    client, sent = Client(page("")), []
    sids = {engine_sid: await core.sio.manager.connect(engine_sid, "/") for engine_sid in ("first", "second")}
    for sid in sids.values():
        await core.sio.enter_room(sid, client.id)

    async def send(engine_sid: str, packet: str) -> None:
        sent.append(sids.pop(engine_sid))
        for other in sids.values():
            await core.sio.manager.disconnect(other, "/")

    async def emit(event: str, frame: dict[str, Any], to: str) -> None:
        sent.append(to)

    monkeypatch.setattr(core.sio.eio, "send", send)
    monkeypatch.setattr(core.sio, "emit", emit)
    await LiveRegion("lobby:en").enter(client, dict)
    assert sent[0] == sent[1]
    assert len(sent) == 2
    await core.sio.manager.disconnect(sent[0], "/")
    client.delete()
