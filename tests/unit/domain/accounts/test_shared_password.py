"""The admin password: five wrong tries cost a minute, for the one who tried."""

from datetime import UTC, datetime, timedelta

import pytest

from chat.domain.accounts.shared_password import Gate
from chat.domain.errors import CommandRefused

NOON = datetime(2026, 5, 1, 12, tzinfo=UTC)
PASSWORD = "correct horse"


def after(seconds: float) -> datetime:
    return NOON + timedelta(seconds=seconds)


@pytest.fixture
def gate() -> Gate:
    return Gate(PASSWORD)


def refusal(gate: Gate, password: str, now: datetime = NOON, asker: str = "ann") -> CommandRefused:
    with pytest.raises(CommandRefused) as refused:
        gate.enter(asker, password, now)
    return refused.value


def lock_out(gate: Gate, asker: str = "ann") -> None:
    for _ in range(5):
        assert refusal(gate, "wrong", asker=asker).key == "admin-wrong"


def test_the_right_password_opens(gate: Gate):
    gate.enter("ann", PASSWORD, NOON)


@pytest.mark.parametrize(
    "password", ["", "correct", "correct horse ", "Correct horse", "pässwörd", "\ud800"], ids=ascii
)
def test_any_other_does_not(gate: Gate, password: str):
    assert refusal(gate, password).key == "admin-wrong"


def test_a_password_may_have_any_letters():
    Gate("pässwörd 🦊").enter("ann", "pässwörd 🦊", NOON)


def test_after_five_wrong_tries_even_the_right_password_has_to_wait(gate: Gate):
    lock_out(gate)
    assert refusal(gate, PASSWORD, after(20)).key == "admin-locked"


def test_four_wrong_tries_do_not_lock(gate: Gate):
    for _ in range(4):
        refusal(gate, "wrong")
    gate.enter("ann", PASSWORD, NOON)


def test_after_a_minute_it_opens_again(gate: Gate):
    lock_out(gate)
    assert refusal(gate, PASSWORD, after(59.9)).key == "admin-locked"
    gate.enter("ann", PASSWORD, after(60))


def test_tries_while_locked_out_do_not_make_it_longer(gate: Gate):
    lock_out(gate)
    for second in range(1, 60, 10):
        refusal(gate, "wrong", after(second))
    gate.enter("ann", PASSWORD, after(60))


def test_others_are_not_locked_out(gate: Gate):
    lock_out(gate)
    gate.enter("bob", PASSWORD, NOON)


def test_who_asks_as_somebody_else_each_time_is_known_by_the_place(gate: Gate):
    for number in range(50):
        with pytest.raises(CommandRefused, match="admin-wrong"):
            gate.enter(f"guest {number}", "wrong", NOON, {"address:6.6.6.6"})
    with pytest.raises(CommandRefused, match="admin-locked"):
        gate.enter("guest 50", PASSWORD, NOON, {"address:6.6.6.6"})
    gate.enter("ann", PASSWORD, NOON, {"address:1.1.1.1"})


def test_one_at_a_place_does_not_lock_out_the_others(gate: Gate):
    for _ in range(5):
        with pytest.raises(CommandRefused):
            gate.enter("eve", "wrong", NOON, {"address:1.1.1.1"})
    gate.enter("ann", PASSWORD, NOON, {"address:1.1.1.1"})


def test_the_right_password_forgets_the_wrong_tries(gate: Gate):
    for _ in range(4):
        refusal(gate, "wrong")
    gate.enter("ann", PASSWORD, NOON)
    lock_out(gate)
    assert refusal(gate, PASSWORD).key == "admin-locked"


def test_wrong_tries_are_forgotten_after_a_minute(gate: Gate):
    for _ in range(4):
        refusal(gate, "wrong")
    assert refusal(gate, "wrong", after(60)).key == "admin-wrong"
    gate.enter("ann", PASSWORD, after(61))
