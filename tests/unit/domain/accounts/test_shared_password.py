"""The admin password: five wrong tries cost a minute, for the one who tried."""

from datetime import UTC, datetime, timedelta

import pytest

from chat.domain.accounts.shared_password import SharedPassword
from chat.domain.errors import CommandRefused

NOON = datetime(2026, 5, 1, 12, tzinfo=UTC)
PASSWORD = "correct horse"


def after(seconds: float) -> datetime:
    return NOON + timedelta(seconds=seconds)


@pytest.fixture
def gate() -> SharedPassword:
    return SharedPassword(PASSWORD)


def refusal(gate: SharedPassword, password: str, now: datetime = NOON, asker: str = "ann") -> CommandRefused:
    with pytest.raises(CommandRefused) as refused:
        gate.verify(asker, password, now)
    return refused.value


def lock_out(gate: SharedPassword, asker: str = "ann") -> None:
    for _ in range(5):
        assert refusal(gate, "wrong", asker=asker).key == "admin-wrong"


def test_the_right_password_opens(gate: SharedPassword):
    gate.verify("ann", PASSWORD, NOON)


@pytest.mark.parametrize(
    "password", ["", "correct", "correct horse ", "Correct horse", "pässwörd", "\ud800"], ids=ascii
)
def test_any_other_does_not(gate: SharedPassword, password: str):
    assert refusal(gate, password).key == "admin-wrong"


def test_a_password_may_have_any_letters():
    SharedPassword("pässwörd 🦊").verify("ann", "pässwörd 🦊", NOON)


def test_after_five_wrong_tries_even_the_right_password_has_to_wait(gate: SharedPassword):
    lock_out(gate)
    assert refusal(gate, PASSWORD, after(20)).key == "admin-locked"


def test_four_wrong_tries_do_not_lock(gate: SharedPassword):
    for _ in range(4):
        refusal(gate, "wrong")
    gate.verify("ann", PASSWORD, NOON)


def test_after_a_minute_it_opens_again(gate: SharedPassword):
    lock_out(gate)
    assert refusal(gate, PASSWORD, after(59.9)).key == "admin-locked"
    gate.verify("ann", PASSWORD, after(60))


def test_tries_while_locked_out_do_not_make_it_longer(gate: SharedPassword):
    lock_out(gate)
    for second in range(1, 60, 10):
        refusal(gate, "wrong", after(second))
    gate.verify("ann", PASSWORD, after(60))


def test_others_are_not_locked_out(gate: SharedPassword):
    lock_out(gate)
    gate.verify("bob", PASSWORD, NOON)


def test_who_asks_as_somebody_else_each_time_is_known_by_the_place(gate: SharedPassword):
    for number in range(50):
        with pytest.raises(CommandRefused, match="admin-wrong"):
            gate.verify(f"guest {number}", "wrong", NOON, {"address:6.6.6.6"})
    with pytest.raises(CommandRefused, match="admin-locked"):
        gate.verify("guest 50", PASSWORD, NOON, {"address:6.6.6.6"})
    gate.verify("ann", PASSWORD, NOON, {"address:1.1.1.1"})


def test_one_at_a_place_does_not_lock_out_the_others(gate: SharedPassword):
    for _ in range(5):
        with pytest.raises(CommandRefused):
            gate.verify("eve", "wrong", NOON, {"address:1.1.1.1"})
    gate.verify("ann", PASSWORD, NOON, {"address:1.1.1.1"})


def test_the_right_password_forgets_the_wrong_tries(gate: SharedPassword):
    for _ in range(4):
        refusal(gate, "wrong")
    gate.verify("ann", PASSWORD, NOON)
    lock_out(gate)
    assert refusal(gate, PASSWORD).key == "admin-locked"


def test_wrong_tries_are_forgotten_after_a_minute(gate: SharedPassword):
    for _ in range(4):
        refusal(gate, "wrong")
    assert refusal(gate, "wrong", after(60)).key == "admin-wrong"
    gate.verify("ann", PASSWORD, after(61))
