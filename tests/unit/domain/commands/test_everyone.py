"""The slash commands for everyone and for admins."""

import pytest

from chat.domain.accounts.events import MemberRenamed, RoleChanged
from chat.domain.commands.everyone import SHRUG
from chat.domain.commands.registry import Outcome
from chat.domain.commands.replies import ClearPrompt, HelpReply, RosterReply, SearchPrompt
from chat.domain.errors import CommandRefused, MessageRefused, NameRefused, NotAllowed, TextRefused
from chat.domain.messages.events import MessagePosted, TopicChanged
from chat.domain.messages.message import Kind, Message, Quote
from chat.domain.rooms.chat_state import ChatState
from chat.domain.rooms.moderation.moderation_actions import ChangeTopic
from chat.domain.rooms.moderation.moderation_decisions import decide
from chat.domain.users import Member, Role
from chat.text.nicknames import parse_nickname
from tests.unit.domain.rooms import scenes
from tests.unit.domain.rooms.scenes import ANN, NOON, PASSWORD, join, new_chat, post, refusal, role_changed

BOB = Member("bob", parse_nickname("bob"))


@pytest.fixture
def chat() -> ChatState:
    """Ann and "bob" are present."""
    chat = new_chat()
    join(chat, BOB)
    join(chat, ANN)
    return chat


def run(chat: ChatState, text: str, reply_to: str | None = None) -> Outcome:
    """Run a command as Ann."""
    return scenes.run(chat, text, chat.people.member("ann"), reply_to=reply_to)


def posted(chat: ChatState, text: str, reply_to: str | None = None) -> Message:
    """Run a command as Ann, and return the message that it posts."""
    event = run(chat, text, reply_to)
    assert isinstance(event, MessagePosted)
    chat.apply(event)
    return chat.lobby.conversation.message(event.message.id)


def make_admin(chat: ChatState) -> None:
    chat.apply(role_changed(ANN, Role.ADMIN))


def test_help_replies_with_the_commands_of_the_role(chat: ChatState):
    assert run(chat, "/help") == HelpReply(Role.GUEST)
    make_admin(chat)
    assert run(chat, "/help") == HelpReply(Role.ADMIN)


def test_who_lists_present_members_by_name(chat: ChatState):
    assert run(chat, "/who") == RosterReply(("Ann", "bob"))


def test_nick_changes_the_name(chat: ChatState):
    event = run(chat, "/nick Anna")
    assert event == MemberRenamed("ann", ANN.nickname, parse_nickname("Anna"), NOON)


def test_nick_refuses_a_taken_name(chat: ChatState):
    problem = refusal(lambda: run(chat, "/nick BOB"))
    assert isinstance(problem, NameRefused)
    assert problem.key == "name-taken"


def test_me_posts_an_action(chat: ChatState):
    message = posted(chat, "/me waves")
    assert (message.text, message.kind, message.name) == ("waves", Kind.ACTION, "Ann")


@pytest.mark.parametrize(
    ("typed", "text"),
    [("/shrug", SHRUG), ("/shrug who knows", f"who knows {SHRUG}"), ("/shrug one\ntwo", f"one\ntwo {SHRUG}")],
)
def test_shrug_is_appended_to_the_text(chat: ChatState, typed: str, text: str):
    message = posted(chat, typed)
    assert (message.text, message.kind) == (text, Kind.TEXT)
    assert SHRUG == "¯\\_(ツ)_/¯"


def test_shrug_counts_towards_the_length_limit(chat: ChatState):
    longest = "a" * (4000 - len(f" {SHRUG}"))
    problem = refusal(lambda: run(chat, f"/shrug {longest}a"))
    assert isinstance(problem, TextRefused)
    assert problem.key == "text-too-long"
    assert len(posted(chat, f"/shrug {longest}").text) == 4000


@pytest.mark.parametrize("text", ["/me waves", "/shrug"])
def test_posting_command_can_be_a_reply(chat: ChatState, text: str):
    post(chat.lobby.conversation, BOB, "Hello", "message00")
    assert posted(chat, text, "message00").reply == Quote("message00", "bob", "bob", "Hello")


@pytest.mark.parametrize("text", ["/me waves", "/shrug"])
def test_posting_command_refuses_a_reply_to_an_unknown_message(chat: ChatState, text: str):
    problem = refusal(lambda: run(chat, text, "message00"))
    assert isinstance(problem, MessageRefused)
    assert problem.key == "reply-gone"


def test_posting_command_can_mention(chat: ChatState):
    assert posted(chat, "/me waves at @bob").mentions == {"bob": "bob"}


@pytest.mark.parametrize(("text", "query"), [("/search", ""), ("/search tea and cake", "tea and cake")])
def test_search_opens_the_dialog_with_the_query(chat: ChatState, text: str, query: str):
    assert run(chat, text) == SearchPrompt(query)


# Commands for admins.


@pytest.mark.parametrize("text", ["/topic Tea", "/clear"])
def test_command_for_admins_is_refused_to_others(chat: ChatState, text: str):
    problem = refusal(lambda: run(chat, text))
    assert isinstance(problem, NotAllowed)
    assert problem.key == "needs-admin"


@pytest.mark.parametrize(
    ("text", "topic"), [("/topic Tea and cake", "Tea and cake"), ("/topic -", ""), ("/topic - -", "- -")]
)
def test_topic_changes_the_topic(chat: ChatState, text: str, topic: str):
    make_admin(chat)
    action = run(chat, text)
    assert isinstance(action, ChangeTopic)
    assert decide(chat.lobby, chat.people.member("ann"), action, NOON) == TopicChanged("lobby", ANN.ref, NOON, topic)


@pytest.mark.parametrize(("length", "key"), [(121, "topic-too-long"), (100_000, "text-too-long")])
def test_long_topic_is_refused(chat: ChatState, length: int, key: str):
    make_admin(chat)
    action = run(chat, f"/topic {'a' * length}")
    assert isinstance(action, ChangeTopic)
    problem = refusal(lambda: decide(chat.lobby, chat.people.member("ann"), action, NOON))
    assert isinstance(problem, TextRefused)
    assert problem.key == key


def test_admin_password_makes_an_admin(chat: ChatState):
    event = run(chat, f"/admin {PASSWORD}")
    assert event == RoleChanged("lobby", ANN.ref, ANN.ref, NOON, Role.GUEST, Role.ADMIN)


def test_admin_password_never_lowers_a_role(chat: ChatState):
    chat.apply(role_changed(ANN, Role.OWNER))
    event = run(chat, f"/admin {PASSWORD}")
    assert event == RoleChanged("lobby", ANN.ref, ANN.ref, NOON, Role.OWNER, Role.OWNER)
    assert not chat.apply(event)
    assert chat.people.member("ann").role is Role.OWNER


def test_wrong_admin_password_is_refused(chat: ChatState):
    problem = refusal(lambda: run(chat, "/admin correct"))
    assert isinstance(problem, CommandRefused)
    assert problem.key == "admin-wrong"
    assert chat.people.member("ann").role is Role.GUEST


def test_clear_asks_for_confirmation(chat: ChatState):
    make_admin(chat)
    assert run(chat, "/clear") == ClearPrompt()


@pytest.mark.parametrize(
    "text",
    ["/help", "/who", "/nick Anna", "/me waves", "/shrug", "/search tea", "/topic Tea", "/clear", f"/admin {PASSWORD}"],
)
def test_command_changes_nothing_until_its_event_is_applied(chat: ChatState, text: str):
    make_admin(chat)
    admin = chat.people.member("ann")
    run(chat, text)
    assert chat.people.roster() == [admin, BOB]
    assert len(chat.lobby.conversation.history) == 0
    assert chat.lobby.conversation.history.topic == ""
