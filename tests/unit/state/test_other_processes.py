"""Several processes of one chat on an engine: what one stores is the same in all, in the same order."""

import asyncio
from collections import Counter
from collections.abc import AsyncIterator
from dataclasses import replace
from pathlib import Path
from unittest.mock import Mock

import pytest

from chat.domain.accounts.events import AccountChanged
from chat.domain.errors import AccountRefused, ChatError, RoomRefused, RoomsUnwritable, StartupError
from chat.domain.messages.events import MessagePosted
from chat.domain.messages.history import History
from chat.domain.messages.message import Message
from chat.domain.moderation.events import Muted, SlowModeChanged, Unmuted
from chat.domain.rooms.events import RoomCreated
from chat.domain.rooms.moderation.moderation_actions import BanMember, MuteMember, SetSlowMode, UnmuteMember
from chat.domain.rooms.reloads import HistoryReloaded, StateReloaded
from chat.domain.users import Member, Role
from chat.state import clock
from chat.state.accounts.accounts import AccountService
from chat.state.accounts.passwords import Passwords
from chat.state.rooms import heard_messages
from chat.storage.redis import engine_state
from chat.storage.redis.store import RedisStore
from tests.support.engine import HAS_ENGINE
from tests.support.processes import ChatProcess, deaf, eventually, processes
from tests.unit.state.support import ANN, BOB, CHEAP, GOOD, MODERATOR, OWNER, record

pytestmark = pytest.mark.skipif(not HAS_ENGINE, reason="there is no engine for this system")


@pytest.fixture
async def both(tmp_path: Path) -> AsyncIterator[list[ChatProcess]]:
    async with processes(tmp_path) as found:
        yield found


def accounts(process: ChatProcess) -> AccountService:
    return AccountService(process.chat, Passwords(CHEAP))


async def test_message_is_everywhere_once_and_published_to_the_pages_of_all(both: list[ChatProcess]):
    one, other = both
    one.join(ANN)
    heard = record(other.chat, MessagePosted)
    message_id = await one.say(ANN, "Hello")
    await eventually(lambda: other.texts() == ["Hello"])
    assert [event.message.id for event in heard] == [message_id]
    assert other.messages() == one.messages()


async def test_everyone_writes_at_once_and_all_see_the_same_order(tmp_path: Path):
    async with processes(tmp_path, 3) as found:
        people = [ANN, BOB, OWNER]
        for process, member in zip(found, people, strict=True):
            process.join(member)
        published = [record(process.chat, MessagePosted) for process in found]
        writing = [
            process.say(member, f"{member.name} {number}")
            for number in range(30)
            for process, member in zip(found, people, strict=True)
        ]
        await asyncio.gather(*writing)
        await eventually(lambda: all(len(process.messages()) == 90 for process in found))
        orders = [[event.message.id for event in events] for events in published]
        assert orders[0] == orders[1] == orders[2] == [message.id for message in found[0].messages()]
        assert [event.number for event in published[0]] == list(range(1, 91))


async def test_edits_reactions_deletions_and_topics_are_the_same(both: list[ChatProcess]):
    one, other = both
    one.join(ANN, OWNER)
    first, second = [await one.say(ANN, text) for text in ("One", "Two")]
    await one.chat.messages.edit("ann", "lobby", first, "One more")
    await one.chat.messages.react("owner", "lobby", first, "👍")
    await one.chat.messages.delete("ann", "lobby", second)
    await one.chat.messages.post("owner", "lobby", "/topic Tea", "topic0000001")
    await eventually(lambda: other.chat.lobby.conversation.history.topic == "Tea")
    assert other.messages() == one.messages()
    assert [(message.text, [*message.reactions]) for message in other.messages()] == [("One more", ["👍"])]
    assert "Two" not in "".join(path.read_text() for path in other.folder.glob("chat_log.json*"))


async def test_room_that_is_not_loaded_is_loaded_by_the_first_message(both: list[ChatProcess]):
    one, other = both
    one.join(OWNER)
    heard = record(other.chat, MessagePosted)
    tea = await one.chat.rooms.create("owner", "Tea")
    await one.say(OWNER, "Green", tea.id)
    await eventually(lambda: len(heard) == 1)
    assert other.texts(tea.id) == ["Green"]
    assert other.chat.directory.last[tea.id] == 1
    await one.say(OWNER, "Black", tea.id)
    await eventually(lambda: len(heard) == 2)
    assert [event.message.text for event in heard] == ["Green", "Black"]


async def test_accounts_rooms_and_sanctions_hold_everywhere(both: list[ChatProcess]):
    one, other = both
    one.join(ANN, MODERATOR, OWNER)
    other.join(BOB)
    await accounts(one).sign_up("ann", "Ann", GOOD)
    tea = await one.chat.rooms.create("owner", "Tea")
    await one.chat.rooms.rename("owner", tea.id, "Green tea")
    one.join(BOB)
    await one.chat.moderation.perform("mod", "lobby", MuteMember("bob"))
    await eventually(lambda: bool(other.chat.people.moderation.mutes.find(frozenset({"member:bob"}), clock.now())))
    assert (await accounts(other).sign_in("Ann", GOOD, "198.51.100.7")).id == "ann"
    assert other.chat.directory.get(tea.id) == one.chat.directory.get(tea.id)
    with pytest.raises(ChatError, match="muted"):
        await other.say(BOB, "Can anyone hear me?")


async def test_banned_member_leaves_every_process(both: list[ChatProcess]):
    one, other = both
    one.join(MODERATOR, BOB)
    other.join(BOB)
    await one.chat.moderation.perform("mod", "lobby", BanMember("bob"))
    assert "bob" not in one.chat.people.members
    await eventually(lambda: "bob" not in other.chat.people.members)
    with pytest.raises(ChatError, match="banned"):
        other.join(BOB)


async def test_sanctions_and_slow_mode_in_a_room_that_is_loaded_elsewhere_are_published(both: list[ChatProcess]):
    one, other = both
    one.join(OWNER, MODERATOR)
    other.join(BOB)
    heard = record(other.chat, Muted, Unmuted, SlowModeChanged)
    tea = await one.chat.rooms.create("owner", "Tea")
    await eventually(lambda: "bob" in one.chat.people.members)
    for action in (MuteMember("bob"), UnmuteMember("bob"), SetSlowMode(30)):
        await one.chat.moderation.perform("mod", tea.id, action)
    await eventually(lambda: [*map(type, heard)] == [Muted, Unmuted, SlowModeChanged])
    assert tea.id not in other.chat._state.rooms


async def test_name_is_given_to_one_of_two_who_sign_up_at_once(both: list[ChatProcess]):
    signing_up = [accounts(process).sign_up(f"id{n}", "Ann", GOOD) for n, process in enumerate(both)]
    found = await asyncio.gather(*signing_up, return_exceptions=True)
    assert sorted(type(one).__name__ for one in found) == ["Account", "NameRefused"]
    await eventually(lambda: all(len(process.chat.people.accounts) == 1 for process in both))


async def test_sessions_end_everywhere(both: list[ChatProcess]):
    one, other = both
    heard = record(other.chat, AccountChanged)
    account = await accounts(one).sign_up("ann", "Ann", GOOD)
    await accounts(one).sign_out_everywhere("ann")
    await eventually(lambda: len(heard) == 1)
    assert not accounts(other).is_current("ann", account.generation)
    with pytest.raises(AccountRefused):
        await accounts(other).change_password("ann", "wrong", GOOD)


async def test_rooms_created_at_once_have_addresses_of_their_own(both: list[ChatProcess]):
    for process in both:
        process.join(Member("ann", ANN.nickname, Role.ADMIN), BOB)
    found = await asyncio.gather(*(process.chat.rooms.create("ann", "Tea") for process in both))
    await eventually(lambda: all(len(process.chat.directory) == 3 for process in both))
    for process in both:
        assert len({room.slug for room in map(process.chat.directory.get, (room.id for room in found)) if room}) == 2


async def test_link_that_another_process_has_just_revoked_leads_nowhere(both: list[ChatProcess]):
    one, other = both
    one.join(OWNER)
    other.join(ANN)
    room = await one.chat.rooms.create("owner", "Plans", is_private=True)
    token = await one.chat.room_links.create("owner", room.id)
    await eventually(lambda: other.chat.directory.get(room.id) == one.chat.directory.get(room.id))
    async with deaf(other):
        await one.chat.room_links.revoke("owner", room.id)
        with pytest.raises(RoomRefused):
            await other.chat.room_links.follow("ann", token)
        token = await one.chat.room_links.create("owner", room.id)
    await eventually(lambda: other.chat.directory.get(room.id) == one.chat.directory.get(room.id))
    async with deaf(other):
        await one.chat.rooms.create("owner", "Tea")
        await other.chat.room_links.follow("ann", token)
    await eventually(lambda: "ann" in one.chat.directory.room_for("owner", room.id).members)


async def test_process_that_was_cut_off_learns_each_event(both: list[ChatProcess]):
    one, other = both
    one.join(ANN, OWNER)
    heard = record(other.chat, MessagePosted, RoomCreated)
    async with deaf(other):
        tea = await one.chat.rooms.create("owner", "Tea")
        for text in ("One", "Two"):
            await one.say(ANN, text)
        await one.say(OWNER, "Green", tea.id)
    await eventually(lambda: tea.id in other.chat._state.rooms and other.texts() == ["One", "Two"])
    assert other.texts(tea.id) == ["Green"]
    assert Counter(map(type, heard)) == {RoomCreated: 1, MessagePosted: 2}  # of two stores, in any order


async def test_message_is_heard_of_although_its_room_was_just_copied(both: list[ChatProcess]):
    one, other = both
    one.join(OWNER)
    async with deaf(other):
        tea = await one.chat.rooms.create("owner", "Tea")
        await one.say(OWNER, "Green", tea.id)
        await other.backend._histories.mirror()
    await eventually(lambda: tea.id in other.chat._state.rooms)
    assert other.texts(tea.id) == ["Green"]


async def test_message_is_heard_of_although_its_room_could_not_be_read_at_first(
    both: list[ChatProcess], monkeypatch: pytest.MonkeyPatch
):
    one, other = both
    one.join(OWNER)
    store = other.backend.stores.rooms
    learn, attempts = store.catch_up, iter([RoomsUnwritable()])

    async def learn_late() -> object:
        if problem := next(attempts, None):
            raise problem
        return await learn()

    monkeypatch.setattr(store, "catch_up", learn_late)
    tea = await one.chat.rooms.create("owner", "Tea")
    heard = record(other.chat, MessagePosted)
    await one.say(OWNER, "Green", tea.id)
    await eventually(lambda: tea.id in other.chat._state.rooms)
    assert [event.message.text for event in heard] == ["Green"]


async def test_message_is_heard_of_although_its_own_history_could_not_be_read_at_first(
    both: list[ChatProcess], monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(heard_messages, "AGAIN_AFTER", 0)
    one, other = both
    one.join(OWNER)
    open_room, problems = other.backend._histories.open, iter([StartupError("it doesn't answer")])

    def open_unreadable(room_id: str) -> RedisStore[History]:
        store = open_room(room_id)
        if problem := next(problems, None):
            monkeypatch.setattr(store, "load", Mock(side_effect=problem))
        return store

    monkeypatch.setattr(other.backend._histories, "open", open_unreadable)
    tea = await one.chat.rooms.create("owner", "Tea")
    heard = record(other.chat, MessagePosted)
    await one.say(OWNER, "Green", tea.id)
    await eventually(lambda: [event.message.text for event in heard] == ["Green"])


async def test_process_that_missed_a_deletion_and_more_loads_the_history_anew(both: list[ChatProcess]):
    one, other = both
    one.join(ANN)
    gone = await one.say(ANN, "Gone")
    kept = await one.say(ANN, "Kept")
    await eventually(lambda: len(other.messages()) == 2)
    reloaded = record(other.chat, HistoryReloaded)
    async with deaf(other):
        await one.say(ANN, "New")
        await one.chat.messages.edit("ann", "lobby", kept, "Changed")
        await one.chat.messages.delete("ann", "lobby", gone)
    await eventually(lambda: other.texts() == ["Changed", "New"])
    assert len(reloaded) == 1
    shown = [item for _, item in other.chat.lobby.conversation.timeline if isinstance(item, Message)]
    assert shown == other.messages() == one.messages()
    assert "Gone" not in "".join(path.read_text() for path in other.folder.glob("chat_log.json*"))
    other.join(ANN)
    await other.say(ANN, "Both go on")
    await eventually(lambda: one.texts() == ["Changed", "New", "Both go on"])


async def test_process_that_missed_too_much_loads_every_state_anew(
    both: list[ChatProcess], monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(engine_state, "KEPT_SHARE", 1000)
    one, other = both
    one.join(ANN, BOB, MODERATOR, OWNER)
    await accounts(one).sign_up("ann", "Ann", GOOD)
    await eventually(lambda: len(other.chat.people.accounts) == 1)
    reloaded = record(other.chat, StateReloaded)
    for store in one.backend._states.values():
        store._known._format = replace(store._known._format, max_lines=1)
    async with deaf(other):
        await accounts(one).sign_up("bob", "Bob", GOOD)
        await accounts(one).sign_out_everywhere("bob")
        for name in ("Tea", "Cake", "Pie"):
            await one.chat.rooms.create("owner", name)
        for seconds in (10, 20, 30):
            await one.chat.moderation.perform("mod", "lobby", SetSlowMode(seconds))
    await eventually(lambda: len(reloaded) == 3)
    assert list(other.chat.people.accounts) == list(one.chat.people.accounts)
    assert list(other.chat.directory) == list(one.chat.directory)
    assert other.chat.lobby.restrictions.slow_mode.seconds == 30
    await accounts(other).sign_up("cid", "Cid", GOOD)
    await eventually(lambda: len(one.chat.people.accounts) == 3)


async def test_process_that_missed_the_end_of_a_talk_shows_nothing_of_it_in_the_next(
    both: list[ChatProcess], monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(engine_state, "KEPT_SHARE", 1000)
    one, other = both
    one.join(ANN, BOB, OWNER)
    talk = await one.chat.direct_rooms.post("ann", ["bob"], "Before", "message00001")
    await eventually(lambda: talk.id in other.chat._state.rooms)
    store = one.backend._states["@rooms"]
    store._known._format = replace(store._known._format, max_lines=1)
    async with deaf(other):
        await one.chat.departures.end(talk.id)
        for name in ("Tea", "Cake", "Pie"):
            await one.chat.rooms.create("owner", name)
    await eventually(lambda: talk.id not in other.chat._state.rooms)
    assert await one.chat.direct_rooms.post("ann", ["bob"], "After", "message00002")
    await eventually(lambda: talk.id in other.chat._state.rooms)
    assert one.texts(talk.id) == other.texts(talk.id) == ["After"]
