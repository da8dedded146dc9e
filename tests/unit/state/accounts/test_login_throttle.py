"""Rate limits of login attempts, by name and client, and of sign-ups."""

import pytest

from chat.domain.errors import AccountRefused
from chat.state.accounts.login_throttle import LoginThrottle
from tests.unit.state.support import MonotonicClock

HOME, ELSEWHERE = "192.0.2.1", "198.51.100.7"


def is_paused(throttle: LoginThrottle, name: str = "ann", client: str = HOME) -> bool:
    """Attempt a login; tell whether it was refused."""
    try:
        throttle.check(name, client)
    except AccountRefused as problem:
        assert problem.key == "sign-in-paused"
        return True
    return False


def test_sixth_attempt_is_paused():
    throttle = LoginThrottle()
    assert [is_paused(throttle) for _ in range(7)] == [False] * 5 + [True] * 2


def test_pause_ends_after_a_minute(clock: MonotonicClock):
    throttle = LoginThrottle()
    for _ in range(6):
        is_paused(throttle)
    clock.now += 59
    assert is_paused(throttle)
    clock.now += 2
    assert [is_paused(throttle) for _ in range(6)] == [False] * 5 + [True]


def test_pause_is_for_one_name_and_client():
    throttle = LoginThrottle()
    for _ in range(6):
        is_paused(throttle)
    assert not is_paused(throttle, "bob")
    assert not is_paused(throttle, client=ELSEWHERE)


def test_success_makes_up_for_failures_of_its_name_only():
    throttle = LoginThrottle()
    for name in ("ann", "bob"):
        for _ in range(5):
            is_paused(throttle, name)
    throttle.record_success("ann", HOME)
    assert not is_paused(throttle, "ann")
    assert is_paused(throttle, "bob")


def test_client_with_a_hundred_names_is_paused_for_ten_minutes(clock: MonotonicClock):
    throttle = LoginThrottle()
    assert not any(is_paused(throttle, f"name {number}") for number in range(100))
    assert is_paused(throttle, "ann")
    clock.now += 601
    assert not is_paused(throttle, "ann")


def test_own_successes_do_not_make_up_for_failures_with_other_names():
    throttle = LoginThrottle()
    for number in range(100):
        assert not is_paused(throttle, "eve")
        throttle.record_success("eve", HOME)
        assert not is_paused(throttle, f"name {number}")
    assert is_paused(throttle, "ann")


def test_class_at_one_address_can_sign_in_twice():
    throttle = LoginThrottle()
    names = [f"name {number}" for number in range(60)]
    for _ in range(2):
        assert not any(is_paused(throttle, name) for name in names)
        for name in names:
            throttle.record_success(name, HOME)


def test_class_at_one_address_can_sign_up():
    throttle = LoginThrottle()
    for _ in range(120):
        throttle.check_sign_up(HOME)


def test_strangers_do_not_pause_the_account_holder():
    throttle = LoginThrottle()
    is_paused(throttle)
    throttle.record_success("ann", HOME)
    for number in range(101):
        is_paused(throttle, client=f"2001:db8::{number}")
    assert is_paused(throttle, client=ELSEWHERE)
    assert not is_paused(throttle)
    throttle.check("ann", "ann's id", is_signed_in=True)


def test_name_attempted_from_everywhere_is_paused_for_an_hour(clock: MonotonicClock):
    throttle = LoginThrottle()
    assert not any(is_paused(throttle, client=f"2001:db8::{number}") for number in range(100))
    assert is_paused(throttle, client=ELSEWHERE)
    assert not is_paused(throttle, "bob", ELSEWHERE)
    clock.now += 3601
    assert not is_paused(throttle, client=ELSEWHERE)


def test_sign_ups_of_one_client_are_limited(clock: MonotonicClock):
    throttle = LoginThrottle()
    for _ in range(200):
        throttle.check_sign_up(HOME)
    with pytest.raises(AccountRefused, match="sign-in-paused"):
        throttle.check_sign_up(HOME)
    throttle.check_sign_up(ELSEWHERE)
    clock.now += 3601
    throttle.check_sign_up(HOME)
