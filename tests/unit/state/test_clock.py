"""Someone sets the system's clock while the chat runs."""

import asyncio
import time
from datetime import UTC, datetime, timedelta

import pytest
from limits import RateLimitItemPerMinute
from limits.strategies import FixedWindowRateLimiter, MovingWindowRateLimiter, SlidingWindowCounterRateLimiter

from chat.domain.accounts.shared_password import ATTEMPTS, SharedPassword
from chat.domain.errors import CommandRefused
from chat.domain.rooms.directory.room_info import LOBBY
from chat.state import clock
from chat.state.chat import Chat
from chat.state.clock import ClockWatch
from chat.state.steady_limits import seconds_until, steady_storage
from tests.unit.state.support import ADMIN_PASSWORD, refusal, texts

HOUR = timedelta(hours=1)


class SystemClock:
    """The system's clock, which is off by `change`; the monotonic clock goes on."""

    def __init__(self) -> None:
        self.change = timedelta()

    def now(self) -> datetime:
        return datetime.now(UTC) + self.change


@pytest.fixture
def system(monkeypatch: pytest.MonkeyPatch) -> SystemClock:
    system, wall = SystemClock(), time.time
    monkeypatch.setattr(clock, "now", system.now)
    monkeypatch.setattr(time, "time", lambda: wall() + system.change.total_seconds())
    return system


@pytest.mark.parametrize("seconds", [-3600, -5, 5, 3600])
def test_change_is_noticed_once(system: SystemClock, seconds: int):
    watch = ClockWatch()
    assert watch.change() == timedelta()
    system.change = timedelta(seconds=seconds)
    assert round(watch.change().total_seconds()) == seconds
    assert watch.change() == timedelta()


@pytest.mark.parametrize("name", ["CLOCK_BOOTTIME", "CLOCK_MONOTONIC"])
def test_sleep_of_the_computer_is_no_change(system: SystemClock, monkeypatch: pytest.MonkeyPatch, name: str):
    """Linux counts sleep on one clock only; macOS has no such clock, counts on another, and not on `time.monotonic`."""
    slept, counting, read = timedelta(), getattr(time, name), time.clock_gettime
    if name == "CLOCK_MONOTONIC":
        monkeypatch.delattr(time, "CLOCK_BOOTTIME", raising=False)
    monkeypatch.setattr(
        time, "clock_gettime", lambda clock: read(clock) + (slept.total_seconds() if clock == counting else 0)
    )
    watch = ClockWatch()
    slept = system.change = HOUR
    assert watch.change() == timedelta()
    system.change += HOUR  # and somebody sets it
    assert round(watch.change().total_seconds()) == HOUR.total_seconds()


def test_small_adjustments_add_up(system: SystemClock):
    watch = ClockWatch()
    system.change = timedelta(seconds=0.7)
    assert watch.change() == timedelta()
    system.change = timedelta(seconds=1.4)
    assert watch.change().total_seconds() == pytest.approx(1.4, abs=0.1)


@pytest.mark.parametrize("change", [-HOUR, HOUR], ids=str)
async def test_running_chat_keeps_waits_when_the_clock_is_set(chat: Chat, system: SystemClock, change: timedelta):
    await chat.messages.post("ann", LOBBY, f"/admin {ADMIN_PASSWORD}", "message01")
    await chat.messages.post("ann", LOBBY, "/mute @Bob 10", "message02")
    await chat.start()
    system.change = change
    async with asyncio.timeout(5):
        while chat.lobby.moderation.mutes.get("bob").seconds_left(clock.now()) not in range(590, 601):  # noqa: ASYNC110
            await asyncio.sleep(0.01)
    assert (await refusal(chat.messages.post("bob", LOBBY, "Hello", "message03"))).key == "muted"


@pytest.mark.parametrize("change", [-HOUR, HOUR], ids=str)
async def test_writers_are_not_refused_when_the_clock_is_set(chat: Chat, system: SystemClock, change: timedelta):
    for number in range(10):
        await chat.messages.post("ann", LOBBY, "Hello", f"before{number:04}")
    system.change = change
    for number in range(10):
        await chat.messages.post("ann", LOBBY, "Hello", f"after{number:05}")
    assert len(texts(chat)) == 20


@pytest.mark.parametrize("strategy", [MovingWindowRateLimiter, FixedWindowRateLimiter, SlidingWindowCounterRateLimiter])
@pytest.mark.parametrize("change", [-HOUR, timedelta(seconds=-5), HOUR], ids=str)
def test_limits_go_on_when_the_clock_is_set(system: SystemClock, strategy: type, change: timedelta):
    limiter, rate = strategy(steady_storage()), RateLimitItemPerMinute(2)
    assert [limiter.hit(rate, "ann") for _ in range(3)] == [True, True, False]
    system.change = change
    assert not limiter.hit(rate, "ann")
    assert 1 <= seconds_until(limiter.get_window_stats(rate, "ann").reset_time) <= 120


@pytest.mark.parametrize("change", [-HOUR, HOUR], ids=str)
def test_wrong_passwords_lock_nobody_out_for_longer_when_the_clock_is_set(change: timedelta):
    password, noon = SharedPassword("correct horse"), datetime(2026, 5, 1, 12, tzinfo=UTC)
    for _ in range(ATTEMPTS + 1):
        with pytest.raises(CommandRefused):
            password.verify("ann", "wrong", noon)
    with pytest.raises(CommandRefused):
        password.verify("ann", "correct horse", noon + timedelta(seconds=59))
    password.verify("ann", "correct horse", noon + change)
