"""What is left of a wait stays the same when someone sets the clock."""

from collections.abc import Callable
from datetime import datetime, timedelta

import pytest

from chat.domain.errors import EntryRefused, SpeechRefused
from chat.domain.messages.history import History
from chat.domain.messages.message import Message
from chat.domain.rooms.chat_state import ChatState
from tests.unit.domain.rooms.scenes import BOB, HOME, after, apply, execute, join, new_moderated_chat, post, refusal

CHANGES = [timedelta(hours=-1), timedelta(hours=1), timedelta(seconds=-5), timedelta(days=-400), timedelta(days=400)]


@pytest.fixture(params=CHANGES, ids=str)
def change(request: pytest.FixtureRequest) -> timedelta:
    return request.param


def after_change(chat: ChatState, change: timedelta) -> Callable[[float], datetime]:
    """Set the clock; return a function that tells the time `seconds` after noon on it."""
    chat.adjust_clock(change)

    def now(seconds: float) -> datetime:
        return after(seconds) + change

    return now


@pytest.fixture
def chat() -> ChatState:
    return new_moderated_chat()


def test_mute_lasts_as_long(chat: ChatState, change: timedelta):
    execute(chat, "/mute Bob 5")
    now = after_change(chat, change)
    problem = refusal(lambda: post(chat.lobby.conversation, BOB, "Hello", now=now(299)))
    assert isinstance(problem, SpeechRefused)
    assert problem.details["left"] == 1
    post(chat.lobby.conversation, BOB, "Hello", now=now(300))


@pytest.mark.parametrize(("command", "seconds"), [("/kick Bob", 60), ("/ban Bob 2h", 7200)])
def test_kick_and_ban_last_as_long(chat: ChatState, change: timedelta, command: str, seconds: int):
    execute(chat, command)
    now = after_change(chat, change)
    assert isinstance(refusal(lambda: join(chat, BOB, HOME, now(seconds - 1))), EntryRefused)
    join(chat, BOB, HOME, now(seconds))


def test_permanent_ban_stays(chat: ChatState, change: timedelta):
    execute(chat, "/ban Bob")
    now = after_change(chat, change)
    assert isinstance(refusal(lambda: join(chat, BOB, HOME, now(86_400))), EntryRefused)


def test_slow_mode_lasts_as_long(chat: ChatState, change: timedelta):
    execute(chat, "/slow 30")
    post(chat.lobby.conversation, BOB, "One", "message01")
    now = after_change(chat, change)
    assert refusal(lambda: post(chat.lobby.conversation, BOB, "Two", "message02", now(29))).key == "slow-mode"
    post(chat.lobby.conversation, BOB, "Two", "message02", now(30))


def test_message_of_a_wrong_clock_is_not_waited_for_in_slow_mode(chat: ChatState):
    execute(chat, "/slow 30")
    late = Message("message01", "lobby", "bob", "Bob", "One", after(86_400))
    lobby = chat.open("lobby", History(100, [late]))
    post(lobby.conversation, BOB, "Two", "message02")
    assert refusal(lambda: post(lobby.conversation, BOB, "Three", "message03", after(29))).key == "slow-mode"


def test_grace_period_and_typing_last_as_long(chat: ChatState, change: timedelta):
    apply(chat, chat.lobby.type("bob", True, after(0)))
    apply(chat, chat.people.disconnect("bob", "bob's tab", after(0)))
    now = after_change(chat, change)
    assert chat.expire(now(4.9)) == []
    apply(chat, chat.expire(now(5)))
    assert chat.lobby.typing.member_ids == ()
    apply(chat, chat.expire(now(9.9)))
    assert "bob" in chat.people.members
    apply(chat, chat.expire(now(10)))
    assert "bob" not in chat.people.members
