"""Rate limits: of actions, and of login attempts by name and client."""

import threading
import time

import pytest
from limits import parse
from limits.strategies import SlidingWindowCounterRateLimiter

from chat.domain.errors import AccountRefused
from chat.state.rate_limits import SHARED_ADDRESS_FACTOR, ActionRateLimiter, LoginThrottle
from chat.state.steady_limits import steady_storage

HOME, ELSEWHERE = "192.0.2.1", "198.51.100.7"


class Clock:
    """A clock that is put forward."""

    def __init__(self) -> None:
        self.now = time.monotonic()

    def monotonic(self) -> float:
        return self.now


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    clock = Clock()
    monkeypatch.setattr(time, "monotonic", clock.monotonic)
    return clock


def is_paused(throttle: LoginThrottle, name: str = "ann", client: str = HOME) -> bool:
    """Attempt a login; tell whether it was refused."""
    try:
        throttle.check(name, client)
    except AccountRefused as problem:
        assert problem.key == "sign-in-paused"
        return True
    return False


def test_expired_counts_are_dropped_without_a_thread(clock: Clock):
    storage, threads = steady_storage(), threading.active_count()
    limiter, rate = SlidingWindowCounterRateLimiter(storage), parse("5 per 10 seconds")
    for number in range(100):
        assert limiter.hit(rate, str(number))
    assert len(storage.storage) == 100
    clock.now += 60
    limiter.hit(rate, "another")
    assert len(storage.storage) <= 2
    assert threading.active_count() <= threads


# Actions.


def test_action_beyond_the_rate_must_wait(clock: Clock):
    limiter, known = ActionRateLimiter("2 per minute"), {"member:ann", "address:192.0.2.1"}
    assert [limiter.hit("write", known) for _ in range(2)] == [0, 0]
    clock.now += 20
    assert limiter.hit("write", known) == 40
    clock.now += 41
    assert limiter.hit("write", known) == 0


def test_actions_are_counted_apart():
    limiter, known = ActionRateLimiter("1 per minute"), {"member:ann"}
    assert [limiter.hit(action, known) for action in ("write", "join", "rename")] == [0, 0, 0]
    assert limiter.hit("write", known)
    assert limiter.hit("write", {"member:bob"}) == 0


def test_shared_address_may_act_more_often():
    limiter = ActionRateLimiter("1 per minute")
    waits = [limiter.hit("write", {f"member:{n}", "address:192.0.2.1"}) for n in range(SHARED_ADDRESS_FACTOR + 1)]
    assert [wait > 0 for wait in waits] == [False] * SHARED_ADDRESS_FACTOR + [True]


def test_characters_count_as_well(clock: Clock):
    limiter, known = ActionRateLimiter("20 per 10 seconds"), {"member:ann"}
    assert [limiter.hit("write", known, "x" * 4000) > 0 for _ in range(6)] == [False] * 5 + [True]
    assert limiter.hit("write", known, "x")
    assert limiter.hit("write", known) == 0
    clock.now += 11
    assert [limiter.hit("write", known, "x" * 1000) > 0 for _ in range(21)] == [False] * 20 + [True]


def test_one_message_may_always_have_the_full_length():
    limiter = ActionRateLimiter("1 per minute")
    assert limiter.hit("write", {"member:ann"}, "x" * 4000) == 0
    assert limiter.hit("write", {"member:bob"}, "x" * 1_000_000) == 0


# Login attempts.


def test_sixth_attempt_is_paused():
    throttle = LoginThrottle()
    assert [is_paused(throttle) for _ in range(7)] == [False] * 5 + [True] * 2


def test_pause_ends_after_a_minute(clock: Clock):
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


def test_client_with_a_hundred_names_is_paused_for_ten_minutes(clock: Clock):
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


def test_name_attempted_from_everywhere_is_paused_for_an_hour(clock: Clock):
    throttle = LoginThrottle()
    assert not any(is_paused(throttle, client=f"2001:db8::{number}") for number in range(100))
    assert is_paused(throttle, client=ELSEWHERE)
    assert not is_paused(throttle, "bob", ELSEWHERE)
    clock.now += 3601
    assert not is_paused(throttle, client=ELSEWHERE)


def test_sign_ups_of_one_client_are_limited(clock: Clock):
    throttle = LoginThrottle()
    for _ in range(200):
        throttle.check_sign_up(HOME)
    with pytest.raises(AccountRefused, match="sign-in-paused"):
        throttle.check_sign_up(HOME)
    throttle.check_sign_up(ELSEWHERE)
    clock.now += 3601
    throttle.check_sign_up(HOME)
