"""What a member does counts once and for all processes of a chat, whichever of them their browser reaches."""

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from chat.domain.errors import AccountRefused, ChatError, CommandRefused, SpeechRefused
from chat.domain.rooms.directory.room_info import LOBBY
from chat.domain.rooms.moderation.moderation_actions import SetSlowMode
from chat.domain.users import Role
from chat.state.accounts.accounts import AccountService
from chat.state.accounts.passwords import Passwords
from tests.support.engine import HAS_ENGINE
from tests.support.processes import ChatProcess, deaf, eventually, processes
from tests.unit.state.support import ADMIN_PASSWORD, BOB, CHEAP, GOOD, MODERATOR, OWNER, refusal

pytestmark = pytest.mark.skipif(not HAS_ENGINE, reason="there is no engine for this system")

COMMANDS = {
    "/topic Tea": LOBBY,
    "/mute @Bob 5": "@moderation",
    "/kick @Bob": "@moderation",
    "/filter tea": "@moderation",
    "/role @Bob moderator": "@accounts",
    "/nick Olga II": "@accounts",
    "/room create Tea": "@rooms",
    "/me waves": LOBBY,
}
"""Where each is stored."""

each_command = pytest.mark.parametrize(("command", "name"), COMMANDS.items(), ids=COMMANDS)


@pytest.fixture
async def both(tmp_path: Path) -> AsyncIterator[list[ChatProcess]]:
    """Olga, who may do everything, has a tab in each process; Bob is in the first, and may do nothing."""
    async with processes(tmp_path) as (one, other):
        one.join(OWNER, BOB, MODERATOR)
        other.join(OWNER)
        await eventually(lambda: "bob" in other.chat.people.members)
        yield [one, other]


async def send(process: ChatProcess, text: str, message_id: str = "message01") -> object:
    return await process.chat.messages.post("owner", LOBBY, text, message_id)


async def stored(process: ChatProcess) -> dict[str, int]:
    """Return how many events there have been of each room and each kind."""
    return await process.backend._engine.numbers()


async def test_wrong_admin_passwords_count_together(both: list[ChatProcess]):
    one, other = both
    failures = [await refusal(send(one, "/admin wrong", f"attempt{number:05}")) for number in range(5)]
    assert [failure.key for failure in failures] == ["admin-wrong"] * 5
    await one.say(BOB, "The attempts were passed on before")
    await eventually(lambda: len(other.messages()) == 1)
    assert (await refusal(send(other, f"/admin {ADMIN_PASSWORD}", "attempt00005"))).key == "admin-locked"


@each_command
async def test_command_sent_again_to_another_process_acts_once(both: list[ChatProcess], command: str, name: str):
    one, other = both
    await send(one, command)
    before = await stored(one)
    assert before[name] == 1
    await send(other, command)
    assert await stored(one) == before


@each_command
async def test_command_sent_to_two_processes_at_once_acts_once(both: list[ChatProcess], command: str, name: str):
    await asyncio.gather(*(send(process, command) for process in both))
    assert (await stored(both[0]))[name] == 1


async def test_command_that_was_refused_may_be_sent_again_to_another_process(both: list[ChatProcess]):
    one, other = both
    with pytest.raises(CommandRefused):
        await one.chat.messages.post("bob", LOBBY, "/admin wrong password", "message01")
    other.join(BOB)
    await other.chat.messages.post("bob", LOBBY, f"/admin {ADMIN_PASSWORD}", "message01")
    assert other.chat.people.member("bob").role is Role.ADMIN


async def test_reply_of_a_command_that_stores_nothing_comes_from_any_process(both: list[ChatProcess]):
    replies = [await send(process, "/who") for process in both]
    assert replies[0] == replies[1] is not None


async def test_edit_sent_again_to_another_process_undoes_no_later_edit(both: list[ChatProcess]):
    one, other = both
    await send(one, "Hello")
    await one.chat.messages.edit("owner", LOBBY, "message01", "Hello!", "edit0001")
    await one.chat.messages.edit("owner", LOBBY, "message01", "Hello?", "edit0002")
    await eventually(lambda: other.texts() == ["Hello?"])
    await other.chat.messages.edit("owner", LOBBY, "message01", "Hello!", "edit0001")
    assert other.texts() == ["Hello?"]


async def test_direct_message_sent_to_two_processes_is_posted_once(both: list[ChatProcess]):
    one, other = both
    await send(one, "/msg @Bob Psst")
    await send(other, "/msg @Bob Psst")
    [room] = [room for room in one.chat.directory if room.members]
    assert one.texts(room.id) == ["Psst"]


async def test_message_sent_again_to_a_process_that_has_not_heard_of_it_is_stored_once(both: list[ChatProcess]):
    one, other = both
    async with deaf(other):
        await send(one, "Hello")
        await send(other, "Hello")
        assert (await stored(one))[LOBBY] == 1
    assert other.texts() == ["Hello"]


async def test_slow_mode_counts_posts_at_other_processes(both: list[ChatProcess]):
    one, other = both
    await one.chat.moderation.perform("mod", LOBBY, SetSlowMode(60))
    other.join(BOB)
    await eventually(lambda: other.chat.lobby.restrictions.slow_mode.seconds == 60)
    async with deaf(other):
        await one.say(BOB, "One")
        with pytest.raises(SpeechRefused, match="slow-mode"):
            await other.say(BOB, "Two")
    await one.chat.messages.edit("bob", LOBBY, one.messages()[0].id, "One more")
    await eventually(lambda: other.texts() == ["One more"])
    with pytest.raises(SpeechRefused, match="slow-mode"):
        await other.chat.messages.edit("bob", LOBBY, one.messages()[0].id, "And another")


async def test_messages_of_who_has_tabs_in_several_processes_count_together(tmp_path: Path):
    async with processes(tmp_path, message_rate="3 per minute") as (one, other):
        one.join(BOB)
        other.join(BOB)
        await eventually(lambda: one.chat.people.presence.has_several_connections("bob"))
        for number in range(3):
            await one.say(BOB, f"Message {number}")
        rates = other.chat.messages._limit._limiter
        window = (rates._rates["write"], "write", "member:bob")
        await eventually(lambda: not rates._limiter.get_window_stats(*window).remaining)
        assert (await refusal(other.say(BOB, "Too much"))).key == "too-fast"


async def test_one_of_two_becomes_the_owner(both: list[ChatProcess]):
    accounts = [AccountService(process.chat, Passwords(CHEAP)) for process in both]
    signing_up = [
        service.sign_up(f"id{number}", f"Person {number}", GOOD, role=Role.OWNER)
        for number, service in enumerate(accounts)
    ]
    found = await asyncio.gather(*signing_up, return_exceptions=True)
    refused = [problem for problem in found if isinstance(problem, ChatError)]
    assert [(type(problem), problem.key) for problem in refused] == [(AccountRefused, "invitation-over")]
