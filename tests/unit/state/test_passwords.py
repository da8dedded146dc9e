"""Passwords: which are good enough, and that they are kept as Argon2id, two at a time, in the same time for all."""

import asyncio
import threading
import unicodedata

import pytest
from argon2 import PasswordHasher, extract_parameters
from argon2.low_level import Type

from chat.domain.errors import AccountRefused
from chat.state.passwords import OWASP, Passwords, check_password

FAST = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)
GOOD = "four tired herons"


@pytest.fixture
def passwords() -> Passwords:
    return Passwords(FAST)


def refusal(password: object, name: str = "Ann") -> AccountRefused:
    with pytest.raises(AccountRefused) as refused:
        check_password(password, name)
    return refused.value


# The policy.


@pytest.mark.parametrize(
    "password",
    [GOOD, "xkqvhzpw", "x" * 7 + "yz", "пароль для чата", "   spaces   ", "🦊🐻🦁🐯🐨🐼🐸🐵", "correct" * 18],
)
def test_whatever_is_long_enough_and_not_common_is_fine(password: str):
    assert check_password(password, "Ann") == password


def test_eight_characters_are_enough_and_128_are_not_too_many():
    assert check_password("xkqvhzpw")
    assert check_password("xy" * 64)


def test_seven_are_too_few():
    problem = refusal("xkqvhzp")
    assert (problem.key, problem.details) == ("password-too-short", {"limit": 8})


@pytest.mark.parametrize("length", [129, 513, 1_000_000])
def test_more_than_128_are_too_many(length: int):
    problem = refusal("xy" * (length // 2) + "z" * (length % 2))
    assert (problem.key, problem.details) == ("password-too-long", {"limit": 128})


@pytest.mark.parametrize(
    "password", ["password", "Password1", "12345678", "QWERTYUIOP", "iloveyou", "football", "trustno1", "a" * 20]
)
def test_what_is_tried_first_is_refused(password: str):
    assert refusal(password).key == "password-common"


@pytest.mark.parametrize("password", ["Annabelle Lee", "annabellelee", "ANNABELLE LEE!", "Annabe11e_Lee"])
def test_ones_own_name_is_refused(password: str):
    assert refusal(password, "Annabelle Lee").key == "password-is-name"


@pytest.mark.parametrize("password", [None, 12345678, b"four tired herons", ["x"] * 9, {}, "", float("nan")])
def test_what_is_no_text_is_refused(password: object):
    assert refusal(password).key == "password-too-short"


@pytest.mark.parametrize("password", ["four\x00tired", "\ud800" * 9, "four\ntired", "\u202efour tired"], ids=ascii)
def test_invisible_and_broken_characters_are_refused(password: str):
    assert refusal(password).key == "password-invalid"


def test_the_same_password_from_another_keyboard_is_the_same():
    composed = unicodedata.normalize("NFC", "größer als früher")
    assert check_password(unicodedata.normalize("NFD", composed)) == composed
    assert check_password("four\u00a0tired herons") == GOOD


# How they are kept.


async def test_the_right_password_is_known_and_a_wrong_one_is_not(passwords: Passwords):
    kept = await passwords.hash(GOOD)
    assert await passwords.verify(kept, GOOD)
    assert not await passwords.verify(kept, "five tired herons")


async def test_a_password_that_is_typed_otherwise_is_still_right(passwords: Passwords):
    kept = await passwords.hash(check_password("größer als früher"))
    assert await passwords.verify(kept, unicodedata.normalize("NFD", "größer als früher"))


async def test_the_same_password_is_kept_in_two_ways(passwords: Passwords):
    assert await passwords.hash(GOOD) != await passwords.hash(GOOD)


async def test_by_default_it_is_argon2id_as_owasp_wants_it():
    parameters = extract_parameters(await Passwords().hash(GOOD))
    assert (parameters.type, parameters.memory_cost, parameters.time_cost, parameters.parallelism) == (
        Type.ID,
        19 * 1024,
        2,
        1,
    )


@pytest.mark.parametrize("kept", ["", "no hash", "$argon2id$v=19$m=8,t=1,p=1$", "plain password"])
async def test_with_a_broken_hash_no_password_is_right(passwords: Passwords, kept: str):
    assert not await passwords.verify(kept, GOOD)


@pytest.mark.parametrize("password", [None, 5, {}, b"x", "", "\ud800", "x" * 1_000_000], ids=lambda p: repr(p)[:20])
async def test_what_is_no_password_is_never_right(passwords: Passwords, password: object):
    assert not await passwords.verify(await passwords.hash(GOOD), password)
    assert not await passwords.verify(None, password)


async def test_a_hash_of_other_parameters_wants_to_be_renewed(passwords: Passwords):
    kept = await passwords.hash(GOOD)
    assert not passwords.needs_rehash(kept)
    assert Passwords(OWASP).needs_rehash(kept)


class Counting(PasswordHasher):
    """Counts what it is asked to verify, and how many are at it at once."""

    def __init__(self) -> None:
        super().__init__(time_cost=1, memory_cost=8, parallelism=1)
        self.verified: list[str] = []
        self.busy = self.most = 0
        self.both = threading.Barrier(2)
        self.threads: set[int] = set()

    def verify(self, hash: str | bytes, password: str | bytes) -> bool:
        self.threads.add(threading.get_ident())
        self.verified.append(str(hash))
        self.busy += 1
        self.most = max(self.most, self.busy)
        try:
            self.both.wait(20)
            return super().verify(hash, password)
        finally:
            self.busy -= 1


async def test_two_are_verified_at_once_in_threads_and_no_more():
    hasher = Counting()
    passwords = Passwords(hasher)
    kept = await passwords.hash(GOOD)
    assert all(await asyncio.gather(*(passwords.verify(kept, GOOD) for _ in range(6))))
    assert hasher.most == 2
    assert threading.get_ident() not in hasher.threads


@pytest.mark.parametrize("password", [GOOD, None, "x" * 1000])
async def test_an_unknown_name_costs_a_verification_with_the_same_parameters(password: object):
    hasher = Counting()
    hasher.both = threading.Barrier(1)
    assert not await Passwords(hasher).verify(None, password)
    [dummy] = hasher.verified
    assert extract_parameters(dummy) == extract_parameters(hasher.hash(GOOD))
