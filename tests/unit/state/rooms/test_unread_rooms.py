"""What is unread, in three rooms with three people: who is told of what, and how often."""

import asyncio
from collections.abc import AsyncIterator
from datetime import datetime
from pathlib import Path
from typing import Any
from unittest.mock import Mock, patch
from uuid import uuid4

import pytest

from chat.domain.messages.calls import ReadMark
from chat.domain.rooms.directory.room_info import LOBBY
from chat.domain.rooms.moderation.moderation_actions import PurgeMessages
from chat.domain.rooms.readers import Readers, UnreadCounts
from chat.domain.users import Member
from chat.state.chat import Chat
from chat.state.rooms import unread_rooms
from chat.storage.json_files.stores import json_stores
from chat.text.nicknames import parse_nickname
from chat.web.read_marks import ReadMarks
from tests.unit.state.support import ANN, BOB, OWNER, build_chat, tab

CID = Member("cid", parse_nickname("Cid"))


class Page:
    """A member's open page, which sees all rooms but shows none."""

    def __init__(self, chat: Chat, member_id: str, kept: dict[str, Any] | None = None, tab_name: str = "") -> None:
        self.kept = {} if kept is None else kept
        self.marks = ReadMarks(lambda: (self.kept, "seen"))
        self.received: list[UnreadCounts] = []
        self.marked: list[str | None] = []
        self._chat, self._member_id = chat, member_id
        self._tab = tab_name or f"{member_id}'s tab"
        self.close = chat.unread.follow(member_id, self.marks, self.received.append)

    @property
    def unread(self) -> UnreadCounts:
        return self._chat.unread.of(self._member_id)

    def look_at(self, room_id: str) -> None:
        self.marks.save(room_id, self._chat.directory.last.get(room_id, 0))
        self._chat.members.set_viewing_latest(self._member_id, self._tab, room_id, True)

    def look_away(self, room_id: str) -> None:
        self.marks.save(room_id, self._chat.directory.last.get(room_id, 0))
        self._chat.members.set_viewing_latest(self._member_id, self._tab, room_id, False)


@pytest.fixture(autouse=True)
def _at_once() -> Any:
    with patch.object(unread_rooms, "DELAY", 0):
        yield


@pytest.fixture
async def chat(tmp_path: Path) -> AsyncIterator[Chat]:
    """Ann, Bob and Cid are here, and Olga, who creates rooms."""
    chat = build_chat(json_stores(tmp_path, 100), ANN, BOB, CID, OWNER)
    yield chat
    await chat.close()


@pytest.fixture
async def tea(chat: Chat) -> str:
    return (await chat.rooms.create("owner", "Tea")).id


@pytest.fixture
async def plans(chat: Chat) -> str:
    """A private room of Olga and Ann."""
    room = await chat.rooms.create("owner", "Plans", is_private=True)
    await chat.rooms.add_member("owner", room.id, "ann")
    return room.id


async def say(chat: Chat, member_id: str, room_id: str, text: str, reply_to: str | None = None) -> str:
    message_id = uuid4().hex[:12]
    await chat.messages.post(member_id, room_id, text, message_id, reply_to)
    await settle()
    return message_id


async def settle() -> None:
    for _ in range(3):
        await asyncio.sleep(0)


async def find(chat: Chat, room_id: str, message_id: str) -> Any:
    async with chat.room_access.enter("owner", room_id) as room:
        return room.conversation.message(message_id)


async def test_first_message_makes_a_room_unread_and_the_next_ones_cost_nothing(chat: Chat, tea: str, plans: str):
    ann, bob, cid = (Page(chat, name) for name in ("ann", "bob", "cid"))
    bob.look_at(tea)
    for text in "one", "two", "three":
        await say(chat, "bob", tea, text)
    assert (ann.received, bob.received, cid.received) == ([{tea: 0}], [], [{tea: 0}])
    await say(chat, "owner", plans, "secret")
    assert (ann.unread, bob.unread, cid.unread) == ({tea: 0, plans: 0}, {}, {tea: 0})
    assert (len(ann.received), len(bob.received), len(cid.received)) == (2, 0, 1)


async def test_room_is_unread_for_someone_who_was_added_until_they_look(chat: Chat):
    ann, plans = Page(chat, "ann"), await chat.rooms.create("owner", "Plans", is_private=True)
    olga, away = Page(chat, "owner"), Page(chat, "bob")
    away.close()
    for member_id in "ann", "bob":
        await chat.rooms.add_member("owner", plans.id, member_id)
    await settle()
    back, cid = Page(chat, "bob", away.kept), Page(chat, "cid")
    assert (ann.received, back.unread, cid.unread, olga.unread) == ([{plans.id: 0}], {plans.id: 0}, {}, {})
    tab_of_ann = Page(chat, "ann", ann.kept, "another tab")
    assert tab_of_ann.unread == {plans.id: 0}
    ann.look_at(plans.id)
    ann.look_away(plans.id)
    chat.unread.mark_all_read("bob")
    assert (tab_of_ann.unread, back.unread) == ({}, {})
    await chat.rooms.remove_member("owner", plans.id, "bob")
    await chat.rooms.add_member("owner", plans.id, "bob")
    assert back.unread == {plans.id: 0}


async def test_room_is_not_unread_for_someone_who_followed_its_link(chat: Chat):
    ann, plans = Page(chat, "ann"), await chat.rooms.create("owner", "Plans", is_private=True)
    token = await chat.room_links.create("owner", plans.id)
    await chat.room_links.follow("ann", token)
    await settle()
    assert (ann.unread, ann.received) == ({}, [])


async def test_mentions_replies_and_direct_messages_are_counted(chat: Chat, tea: str):
    ann, bob = Page(chat, "ann"), Page(chat, "bob")
    own = await say(chat, "ann", tea, "Tea?")
    await say(chat, "bob", tea, "@Ann yes")
    await say(chat, "cid", tea, "me too", own)
    await say(chat, "owner", tea, "@all now")
    room = await chat.direct_rooms.post("bob", ["ann"], "psst", "direct000001")
    await settle()
    assert ann.unread == {tea: 3, room.id: 1}
    assert bob.unread == {tea: 1}


async def test_counts_of_a_moment_arrive_together(chat: Chat, tea: str):
    with patch.object(unread_rooms, "DELAY", 60):
        ann = Page(chat, "ann")
        for text in "@Ann one", "@Ann two", "@Ann three":
            await say(chat, "bob", tea, text)
            await say(chat, "bob", LOBBY, text)
        assert ann.received == []
        chat.unread._tell_due()
    assert ann.received == [{tea: 3, LOBBY: 3}]


async def test_listener_that_fails_keeps_the_others_up_to_date(chat: Chat, tea: str):
    chat.unread.follow("ann", Page(chat, "ann").marks, Mock(side_effect=RuntimeError))
    bob = Page(chat, "bob")
    await say(chat, "owner", tea, "hello")
    assert bob.unread == {tea: 0}
    assert bob.received == [{tea: 0}]


async def test_reading_on_one_device_clears_all_at_once(chat: Chat, tea: str):
    desk = Page(chat, "ann")
    chat.members.connect(ANN, "phone")
    phone = Page(chat, "ann", desk.kept, "phone")
    await say(chat, "bob", tea, "@Ann hello")
    phone.look_at(tea)
    assert [desk.received, phone.received] == [[{tea: 1}, {}]] * 2
    await say(chat, "bob", tea, "@Ann more")
    assert desk.unread == {}
    phone.look_away(tea)
    await say(chat, "bob", tea, "@Ann even more")
    assert desk.unread == phone.unread == {tea: 1}


async def test_page_that_opened_with_unread_rooms_notices_when_they_are_read(chat: Chat, tea: str):
    ann = Page(chat, "ann")
    await say(chat, "bob", tea, "hello")
    ann.close()
    again = Page(chat, "ann", ann.kept)
    again.look_at(tea)
    assert again.received == [{}]


async def test_two_tabs_in_two_rooms_have_both_read(chat: Chat, tea: str):
    first = Page(chat, "ann")
    chat.members.connect(ANN, "second")
    second = Page(chat, "ann", first.kept, "second")
    first.look_at(LOBBY)
    second.look_at(tea)
    await say(chat, "bob", tea, "hello")
    await say(chat, "bob", LOBBY, "hello")
    assert first.unread == {}
    chat.members.disconnect("ann", "second")
    await say(chat, "bob", tea, "hello")
    await say(chat, "bob", LOBBY, "hello")
    assert first.unread == {tea: 0}


async def test_author_has_read_what_they_write_without_looking(chat: Chat, tea: str):
    bob = Page(chat, "bob")
    await say(chat, "bob", tea, "sent from another room")
    assert (bob.unread, bob.marks.get(tea)) == ({}, 1)
    await say(chat, "ann", tea, "an answer")
    assert bob.unread == {tea: 0}


@pytest.mark.parametrize("change", ["delete", "purge", "clear", "edit"])
async def test_messages_that_are_gone_take_their_count_back(chat: Chat, tea: str, change: str):
    ann = Page(chat, "ann")
    message_id = await say(chat, "bob", tea, "@Ann hello")
    assert ann.unread == {tea: 1}
    if change == "delete":
        await chat.messages.delete("bob", tea, message_id)
    elif change == "purge":
        await chat.moderation.perform("owner", tea, PurgeMessages("bob", 10))
    elif change == "clear":
        await chat.messages.clear("owner", tea)
    else:
        await chat.messages.edit("bob", tea, message_id, "hello")
    await settle()
    assert ann.unread == ({tea: 0} if change == "edit" else {})


async def test_reactions_and_edits_make_nothing_unread(chat: Chat, tea: str):
    message_id = await say(chat, "bob", tea, "hello")
    ann = Page(chat, "ann")
    await chat.messages.react("bob", tea, message_id, "👍")
    await chat.messages.edit("bob", tea, message_id, "hello!")
    await settle()
    assert ann.received == []
    ann.look_at(tea)
    ann.look_away(tea)
    await chat.messages.react("bob", tea, message_id, "👍")
    again = Page(chat, "cid", ann.kept)
    assert again.unread == {}


async def test_rooms_come_and_go_with_membership_and_archiving(chat: Chat, tea: str, plans: str):
    ann, bob = Page(chat, "ann"), Page(chat, "bob")
    await say(chat, "owner", plans, "@Ann secret")
    await say(chat, "owner", tea, "hello")
    assert (ann.unread, bob.unread) == ({plans: 1, tea: 0}, {tea: 0})
    await chat.rooms.remove_member("owner", plans, "ann")
    await chat.rooms.archive("owner", tea)
    await settle()
    assert (ann.unread, bob.unread) == ({}, {})
    await say(chat, "owner", plans, "@Ann more secret")
    assert ann.unread == {}


async def test_newcomer_has_read_what_was_written_before(chat: Chat, tea: str):
    await say(chat, "bob", tea, "old")
    ann = Page(chat, "ann")
    assert ann.unread == {}
    new = (await chat.rooms.create("owner", "Cake")).id
    await say(chat, "bob", new, "new")
    await say(chat, "bob", tea, "new")
    ann.close()
    assert Page(chat, "ann", ann.kept).unread == {new: 0, tea: 0}


async def test_room_marked_as_unread_stays_so_until_it_is_looked_at_again(chat: Chat, tea: str):
    ann = Page(chat, "ann")
    first, _, third = [await say(chat, "bob", tea, f"@Ann {number}") for number in range(3)]
    ann.look_at(tea)
    marked: list[str | None] = []

    def stop_viewing(message_id: str | None) -> None:
        marked.append(message_id)
        chat.members.set_viewing_latest("ann", tab(ANN), tea, False)

    chat.unread.marked.follow("ann", tea, stop_viewing)
    chat.unread.mark_unread("ann", await find(chat, tea, third))
    assert (ann.unread, marked) == ({tea: 1}, [third])
    chat.unread.mark_unread("ann", await find(chat, tea, first))
    assert ann.unread == {tea: 3}
    ann.close()
    assert Page(chat, "ann", ann.kept).unread == {tea: 3}
    ann.look_at(tea)
    assert ann.unread == {}


@pytest.mark.parametrize("is_clock_behind", [True, False])
async def test_all_rooms_are_marked_as_read(chat: Chat, tea: str, plans: str, is_clock_behind: bool):
    ann = Page(chat, "ann")
    marked: list[str | None] = []
    chat.unread.marked.follow("ann", tea, marked.append)
    for room_id in LOBBY, tea, plans:
        await say(chat, "owner", room_id, "@Ann hello")
    now = chat.lobby.conversation.message(next(iter(chat.lobby.conversation.history)).id).at
    with patch.object(unread_rooms.clock, "now", lambda: now.replace(year=now.year - is_clock_behind)):
        chat.unread.mark_all_read("ann")
    assert (ann.unread, marked) == ({}, [None])
    ann.close()
    assert Page(chat, "ann", ann.kept).unread == {}
    await say(chat, "owner", tea, "more")
    assert chat.unread.of("ann") == {tea: 0}


async def test_counts_survive_a_restart_with_rooms_that_are_not_loaded(tmp_path: Path):
    chat = build_chat(json_stores(tmp_path, 100), ANN, BOB, OWNER)
    tea, cake = [(await chat.rooms.create("owner", name)).id for name in ("Tea", "Cake")]
    ann = Page(chat, "ann")
    ann.look_at(cake)
    message_id = await say(chat, "bob", cake, "seen")
    ann.look_away(cake)
    await chat.messages.react("bob", cake, message_id, "👍")
    for text in "@Ann one", "@Ann two":
        await say(chat, "bob", tea, text)
    ann.marks.save(tea, 1)
    ann.close()
    await chat.close()

    chat = build_chat(json_stores(tmp_path, 100), ANN, BOB, OWNER)
    ann = Page(chat, "ann", ann.kept)
    assert ann.unread == {tea: 0, cake: 0}  # so far, only the numbers of the last events are known
    await chat.start()
    assert chat.calls._task
    await chat.calls._task
    assert ann.unread == {tea: 1}
    assert len(chat._loader) == 0
    await chat.close()


async def test_cost_of_a_message_depends_neither_on_pages_nor_on_rooms(chat: Chat, tea: str):
    members = [Member(f"m{number}", parse_nickname(f"Em{number}")) for number in range(50)]
    for member in members:
        chat.members.connect(member, tab(member))
    pages = [Page(chat, member.id) for member in members]
    for number in range(20):
        await chat.rooms.create("owner", f"Room {number}")
    await say(chat, "bob", tea, "first")
    await settle()
    assert sum(len(page.received) for page in pages) == len(pages)
    marks = Counting()
    for page in pages:
        page.marks.get = marks.get  # type: ignore[method-assign]
    with patch.object(Readers, "place", autospec=True) as place:
        for text in "second", "third":
            await say(chat, "bob", tea, text)
    assert (place.call_count, marks.count) == (0, 0)
    assert sum(len(page.received) for page in pages) == len(pages)


class Counting:
    count = 0

    def get(self, _room_id: str) -> ReadMark:
        self.count += 1
        return 0


async def test_closed_pages_leave_nothing_behind(chat: Chat, tea: str):
    ann = Page(chat, "ann")
    end = chat.unread.marked.follow("ann", tea, lambda _: None)
    await say(chat, "bob", tea, "hello")
    ann.close()
    end()
    await say(chat, "bob", tea, "hello")
    service = chat.unread
    left = service._listeners, service.marked._listeners, service._notified, service._readers._by_id
    assert not any(left)
    assert not any(service._readers._at_end.values())
    assert service.of("ann") == {}
    assert datetime.fromisoformat(ann.kept["seen"]["*"])


async def test_rooms_that_ended_leave_no_marks(chat: Chat, tea: str):
    ann = Page(chat, "ann")
    ann.marks.save(tea, 1)
    before = ann.marks.all()
    for others in (["bob"], ["cid"], ["bob", "cid"]):
        talk = await chat.direct_rooms.post("ann", others, "Hi", f"message0{len(others)}{others[0]}")
        ann.marks.save(talk.id, 1)
        await chat.departures.end(talk.id)
    assert ann.marks.all() == before
    ann.close()
