"""Slash commands: what is one, what is refused, and what each of them does."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from chat.domain.accounts.shared_password import SharedPassword
from chat.domain.commands.everyone import COMMANDS, SHRUG, help_for, parse, unescape
from chat.domain.commands.registry import CommandContext, Outcome, Prompt, Reply
from chat.domain.errors import ChatError, CommandRefused, MessageRefused, NameRefused, NotAllowed, TextRefused
from chat.domain.events import MemberChanged, MessagePosted, TopicChanged
from chat.domain.messages.history import History
from chat.domain.messages.message import Kind, Message, Quote
from chat.domain.rooms.room import Room
from chat.domain.users import Member, Role
from chat.text.nicknames import parse_nickname

NOON = datetime(2026, 5, 1, 12, tzinfo=UTC)
PASSWORD = "correct horse"
ANN = Member("ann", parse_nickname("Ann"))
BOB = Member("bob", parse_nickname("bob"))


@pytest.fixture
def room() -> Room:
    """Ann and Bob are here."""
    room = Room("lobby", History(100), timedelta(seconds=10))
    for member in (BOB, ANN):
        for event in room.connect(member, "tab", NOON):
            room.apply(event)
    return room


def run(room: Room, text: str, reply_to: str | None = None) -> Outcome:
    found = parse(text)
    assert found
    command, argument = found
    ann = room.member("ann")
    return command.run(
        CommandContext(room, ann, argument, NOON, "message01", parse_nickname, SharedPassword(PASSWORD), reply_to)
    )


def said(room: Room, text: str, reply_to: str | None = None) -> Message:
    event = run(room, text, reply_to)
    assert isinstance(event, MessagePosted)
    room.apply(event)
    return room.conversation.message(event.message.id)


def refusal(text: str) -> CommandRefused:
    with pytest.raises(CommandRefused) as refused:
        parse(text)
    return refused.value


# Parsing.


@pytest.mark.parametrize(
    ("text", "name", "argument"),
    [
        ("/help", "help", ""),
        ("/help me", "help", "me"),
        ("/nick Ann Lee", "nick", "Ann Lee"),
        ("/NICK Ann", "nick", "Ann"),
        ("/me  waves  ", "me", "waves"),
        ("/me\nwaves\ntwice", "me", "waves\ntwice"),
        ("/admin correct horse", "admin", "correct horse"),
        ("/shrug", "shrug", ""),
        ("/search  tea and cake ", "search", "tea and cake"),
        ("/TOPIC Tea\nand cake", "topic", "Tea\nand cake"),
    ],
)
def test_a_command_has_a_name_and_an_argument(text: str, name: str, argument: str):
    found = parse(text)
    assert found
    assert (found[0].name, found[1]) == (name, argument)


@pytest.mark.parametrize("text", ["Hello", "1/2", "see /help", "//help", "//", "", " //me", "\\/help"])
def test_everything_else_is_a_message(text: str):
    assert parse(text) is None


@pytest.mark.parametrize(
    ("typed", "meant"), [("//help", "/help"), ("///", "//"), ("//", "/"), ("Hello", "Hello"), ("a//b", "a//b")]
)
def test_two_slashes_mean_one(typed: str, meant: str):
    assert unescape(typed) == meant


@pytest.mark.parametrize(
    "blank",
    [" ", "   ", "\n", "\t", "\r\n", "\u00a0", "\u3000", "\u200b", "\ufeff", "\u202a", "\x00", "\x1b", "\ud800"],
    ids=ascii,
)
def test_whatever_nobody_sees_before_the_slash_it_is_a_command(blank: str):
    found = parse(f"{blank}/admin {PASSWORD}")
    assert found
    assert (found[0].name, found[1]) == ("admin", PASSWORD)


@pytest.mark.parametrize("text", ["/unknown", "/", "/ help", "/helpme", "/etc/passwd", "/help!", "/\n", "/me\u200b x"])
def test_unknown_commands_are_refused(text: str):
    assert refusal(text).key == "command-unknown"


def test_only_the_beginning_of_an_unknown_command_is_repeated():
    assert refusal("/" + "x" * 4000).details == {"name": "x" * 20}


@pytest.mark.parametrize("text", ["/nick", "/me", "/admin", "/topic", "/nick  ", "/me\n"])
def test_a_command_without_what_it_needs_is_refused(text: str):
    problem = refusal(text)
    assert problem.key == "command-usage"
    assert problem.details == {"name": text[1:].strip()}


@pytest.mark.parametrize("text", ["/help", "/shrug", "/search", "/who", "/clear", "/shrug  ", "/search\n"])
def test_what_a_command_does_not_need_may_be_left_out(text: str):
    found = parse(text)
    assert found
    assert (found[0].name, found[1]) == (text[1:].strip(), "")


@pytest.mark.parametrize("text", [None, 5, {}, {"text": "/help"}, ["/help"], b"/help"], ids=repr)
def test_what_is_no_text_is_refused(text: object):
    with pytest.raises(TextRefused) as refused:
        parse(text)  # type: ignore[arg-type]
    assert refused.value.key == "text-empty"


def test_the_table_is_complete():
    everyday = ["help", "nick", "me", "shrug", "search", "who", "admin", "topic", "clear"]
    moderating = ["mute", "unmute", "kick", "ban", "unban", "slow", "lock", "unlock", "purge", "filter", "role"]
    assert list(COMMANDS) == everyday + moderating


def test_what_may_be_left_out_is_in_square_brackets():
    assert {name for name, command in COMMANDS.items() if command.usage.startswith("[")} == {
        "shrug", "search", "slow", "filter",
    }  # fmt: skip


@pytest.mark.parametrize("name", COMMANDS)
def test_every_row_of_the_table_explains_itself(name: str):
    command = COMMANDS[name]
    assert command.name == name
    assert command.summary
    assert command.usage == command.usage.upper()


# Running.


def test_help_answers_the_asker(room: Room):
    assert run(room, "/help") == help_for(Role.GUEST)


def test_who_lists_everybody_by_name(room: Room):
    assert run(room, "/who") == Reply("who", ("Ann", "bob"))


def test_nick_changes_the_name(room: Room):
    assert run(room, "/nick Anna") == MemberChanged("lobby", ANN, replace(ANN, nickname=parse_nickname("Anna")), NOON)


def test_nick_refuses_the_name_of_another(room: Room):
    with pytest.raises(NameRefused) as refused:
        run(room, "/nick BOB")
    assert refused.value.key == "name-taken"


def test_me_posts_an_action(room: Room):
    message = said(room, "/me waves")
    assert (message.text, message.kind, message.name) == ("waves", Kind.ACTION, "Ann")


@pytest.mark.parametrize(
    ("typed", "text"),
    [("/shrug", SHRUG), ("/shrug who knows", f"who knows {SHRUG}"), ("/shrug one\ntwo", f"one\ntwo {SHRUG}")],
)
def test_shrug_is_put_behind_the_text(room: Room, typed: str, text: str):
    message = said(room, typed)
    assert (message.text, message.kind) == (text, Kind.TEXT)
    assert SHRUG == "¯\\_(ツ)_/¯"


def test_a_shrug_makes_a_text_no_longer_than_others(room: Room):
    longest = "a" * (4000 - len(f" {SHRUG}"))
    with pytest.raises(TextRefused) as refused:
        run(room, f"/shrug {longest}a")
    assert refused.value.key == "text-too-long"
    assert len(said(room, f"/shrug {longest}").text) == 4000


@pytest.mark.parametrize("text", ["/me waves", "/shrug"])
def test_a_command_that_says_something_can_be_a_reply(room: Room, text: str):
    room.apply(room.conversation.post(BOB, "Hello", "message00", NOON))
    assert said(room, text, "message00").reply == Quote("message00", "bob", "bob", "Hello")


@pytest.mark.parametrize("text", ["/me waves", "/shrug"])
def test_no_command_is_a_reply_to_nothing(room: Room, text: str):
    with pytest.raises(MessageRefused) as refused:
        run(room, text, "message00")
    assert refused.value.key == "reply-gone"


def test_a_command_that_says_something_can_mention(room: Room):
    assert said(room, "/me waves at @bob").mentions == {"bob": "bob"}


@pytest.mark.parametrize(("text", "query"), [("/search", ""), ("/search tea and cake", "tea and cake")])
def test_search_asks_what_to_search_with_what_is_known(room: Room, text: str, query: str):
    assert run(room, text) == Prompt("search", query)


def test_topic_is_for_admins(room: Room):
    with pytest.raises(NotAllowed) as refused:
        run(room, "/topic Tea")
    assert refused.value.key == "needs-admin"


@pytest.mark.parametrize(
    ("text", "topic"), [("/topic Tea and cake", "Tea and cake"), ("/topic -", ""), ("/topic - -", "- -")]
)
def test_topic_says_what_the_room_is_about(room: Room, text: str, topic: str):
    room.apply(room.apply_role("ann", Role.ADMIN, NOON))
    assert run(room, text) == TopicChanged("lobby", topic, "ann", "Ann", NOON)


@pytest.mark.parametrize(("length", "key"), [(121, "topic-too-long"), (100_000, "text-too-long")])
def test_topic_refuses_what_is_too_long(room: Room, length: int, key: str):
    room.apply(room.apply_role("ann", Role.ADMIN, NOON))
    with pytest.raises(TextRefused) as refused:
        run(room, f"/topic {'a' * length}")
    assert refused.value.key == key


def test_admin_promotes_who_knows_the_password(room: Room):
    event = run(room, f"/admin {PASSWORD}")
    assert event == MemberChanged("lobby", ANN, replace(ANN, role=Role.ADMIN), NOON)


def test_admin_refuses_a_wrong_password(room: Room):
    with pytest.raises(ChatError) as refused:
        run(room, "/admin correct")
    assert refused.value.key == "admin-wrong"
    assert room.member("ann").role is Role.GUEST


def test_clear_is_for_admins(room: Room):
    with pytest.raises(NotAllowed) as refused:
        run(room, "/clear")
    assert refused.value.key == "needs-admin"


def test_clear_asks_an_admin_first(room: Room):
    room.apply(room.apply_role("ann", Role.ADMIN, NOON))
    assert run(room, "/clear") == Prompt("clear")


@pytest.mark.parametrize(
    "text",
    ["/help", "/who", "/nick Anna", "/me waves", "/shrug", "/search tea", "/topic Tea", "/clear", f"/admin {PASSWORD}"],
)
def test_a_command_only_decides(room: Room, text: str):
    room.apply(room.apply_role("ann", Role.ADMIN, NOON))
    admin = room.member("ann")
    run(room, text)
    assert room.roster() == [admin, BOB]
    assert len(room.conversation.history) == 0
    assert room.conversation.history.topic == ""
