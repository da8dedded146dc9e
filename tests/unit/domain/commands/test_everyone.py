"""The slash commands for everyone and for admins."""

from datetime import timedelta

import pytest

from chat.domain.accounts.events import MemberRenamed, RoleChanged
from chat.domain.commands.everyone import SHRUG
from chat.domain.commands.registry import Outcome
from chat.domain.commands.replies import ClearPrompt, HelpReply, RosterReply, SearchPrompt
from chat.domain.errors import CommandRefused, MessageRefused, NameRefused, NotAllowed, TextRefused
from chat.domain.messages.events import MessagePosted, TopicChanged
from chat.domain.messages.history import History
from chat.domain.messages.message import Kind, Message, Quote
from chat.domain.rooms.moderation_actions import ChangeTopic
from chat.domain.rooms.moderation_decisions import decide
from chat.domain.rooms.room import Room
from chat.domain.users import Member, Role
from chat.text.nicknames import parse_nickname
from tests.unit.domain.rooms import scenes
from tests.unit.domain.rooms.scenes import ANN, NOON, PASSWORD, join, post, refusal, role_changed

BOB = Member("bob", parse_nickname("bob"))


@pytest.fixture
def room() -> Room:
    """Ann and "bob" are present."""
    room = Room("lobby", History(100), timedelta(seconds=10))
    join(room, BOB)
    join(room, ANN)
    return room


def run(room: Room, text: str, reply_to: str | None = None) -> Outcome:
    """Run a command as Ann."""
    return scenes.run(room, text, room.member("ann"), reply_to=reply_to)


def posted(room: Room, text: str, reply_to: str | None = None) -> Message:
    """Run a command as Ann, and return the message that it posts."""
    event = run(room, text, reply_to)
    assert isinstance(event, MessagePosted)
    room.apply(event)
    return room.conversation.message(event.message.id)


def make_admin(room: Room) -> None:
    room.apply(role_changed(ANN, Role.ADMIN))


def test_help_replies_with_the_commands_of_the_role(room: Room):
    assert run(room, "/help") == HelpReply(Role.GUEST)
    make_admin(room)
    assert run(room, "/help") == HelpReply(Role.ADMIN)


def test_who_lists_present_members_by_name(room: Room):
    assert run(room, "/who") == RosterReply(("Ann", "bob"))


def test_nick_changes_the_name(room: Room):
    event = run(room, "/nick Anna")
    assert event == MemberRenamed("lobby", "ann", ANN.nickname, parse_nickname("Anna"), NOON)


def test_nick_refuses_a_taken_name(room: Room):
    problem = refusal(lambda: run(room, "/nick BOB"))
    assert isinstance(problem, NameRefused)
    assert problem.key == "name-taken"


def test_me_posts_an_action(room: Room):
    message = posted(room, "/me waves")
    assert (message.text, message.kind, message.name) == ("waves", Kind.ACTION, "Ann")


@pytest.mark.parametrize(
    ("typed", "text"),
    [("/shrug", SHRUG), ("/shrug who knows", f"who knows {SHRUG}"), ("/shrug one\ntwo", f"one\ntwo {SHRUG}")],
)
def test_shrug_is_appended_to_the_text(room: Room, typed: str, text: str):
    message = posted(room, typed)
    assert (message.text, message.kind) == (text, Kind.TEXT)
    assert SHRUG == "¯\\_(ツ)_/¯"


def test_shrug_counts_towards_the_length_limit(room: Room):
    longest = "a" * (4000 - len(f" {SHRUG}"))
    problem = refusal(lambda: run(room, f"/shrug {longest}a"))
    assert isinstance(problem, TextRefused)
    assert problem.key == "text-too-long"
    assert len(posted(room, f"/shrug {longest}").text) == 4000


@pytest.mark.parametrize("text", ["/me waves", "/shrug"])
def test_posting_command_can_be_a_reply(room: Room, text: str):
    post(room.conversation, BOB, "Hello", "message00")
    assert posted(room, text, "message00").reply == Quote("message00", "bob", "bob", "Hello")


@pytest.mark.parametrize("text", ["/me waves", "/shrug"])
def test_posting_command_refuses_a_reply_to_an_unknown_message(room: Room, text: str):
    problem = refusal(lambda: run(room, text, "message00"))
    assert isinstance(problem, MessageRefused)
    assert problem.key == "reply-gone"


def test_posting_command_can_mention(room: Room):
    assert posted(room, "/me waves at @bob").mentions == {"bob": "bob"}


@pytest.mark.parametrize(("text", "query"), [("/search", ""), ("/search tea and cake", "tea and cake")])
def test_search_opens_the_dialog_with_the_query(room: Room, text: str, query: str):
    assert run(room, text) == SearchPrompt(query)


# Commands for admins.


@pytest.mark.parametrize("text", ["/topic Tea", "/clear"])
def test_command_for_admins_is_refused_to_others(room: Room, text: str):
    problem = refusal(lambda: run(room, text))
    assert isinstance(problem, NotAllowed)
    assert problem.key == "needs-admin"


@pytest.mark.parametrize(
    ("text", "topic"), [("/topic Tea and cake", "Tea and cake"), ("/topic -", ""), ("/topic - -", "- -")]
)
def test_topic_changes_the_topic(room: Room, text: str, topic: str):
    make_admin(room)
    action = run(room, text)
    assert isinstance(action, ChangeTopic)
    assert decide(room, room.member("ann"), action, NOON) == TopicChanged("lobby", ANN.ref, NOON, topic)


@pytest.mark.parametrize(("length", "key"), [(121, "topic-too-long"), (100_000, "text-too-long")])
def test_long_topic_is_refused(room: Room, length: int, key: str):
    make_admin(room)
    action = run(room, f"/topic {'a' * length}")
    assert isinstance(action, ChangeTopic)
    problem = refusal(lambda: decide(room, room.member("ann"), action, NOON))
    assert isinstance(problem, TextRefused)
    assert problem.key == key


def test_admin_password_makes_an_admin(room: Room):
    event = run(room, f"/admin {PASSWORD}")
    assert event == RoleChanged("lobby", ANN.ref, ANN.ref, NOON, Role.GUEST, Role.ADMIN)


def test_admin_password_never_lowers_a_role(room: Room):
    room.apply(role_changed(ANN, Role.OWNER))
    event = run(room, f"/admin {PASSWORD}")
    assert event == RoleChanged("lobby", ANN.ref, ANN.ref, NOON, Role.OWNER, Role.OWNER)
    assert not room.apply(event)
    assert room.member("ann").role is Role.OWNER


def test_wrong_admin_password_is_refused(room: Room):
    problem = refusal(lambda: run(room, "/admin correct"))
    assert isinstance(problem, CommandRefused)
    assert problem.key == "admin-wrong"
    assert room.member("ann").role is Role.GUEST


def test_clear_asks_for_confirmation(room: Room):
    make_admin(room)
    assert run(room, "/clear") == ClearPrompt()


@pytest.mark.parametrize(
    "text",
    ["/help", "/who", "/nick Anna", "/me waves", "/shrug", "/search tea", "/topic Tea", "/clear", f"/admin {PASSWORD}"],
)
def test_command_changes_nothing_until_its_event_is_applied(room: Room, text: str):
    make_admin(room)
    admin = room.member("ann")
    run(room, text)
    assert room.roster() == [admin, BOB]
    assert len(room.conversation.history) == 0
    assert room.conversation.history.topic == ""
