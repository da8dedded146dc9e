"""Several rooms as use cases: talk stays where it is, rooms are loaded and unloaded."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from uuid import uuid4

import pytest

from chat.domain.accounts.account import Account
from chat.domain.accounts.events import AccountCreated
from chat.domain.errors import HistoryUnwritable, NotAllowed, NotHere
from chat.domain.events import Event
from chat.domain.messages.events import MessagePosted
from chat.domain.rooms.directory.room_info import LOBBY
from chat.domain.rooms.moderation.moderation_actions import LockRoom, MuteMember, SetSlowMode
from chat.state import clock
from chat.state.chat import Chat
from chat.state.rooms import departures
from chat.storage.json_files.stores import json_stores
from chat.storage.status import StoreStatus
from tests.support.disk import Disk
from tests.unit.state.support import ANN, BOB, CID, MODERATOR, OWNER, build_chat, record, refusal, unload


@pytest.fixture
async def chat(tmp_path: Path) -> AsyncIterator[Chat]:
    """Ann, Bob, Cid, Mo (a moderator) and Olga (the owner) are here; Olga and Ann have accounts."""
    async with running(tmp_path) as chat:
        yield chat


@asynccontextmanager
async def running(folder: Path) -> AsyncIterator[Chat]:
    chat = build_chat(json_stores(folder, 100), ANN, BOB, CID, MODERATOR, OWNER)
    for member in (ANN, OWNER):
        chat.people.apply(AccountCreated(Account(member.id, member.nickname, "", clock.now(), 1, member.role)))
    try:
        yield chat
    finally:
        await chat.close()


async def texts(chat: Chat, member_id: str, room_id: str) -> list[str]:
    async with chat.room_access.enter(member_id, room_id) as room:
        return [message.text for message in room.conversation.history]


async def say(chat: Chat, member_id: str, room_id: str, text: str) -> None:
    await chat.messages.post(member_id, room_id, text, uuid4().hex[:12])


# Talk.


async def test_messages_stay_in_their_room(chat: Chat):
    tea = await chat.rooms.create("owner", "Tea")
    in_tea, everywhere = record_room(chat, tea.id), record(chat, MessagePosted)
    await say(chat, "ann", tea.id, "Green")
    await say(chat, "bob", LOBBY, "Hello")
    assert (await texts(chat, "bob", tea.id), await texts(chat, "bob", LOBBY)) == (["Green"], ["Hello"])
    assert [event.room_id for event in everywhere] == [tea.id, LOBBY]
    assert [event.message.text for event in in_tea] == ["Green"]


def record_room(chat: Chat, room_id: str) -> list[Event]:
    events: list[Event] = []
    chat.subscribe(events.append, MessagePosted, room_id=room_id)
    return events


async def test_lock_is_that_of_a_room_and_mute_is_for_all(chat: Chat):
    tea = await chat.rooms.create("owner", "Tea")
    await chat.moderation.perform("mod", tea.id, LockRoom())
    assert (await refusal(chat.messages.post("bob", tea.id, "Hi", "message01"))).key == "locked"
    await say(chat, "bob", LOBBY, "Hi")
    await chat.moderation.perform("mod", LOBBY, MuteMember("bob"))
    await chat.moderation.perform("mod", tea.id, MuteMember("cid"))
    for member_id in ("bob", "cid"):
        assert (await refusal(chat.messages.post(member_id, LOBBY, "Hi", "message02"))).key == "muted"


async def test_archived_room_can_only_be_read(chat: Chat):
    tea = await chat.rooms.create("owner", "Tea")
    await chat.messages.post("bob", tea.id, "Green", "message01")
    await chat.rooms.archive("owner", tea.id)
    attempts = (
        chat.messages.post("bob", tea.id, "Black", "message02"),
        chat.messages.edit("bob", tea.id, "message01", "Black"),
        chat.messages.react("bob", tea.id, "message01", "🎉"),
    )
    assert [(await refusal(attempt)).key for attempt in attempts] == ["room-archived"] * 3
    assert await texts(chat, "bob", tea.id) == ["Green"]
    await chat.messages.delete("bob", tea.id, "message01")


# Access.


@pytest.mark.parametrize("member_id", ["bob", "mod", "owner"])
async def test_private_room_answers_as_if_it_were_not_there(chat: Chat, member_id: str):
    plans = await chat.rooms.create("owner", "Plans", is_private=True)
    await chat.rooms.add_member("owner", plans.id, "ann")
    await chat.rooms.remove_member("owner", plans.id, "owner")
    await chat.messages.post("ann", plans.id, "Secret", "message01")
    for room_id in (plans.id, "nowhere"):
        attempts = (
            chat.messages.post(member_id, room_id, "Hi", "message02"),
            chat.messages.edit(member_id, room_id, "message01", "Hi"),
            chat.messages.delete(member_id, room_id, "message01"),
            chat.messages.react(member_id, room_id, "message01", "🎉"),
            chat.moderation.report(member_id, room_id, "message01"),
            chat.messages.clear(member_id, room_id),
            chat.moderation.perform(member_id, room_id, LockRoom()),
            chat.rooms.rename(member_id, room_id, "Mine"),
            chat.rooms.describe(member_id, room_id, "Mine"),
            chat.rooms.archive(member_id, room_id),
            chat.rooms.add_member(member_id, room_id, member_id),
            chat.rooms.remove_member(member_id, room_id, member_id),
        )
        for attempt in attempts:
            problem = await refusal(attempt)
            assert (problem.key, problem.details) == ("room-gone", {}), attempt
    assert await texts(chat, "ann", plans.id) == ["Secret"]


async def test_moderator_deletes_a_reported_message_of_a_room_that_they_do_not_see(chat: Chat):
    info = await chat.direct_rooms.post("ann", ["bob"], "You fool", "message01")
    assert (await refusal(chat.messages.delete_reported("mod", info.id, "message01"))).key == "report-gone"
    await chat.moderation.report("bob", info.id, "message01")
    assert isinstance(await refusal(chat.messages.delete_reported("cid", info.id, "message01")), NotAllowed)
    await chat.messages.delete_reported("mod", info.id, "message01")
    assert await texts(chat, "bob", info.id) == []
    assert chat.people.moderation.reports.open == []


async def test_absent_member_enters_no_room(chat: Chat):
    chat.members.leave("bob")
    assert isinstance(await refusal(chat.messages.post("bob", LOBBY, "Hi", "message01")), NotHere)


async def test_only_those_in_a_room_can_be_mentioned_there(chat: Chat):
    plans = await chat.rooms.create("owner", "Plans", is_private=True)
    await chat.rooms.add_member("owner", plans.id, "ann")
    talk = await chat.direct_rooms.post("bob", ["cid"], "Hi @Cid and @Ann", "message01")
    rooms = {plans.id: ("owner", {"Ann"}), talk.id: ("bob", {"Cid"}), LOBBY: ("bob", {"Mo", "Ann", "Cid"})}
    for room_id, (member_id, mentioned) in rooms.items():
        await chat.messages.post(member_id, room_id, "@Mo @Ann @Cid", "message02")
        async with chat.room_access.enter(member_id, room_id) as room:
            assert room.conversation.message("message02").mentions.keys() == mentioned
    await chat.messages.edit("bob", talk.id, "message01", "@Ann, @Bob")
    async with chat.room_access.enter("cid", talk.id) as room:
        assert room.conversation.message("message01").mentions.keys() == {"Bob"}
        assert ([person.name for person in room.present()], room.away()) == (["Bob", "Cid"], [])


async def test_author_in_a_room_of_their_own_has_no_name_elsewhere(tmp_path: Path):
    async with running(tmp_path) as chat:
        talk = await chat.direct_rooms.post("bob", ["owner"], "Between us", "message01")
    again = build_chat(json_stores(tmp_path, 100), CID, OWNER)
    assert await texts(again, "owner", talk.id) == ["Between us"]
    await again.messages.post("cid", LOBBY, "@Bob and @Olga", "message02")
    assert again.lobby.conversation.message("message02").mentions.keys() == {"Olga"}
    await again.close()


# Direct rooms.


async def test_direct_room_begins_with_its_first_message(chat: Chat):
    await chat.moderation.perform("mod", LOBBY, MuteMember("ann"))
    assert (await refusal(chat.direct_rooms.post("ann", ["bob"], "Hi", "message01"))).key == "muted"
    assert [room.id for room in chat.directory] == [LOBBY]
    info = await chat.direct_rooms.post("bob", ["ann"], "Hi", "message02")
    assert (await chat.direct_rooms.post("bob", ["ann"], "You're muted", "message03")).id == info.id
    assert await texts(chat, "ann", info.id) == ["Hi", "You're muted"]


async def test_guest_writes_only_to_people_who_are_here(chat: Chat):
    chat.members.leave("ann")
    assert (await refusal(chat.direct_rooms.post("bob", ["ann"], "Hi", "message01"))).key == "nobody"
    assert (await chat.direct_rooms.post("owner", ["ann"], "Hi", "message02")).members == {"owner", "ann"}
    assert (await refusal(chat.direct_rooms.post("owner", ["nobody"], "Hi", "message03"))).key == "nobody"


async def test_direct_room_of_a_guest_ends_when_they_leave(chat: Chat, tmp_path: Path):
    ended = await chat.direct_rooms.post("ann", ["bob"], "Between us", "message01")
    kept = await chat.direct_rooms.post("ann", ["owner"], "For the record", "message02")
    chat.members.leave("bob")
    await until_idle(chat)
    assert {room.id for room in chat.directory} == {LOBBY, kept.id}
    assert [file.name for file in tmp_path.rglob(f"{ended.id}*")] == []
    assert not any(b"Between us" in file.read_bytes() for file in tmp_path.rglob("*") if file.is_file())
    chat.members.leave("ann")
    await until_idle(chat)
    assert kept.id in {room.id for room in chat.directory}


async def test_direct_room_of_a_guest_who_does_not_return_after_a_restart_ends(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(departures, "WAIT", 0.5)
    async with running(tmp_path) as chat:
        with_bob = await chat.direct_rooms.post("ann", ["bob"], "Between us", "message01")
        with_cid = await chat.direct_rooms.post("ann", ["cid"], "Between us", "message02")
    again = build_chat(json_stores(tmp_path, 100), ANN, BOB)
    again.people.apply(AccountCreated(Account("ann", ANN.nickname, "", clock.now(), 1)))
    await again.start()
    while with_cid.id in {room.id for room in again.directory}:  # noqa: ASYNC110
        await asyncio.sleep(0.05)
    assert await texts(again, "bob", with_bob.id) == ["Between us"]
    await again.close()


async def test_direct_room_stays_when_an_account_is_deleted(chat: Chat):
    info = await chat.direct_rooms.post("owner", ["ann"], "For the record", "message01")
    await chat.pipeline.decide(lambda: chat.people.accounts.delete("ann"))
    chat.members.leave("ann")
    await until_idle(chat)
    assert await texts(chat, "owner", info.id) == ["For the record"]


async def until_idle(chat: Chat) -> None:
    await asyncio.gather(*chat.pipeline._tasks)


# Loading and unloading.


async def test_rooms_survive_a_restart(tmp_path: Path):
    async with running(tmp_path) as chat:
        tea = await chat.rooms.create("owner", "Tea")
        await say(chat, "ann", tea.id, "Green")
        await chat.rooms.rename("owner", tea.id, "Coffee")
    async with running(tmp_path) as again:
        assert [(room.name, room.former_slugs) for room in again.directory][1:] == [("Coffee", ("tea",))]
        assert again.directory.last[tea.id] == 1
        assert len(again._loader) == 0
        assert await texts(again, "bob", tea.id) == ["Green"]


async def test_quiet_room_is_unloaded_and_loaded_again(chat: Chat):
    tea = await chat.rooms.create("owner", "Tea")
    await say(chat, "ann", tea.id, "Green")
    await chat._loader.unload_quiet()
    assert len(chat._loader) == 1, "it was just used"
    async with chat.room_access.enter("bob", tea.id):
        await unload(chat)
        assert len(chat._loader) == 1, "somebody looks at it"
    await unload(chat)
    assert len(chat._loader) == 0
    await asyncio.gather(
        *(chat.messages.post("ann", tea.id, f"Cup {number}", f"message{number:02}") for number in range(20))
    )
    assert await texts(chat, "bob", tea.id) == ["Green", *(f"Cup {number}" for number in range(20))]
    assert chat.directory.last[tea.id] == 21


async def test_room_that_is_being_unloaded_is_not_read_too_early(chat: Chat):
    tea = await chat.rooms.create("owner", "Tea")
    for number in range(5):
        await asyncio.gather(chat.messages.post("ann", tea.id, "Tea", f"message{number:02}"), unload(chat))
        await asyncio.gather(unload(chat), texts(chat, "bob", tea.id))
    assert len(await texts(chat, "bob", tea.id)) == 5


async def test_anonymization_reaches_rooms_that_are_not_loaded(chat: Chat):
    tea, cake = await chat.rooms.create("owner", "Tea"), await chat.rooms.create("owner", "Cake")
    await say(chat, "ann", tea.id, "Green")
    await say(chat, "bob", cake.id, "Cream")
    await unload(chat)
    await chat.members.anonymize("ann", "x1y2")
    async with chat.room_access.enter("bob", tea.id) as room:
        assert [(message.author, message.name) for message in room.conversation.history] == [("x1y2", "Anonymous")]
    assert (chat.directory.last[tea.id], chat.directory.last[cake.id]) == (2, 1)


async def test_anonymization_leaves_only_the_rooms_loaded_that_were(chat: Chat):
    rooms = [await chat.rooms.create("owner", f"Room {number}") for number in range(5)]
    for room in rooms:
        await say(chat, "ann", room.id, "Hello")
    await unload(chat)
    assert await texts(chat, "bob", rooms[0].id) == ["Hello"]
    await chat.members.anonymize("ann", "x1y2")
    assert list(chat._loader._loaded) == [rooms[0].id]


@pytest.mark.parametrize(
    ("member_id", "details"),
    [("ann", ("room-keeps-name", {"room": "Plans"})), ("bob", ("rooms-keep-name", {}))],
)
async def test_anonymization_changes_nothing_while_a_room_cannot_be_read(
    chat: Chat, tmp_path: Path, member_id: str, details: object
):
    plans, tea = await chat.rooms.create("owner", "Plans", is_private=True), await chat.rooms.create("owner", "Tea")
    await chat.rooms.add_member("owner", plans.id, "ann")
    await say(chat, member_id, tea.id, "Green")
    await say(chat, "ann", plans.id, "Secret")
    await unload(chat)
    whole = (file := tmp_path / "rooms" / f"{plans.id}.json").read_bytes()
    file.write_text('{"version": 99}')
    problem = await refusal(chat.members.anonymize(member_id, "x1y2"))
    assert (problem.key, problem.details) == details
    file.write_bytes(whole)
    async with chat.room_access.enter("bob", tea.id) as room:
        assert [message.author for message in room.conversation.history] == [member_id]
    await chat.members.anonymize("ann", "x1y2")
    async with chat.room_access.enter("owner", plans.id) as room:
        assert [message.author for message in room.conversation.history] == ["x1y2"]


async def test_lock_and_slow_mode_end_with_their_room(tmp_path: Path):
    async with running(tmp_path) as chat:
        plans, tea = await chat.rooms.create("owner", "Plans", is_private=True), await chat.rooms.create("owner", "Tea")
        for room_id in (plans.id, tea.id):
            await chat.moderation.perform("owner", room_id, LockRoom())
            await chat.moderation.perform("owner", room_id, SetSlowMode(30))
        audited = (tmp_path / "audit.jsonl").read_text()
        await chat.rooms.remove_member("owner", plans.id, "owner")
        assert (tmp_path / "audit.jsonl").read_text() == audited
    assert plans.id not in (tmp_path / "moderation.json").read_text()
    async with running(tmp_path) as again:
        assert [room_id for room_id, _ in again.people.moderation.restricted_rooms()] == [tea.id]


async def test_room_that_ended_is_not_loaded_by_who_waited_for_it(chat: Chat):
    info = await chat.direct_rooms.post("ann", ["bob"], "Between us", "message01")
    await unload(chat)
    late = asyncio.gather(
        *(chat.messages.post("ann", info.id, "Hello?", f"message1{n}") for n in range(3)), return_exceptions=True
    )
    await chat.departures.end(info.id)
    await late
    again = await chat.direct_rooms.post("ann", ["bob"], "Anew", "message02")
    assert (again.id, await texts(chat, "bob", info.id)) == (info.id, ["Anew"])


async def test_message_to_a_room_that_ends_meanwhile_is_refused(chat: Chat):
    info = await chat.direct_rooms.post("ann", ["bob"], "Between us", "message01")
    async with chat.room_access.enter("ann", info.id) as room:
        await chat.departures.end(info.id)
        event = room.conversation.post(ANN, "Are you there?", "message02", clock.now())
        assert (await refusal(chat.pipeline.submit(event))).key == "room-gone"
    assert (await refusal(chat.messages.post("ann", info.id, "Hello?", "message03"))).key == "room-gone"


async def rooms_status(chat: Chat) -> StoreStatus:
    return (await chat._stores.check())["messages in rooms"]


BROKEN = {
    "of a newer program": '{"version": 99}',
    "empty": "",
    "cut off": '{"version": 4, "last": 1, "messages": [{"id"',
    "another program's": '{"version": 4, "people": []}',
}


@pytest.mark.parametrize("content", BROKEN.values(), ids=BROKEN)
async def test_room_with_a_broken_file_is_refused_alone_until_it_is_repaired(chat: Chat, tmp_path: Path, content: str):
    tea, cake = await chat.rooms.create("owner", "Tea"), await chat.rooms.create("owner", "Cake")
    await say(chat, "ann", tea.id, "Green")
    await unload(chat)
    file = tmp_path / "rooms" / f"{tea.id}.json"
    good = file.read_bytes()
    file.write_text(content)
    assert (await refusal(chat.messages.post("ann", tea.id, "Hi", "message01"))).key == "room-unreadable"
    for room_id in (LOBBY, cake.id):
        await say(chat, "ann", room_id, "Still here")
    status = await rooms_status(chat)
    assert (status.unreadable, status.writable, file.read_text()) == (file.name, True, content)
    file.write_bytes(good)
    await say(chat, "ann", tea.id, "Black")
    assert await texts(chat, "bob", tea.id) == ["Green", "Black"]
    assert (await rooms_status(chat)).unreadable is None


async def test_room_with_a_broken_file_is_restored_from_its_good_copy(chat: Chat, tmp_path: Path):
    tea = await chat.rooms.create("owner", "Tea")
    await say(chat, "ann", tea.id, "Green")
    await say(chat, "ann", tea.id, "Black")
    await unload(chat)
    file = tmp_path / "rooms" / f"{tea.id}.json"
    file.write_text("{")
    assert await texts(chat, "bob", tea.id) == ["Green"]
    await unload(chat)
    await say(chat, "bob", tea.id, "White")
    status = await rooms_status(chat)
    assert (status.restored_from, status.unreadable) == (f"{file.name}.backup-1", None)
    assert (file.parent / str(status.quarantined)).read_text() == "{"


async def test_full_disk_refuses_only_what_goes_there_until_there_is_space_again(chat: Chat, tmp_path: Path):
    folder = tmp_path / "rooms"
    folder.mkdir()
    disk, long = Disk(folder), "x" * 1500
    try:
        tea = await chat.rooms.create("owner", "Tea")
        await say(chat, "ann", tea.id, long)
        disk.fill()
        for message_id in ("message01", "message02"):
            assert isinstance(await refusal(chat.messages.post("ann", tea.id, long, message_id)), HistoryUnwritable)
        await say(chat, "ann", LOBBY, "Still here")
        assert not (await rooms_status(chat)).writable
        await unload(chat)
        assert await texts(chat, "bob", tea.id) == [long]
        disk.free()
        await say(chat, "ann", tea.id, "Green")
        await unload(chat)
        assert await texts(chat, "bob", tea.id) == [long, "Green"]
        assert (await rooms_status(chat)).writable
    finally:
        await unload(chat)
        disk.close()


async def test_room_that_cannot_be_written_refuses_only_its_own(chat: Chat, tmp_path: Path):
    tea, cake = await chat.rooms.create("owner", "Tea"), await chat.rooms.create("owner", "Cake")
    await say(chat, "ann", tea.id, "Green")
    in_the_way = tmp_path / "rooms" / f"{tea.id}.json.tmp"
    in_the_way.mkdir()
    assert isinstance(await refusal(chat.messages.post("ann", tea.id, "Black", "message01")), HistoryUnwritable)
    for room_id in (LOBBY, cake.id):
        await say(chat, "ann", room_id, "Still here")
    assert await texts(chat, "bob", tea.id) == ["Green"]
    assert not (await rooms_status(chat)).writable
    in_the_way.rmdir()
    assert (await rooms_status(chat)).writable
    await say(chat, "ann", tea.id, "White")
    assert await texts(chat, "bob", tea.id) == ["Green", "White"]
