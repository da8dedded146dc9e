"""Rate limits of actions."""

import threading

from limits import parse
from limits.strategies import SlidingWindowCounterRateLimiter

from chat.state.rate_limits import SHARED_ADDRESS_FACTOR, ActionRateLimiter
from chat.state.steady_limits import steady_storage
from tests.unit.state.support import MonotonicClock


def test_expired_counts_are_dropped_without_a_thread(clock: MonotonicClock):
    storage, threads = steady_storage(), threading.active_count()
    limiter, rate = SlidingWindowCounterRateLimiter(storage), parse("5 per 10 seconds")
    for number in range(100):
        assert limiter.hit(rate, str(number))
    assert len(storage.storage) == 100
    clock.now += 60
    limiter.hit(rate, "another")
    assert len(storage.storage) <= 2
    assert threading.active_count() <= threads


def test_action_beyond_the_rate_must_wait(clock: MonotonicClock):
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


def test_characters_count_as_well(clock: MonotonicClock):
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
