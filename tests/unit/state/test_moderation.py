"""Moderators at work in the shared state: what they do is kept and told, and those it hits are stopped everywhere."""

import asyncio
import json
from collections.abc import AsyncIterator, Awaitable, Callable
from datetime import timedelta
from pathlib import Path

import pytest

from chat.domain.accounts.access_policy import AccessMode, AccessPolicy
from chat.domain.accounts.invitations import Invitations
from chat.domain.accounts.shared_password import SharedPassword
from chat.domain.commands.registry import Reply
from chat.domain.errors import (
    AccountRefused,
    ChatError,
    CommandRefused,
    EntryRefused,
    HistoryUnwritable,
    NotAllowed,
    SpeechRefused,
)
from chat.domain.events import Event, MemberLeft, MessageDeleted
from chat.domain.moderation.events import Banned, Kicked, MessagesPurged, Muted
from chat.domain.moderation.sanctions import ClientIdentity
from chat.domain.permissions import Permission, has_permission
from chat.domain.users import Member, Role
from chat.state.chat import Chat
from chat.state.invitations import InvitationService
from chat.storage.json_files.audit_log import AuditLog
from chat.storage.json_files.invitations import InvitationsFile
from chat.storage.json_files.message_store import JsonStore
from chat.storage.json_files.moderation import JsonModerationStore
from chat.text.nicknames import parse_nickname

OWNER = Member("owner", parse_nickname("Olga"), Role.OWNER)
MOD = Member("mod", parse_nickname("Mo"), Role.MODERATOR)
BOB = Member("bob", parse_nickname("Bob"))
HOME = ClientIdentity("bob's session", "192.0.2.1")


@pytest.fixture
async def make_chat(tmp_path: Path) -> AsyncIterator[Callable[[], Chat]]:
    """Build chats on the same files, one after the other, with Olga, Mo and Bob in them (who is let in)."""
    chats: list[Chat] = []

    def make() -> Chat:
        store, records = JsonStore(tmp_path / "chat_log.json", 100), JsonModerationStore(tmp_path)
        chat = Chat(
            store, SharedPassword("password"), grace=timedelta(0), message_rate="1000 per minute", records=records
        )
        chats.append(chat)
        for member in (OWNER, MOD):
            chat.connect(member, f"{member.id}'s tab")
        return chat

    yield make
    for chat in chats:
        await chat.close()


@pytest.fixture
def chat(make_chat: Callable[[], Chat]) -> Chat:
    """The first of them, with Bob."""
    chat = make_chat()
    chat.connect(BOB, "bob's tab", HOME)
    return chat


@pytest.fixture
def told(chat: Chat) -> list[Event]:
    """All that is told from now on."""
    events: list[Event] = []
    chat.subscribe(events.append)
    return events


@pytest.fixture
def post(chat: Chat) -> Callable[[str, str], Awaitable[object]]:
    """Let somebody send a text."""
    numbers = iter(range(1000))
    return lambda who, text: chat.post(who, text, f"message{next(numbers):03}")


async def refusal(attempt: Awaitable[object]) -> ChatError:
    with pytest.raises(ChatError) as refused:
        await attempt
    return refused.value


def texts(chat: Chat) -> list[str]:
    return [message.text for message in chat.room.conversation.history]


def audit(folder: Path) -> list[str]:
    """Who did what to whom."""
    lines = map(json.loads, (folder / "audit.jsonl").read_text().splitlines())
    return [" ".join((line["by"]["name"], line["act"], line.get("whom", {}).get("name", ""))).strip() for line in lines]


@pytest.mark.parametrize("text", ["da**rn**", "~~da~~rn", "[da](https://example.org/)rn", "/me da*rn*"])
async def test_markup_hides_no_filtered_word(chat: Chat, post, text: str):
    await post("owner", "/filter darn")
    assert (await refusal(post("bob", text))).key == "word-filtered"
    await post("bob", "**fine**")
    [message] = chat.room.conversation.history
    assert (await refusal(chat.edit("bob", message.id, text.removeprefix("/me ")))).key == "word-filtered"


async def test_who_is_muted_is_stopped_on_every_way(chat: Chat, post, told: list[Event]):
    await post("bob", "Hello")
    await post("mod", "/mute Bob 5 loud")
    [message] = chat.room.conversation.history
    before = len(told)
    for attempt in (
        post("bob", "Hi"),
        post("bob", "/me waves"),
        post("bob", "/shrug"),
        post("bob", "/nick Robert"),
        chat.edit("bob", message.id, "Hi"),
        chat.react("bob", message.id, "🎉"),
    ):
        problem = await refusal(attempt)
        assert isinstance(problem, SpeechRefused)
        assert problem.details["why"] == "loud"
    with pytest.raises(SpeechRefused):
        await chat.rename("bob", "Robert")
    chat.type("bob", True)
    assert len(told) == before
    assert texts(chat) == ["Hello"]


async def test_who_is_muted_may_take_back_what_they_said_and_report(chat: Chat, post):
    await post("bob", "Hello")
    await post("mod", "Behave")
    await post("mod", "/mute Bob")
    first, second = chat.room.conversation.history
    await chat.report("bob", second.id, "unfair")
    await chat.delete("bob", first.id)
    assert texts(chat) == ["Behave"]


async def test_in_a_locked_room_only_moderators_write(chat: Chat, post):
    await post("bob", "Hello")
    await post("mod", "/lock")
    [message] = chat.room.conversation.history
    for attempt in (post("bob", "Hi"), post("bob", "/me waves"), chat.react("bob", message.id, "🎉")):
        assert (await refusal(attempt)).key == "locked"
    await post("mod", "Quiet")
    await post("mod", "/unlock")
    await post("bob", "Hi")
    assert texts(chat) == ["Hello", "Quiet", "Hi"]


async def test_slow_mode_is_for_messages_that_come_at_once_too(chat: Chat):
    await chat.post("mod", "/slow 60", "message00")
    attempts = [chat.post("bob", f"Message {number}", f"message1{number}") for number in range(5)]
    results = await asyncio.gather(*attempts, return_exceptions=True)
    assert [type(result) for result in results].count(SpeechRefused) == 4
    assert texts(chat) == ["Message 0"]


async def test_what_could_not_be_kept_costs_no_wait(chat: Chat, post, monkeypatch: pytest.MonkeyPatch):
    await post("mod", "/slow 60")
    with monkeypatch.context() as patch:
        patch.setattr(chat.store, "append", _fail)
        assert isinstance(await refusal(post("bob", "Hello")), HistoryUnwritable)
    await post("bob", "Hello")
    assert texts(chat) == ["Hello"]


async def _fail(*args: object) -> None:
    raise HistoryUnwritable


@pytest.mark.parametrize(("text", "told_first"), [("/kick Bob", Kicked), ("/ban Bob", Banned)])
async def test_who_is_sent_out_leaves_and_stays_out(chat: Chat, post, told: list[Event], text: str, told_first: type):
    await post("mod", text)
    assert [type(event) for event in told] == [told_first, MemberLeft]
    assert "bob" not in chat.room.members
    for attempt in (
        lambda: chat.connect(BOB, "bob's tab", HOME),
        lambda: chat.connect(Member("eve", parse_nickname("Eve")), "tab", HOME),
        lambda: chat.check_can_join("eve", HOME),
    ):
        with pytest.raises(EntryRefused):
            attempt()
    assert len(told) == 2


async def test_what_is_in_force_survives_a_restart(chat: Chat, post, make_chat: Callable[[], Chat]):
    for text in ("/mute Bob", "/slow 30", "/lock", "/ban Bob 2h spam"):
        await post("mod", text)
    await post("owner", "/filter darn")
    await chat.close()
    later = make_chat()
    with pytest.raises(EntryRefused):
        later.connect(BOB, "bob's tab", HOME)
    assert later.room.moderation.locked
    assert later.room.moderation.slow_mode.seconds == 30
    assert (await refusal(later.post("mod", "Darn", "message99"))).key == "word-filtered"
    await later.moderation.unban("mod", "bob")
    later.connect(BOB, "bob's tab", HOME)
    assert (await refusal(later.post("bob", "Hello", "message98"))).key == "muted"


async def test_a_purge_is_gone_everywhere(chat: Chat, post, told: list[Event], tmp_path: Path):
    for number in range(3):
        await post("bob", f"Spam {number}")
    await post("mod", "Hello")
    del told[:]
    await post("mod", "/purge Bob 2")
    assert [type(event) for event in told] == [MessageDeleted, MessageDeleted, MessagesPurged]
    assert texts(chat) == ["Spam 0", "Hello"]
    assert not [path.name for path in files(tmp_path) if b"Spam 2" in path.read_bytes()]


def files(folder: Path) -> list[Path]:
    return list(folder.iterdir())


async def test_every_act_is_in_the_audit_log(chat: Chat, post, tmp_path: Path):
    await post("bob", "Hello")
    [message] = chat.room.conversation.history
    await chat.report("mod", message.id, "spam")
    await chat.moderation.resolve("mod", message.id)
    await chat.delete("mod", message.id)
    await post("owner", "/topic Tea")
    await post("owner", "/role Bob moderator")
    await post("owner", "/role Bob guest")
    await chat.clear("owner")
    await post("mod", "/kick Bob")
    assert audit(tmp_path) == [
        "Mo report Bob", "Mo settle Bob", "Mo delete Bob", "Olga topic", "Olga role Bob", "Olga role Bob", "Olga clear",
        "Mo kick Bob",
    ]  # fmt: skip
    assert (await chat.moderation.audit("owner")).count(b"\n") == 8
    assert [found.act for found in await chat.moderation.recent_audit_entries("owner", 2)] == ["kick", "clear"]


async def test_what_is_nobody_elses_business_is_not(chat: Chat, post, tmp_path: Path):
    await post("bob", "Hello")
    [message] = chat.room.conversation.history
    await chat.edit("bob", message.id, "Hi")
    await chat.delete("bob", message.id)
    await post("bob", "/nick Robert")
    assert "audit.jsonl" not in [path.name for path in files(tmp_path)]


@pytest.mark.parametrize("text", ["/mute Bob", "/kick Bob", "/purge Bob", "/lock", "/topic Tea", "/role Bob moderator"])
async def test_nothing_is_done_that_the_log_does_not_tell(
    chat: Chat, post, told: list[Event], monkeypatch: pytest.MonkeyPatch, text: str
):
    await post("bob", "Hello")
    del told[:]
    monkeypatch.setattr(AuditLog, "append", _full)
    assert isinstance(await refusal(post("owner", text)), HistoryUnwritable)
    assert told == []
    assert texts(chat) == ["Hello"]
    assert chat.room.roster() == [BOB, MOD, OWNER]


def _full(*args: object) -> None:
    raise OSError(28, "No space left on device")


@pytest.mark.parametrize("role", Role)
async def test_the_table_guards_what_is_no_command(chat: Chat, post, role: Role):
    await post("bob", "Hello")
    [message] = chat.room.conversation.history
    await chat.report("mod", message.id)
    await post("mod", "/ban Bob")
    chat.connect(Member("x", parse_nickname("X"), role), "tab")
    guarded = [
        (Permission.HANDLE_REPORTS, lambda: chat.moderation.resolve("x", message.id)),
        (Permission.BAN, lambda: chat.moderation.unban("x", "bob")),
        (Permission.SEE_AUDIT, lambda: chat.moderation.audit("x")),
        (Permission.SEE_AUDIT, lambda: chat.moderation.recent_audit_entries("x")),
        (Permission.DELETE_ANY, lambda: chat.delete("x", message.id)),
        (Permission.SET_SLOW_MODE, lambda: chat.moderation.set_slow_mode("x", 5)),
        (Permission.LOCK_ROOM, lambda: chat.moderation.lock("x", True)),
        (Permission.CHANGE_WORD_FILTER, lambda: chat.moderation.change_filter("x", ["darn"])),
        (Permission.MUTE, lambda: chat.moderation.mute("x", "bob")),
        (Permission.MUTE, lambda: chat.moderation.unmute("x", "bob")),
        (Permission.KICK, lambda: chat.moderation.kick("x", "bob")),
        (Permission.BAN, lambda: chat.moderation.ban("x", "bob", "2h", "spam")),
        (Permission.CLEAR_HISTORY, lambda: chat.clear("x")),
    ]
    for action, attempt in guarded:
        if has_permission(role, action):
            await attempt()
        else:
            problem = await refusal(attempt())
            assert isinstance(problem, NotAllowed) or problem.key == "message-foreign", action


async def test_a_moderator_deletes_nothing_of_those_above(chat: Chat, post):
    await post("owner", "Hello")
    [message] = chat.room.conversation.history
    assert (await refusal(chat.delete("mod", message.id))).key == "not-above"


async def test_who_is_an_admin_by_password_may_what_admins_may(chat: Chat, post):
    await post("bob", "/admin password")
    assert await post("bob", "/filter") == Reply("filter")
    await post("bob", "/mute Mo")
    assert (await refusal(post("mod", "Hi"))).key == "muted"


@pytest.mark.parametrize("bad", [None, 5, {}, ["bob"], "", "nobody"], ids=repr)
async def test_nonsense_changes_nothing(chat: Chat, told: list[Event], bad: object):
    desk = chat.moderation
    for attempt in (
        chat.report("bob", bad, bad),
        desk.resolve("mod", bad, bad),
        desk.unban("mod", bad),
        desk.mute("mod", bad),
        desk.mute("mod", "bob", bad),
        desk.kick("mod", bad),
        desk.ban("mod", bad),
        desk.ban("mod", "bob", bad or None),
        desk.purge("mod", bad),
        desk.purge("mod", "bob", bad),
        desk.set_slow_mode("mod", bad if bad != 5 else True),
        desk.change_filter("owner", [bad if bad not in ("nobody", 5) else "*"]),
        desk.change_role("owner", "bob", bad),
        desk.change_role("owner", bad, "member"),
    ):
        assert isinstance(await refusal(attempt), ChatError)
    assert isinstance(await refusal(desk.unban("mod", "bob")), CommandRefused)
    assert told == []


async def test_the_desk_knows_people_by_id_also_when_they_have_left(chat: Chat, post, told: list[Event]):
    await post("bob", "Spam")
    chat.leave("bob")
    del told[:]
    await chat.moderation.ban("mod", "bob", "", "spam")
    await chat.moderation.purge("mod", "bob", 1)
    assert [type(event) for event in told] == [Banned, MessageDeleted, MessagesPurged]
    with pytest.raises(EntryRefused):
        chat.connect(Member("eve", parse_nickname("Eve")), "tab", HOME)


async def test_a_report_is_settled_when_a_moderator_deletes_the_message_not_when_its_author_does(chat: Chat, post):
    await post("bob", "Spam")
    await post("bob", "More spam")
    first, second = (message.id for message in chat.room.conversation.history)
    for message_id in first, second:
        await chat.report("mod", message_id)
    await chat.delete("bob", first)
    await chat.delete("owner", second)
    assert [(report.message, report.text) for report in chat.room.moderation.reports.open] == [(first, "Spam")]


async def test_who_reports_a_message_again_leaves_no_second_line(chat: Chat, post, tmp_path: Path):
    await post("mod", "Quiet, please")
    [message] = chat.room.conversation.history
    await chat.report("bob", message.id)
    assert (await refusal(chat.report("bob", message.id))).key == "report-again"
    assert audit(tmp_path) == ["Bob report Mo"]


async def test_invitations_are_in_the_audit_log(chat: Chat, tmp_path: Path):
    door = AccessPolicy(AccessMode.INVITE, SharedPassword("", "room"), Invitations())
    keeper = InvitationService(door, InvitationsFile(tmp_path / "invitations.json"), chat.records)
    await keeper.invite(OWNER, 24)
    [invitation] = door.invitations
    await keeper.revoke(OWNER, invitation.id)
    assert isinstance(await refusal(keeper.revoke(OWNER, invitation.id)), AccountRefused)
    assert isinstance(await refusal(keeper.invite(MOD, 24)), NotAllowed)
    assert audit(tmp_path) == ["Olga invite", "Olga revoke"]
    revoked, made = await chat.records.latest(2)
    assert (made.what, made.until, revoked.what) == (invitation.id, invitation.until, invitation.id)


async def test_who_changes_the_filter_sees_what_it_is_now(chat: Chat, post):
    await post("owner", "/filter darn heck")
    assert await post("owner", "/filter -darn damn*") == Reply("filter", ("damn*", "heck"))


async def test_who_gives_the_password_becomes_what_is_said_and_never_less(chat: Chat, post):
    chat.role_by_password = lambda member: Role.OWNER if member.id == "bob" else Role.ADMIN
    for who in ("bob", "mod", "owner"):
        await post(who, "/admin password")
    assert [member.role for member in chat.room.roster()] == [Role.OWNER, Role.ADMIN, Role.OWNER]


async def test_a_mute_is_told_with_who_did_it_and_how_long(chat: Chat, post, told: list[Event]):
    await post("mod", "/mute Bob 5 loud")
    [event] = told
    assert isinstance(event, Muted)
    assert (event.by.name, event.whom.name, event.until - event.at, event.why) == (
        "Mo",
        "Bob",
        timedelta(minutes=5),
        "loud",
    )
