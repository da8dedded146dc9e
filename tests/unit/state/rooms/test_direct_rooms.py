"""Direct rooms as a use case: who sees and hears of them, from when, and until when."""

import asyncio
from collections.abc import Callable, Sequence
from datetime import timedelta
from pathlib import Path
from typing import Any
from unittest.mock import patch

import pytest

from chat.domain.accounts.account import Account
from chat.domain.accounts.events import AccountCreated
from chat.domain.commands.replies import RoomPrompt
from chat.domain.messages.events import MessagePosted
from chat.domain.rooms.directory.direct_rooms import MAX_UNUSED
from chat.domain.rooms.directory.room_info import LOBBY, direct_id
from chat.domain.rooms.events import RoomDeleted
from chat.domain.rooms.moderation.moderation_actions import (
    ChangeTopic,
    ChangeWordFilter,
    LockRoom,
    MuteMember,
    PurgeMessages,
    SetSlowMode,
)
from chat.domain.users import Member
from chat.state import clock
from chat.state.chat import Chat
from chat.state.rooms import departures
from chat.text.nicknames import parse_nickname
from tests.unit.state.support import ANN, BOB, MODERATOR, OWNER, audit_lines, record, refusal

CID = Member("cid", parse_nickname("Cid"))
ALL = (ANN, BOB, CID, MODERATOR, OWNER)


@pytest.fixture
def make(make_disk_chat: Callable[..., Chat]) -> Callable[..., Chat]:
    """Build chats on the same files; of their members, all but Bob and Cid have accounts."""

    def make(*members: Member, **options: Any) -> Chat:
        chat = make_disk_chat(members=members or ALL, **options)
        for member in (ANN, MODERATOR, OWNER):
            chat.people.apply(AccountCreated(Account(member.id, member.nickname, "", clock.now(), 1, member.role)))
        return chat

    return make


@pytest.fixture
def chat(make: Callable[..., Chat]) -> Chat:
    return make()


async def say(chat: Chat, member_id: str, room_id: str, text: str, message_id: str = "message01") -> object:
    return await chat.messages.post(member_id, room_id, text, message_id)


async def texts(chat: Chat, member_id: str, room_id: str) -> list[str]:
    async with chat.room_access.enter(member_id, room_id) as room:
        return [message.text for message in room.conversation.history]


def listed(chat: Chat, member_id: str) -> list[str]:
    return [room.id for room in chat.directory.open_direct_rooms(member_id)]


async def opened(chat: Chat, actor_id: str, *others: str) -> str:
    return (await chat.direct_rooms.open(actor_id, others)).id


# From the first message.


@pytest.mark.parametrize("others", [["bob"], ["bob", "cid"], ["bob", "cid", "mod", "owner"]])
async def test_others_see_the_room_from_its_first_message(chat: Chat, others: list[str]):
    room_id = await opened(chat, "ann", *others)
    assert await opened(chat, "ann", *reversed(others)) == room_id
    assert await texts(chat, "ann", room_id) == []
    for other in others:
        hidden, missing = await refusal(texts(chat, other, room_id)), await refusal(texts(chat, other, "nowhere"))
        assert (hidden.key, hidden.details) == (missing.key, missing.details) == ("room-gone", {})
    await say(chat, "ann", room_id, "Hi")
    for other in others:
        assert (await texts(chat, other, room_id), listed(chat, other)) == (["Hi"], [room_id])
    assert all(listed(chat, member.id) == [] for member in ALL if member.id not in {"ann", *others})


async def test_room_that_two_people_opened_is_seen_by_both(chat: Chat):
    room_id = await opened(chat, "ann", "bob")
    assert await opened(chat, "bob", "ann") == room_id
    await chat.direct_rooms.close("ann", room_id)
    await say(chat, "bob", room_id, "Hi")
    assert await texts(chat, "ann", room_id) == ["Hi"]


async def test_opened_room_is_shown_to_its_opener_again_after_a_restart(make: Callable[..., Chat]):
    chat = make()
    room_id, used = await opened(chat, "ann", "mod"), await opened(chat, "ann", "owner")
    await say(chat, "ann", used, "Hi")
    await chat.close()
    again = make()
    assert await texts(again, "ann", room_id) == []
    assert (await refusal(texts(again, "mod", room_id))).key == "room-gone"
    assert (listed(again, "ann"), await texts(again, "owner", used)) == ([used], ["Hi"])


async def test_newest_talk_is_first_also_after_a_restart(make: Callable[..., Chat]):
    chat = make()
    rooms = [await opened(chat, "ann", other) for other in ("mod", "owner")]
    for number, room_id in enumerate((*rooms, rooms[0])):
        await say(chat, "ann", room_id, f'Hi "at": "{number}" @at', f"message{number:02}")
    assert listed(chat, "ann") == rooms
    await chat.close()
    assert listed(make(), "ann") == rooms


async def test_rooms_that_nobody_wrote_in_do_not_pile_up(chat: Chat):
    guests = [Member(f"guest{number}", parse_nickname(f"Guest {number}")) for number in range(MAX_UNUSED + 3)]
    for number, guest in enumerate(guests):
        chat.members.connect(guest, f"tab {number}")
        await opened(chat, "ann", guest.id)
    assert len(chat.directory) == 1 + MAX_UNUSED
    assert chat.directory.get(direct_id(frozenset({"ann", guests[-1].id})))


async def test_rooms_are_opened_no_faster_than_messages_are_written(make: Callable[..., Chat]):
    chat = make(message_rate="3 per minute")
    for _ in range(3):
        await chat.direct_rooms.open("ann", ["bob"])
    assert (await refusal(chat.direct_rooms.open("ann", ["cid"]))).key == "too-fast"


async def test_closing_a_room_that_nobody_wrote_in_ends_it(chat: Chat):
    room_id = await opened(chat, "ann", "bob")
    await chat.direct_rooms.close("ann", room_id)
    assert (await refusal(texts(chat, "ann", room_id))).key == "room-gone"
    assert [room.id for room in chat.directory] == [LOBBY]


async def test_closed_room_returns_with_the_next_message_also_after_a_restart(make: Callable[..., Chat]):
    chat = make()
    room_id = await opened(chat, "ann", "mod")
    await say(chat, "ann", room_id, "Hi")
    await chat.direct_rooms.close("ann", room_id)
    assert (listed(chat, "ann"), listed(chat, "mod")) == ([], [room_id])
    await chat.close()
    again = make()
    assert (listed(again, "ann"), await texts(again, "ann", room_id)) == ([], ["Hi"])
    await say(again, "mod", room_id, "Hello", "message02")
    assert listed(again, "ann") == [room_id]


@pytest.mark.parametrize("room_id", ["nowhere", None, 7, "hidden"])
async def test_room_of_others_is_not_closed(chat: Chat, room_id: object):
    hidden = await opened(chat, "ann", "bob")
    await say(chat, "ann", hidden, "Hi")
    problem = await refusal(chat.direct_rooms.close("cid", hidden if room_id == "hidden" else room_id))
    assert (problem.key, problem.details) == ("room-gone", {})


# By command.


@pytest.mark.parametrize(
    ("command", "others", "text"),
    [
        ("/msg @Bob", ["bob"], None),
        ("/msg bob Psst", ["bob"], "Psst"),
        ("/msg @Bob @Cid Psst", ["bob", "cid"], "Psst"),
        ("/msg @Bob @nobody knows", ["bob"], "@nobody knows"),
        ("/msg @Bob //help", ["bob"], "/help"),
        ('/msg @Mo @Olga "@Cid" late?', ["mod", "owner"], '"@Cid" late?'),
    ],
)
async def test_command_writes_to_people(chat: Chat, command: str, others: list[str], text: str | None):
    outcome = await say(chat, "ann", LOBBY, command)
    room_id = direct_id(frozenset({"ann", *others}))
    assert outcome == RoomPrompt(room_id)
    assert await texts(chat, "ann", room_id) == ([text] if text else [])
    assert await texts(chat, "ann", LOBBY) == []


@pytest.mark.parametrize(
    ("command", "key"),
    [
        ("/msg", "command-usage"),
        ("/msg @Nobody Hi", "nobody-called"),
        ("/msg @Ann Hi", "direct-self"),
        ("/msg @Bob /ban Cid", "command-in-edit"),
        ("/msg @Bob /msg @Cid Hi", "command-in-edit"),
        ("/msg @Bob /nonsense", "command-unknown"),
    ],
)
async def test_command_is_refused(chat: Chat, command: str, key: str):
    assert (await refusal(say(chat, "ann", LOBBY, command))).key == key
    assert [room.id for room in chat.directory] == [LOBBY]


async def test_command_sent_again_writes_once(chat: Chat):
    for _ in range(2):
        await say(chat, "ann", LOBBY, "/msg @Bob Psst")
    assert await texts(chat, "bob", direct_id(frozenset({"ann", "bob"}))) == ["Psst"]


# Who may write to whom.


async def test_account_holders_write_to_each_other_even_if_nobody_is_here(chat: Chat):
    chat.members.leave("owner")
    room_id = await opened(chat, "ann", "owner")
    await say(chat, "ann", room_id, "For later")
    assert (await refusal(opened(chat, "bob", "owner"))).key == "nobody"


@pytest.mark.parametrize("text", ["Are you there?", "/me waits"])
async def test_guest_writes_only_while_somebody_is_here(chat: Chat, text: str):
    room_id = await opened(chat, "bob", "ann", "owner")
    await say(chat, "bob", room_id, "Hi")
    chat.members.leave("ann")
    await say(chat, "bob", room_id, "Only us two?", "message02")
    chat.members.leave("owner")
    assert (await refusal(say(chat, "bob", room_id, text, "message03"))).key == "nobody"
    assert (await refusal(chat.messages.edit("bob", room_id, "message02", text))).key in {"nobody", "command-in-edit"}


async def test_deleted_account_gets_no_messages(chat: Chat):
    room_id = await opened(chat, "ann", "owner")
    await say(chat, "ann", room_id, "For the record")
    await chat.pipeline.decide(lambda: chat.people.accounts.delete("owner"))
    chat.members.leave("owner")
    assert (await refusal(say(chat, "ann", room_id, "Hello?", "message02"))).key == "nobody"
    assert await texts(chat, "ann", room_id) == ["For the record"]


@pytest.mark.parametrize("text", ["Hi", "/me waves", "/msg @Ann Hi"])
async def test_muted_member_and_blocked_words_are_refused_here_too(chat: Chat, text: str):
    room_id = await opened(chat, "bob", "ann")
    await chat.moderation.perform("owner", LOBBY, ChangeWordFilter(("darn",)))
    assert (await refusal(say(chat, "bob", room_id, f"{text} darn"))).key == "word-filtered"
    await chat.moderation.perform("mod", LOBBY, MuteMember("bob"))
    assert (await refusal(say(chat, "bob", room_id, text))).key == "muted"
    assert chat.directory.room_for("bob", room_id)


# Equal and private.


@pytest.mark.parametrize("action", [ChangeTopic("Us"), SetSlowMode(30), LockRoom(), PurgeMessages("ann")])
async def test_room_has_no_settings(chat: Chat, action: Any):
    room_id = await opened(chat, "owner", "ann")
    await say(chat, "owner", room_id, "Hi")
    assert (await refusal(chat.moderation.perform("owner", room_id, action))).key == "room-fixed"
    for command in ("/topic Us", "/slow 30", "/lock", "/unlock", "/clear", "/purge Ann"):
        assert (await refusal(say(chat, "owner", room_id, command, "message02"))).key == "room-fixed"
    assert (await refusal(chat.messages.clear("owner", room_id))).key == "room-fixed"
    assert await texts(chat, "ann", room_id) == ["Hi"]


@pytest.mark.parametrize("member_id", ["mod", "owner"])
async def test_moderators_delete_only_what_was_reported(chat: Chat, member_id: str):
    room_id = await opened(chat, member_id, "ann", "bob")
    for author, message_id in ((member_id, "message00"), ("ann", "message01"), ("bob", "message02")):
        await say(chat, author, room_id, author, message_id)
    for message_id in ("message01", "message02"):
        assert (await refusal(chat.messages.delete(member_id, room_id, message_id))).key == "message-foreign"
    await chat.messages.delete(member_id, room_id, "message00")
    await chat.moderation.perform(member_id, LOBBY, PurgeMessages("bob", is_everywhere=True))
    await chat.moderation.report("ann", room_id, "message02")
    assert await texts(chat, "ann", room_id) == ["ann", "bob"]
    await chat.messages.delete_reported(member_id, room_id, "message02")
    assert await texts(chat, "ann", room_id) == ["ann"]


async def test_report_in_another_room_opens_no_message(chat: Chat):
    room_id = await opened(chat, "ann", "owner")
    await say(chat, "ann", room_id, "Between us", "message01")
    await say(chat, "bob", LOBBY, "Spam", "message01")
    await chat.moderation.report("ann", LOBBY, "message01")
    assert (await refusal(chat.messages.delete("owner", room_id, "message01"))).key == "message-foreign"


async def test_direct_messages_reach_nobody_else(chat: Chat, tmp_path: Path):
    in_lobby: list[object] = []
    chat.subscribe(in_lobby.append, MessagePosted, room_id=LOBBY)
    room_id = await opened(chat, "ann", "bob")
    await say(chat, "ann", room_id, "Between us, @Cid and @all")
    chat.messages.type("ann", room_id, is_typing=True)
    await chat.moderation.report("bob", room_id, "message01", "Rude")
    await chat.messages.delete_reported("mod", room_id, "message01")
    assert in_lobby == [] and not chat.lobby.typing.member_ids
    assert "Between" not in str(audit_lines(tmp_path))


async def test_reported_message_is_all_that_moderators_see(chat: Chat):
    room_id = await opened(chat, "ann", "bob")
    for number, text in enumerate(("First", "You fool", "Last")):
        await say(chat, "ann", room_id, text, f"message{number:02}")
    await chat.moderation.report("bob", room_id, "message01")
    assert [report.text for report in chat.people.moderation.reports.open] == ["You fool"]
    for member_id in ("mod", "owner"):
        assert (await refusal(texts(chat, member_id, room_id))).key == "room-gone"
        for message_id in ("message00", "message02"):
            assert (await refusal(chat.messages.delete_reported(member_id, room_id, message_id))).key == "report-gone"


# The end.


async def test_talk_with_a_guest_ends_with_the_guest(chat: Chat):
    room_id = await opened(chat, "ann", "bob")
    await say(chat, "ann", room_id, "Hi")
    events = record(chat)
    await leave(chat, "bob")
    assert [type(event).__name__ for event in events] == ["MemberLeft", "RoomDeleted"]
    assert (await refusal(texts(chat, "ann", room_id))).key == "room-gone"


@pytest.mark.parametrize(
    ("others", "left"),
    [
        (["bob", "owner"], ["bob"]),
        (["bob", "cid"], ["cid"]),
        (["bob", "cid", "mod"], ["bob", "cid"]),
        (["bob", "cid", "mod", "owner"], ["cid"]),
    ],
)
async def test_talk_of_several_goes_on_without_guests_who_leave(
    make: Callable[..., Chat], others: list[str], left: list[str]
):
    chat = make()
    room_id = await opened(chat, "ann", *others)
    await say(chat, "ann", room_id, "Hi")
    await leave(chat, *left)
    await say(chat, "ann", room_id, "Without you", "message02")
    stay = {"ann", *others}.difference(left)
    await chat.close()
    again = make()
    for member_id in stay:
        assert await texts(again, member_id, room_id) == ["Hi", "Without you"]
    for member_id in left:
        assert (listed(again, member_id), (await refusal(texts(again, member_id, room_id))).key) == ([], "room-gone")


async def leave(chat: Chat, *guests: str) -> None:
    """Let guests leave by choice, and wait until their rooms know."""
    for guest in guests:
        chat.members.leave(guest)
    while chat.pipeline._tasks:
        await asyncio.gather(*chat.pipeline._tasks)


async def lose(chat: Chat, *guests: str) -> None:
    """Let the grace period of guests who lost their connection end."""
    for guest in guests:
        chat.pipeline.apply_and_publish(*chat.people.leave(guest, clock.now()))
    while chat.pipeline._tasks:
        await asyncio.gather(*chat.pipeline._tasks)


async def wait_out(chat: Chat) -> None:
    """Let the time end in which people may come back."""
    chat.departures._expected.clear()
    await chat.departures.end_rooms_of_guests()


async def time_out(chat: Chat, *guests: str) -> None:
    """Let guests who lost their connection not come back in time."""
    await lose(chat, *guests)
    await wait_out(chat)


async def test_talk_of_several_waits_for_a_guest_whose_tab_is_closed(chat: Chat):
    room_id = await opened(chat, "ann", "bob", "cid")
    await say(chat, "ann", room_id, "Hi")
    await time_out(chat, "bob")
    await say(chat, "ann", room_id, "Bob?", "message02")
    chat.members.connect(BOB, "bob's new tab")
    assert await texts(chat, "bob", room_id) == ["Hi", "Bob?"]


@pytest.mark.parametrize("ways", [(leave, leave), (leave, time_out), (time_out, leave), (time_out, time_out)])
async def test_talk_of_several_ends_when_one_is_left(chat: Chat, ways: tuple[Callable[..., Any], ...]):
    room_id = await opened(chat, "ann", "bob", "cid")
    await say(chat, "ann", room_id, "Hi")
    await ways[0](chat, "bob")
    assert await texts(chat, "ann", room_id) == ["Hi"]
    await ways[1](chat, "cid")
    assert [room.id for room in chat.directory] == [LOBBY]


async def test_guest_who_comes_back_is_written_to_in_another_room(chat: Chat):
    room_id = await opened(chat, "ann", "bob", "owner")
    await say(chat, "ann", room_id, "Hi")
    await leave(chat, "bob")
    await say(chat, "ann", room_id, "About Bob", "message02")
    chat.members.connect(BOB, "bob's new tab")
    again = await opened(chat, "ann", "bob", "owner")
    await say(chat, "ann", again, "Welcome back", "message03")
    assert await texts(chat, "bob", again) == ["Welcome back"]
    assert await opened(chat, "bob", "owner", "ann") == again
    assert await opened(chat, "ann", "owner") == room_id


async def test_talk_of_two_that_began_as_theirs_is_the_one_to_open(chat: Chat):
    group, two = await opened(chat, "ann", "bob", "owner"), await opened(chat, "ann", "owner")
    for number, room_id in enumerate((group, two)):
        await say(chat, "ann", room_id, "Hi", f"message{number:02}")
    await leave(chat, "bob")
    assert await opened(chat, "owner", "ann") == two
    assert set(listed(chat, "ann")) == {group, two}


@pytest.mark.parametrize("way", [leave, time_out])
async def test_room_that_a_guest_opened_and_nobody_wrote_in_ends_with_the_guest(chat: Chat, way: Callable[..., Any]):
    await opened(chat, "bob", "ann", "owner")
    await way(chat, "bob")
    assert [room.id for room in chat.directory] == [LOBBY]


@pytest.mark.parametrize("is_restarted", [False, True])
async def test_talk_of_two_waits_for_a_guest_who_may_come_back(make: Callable[..., Chat], is_restarted: bool):
    chat = make()
    rooms = {guest: (await chat.direct_rooms.post("ann", [guest], "Hi", guest * 3)).id for guest in ("bob", "cid")}
    if is_restarted:
        await chat.close()
        chat = make(ANN)
        await chat.start()
    else:
        await lose(chat, "bob", "cid")
    await say(chat, "ann", rooms["bob"], "Are you coming?")
    chat.members.connect(BOB, "bob's phone, unlocked")
    assert await texts(chat, "bob", rooms["bob"]) == ["Hi", "Are you coming?"]
    assert set(listed(chat, "ann")) == set(rooms.values())
    await wait_out(chat)
    assert listed(chat, "ann") == listed(chat, "bob") == [rooms["bob"]]


async def test_guest_who_may_come_back_is_written_to(chat: Chat):
    room_id = (await chat.direct_rooms.post("ann", ["bob"], "Hi", "message01")).id
    await lose(chat, "bob", "cid")
    assert await opened(chat, "ann", "bob") == room_id
    assert await opened(chat, "ann", "cid") != room_id
    await wait_out(chat)
    assert (await refusal(opened(chat, "ann", "bob"))).key == "nobody"


async def test_talk_ends_at_once_with_a_guest_who_leaves_after_a_restart(make: Callable[..., Chat]):
    chat = make()
    room_id = (await chat.direct_rooms.post("ann", ["bob"], "Hi", "message01")).id
    await chat.close()
    chat = make(ANN)
    await chat.start()
    chat.members.connect(BOB, "tab")
    await leave(chat, "bob")
    assert (await refusal(texts(chat, "ann", room_id))).key == "room-gone"


async def test_many_guests_who_leave_at_once_take_few_writes(make: Callable[..., Chat]):
    guests = [Member(f"guest{number}", parse_nickname(f"Guest {number}")) for number in range(12)]
    chat = make(*ALL, *guests)
    for guest in guests:
        for other in ("ann", "bob", "cid"):
            await chat.direct_rooms.post(guest.id, [other], "Hi", f"hi{guest.id}{other}")
    writes, append = [], chat._stores.rooms.append

    async def count(events: Sequence[Any]) -> Sequence[Any]:
        writes.append(len(events))
        return await append(events)

    with patch.object(chat._stores.rooms, "append", count):
        for guest in guests:
            chat.members.leave(guest.id)
        while chat.pipeline._tasks:
            await asyncio.gather(*chat.pipeline._tasks)
    assert writes == [36]
    assert len(chat.directory) == 1


async def test_guest_who_comes_back_meanwhile_keeps_their_talk(chat: Chat, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(departures, "ENDED_AT_ONCE", 1)
    for other in ("bob", "cid"):
        room_id = await opened(chat, "ann", other)
        await say(chat, "ann", room_id, "Hi", f"message{other}")
    chat.subscribe(lambda _: chat.members.connect(CID, "cid's new tab"), RoomDeleted)
    for other in ("bob", "cid"):
        chat.members.leave(other)
    await asyncio.gather(*chat.pipeline._tasks)
    assert listed(chat, "ann") == [direct_id(frozenset({"ann", "cid"}))]


async def test_reload_of_a_guest_does_not_end_a_talk(chat: Chat):
    chat.people.presence.grace = timedelta(minutes=1)
    room_id = await opened(chat, "ann", "bob")
    await say(chat, "ann", room_id, "Hi")
    chat.members.disconnect("bob", "bob's tab")
    chat.pipeline.apply_and_publish(*chat._state.expire(clock.now()))
    await asyncio.gather(*chat.pipeline._tasks)
    assert await texts(chat, "ann", room_id) == ["Hi"]
