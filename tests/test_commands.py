"""Slash commands: what is one, what is refused, and what each of them does."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from chat.commands import COMMANDS, Call, Outcome, Question, Reply, parse, unescape
from chat.errors import ChatError, CommandRefused, NameRefused
from chat.events import MemberChanged, MessagePosted
from chat.gate import Gate
from chat.members import Member, Role
from chat.messages import History, Kind
from chat.names import nickname
from chat.room import Room

NOON = datetime(2026, 5, 1, 12, tzinfo=UTC)
PASSWORD = "correct horse"
ANN = Member("ann", nickname("Ann"))
BOB = Member("bob", nickname("bob"))


@pytest.fixture
def room() -> Room:
    """Ann and Bob are here."""
    room = Room("lobby", History(100), timedelta(seconds=10))
    for member in (BOB, ANN):
        for fact in room.connect(member, "tab", NOON):
            room.apply(fact)
    return room


def run(room: Room, text: str, member: Member = ANN) -> Outcome:
    found = parse(text)
    assert found
    command, argument = found
    return command.run(Call(room, member, argument, NOON, "message01", nickname, Gate(PASSWORD)))


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


@pytest.mark.parametrize("text", ["/nick", "/me", "/admin", "/nick  ", "/me\n"])
def test_a_command_without_what_it_needs_is_refused(text: str):
    problem = refusal(text)
    assert problem.key == "command-usage"
    assert problem.details == {"name": text[1:].strip()}


def test_the_table_is_complete():
    assert set(COMMANDS) == {"help", "nick", "me", "who", "admin", "clear"}


@pytest.mark.parametrize("name", COMMANDS)
def test_every_row_of_the_table_explains_itself(name: str):
    command = COMMANDS[name]
    assert command.name == name
    assert command.summary
    assert command.usage == command.usage.upper()


# Running.


def test_help_answers_the_asker(room: Room):
    assert run(room, "/help") == Reply("help")


def test_who_lists_everybody_by_name(room: Room):
    assert run(room, "/who") == Reply("who", ("Ann", "bob"))


def test_nick_changes_the_name(room: Room):
    assert run(room, "/nick Anna") == MemberChanged("lobby", ANN, replace(ANN, nickname=nickname("Anna")), NOON)


def test_nick_refuses_the_name_of_another(room: Room):
    with pytest.raises(NameRefused) as refused:
        run(room, "/nick BOB")
    assert refused.value.key == "name-taken"


def test_me_posts_an_action(room: Room):
    fact = run(room, "/me waves")
    assert isinstance(fact, MessagePosted)
    assert (fact.message.text, fact.message.kind, fact.message.name) == ("waves", Kind.ACTION, "Ann")


def test_admin_promotes_who_knows_the_password(room: Room):
    fact = run(room, f"/admin {PASSWORD}")
    assert fact == MemberChanged("lobby", ANN, replace(ANN, role=Role.ADMIN), NOON)


def test_admin_refuses_a_wrong_password(room: Room):
    with pytest.raises(ChatError) as refused:
        run(room, "/admin correct")
    assert refused.value.key == "admin-wrong"
    assert not room.member("ann").may_clear


def test_clear_is_for_admins(room: Room):
    with pytest.raises(CommandRefused) as refused:
        run(room, "/clear")
    assert refused.value.key == "admins-only"


def test_clear_asks_an_admin_first(room: Room):
    room.apply(room.promote("ann", Role.ADMIN, NOON))
    assert run(room, "/clear") == Question("clear")


@pytest.mark.parametrize("text", ["/help", "/who", "/nick Anna", "/me waves", f"/admin {PASSWORD}"])
def test_a_command_only_decides(room: Room, text: str):
    run(room, text)
    assert room.roster() == [ANN, BOB]
    assert len(room.history) == 0
