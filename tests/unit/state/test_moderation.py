"""Moderation: it is stored and published, stops its target everywhere, and survives a restart."""

import asyncio
from collections.abc import Awaitable, Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from chat.domain.commands.replies import WordFilterReply
from chat.domain.errors import ChatError, CommandRefused, EntryRefused, SpeechRefused
from chat.domain.events import Event
from chat.domain.messages.events import MessagesPurged
from chat.domain.moderation.events import Banned, Kicked, Muted, ReportResolved
from chat.domain.people.events import MemberLeft
from chat.domain.rooms.directory.room_info import LOBBY
from chat.domain.rooms.moderation.moderation_actions import (
    BanMember,
    ChangeRole,
    ChangeWordFilter,
    KickMember,
    MuteMember,
    PurgeMessages,
    ResolveReports,
    SetSlowMode,
    UnbanMember,
)
from chat.domain.users import Member
from chat.state.chat import Chat
from chat.storage.json_files.stores import json_stores
from chat.text.nicknames import parse_nickname
from tests.unit.state.support import (
    ADMIN_PASSWORD,
    BOB,
    BOBS_CLIENT,
    MODERATOR,
    OWNER,
    files_with,
    post_and_confirm,
    refusal,
    tab,
    texts,
)

Post = Callable[[str, str], Awaitable[object]]


@pytest.fixture
def chat(make_chat: Callable[..., Chat], tmp_path: Path) -> Chat:
    """A chat on files, with Olga, Mo and Bob in it."""
    chat = make_chat(json_stores(tmp_path, 100), members=(OWNER, MODERATOR), grace=0)
    chat.members.connect(BOB, tab(BOB), BOBS_CLIENT)
    return chat


@pytest.fixture
def post(chat: Chat) -> Post:
    """Post a text as a member, under an id of its own, and confirm it if asked."""
    numbers = iter(range(1000))
    return lambda member_id, text: post_and_confirm(chat, member_id, text, f"message{next(numbers):03}")


@pytest.mark.parametrize("text", ["da`rn`", "~~da~~rn", "[da](https://example.org/)rn", "/me ~~da~~rn"])
async def test_markup_hides_no_blocked_word(chat: Chat, post: Post, text: str):
    await post("owner", "/filter darn")
    assert (await refusal(post("bob", text))).key == "word-filtered"
    await post("bob", "**fine**")
    [message] = chat.lobby.conversation.history
    edit = chat.messages.edit("bob", LOBBY, message.id, text.removeprefix("/me "))
    assert (await refusal(edit)).key == "word-filtered"


async def test_changed_filter_is_the_reply(post: Post):
    await post("owner", "/filter darn heck")
    assert await post("owner", "/filter -darn damn*") == WordFilterReply(("damn*", "heck"))


# Mutes, the lock and slow mode.


async def test_mute_is_published_with_actor_and_duration(post: Post, published: list[Event]):
    await post("mod", "/mute Bob 5 loud")
    [event] = published
    assert isinstance(event, Muted)
    found = event.actor.name, event.target.name, event.until - event.at, event.reason
    assert found == ("Mo", "Bob", timedelta(minutes=5), "loud")


async def test_muted_member_can_neither_write_nor_rename(chat: Chat, post: Post, published: list[Event]):
    await post("bob", "Hello")
    await post("mod", "/mute Bob 5 loud")
    [message] = chat.lobby.conversation.history
    before = len(published)
    for attempt in (
        post("bob", "Hi"),
        post("bob", "/me waves"),
        post("bob", "/shrug"),
        post("bob", "/nick Robert"),
        chat.messages.edit("bob", LOBBY, message.id, "Hi"),
        chat.messages.react("bob", LOBBY, message.id, "🎉"),
        chat.members.rename("bob", "Robert"),
    ):
        problem = await refusal(attempt)
        assert isinstance(problem, SpeechRefused)
        assert problem.details["reason"] == "loud"
    chat.messages.type("bob", LOBBY, True)
    assert len(published) == before
    assert texts(chat) == ["Hello"]


async def test_muted_member_can_delete_own_messages_and_report(chat: Chat, post: Post):
    await post("bob", "Hello")
    await post("mod", "Behave")
    await post("mod", "/mute Bob")
    first, second = chat.lobby.conversation.history
    await chat.moderation.report("bob", LOBBY, second.id, "unfair")
    await chat.messages.delete("bob", LOBBY, first.id)
    assert texts(chat) == ["Behave"]


async def test_only_moderators_write_in_a_locked_room(chat: Chat, post: Post):
    await post("bob", "Hello")
    await post("mod", "/lock")
    [message] = chat.lobby.conversation.history
    for attempt in (post("bob", "Hi"), post("bob", "/me waves"), chat.messages.react("bob", LOBBY, message.id, "🎉")):
        assert (await refusal(attempt)).key == "locked"
    await post("mod", "Quiet")
    await post("mod", "/unlock")
    await post("bob", "Hi")
    assert texts(chat) == ["Hello", "Quiet", "Hi"]


async def test_admin_by_password_has_the_permissions_of_admins(post: Post):
    await post("bob", f"/admin {ADMIN_PASSWORD}")
    assert await post("bob", "/filter") == WordFilterReply(())
    await post("bob", "/mute Mo")
    assert (await refusal(post("mod", "Hi"))).key == "muted"


# Kicks and bans.


@pytest.mark.parametrize(("text", "kind"), [("/kick Bob", Kicked), ("/ban Bob", Banned)])
async def test_kicked_or_banned_member_leaves_and_can_not_rejoin(
    chat: Chat, post: Post, published: list[Event], text: str, kind: type[Event]
):
    await post("mod", text)
    assert [type(event) for event in published] == [kind, MemberLeft]
    assert "bob" not in chat.people.members
    for attempt in (
        lambda: chat.members.connect(BOB, tab(BOB), BOBS_CLIENT),
        lambda: chat.members.connect(Member("eve", parse_nickname("Eve")), "tab", BOBS_CLIENT),
        lambda: chat.members.check_can_join("eve", BOBS_CLIENT),
    ):
        with pytest.raises(EntryRefused):
            attempt()
    assert len(published) == 2


@pytest.mark.parametrize("action", [KickMember("bob"), BanMember("bob")], ids=lambda action: type(action).__name__)
async def test_target_leaves_though_the_moderator_is_cancelled(chat: Chat, action: Any):
    cancelled = asyncio.create_task(chat.moderation.perform("mod", LOBBY, action))
    await asyncio.sleep(0)
    cancelled.cancel()
    await chat.pipeline.close()
    assert "bob" not in chat.people.members
    with pytest.raises(EntryRefused):
        chat.members.check_can_join("bob", BOBS_CLIENT)


async def test_absent_members_are_moderated_by_id(chat: Chat, post: Post, published: list[Event]):
    await post("bob", "Spam")
    chat.members.leave("bob")
    del published[:]
    await chat.moderation.perform("mod", LOBBY, BanMember("bob", reason="spam"))
    await chat.moderation.perform("mod", LOBBY, PurgeMessages("bob", 1))
    assert [type(event) for event in published] == [Banned, MessagesPurged]
    with pytest.raises(EntryRefused):
        chat.members.connect(Member("eve", parse_nickname("Eve")), "tab", BOBS_CLIENT)


async def test_moderation_survives_a_restart(chat: Chat, post: Post, make_chat: Callable[..., Chat], tmp_path: Path):
    for text in ("/mute Bob", "/slow 30", "/lock", "/ban Bob 2h spam"):
        await post("mod", text)
    await post("owner", "/filter darn")
    await chat.close()
    later = make_chat(json_stores(tmp_path, 100), members=(OWNER, MODERATOR))
    with pytest.raises(EntryRefused):
        later.members.connect(BOB, tab(BOB), BOBS_CLIENT)
    assert later.lobby.restrictions.locked
    assert later.lobby.restrictions.slow_mode.seconds == 30
    assert (await refusal(later.messages.post("mod", LOBBY, "Darn", "message99"))).key == "word-filtered"
    await later.moderation.perform("mod", LOBBY, UnbanMember("bob"))
    later.members.connect(BOB, tab(BOB), BOBS_CLIENT)
    assert (await refusal(later.messages.post("bob", LOBBY, "Hello", "message98"))).key == "muted"


# Deletions, purges and reports.


async def test_purged_messages_are_gone_everywhere(chat: Chat, post: Post, published: list[Event], tmp_path: Path):
    for number in range(3):
        await post("bob", f"Spam {number}")
    await post("mod", "Hello")
    del published[:]
    await post("mod", "/purge Bob 2")
    [event] = published
    assert isinstance(event, MessagesPurged)
    assert len(event.message_ids) == 2
    assert texts(chat) == ["Spam 0", "Hello"]
    assert files_with(tmp_path, b"Spam 2") == []


async def test_purge_resolves_the_reports_of_the_purged_messages(chat: Chat, post: Post, published: list[Event]):
    for number in range(3):
        await post("bob", f"Spam {number}")
    remaining, _, reported = (message.id for message in chat.lobby.conversation.history)
    for message_id in remaining, reported:
        await chat.moderation.report("mod", LOBBY, message_id)
    del published[:]
    await post("mod", "/purge Bob 2")
    assert [type(event) for event in published] == [MessagesPurged, ReportResolved]
    assert [(report.message_id, report.text) for report in chat.lobby.moderation.reports.open] == [
        (remaining, "Spam 0")
    ]


async def test_deletion_by_a_moderator_resolves_reports_and_by_the_author_does_not(chat: Chat, post: Post):
    await post("bob", "Spam")
    await post("bob", "More spam")
    first, second = (message.id for message in chat.lobby.conversation.history)
    for message_id in first, second:
        await chat.moderation.report("mod", LOBBY, message_id)
    await chat.messages.delete("bob", LOBBY, first)
    await chat.messages.delete("owner", LOBBY, second)
    assert [(report.message_id, report.text) for report in chat.lobby.moderation.reports.open] == [(first, "Spam")]


async def test_two_deletions_of_a_reported_message_at_once_both_succeed(chat: Chat, post: Post):
    await post("bob", "Spam")
    [message] = chat.lobby.conversation.history
    await chat.moderation.report("mod", LOBBY, message.id)
    await asyncio.gather(
        chat.messages.delete("mod", LOBBY, message.id), chat.messages.delete("owner", LOBBY, message.id)
    )
    assert texts(chat) == []
    assert chat.lobby.moderation.reports.open == []


async def test_moderator_can_not_delete_messages_of_higher_roles(chat: Chat, post: Post):
    await post("owner", "Hello")
    [message] = chat.lobby.conversation.history
    assert (await refusal(chat.messages.delete("mod", LOBBY, message.id))).key == "not-above"


# Bad input.


@pytest.mark.parametrize("bad", [None, 5, {}, ["bob"], "", "nobody"], ids=repr)
async def test_nonsense_is_refused_and_changes_nothing(chat: Chat, published: list[Event], bad: Any):
    actions = [
        ("mod", ResolveReports(bad, bad)),
        ("mod", UnbanMember(bad)),
        ("mod", MuteMember(bad)),
        ("mod", KickMember(bad)),
        ("mod", BanMember(bad)),
        ("mod", PurgeMessages(bad)),
        ("mod", PurgeMessages("bob", bad)),
        ("mod", SetSlowMode(bad if bad != 5 else True)),
        ("owner", ChangeWordFilter((bad if bad not in ("nobody", 5) else "*",))),
        ("owner", ChangeRole("bob", bad)),
        ("owner", ChangeRole(bad, "member")),
    ]
    assert isinstance(await refusal(chat.moderation.report("bob", LOBBY, bad, bad)), ChatError)
    for actor_id, action in actions:
        assert isinstance(await refusal(chat.moderation.perform(actor_id, LOBBY, action)), ChatError)
    assert isinstance(await refusal(chat.moderation.perform("mod", LOBBY, UnbanMember("bob"))), CommandRefused)
    assert published == []


@pytest.mark.parametrize("duration", [timedelta(), timedelta(seconds=-1), timedelta(days=367)], ids=str)
async def test_impossible_durations_are_refused(chat: Chat, published: list[Event], duration: timedelta):
    for action in (MuteMember("bob", duration), BanMember("bob", duration)):
        assert (await refusal(chat.moderation.perform("mod", LOBBY, action))).key == "duration-range"
    assert published == []
