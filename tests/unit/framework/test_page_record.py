"""The record of a page: signed, for one session, and the numbers of the elements."""

from collections.abc import Iterator

import pytest
from fastapi import Request
from nicegui import Client, ui
from nicegui.outbox import Outbox
from nicegui.page import page
from nicegui.storage import Storage
from nicegui.testing import User

from chat.framework.elements import SPARE, HtmlElement, spare_numbers
from chat.framework.page_record import GIVEN, PageRecord, open_record, read_record
from tests.support.scene_page import until
from tests.unit.framework.contract import source_hash

ANN, BOB = "session-of-ann", "session-of-bob"


@pytest.fixture(autouse=True)
def secret(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setattr(Storage, "secret", "a secret of Ann's chat")
    yield
    for client in list(Client.instances.values()):
        client.delete()


def build(former: dict | None = None, session_id: str = ANN) -> tuple[Client, PageRecord]:
    """Build a page, again if there is a former record."""
    scope = {"type": "http", "path": "/", "headers": [], "session": {"id": session_id}}
    given = {GIVEN: {**former, "next_message_id": 5}} if former else {}
    with Client(page(""), request=Request({**scope, **given})) as client:
        return client, open_record(client)


def record_of(client: Client, record: PageRecord, session_id: str = ANN) -> dict | None:
    return read_record(record.sign(), client.id, session_id)


async def test_record_is_read_for_its_page_and_session_only(monkeypatch: pytest.MonkeyPatch):
    client, record = build()
    record.keep(path="/room/tea", unread=["read", None])
    found = record_of(client, record)
    assert found and found["path"] == "/room/tea"
    assert ANN not in str(found)
    for wrong in (
        read_record(record.sign(), "another-page", ANN),
        read_record(record.sign(), client.id, BOB),
        read_record(record.sign(), client.id, None),
        read_record(f"x{record.sign()}", client.id, ANN),
        read_record("", client.id, ANN),
        read_record("é", client.id, ANN),
    ):
        assert wrong is None
    signed = record.sign()
    monkeypatch.setattr(Storage, "secret", "a secret of Bob's chat")
    assert read_record(signed, client.id, ANN) is None


async def test_page_that_is_built_again_takes_the_place_of_the_one_before():
    client, record = build()
    former = record_of(client, record)
    again, rebuilt = build(former)
    assert Client.instances == {client.id: again}
    assert again.id == client.id and client.is_deleted
    assert again.outbox.next_message_id == 5
    assert rebuilt.life != record.life


async def test_page_that_is_built_again_is_sent_as_an_update_and_may_change_its_title(user: User):
    client, record = build()
    again, rebuilt = build(record_of(client, record))
    assert again.build_response(again.request).status_code == 204
    assert rebuilt in again.outbox.updates.values()
    with again:
        ui.page_title("(1) Lobby")
    await until(lambda: [kind for _, kind, _ in again.outbox.messages] == ["run_javascript"])


async def test_page_is_only_built_again_as_what_it_was():
    client, record = build()
    assert record.agrees(loaded="one", member="ann")
    former = record_of(client, record)
    for loaded, member, agrees in (("one", "ann", True), ("two", "ann", False), ("one", "", False)):
        assert build(former)[1].agrees(loaded=loaded, member=member) is agrees


async def test_parts_have_the_same_numbers_when_the_page_is_built_again():
    client, record = build()
    with client:
        HtmlElement("p")
        for _ in range(2):  # a part that was replaced
            with record.numbering("part"):
                part = HtmlElement("div")
        with spare_numbers(client):
            spare = HtmlElement("ul")
        later = HtmlElement("p")
    assert spare.id == SPARE
    assert later.id == part.id + 1
    again, rebuilt = build(record_of(client, record))
    with again:
        with spare_numbers(again):
            HtmlElement("ul")
        HtmlElement("p")
        with rebuilt.numbering("part"):
            part_again = HtmlElement("div")
    assert part_again.id == part.id


async def test_listeners_have_the_same_ids_when_the_page_is_built_again():
    ids = []
    for _ in range(2):
        client, _ = build()
        with client:
            button = HtmlElement("button").on("click", print).on("focus", print)
        ids.append([*button._event_listeners])
    assert ids == [[f"{button.id}.0", f"{button.id}.1"]] * 2


THEIRS = {Outbox: "56e59c8fce3c", Client.accept_handshake: "0b8d2de025d6", Client.handle_handshake: "12cd17eb0269"}


@pytest.mark.parametrize("part", THEIRS)
def test_nicegui_is_the_one_this_was_written_for(part: type):
    assert source_hash(part) == THEIRS[part]
