"""Slash commands: replies to the member who asked, posts, the topic, clearing, and the admin password."""

from collections.abc import Callable
from pathlib import Path

import pytest

from chat.domain.accounts.events import MemberRenamed, RoleChanged
from chat.domain.commands.everyone import SHRUG
from chat.domain.commands.replies import ClearPrompt, HelpReply, RosterReply, SearchPrompt
from chat.domain.errors import ChatError, CommandRefused, NotAllowed, TextRefused
from chat.domain.events import Event
from chat.domain.messages.events import HistoryCleared, MessagePosted, TopicChanged
from chat.domain.messages.message import Kind
from chat.domain.rooms.directory.room_info import LOBBY
from chat.domain.users import Role
from chat.state.chat import Chat
from tests.unit.state.support import (
    ADMIN_PASSWORD,
    BOBS_CLIENT,
    audit_lines,
    files_with,
    record,
    refusal,
    stored,
    stored_texts,
    texts,
)


async def refused(chat: Chat, text: str) -> ChatError:
    return await refusal(chat.messages.post("ann", LOBBY, text, "message99"))


async def test_replies_are_not_published(chat: Chat, published: list[Event]):
    assert await chat.messages.post("ann", LOBBY, "/who", "message01") == RosterReply(("Ann", "Bob"))
    assert await chat.messages.post("ann", LOBBY, "/help", "message02") == HelpReply(Role.GUEST)
    assert published == []


async def test_me_posts_an_action(disk_chat: Chat, tmp_path: Path):
    published = record(disk_chat)
    assert await disk_chat.messages.post("ann", LOBBY, "/me waves", "message01") is None
    [message] = disk_chat.lobby.conversation.history
    assert (message.text, message.kind) == ("waves", Kind.ACTION)
    assert len(published) == 1
    assert stored_texts(tmp_path) == ["waves"]


async def test_nick_is_published(chat: Chat, published: list[Event]):
    assert await chat.messages.post("ann", LOBBY, "/nick Anna", "message01") is None
    [event] = published
    assert isinstance(event, MemberRenamed)
    assert (event.before.shown, event.nickname.shown) == ("Ann", "Anna")


async def test_shrug_posts_a_message(disk_chat: Chat, tmp_path: Path):
    assert await disk_chat.messages.post("ann", LOBBY, "/shrug who knows", "message01") is None
    assert texts(disk_chat) == stored_texts(tmp_path) == [f"who knows {SHRUG}"]


@pytest.mark.parametrize(("text", "query"), [("/search", ""), ("/search tea", "tea")])
async def test_search_prompt_is_not_published(chat: Chat, published: list[Event], text: str, query: str):
    assert await chat.messages.post("ann", LOBBY, text, "message01") == SearchPrompt(query)
    assert published == []


async def test_two_slashes_post_one(chat: Chat):
    await chat.messages.post("ann", LOBBY, "//help is a command", "message01")
    assert texts(chat) == ["/help is a command"]


async def test_two_slashes_are_kept_before_other_words(chat: Chat):
    for number, text in enumerate(("// TODO", "//example.org", "/home/ann", "///")):
        await chat.messages.post("ann", LOBBY, text, f"message0{number}")
    assert texts(chat) == ["// TODO", "//example.org", "/home/ann", "///"]


@pytest.mark.parametrize("text", ["/unknown", "/", " /unknown", "\x00/unknown", "\u200b/unknown", "/nick", "/clear"])
async def test_refused_command_is_never_posted(disk_chat: Chat, text: str, tmp_path: Path):
    published = record(disk_chat)
    assert isinstance(await refused(disk_chat, text), CommandRefused | NotAllowed)
    assert published == []
    assert stored_texts(tmp_path) == []


# The topic.


async def test_topic_is_published_and_survives_a_restart(make_disk_chat: Callable[..., Chat], tmp_path: Path):
    chat = make_disk_chat()
    published = record(chat, TopicChanged)
    await chat.messages.post("ann", LOBBY, f"/admin {ADMIN_PASSWORD}", "message01")
    assert await chat.messages.post("ann", LOBBY, "/topic Tea", "message02") is None
    [event] = published
    assert isinstance(event, TopicChanged)
    assert (event.topic, event.actor.name, chat.lobby.conversation.history.topic) == ("Tea", "Ann", "Tea")
    assert stored(tmp_path)["topic"] == "Tea"
    await chat.close()
    assert make_disk_chat().lobby.conversation.history.topic == "Tea"


async def test_topic_survives_clearing(chat: Chat):
    await chat.messages.post("ann", LOBBY, f"/admin {ADMIN_PASSWORD}", "message01")
    await chat.messages.post("ann", LOBBY, "/topic Tea", "message02")
    await chat.messages.clear("ann", LOBBY)
    assert chat.lobby.conversation.history.topic == "Tea"


async def test_only_admins_change_the_topic(chat: Chat, published: list[Event]):
    assert (await refused(chat, "/topic Tea")).key == "needs-admin"
    assert published == []
    assert chat.lobby.conversation.history.topic == ""


async def test_only_admins_mention_everyone(chat: Chat):
    await chat.messages.post("ann", LOBBY, "@all: tea!", "message01")
    await chat.messages.post("ann", LOBBY, f"/admin {ADMIN_PASSWORD}", "message02")
    await chat.messages.post("ann", LOBBY, "@all: tea!", "message03")
    assert [message.mentions for message in chat.lobby.conversation.history] == [{}, {"all": "all"}]


# Clearing.


async def test_clear_prompts_an_admin_and_then_deletes_everything(disk_chat: Chat, tmp_path: Path):
    published = record(disk_chat)
    await disk_chat.messages.post("bob", LOBBY, "Hello", "message01")
    await disk_chat.messages.post("ann", LOBBY, f"/admin {ADMIN_PASSWORD}", "message02")
    assert await disk_chat.messages.post("ann", LOBBY, "/clear", "message03") == ClearPrompt()
    assert texts(disk_chat) == ["Hello"]
    await disk_chat.messages.clear("ann", LOBBY)
    assert texts(disk_chat) == stored_texts(tmp_path) == []
    assert [type(event) for event in published] == [MessagePosted, RoleChanged, HistoryCleared]


async def test_guests_can_not_clear(chat: Chat):
    await chat.messages.post("bob", LOBBY, "Hello", "message01")
    with pytest.raises(NotAllowed):
        await chat.messages.clear("bob", LOBBY)
    assert texts(chat) == ["Hello"]


# The admin password.


@pytest.mark.parametrize("before", ["", " ", "\n", "\u00a0", "\u200b", "\ufeff", "\x00"], ids=ascii)
async def test_admin_password_is_neither_stored_nor_published(disk_chat: Chat, tmp_path: Path, before: str):
    published = record(disk_chat)
    await refused(disk_chat, f"{before}/admin sesame open")
    await disk_chat.messages.post("ann", LOBBY, f"{before}/admin {ADMIN_PASSWORD}", "message01")
    assert not files_with(tmp_path, b"sesame", b"horse")
    assert "sesame" not in repr(published)
    assert "horse" not in repr(published)
    assert disk_chat.people.member("ann").role is Role.ADMIN


@pytest.mark.parametrize(
    "text",
    [
        *(f"／管理 {ADMIN_PASSWORD}", f"//admin {ADMIN_PASSWORD}", f'"/admin {ADMIN_PASSWORD}"', ADMIN_PASSWORD),
        *(
            f"> /admin {ADMIN_PASSWORD}",
            f"\\admin {ADMIN_PASSWORD}",
            f"🙂 /admin {ADMIN_PASSWORD}",
            "**correct** _horse_",
        ),
        *(f"/me types {ADMIN_PASSWORD}", f"/shrug {ADMIN_PASSWORD}", f"/nick {ADMIN_PASSWORD}", "ｃｏｒｒｅｃｔ horse"),
        *(
            f"/topic {ADMIN_PASSWORD}",
            f"/mute @Bob 5 {ADMIN_PASSWORD}",
            f"/kick @Bob {ADMIN_PASSWORD}",
            "cor`rect` horse",
        ),
    ],
    ids=ascii,
)
async def test_text_with_the_admin_password_is_refused(disk_chat: Chat, tmp_path: Path, text: str):
    await disk_chat.messages.post("ann", LOBBY, f"/admin {ADMIN_PASSWORD}", "message00")
    published = record(disk_chat)
    assert (await refused(disk_chat, text)).key == "text-has-password"
    assert published == []
    assert not files_with(tmp_path, b"horse")


@pytest.mark.parametrize("slash", "／⁄∕╱⟋⧸")
async def test_slash_of_any_keyboard_makes_an_admin(chat: Chat, slash: str):
    await chat.messages.post("ann", LOBBY, f"{slash}admin {ADMIN_PASSWORD}", "message01")
    assert chat.people.member("ann").role is Role.ADMIN
    assert texts(chat) == []


async def test_admin_password_is_refused_in_edits_reports_and_names(chat: Chat, published: list[Event]):
    await chat.messages.post("ann", LOBBY, "Hello", "message01")
    published.clear()
    assert (
        await refusal(chat.messages.edit("ann", LOBBY, "message01", f"it's {ADMIN_PASSWORD}"))
    ).key == "text-has-password"
    assert (await refusal(chat.moderation.report("bob", LOBBY, "message01", ADMIN_PASSWORD))).key == "text-has-password"
    assert (await refusal(chat.members.rename("bob", ADMIN_PASSWORD))).key == "text-has-password"
    with pytest.raises(TextRefused):
        chat.members.count_join(BOBS_CLIENT, ADMIN_PASSWORD)
    assert published == []


async def test_refused_admin_password_does_not_count_for_slow_mode(chat: Chat):
    chat.lobby.restrictions.slow_mode.seconds = 60
    assert (await refused(chat, ADMIN_PASSWORD)).key == "text-has-password"
    await chat.messages.post("ann", LOBBY, "Hello", "message01")
    assert texts(chat) == ["Hello"]


async def test_member_who_cannot_write_does_not_learn_whether_a_text_is_the_password(chat: Chat):
    chat.lobby.restrictions.locked = True
    assert (await refused(chat, ADMIN_PASSWORD)).key == "locked"


async def test_five_wrong_admin_passwords_lock_only_their_author(chat: Chat):
    keys = [(await refused(chat, "/admin wrong")).key for _ in range(5)]
    assert keys == ["admin-wrong"] * 5
    assert (await refused(chat, f"/admin {ADMIN_PASSWORD}")).key == "admin-locked"
    await chat.messages.post("bob", LOBBY, f"/admin {ADMIN_PASSWORD}", "message01")
    assert chat.people.member("bob").role is Role.ADMIN


async def test_admin_password_given_again_changes_and_records_nothing(disk_chat: Chat, tmp_path: Path):
    published = record(disk_chat)
    for number in range(2):
        await disk_chat.messages.post("ann", LOBBY, f"/admin {ADMIN_PASSWORD}", f"message0{number}")
    assert [type(event) for event in published] == [RoleChanged]
    assert [line["kind"] for line in audit_lines(tmp_path)] == ["RoleChanged"]
