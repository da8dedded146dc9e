"""Shared passwords: verification, and the pause after wrong attempts."""

from datetime import UTC, datetime, timedelta
from time import process_time

import pytest

from chat.domain.accounts.shared_password import SharedPassword
from chat.domain.errors import CommandRefused

NOON = datetime(2026, 5, 1, 12, tzinfo=UTC)
PASSWORD = "correct horse"


def after(seconds: float) -> datetime:
    return NOON + timedelta(seconds=seconds)


@pytest.fixture
def shared() -> SharedPassword:
    return SharedPassword(PASSWORD)


def refusal(shared: SharedPassword, password: str, now: datetime = NOON, client: str = "ann") -> CommandRefused:
    with pytest.raises(CommandRefused) as refused:
        shared.verify(client, password, now)
    return refused.value


def lock_out(shared: SharedPassword, client: str = "ann") -> None:
    for _ in range(5):
        assert refusal(shared, "wrong", client=client).key == "admin-wrong"


def test_right_password_is_accepted(shared: SharedPassword):
    shared.verify("ann", PASSWORD, NOON)


@pytest.mark.parametrize(
    "password", ["", "correct", "correct horse ", "Correct horse", "pässwörd", "\ud800"], ids=ascii
)
def test_other_password_is_refused(shared: SharedPassword, password: str):
    assert refusal(shared, password).key == "admin-wrong"


def test_password_may_have_any_letters():
    SharedPassword("pässwörd 🦊").verify("ann", "pässwörd 🦊", NOON)


def test_five_wrong_attempts_lock_the_client_out(shared: SharedPassword):
    lock_out(shared)
    assert refusal(shared, PASSWORD, after(20)).key == "admin-locked"


def test_four_wrong_attempts_do_not_lock_out(shared: SharedPassword):
    for _ in range(4):
        refusal(shared, "wrong")
    shared.verify("ann", PASSWORD, NOON)


def test_lock_ends_after_a_minute(shared: SharedPassword):
    lock_out(shared)
    assert refusal(shared, PASSWORD, after(59.9)).key == "admin-locked"
    shared.verify("ann", PASSWORD, after(60))


def test_attempts_while_locked_do_not_prolong_the_lock(shared: SharedPassword):
    lock_out(shared)
    for second in range(1, 60, 10):
        refusal(shared, "wrong", after(second))
    shared.verify("ann", PASSWORD, after(60))


def test_other_clients_are_not_locked_out(shared: SharedPassword):
    lock_out(shared)
    shared.verify("bob", PASSWORD, NOON)


def test_fifty_wrong_attempts_lock_the_address_out(shared: SharedPassword):
    for number in range(50):
        with pytest.raises(CommandRefused, match="admin-wrong"):
            shared.verify(f"guest {number}", "wrong", NOON, {"address:6.6.6.6"})
    with pytest.raises(CommandRefused, match="admin-locked"):
        shared.verify("guest 50", PASSWORD, NOON, {"address:6.6.6.6"})
    shared.verify("ann", PASSWORD, NOON, {"address:1.1.1.1"})


def test_client_does_not_lock_out_others_at_the_address(shared: SharedPassword):
    for _ in range(5):
        with pytest.raises(CommandRefused):
            shared.verify("eve", "wrong", NOON, {"address:1.1.1.1"})
    shared.verify("ann", PASSWORD, NOON, {"address:1.1.1.1"})


def test_right_password_resets_wrong_attempts(shared: SharedPassword):
    for _ in range(4):
        refusal(shared, "wrong")
    shared.verify("ann", PASSWORD, NOON)
    lock_out(shared)
    assert refusal(shared, PASSWORD).key == "admin-locked"


def test_wrong_attempts_expire_after_a_minute(shared: SharedPassword):
    for _ in range(4):
        refusal(shared, "wrong")
    assert refusal(shared, "wrong", after(60)).key == "admin-wrong"
    shared.verify("ann", PASSWORD, after(61))


# In a text.


@pytest.mark.parametrize(
    "text",
    [
        *(
            "correct horse",
            "/admin correct horse",
            "//admin correct horse",
            "／admin correct horse",
            "⁄admin correct horse",
        ),
        *('"/admin correct horse"', "`correct horse`", "> correct horse", "(correct horse)", "xcorrect horsey"),
        *(
            "a" * 3000 + "correct horse",
            "ｃｏｒｒｅｃｔ　ｈｏｒｓｅ",
            "𝐜𝐨𝐫𝐫𝐞𝐜𝐭 horse",
            "CORRECT Horse",
            "córrect hörse",
        ),
        *("cor\u200brect hor\u00adse", "correct\nhorse", "correct \t\u00a0 horse", "\u202ecorrect horse"),
    ],
    ids=lambda text: ascii(text)[-40:],
)
def test_password_is_found_in_a_text(shared: SharedPassword, text: str):
    assert shared.is_in(text)


@pytest.mark.parametrize("text", ["", "correct", "horse", "correct horde", "correcthorse", "horse correct", "\ud800"])
def test_other_texts_do_not_contain_the_password(shared: SharedPassword, text: str):
    assert not shared.is_in(text)


@pytest.mark.parametrize("password", ["", "a", "hello", "seven77", "   horse", "a" + "\u0301" * 20])
def test_short_password_is_not_looked_for(password: str):
    assert not SharedPassword(password).is_in(f"hello a {password} b")


@pytest.mark.parametrize(
    "password", ["eight888", "pässwörd 🦊", "密码密码密码密码", "don't-tell", "(*_*)/////", "  spaced out "]
)
def test_password_of_any_letters_is_found(password: str):
    assert SharedPassword(password).is_in(f"/admni {password}!")
    assert SharedPassword(password).is_in(password.upper())


def test_search_for_the_password_is_fast_in_any_text(shared: SharedPassword):
    start = process_time()
    for text in ("a" * 4000, "correct " * 500, "\ufdfa" * 4000, "correct horse" * 300):
        shared.is_in(text)
    assert process_time() - start < 0.5
