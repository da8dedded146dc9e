"""People of several processes: one roster, joins and leaves announced once, and a killed process's people go."""

from collections.abc import AsyncIterator, Callable, Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from chat.domain.client_identity import ClientIdentity
from chat.domain.errors import AccountRefused, ChatError, NameRefused
from chat.domain.people.avatar_colors import AvatarColor, AvatarColors
from chat.domain.people.events import Disconnected, MemberJoined, MemberLeft
from chat.domain.rooms.events import TypingStarted, TypingStopped
from chat.domain.rooms.moderation.moderation_actions import BanMember, KickMember
from chat.domain.rooms.notices import JoinLeaveSummary
from chat.domain.users import Member
from chat.state import clock
from chat.state.accounts.login_throttle import LoginThrottle
from chat.storage.redis import other_processes
from chat.text.nicknames import parse_nickname
from tests.support.engine import HAS_ENGINE, EngineProcess
from tests.support.processes import ChatProcess, eventually, processes
from tests.unit.state.support import ANN, BOB, CID, MODERATOR, record

pytestmark = pytest.mark.skipif(not HAS_ENGINE, reason="there is no engine for this system")


@pytest.fixture
async def both(tmp_path: Path) -> AsyncIterator[list[ChatProcess]]:
    async with processes(tmp_path, grace=1) as found:
        yield found


@pytest.fixture
def engine() -> Iterator[EngineProcess]:
    engine = EngineProcess()
    yield engine
    engine.remove()


def names(process: ChatProcess) -> list[str]:
    return [member.name for member in process.chat.people.roster()]


def announced(process: ChatProcess) -> list[tuple[str, str]]:
    """Return the joins and leaves in the lobby."""
    summaries = [item for _, item in process.chat.lobby.conversation.timeline if isinstance(item, JoinLeaveSummary)]
    return [(change.name, change.change.name) for summary in summaries for change in summary.changes]


async def test_one_roster_everywhere_also_for_those_who_start_later(both: list[ChatProcess], tmp_path: Path):
    one, other = both
    one.join(ANN)
    other.join(BOB)
    await eventually(lambda: names(one) == names(other) == ["Ann", "Bob"])
    async with processes(tmp_path, 1, grace=1) as (third,):
        assert names(third) == ["Ann", "Bob"]
        third.join(CID)
        await eventually(lambda: names(one) == names(other) == ["Ann", "Bob", "Cid"])
        assert announced(third) == [("Cid", "JOINED")]  # the others were here before
    await eventually(lambda: names(one) == names(other) == ["Ann", "Bob"])


async def test_joins_and_leaves_are_announced_once(both: list[ChatProcess]):
    one, other = both
    events = [record(process.chat, MemberJoined, MemberLeft) for process in both]
    one.join(ANN)
    await eventually(lambda: "ann" in other.chat.people.members)
    other.join(ANN)  # another tab
    one.chat.members.disconnect("ann", one.tab(ANN))
    await eventually(lambda: not one.chat.people.presence._connections["ann"] - {other.tab(ANN)})
    other.chat.members.disconnect("ann", other.tab(ANN))
    await eventually(lambda: not names(one) and not names(other))
    assert announced(one) == announced(other) == [("Ann", "LEFT")]
    assert [[type(event) for event in found] for found in events] == [[MemberJoined, MemberLeft]] * 2


async def test_those_who_come_back_after_a_restart_are_announced_nowhere(both: list[ChatProcess]):
    one, other = both
    one.chat.members.connect(ANN, one.tab(ANN), signed_in_at=clock.now() - timedelta(hours=1))
    one.join(BOB)
    await eventually(lambda: names(other) == ["Ann", "Bob"])
    assert announced(one) == announced(other) == [("Bob", "JOINED")]


def colors(process: ChatProcess, *ids: str) -> list[AvatarColor]:
    return [process.chat.people.colors.of(member_id) for member_id in ids]


async def test_avatar_colours_are_the_same_everywhere_and_differ(both: list[ChatProcess], tmp_path: Path):
    one, other = both
    ids = alike(4)
    people = [Member(member_id, parse_nickname(member_id)) for member_id in ids]
    for process, member in zip((one, other, one, other), people, strict=True):
        process.join(member)
        await eventually(lambda: one.chat.people.members.keys() == other.chat.people.members.keys())
    assert colors(one, *ids) == colors(other, *ids)
    assert len({*colors(one, *ids)}) == len(ids)
    one.chat.members.leave(ids[2])
    await eventually(lambda: ids[2] not in other.chat.people.members)
    async with processes(tmp_path, 1, grace=1) as (third,):
        assert colors(third, *ids) == colors(one, *ids)


def alike(count: int) -> list[str]:
    """Return ids of the same colour, unless they meet."""
    ids = [f"person{number}" for number in range(1000)]
    return [member_id for member_id in ids if AvatarColors().of(member_id) == AvatarColors().of(ids[0])][:count]


async def test_member_who_signs_out_leaves_every_process_at_once(both: list[ChatProcess]):
    one, other = both
    one.join(ANN)
    await eventually(lambda: names(other) == ["Ann"])
    other.join(ANN)
    one.chat.members.leave("ann")
    await eventually(lambda: not names(one) and not names(other))


async def test_member_who_changes_processes_within_the_grace_period_neither_leaves_nor_joins(tmp_path: Path):
    async with processes(tmp_path, grace=60) as (one, other):
        one.join(ANN)
        await eventually(lambda: names(other) == ["Ann"])
        gone = record(other.chat, Disconnected)
        one.chat.members.disconnect("ann", one.tab(ANN))
        await eventually(lambda: len(gone) == 1)
        other.join(ANN)
        await eventually(lambda: one.chat.people.presence.is_connected("ann"))
        assert announced(one) == announced(other) == [("Ann", "JOINED")]


@pytest.mark.parametrize("ban", [KickMember, BanMember], ids=["kick", "ban"])
async def test_sanction_finds_a_browser_that_was_seen_elsewhere(both: list[ChatProcess], ban: Callable[..., BanMember]):
    one, other = both
    other.chat.members.connect(BOB, "tab", ClientIdentity("bob's browser", "192.0.2.1"))
    one.join(MODERATOR)
    await eventually(lambda: names(one) == names(other) == ["Bob", "Mo"])
    await one.chat.moderation.perform("mod", "lobby", ban("bob"))
    await eventually(lambda: names(one) == names(other) == ["Mo"])
    with pytest.raises(ChatError, match=r"banned|kicked"):
        other.chat.members.connect(CID, "tab", ClientIdentity("bob's browser", "192.0.2.2"))


async def test_typing_is_shown_everywhere_and_ends(both: list[ChatProcess]):
    one, other = both
    one.join(ANN)
    await eventually(lambda: names(other) == ["Ann"])
    events = record(other.chat, TypingStarted, TypingStopped)
    one.chat.messages.type("ann", "lobby", True)
    await eventually(lambda: other.chat.lobby.typing.member_ids == ("ann",))
    one.chat.messages.type("ann", "lobby", False)
    await eventually(lambda: not other.chat.lobby.typing.member_ids)
    assert [type(event) for event in events] == [TypingStarted, TypingStopped]


async def test_room_that_is_viewed_in_one_process_is_read_in_all(both: list[ChatProcess]):
    one, other = both
    one.join(ANN)
    one.chat.members.set_viewing_latest("ann", one.tab(ANN), "lobby", True)
    presence = other.chat.people.presence
    await eventually(lambda: presence.is_viewing_latest("ann", "lobby"))
    one.chat.members.set_viewing_latest("ann", one.tab(ANN), "lobby", False)
    await eventually(lambda: not presence.is_viewing_latest("ann", "lobby"))


async def test_name_goes_to_one_of_two_guests_who_want_it_at_once(both: list[ChatProcess]):
    one, other = both
    await one.chat.members.claim_name("ann", ANN.nickname)
    with pytest.raises(NameRefused):
        await other.chat.members.claim_name("eve", parse_nickname("ANN"))
    await one.chat.members.claim_name("ann", ANN.nickname)
    one.join(ANN)
    await eventually(lambda: names(other) == ["Ann"])
    with pytest.raises(NameRefused):
        other.join(Member("eve", parse_nickname("ann")))


async def test_name_and_role_change_everywhere(both: list[ChatProcess]):
    one, other = both
    one.join(ANN)
    await eventually(lambda: names(other) == ["Ann"])
    await one.chat.members.rename("ann", "Anna")
    await eventually(lambda: names(other) == ["Anna"])
    assert announced(other) == [("Ann", "JOINED")]


async def test_people_of_a_process_that_falls_silent_go_after_the_grace_period(
    both: list[ChatProcess], monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(other_processes, "LOST_AFTER", 1.5)
    one, other = both
    one.join(ANN)
    other.join(BOB)
    await eventually(lambda: names(one) == names(other) == ["Ann", "Bob"])
    events = record(other.chat, Disconnected, MemberLeft)
    for task in one.backend.peers._tasks:
        task.cancel()
    await eventually(lambda: names(other) == ["Bob"])
    assert [type(event) for event in events] == [Disconnected, MemberLeft]


async def test_people_are_as_before_after_the_engine_was_away(tmp_path: Path, engine: EngineProcess):
    async with processes(tmp_path, engine=engine, grace=1) as (one, other):
        one.join(ANN)
        await eventually(lambda: names(other) == ["Ann"])
        left = record(other.chat, MemberLeft, Disconnected)
        engine.empty()
        other.join(BOB)
        one.join(CID)
        await eventually(lambda: names(one) == names(other) == ["Ann", "Bob", "Cid"])
        assert not left
        await eventually(lambda: not one.backend._engine.problem and not other.backend._engine.problem)


async def test_people_come_and_go_while_the_engine_is_full(tmp_path: Path, engine: EngineProcess):
    async with processes(tmp_path, engine=engine, grace=1) as (one, other):
        one.join(ANN)
        await eventually(lambda: names(other) == ["Ann"])
        engine.client.config_set("maxmemory", engine.client.info("memory")["used_memory"] // 2)
        one.join(BOB)
        await eventually(lambda: names(other) == ["Ann", "Bob"])
        one.chat.members.leave("ann")
        await eventually(lambda: names(other) == ["Bob"])
        engine.client.config_set("maxmemory", 0)


async def test_attempts_to_sign_in_count_together(both: list[ChatProcess]):
    one, other = (LoginThrottle(process.backend.peers) for process in both)
    for _ in range(3):
        one.check("ann", "192.0.2.1")
    await eventually(lambda: other._count("tried", "192.0.2.1") == 3)
    for _ in range(2):
        other.check("ann", "192.0.2.1")
    with pytest.raises(AccountRefused):
        other.check("ann", "192.0.2.1")
    await eventually(lambda: one._count("tried", "192.0.2.1") == 5)
    with pytest.raises(AccountRefused):
        one.check("ann", "192.0.2.1")
    other.record_success("ann", "192.0.2.1")
    await eventually(lambda: ("ann", "192.0.2.1") in one._known)
    one.check("ann", "192.0.2.1")
