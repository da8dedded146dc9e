"""What is left of a wait stays the same when someone sets the clock."""

from collections.abc import Callable
from datetime import datetime, timedelta

import pytest

from chat.domain.errors import EntryRefused, SpeechRefused
from chat.domain.rooms.room import Room
from tests.unit.domain.rooms.scenes import BOB, HOME, after, apply, execute, join, new_moderated_room, post, refusal

CHANGES = [timedelta(hours=-1), timedelta(hours=1), timedelta(seconds=-5), timedelta(days=-400), timedelta(days=400)]


@pytest.fixture(params=CHANGES, ids=str)
def change(request: pytest.FixtureRequest) -> timedelta:
    return request.param


def after_change(room: Room, change: timedelta) -> Callable[[float], datetime]:
    """Set the clock; return a function that tells the time `seconds` after noon on it."""
    room.adjust_clock(change)

    def now(seconds: float) -> datetime:
        return after(seconds) + change

    return now


@pytest.fixture
def room() -> Room:
    return new_moderated_room()


def test_mute_lasts_as_long(room: Room, change: timedelta):
    execute(room, "/mute Bob 5")
    now = after_change(room, change)
    problem = refusal(lambda: post(room.conversation, BOB, "Hello", now=now(299)))
    assert isinstance(problem, SpeechRefused)
    assert problem.details["left"] == 1
    post(room.conversation, BOB, "Hello", now=now(300))


@pytest.mark.parametrize(("command", "seconds"), [("/kick Bob", 60), ("/ban Bob 2h", 7200)])
def test_kick_and_ban_last_as_long(room: Room, change: timedelta, command: str, seconds: int):
    execute(room, command)
    now = after_change(room, change)
    assert isinstance(refusal(lambda: join(room, BOB, HOME, now(seconds - 1))), EntryRefused)
    join(room, BOB, HOME, now(seconds))


def test_permanent_ban_stays(room: Room, change: timedelta):
    execute(room, "/ban Bob")
    now = after_change(room, change)
    assert isinstance(refusal(lambda: join(room, BOB, HOME, now(86_400))), EntryRefused)


def test_slow_mode_lasts_as_long(room: Room, change: timedelta):
    execute(room, "/slow 30")
    post(room.conversation, BOB, "One", "message01")
    now = after_change(room, change)
    assert refusal(lambda: post(room.conversation, BOB, "Two", "message02", now(29))).key == "slow-mode"
    post(room.conversation, BOB, "Two", "message02", now(30))


def test_grace_period_and_typing_last_as_long(room: Room, change: timedelta):
    apply(room, room.type("bob", True, after(0)))
    apply(room, room.disconnect("bob", "bob's tab", after(0)))
    now = after_change(room, change)
    assert room.expire(now(4.9)) == []
    apply(room, room.expire(now(5)))
    assert room.typing.member_ids == ()
    apply(room, room.expire(now(9.9)))
    assert "bob" in room.members
    apply(room, room.expire(now(10)))
    assert "bob" not in room.members
