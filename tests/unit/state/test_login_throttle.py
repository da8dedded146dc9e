"""Pauses after many tries: for whom, and for how long."""

import time

import pytest

from chat.domain.errors import AccountRefused
from chat.state.login_throttle import LoginThrottle

HOME, ELSEWHERE = "192.0.2.1", "198.51.100.7"


class Clock:
    """A clock that is put forward."""

    def __init__(self) -> None:
        self.now = time.time()

    def time(self) -> float:
        return self.now


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    clock = Clock()
    monkeypatch.setattr(time, "time", clock.time)
    return clock


def has_to_wait(tries: LoginThrottle, name: str = "ann", caller: str = HOME) -> bool:
    try:
        tries.check(name, caller)
    except AccountRefused as problem:
        assert problem.key == "sign-in-paused"
        return True
    return False


def test_five_tries_are_free_and_the_sixth_has_to_wait():
    tries = LoginThrottle()
    assert [has_to_wait(tries) for _ in range(7)] == [False] * 5 + [True] * 2


def test_after_a_minute_there_are_five_again(clock: Clock):
    tries = LoginThrottle()
    for _ in range(6):
        has_to_wait(tries)
    clock.now += 59
    assert has_to_wait(tries)
    clock.now += 2
    assert [has_to_wait(tries) for _ in range(6)] == [False] * 5 + [True]


def test_other_names_and_other_callers_do_not_wait():
    tries = LoginThrottle()
    for _ in range(6):
        has_to_wait(tries)
    assert not has_to_wait(tries, "bob")
    assert not has_to_wait(tries, caller=ELSEWHERE)


def test_a_right_password_makes_up_for_the_wrong_ones_of_this_name_only():
    tries = LoginThrottle()
    for name in ("ann", "bob"):
        for _ in range(5):
            has_to_wait(tries, name)
    tries.forget("ann", HOME)
    assert not has_to_wait(tries, "ann")
    assert has_to_wait(tries, "bob")


def test_a_caller_who_tries_a_hundred_names_waits_ten_minutes(clock: Clock):
    tries = LoginThrottle()
    assert not any(has_to_wait(tries, f"name {number}") for number in range(100))
    assert has_to_wait(tries, "ann")
    clock.now += 601
    assert not has_to_wait(tries, "ann")


def test_ones_own_account_does_not_open_the_way_to_those_of_others():
    tries = LoginThrottle()
    for number in range(100):
        assert not has_to_wait(tries, "eve")
        tries.forget("eve", HOME)
        assert not has_to_wait(tries, f"name {number}")
    assert has_to_wait(tries, "ann")


def test_a_class_that_signs_in_at_once_twice_does_not_wait():
    tries = LoginThrottle()
    names = [f"name {number}" for number in range(60)]
    for _ in range(2):
        assert not any(has_to_wait(tries, name) for name in names)
        for name in names:
            tries.forget(name, HOME)


def test_a_class_can_sign_up_at_once():
    tries = LoginThrottle()
    for _ in range(120):
        tries.check_new(HOME)


def test_strangers_who_try_a_name_do_not_keep_its_holder_out():
    tries = LoginThrottle()
    has_to_wait(tries)
    tries.forget("ann", HOME)
    for number in range(101):
        has_to_wait(tries, caller=f"2001:db8::{number}")
    assert has_to_wait(tries, caller=ELSEWHERE)
    assert not has_to_wait(tries)
    tries.check("ann", "ann's id", is_known=True)


def test_a_name_that_is_tried_from_everywhere_waits_an_hour(clock: Clock):
    tries = LoginThrottle()
    assert not any(has_to_wait(tries, caller=f"2001:db8::{number}") for number in range(100))
    assert has_to_wait(tries, caller=ELSEWHERE)
    assert not has_to_wait(tries, "bob", ELSEWHERE)
    clock.now += 3601
    assert not has_to_wait(tries, caller=ELSEWHERE)
