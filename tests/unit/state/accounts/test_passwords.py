"""Passwords: which are good enough, and their hashes: Argon2id, two at a time, in the same time for all."""

import asyncio
import threading
import unicodedata

import pytest
from argon2 import PasswordHasher, extract_parameters
from argon2.low_level import Type

from chat.domain.errors import AccountRefused
from chat.state.accounts.passwords import OWASP, Passwords, check_password

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
def test_long_enough_and_uncommon_password_is_good(password: str):
    assert check_password(password, "Ann") == password


def test_8_to_128_characters_are_allowed():
    assert check_password("xkqvhzpw")
    assert check_password("xy" * 64)


def test_7_characters_are_too_few():
    problem = refusal("xkqvhzp")
    assert (problem.key, problem.details) == ("password-too-short", {"limit": 8})


@pytest.mark.parametrize("length", [129, 513, 1_000_000])
def test_more_than_128_characters_are_too_many(length: int):
    problem = refusal("xy" * (length // 2) + "z" * (length % 2))
    assert (problem.key, problem.details) == ("password-too-long", {"limit": 128})


@pytest.mark.parametrize(
    "password", ["password", "Password1", "12345678", "QWERTYUIOP", "iloveyou", "football", "trustno1", "a" * 20]
)
def test_common_password_is_refused(password: str):
    assert refusal(password).key == "password-common"


@pytest.mark.parametrize("password", ["Annabelle Lee", "annabellelee", "ANNABELLE LEE!", "Annabe11e_Lee"])
def test_own_name_is_refused(password: str):
    assert refusal(password, "Annabelle Lee").key == "password-is-name"


@pytest.mark.parametrize("password", [None, 12345678, b"four tired herons", ["x"] * 9, {}, "", float("nan")])
def test_password_must_be_text(password: object):
    assert refusal(password).key == "password-too-short"


@pytest.mark.parametrize("password", ["four\x00tired", "\ud800" * 9, "four\ntired", "\u202efour tired"], ids=ascii)
def test_invisible_and_broken_characters_are_refused(password: str):
    assert refusal(password).key == "password-invalid"


def test_password_is_the_same_from_every_keyboard():
    composed = unicodedata.normalize("NFC", "größer als früher")
    assert check_password(unicodedata.normalize("NFD", composed)) == composed
    assert check_password("four\u00a0tired herons") == GOOD


# Hashes.


async def test_right_password_verifies_and_a_wrong_one_does_not(passwords: Passwords):
    hashed = await passwords.hash(GOOD)
    assert await passwords.verify(hashed, GOOD)
    assert not await passwords.verify(hashed, "five tired herons")


async def test_other_unicode_form_of_the_password_verifies(passwords: Passwords):
    hashed = await passwords.hash(check_password("größer als früher"))
    assert await passwords.verify(hashed, unicodedata.normalize("NFD", "größer als früher"))


async def test_hashes_are_salted(passwords: Passwords):
    assert await passwords.hash(GOOD) != await passwords.hash(GOOD)


async def test_default_is_argon2id_with_the_parameters_of_owasp():
    parameters = extract_parameters(await Passwords().hash(GOOD))
    assert (parameters.type, parameters.memory_cost, parameters.time_cost, parameters.parallelism) == (
        Type.ID,
        19 * 1024,
        2,
        1,
    )


@pytest.mark.parametrize("hashed", ["", "no hash", "$argon2id$v=19$m=8,t=1,p=1$", "plain password"])
async def test_no_password_matches_a_broken_hash(passwords: Passwords, hashed: str):
    assert not await passwords.verify(hashed, GOOD)


@pytest.mark.parametrize("password", [None, 5, {}, b"x", "", "\ud800", "x" * 1_000_000], ids=lambda p: repr(p)[:20])
async def test_invalid_password_never_verifies(passwords: Passwords, password: object):
    assert not await passwords.verify(await passwords.hash(GOOD), password)
    assert not await passwords.verify(None, password)


async def test_hash_with_other_parameters_needs_a_rehash(passwords: Passwords):
    hashed = await passwords.hash(GOOD)
    assert not passwords.needs_rehash(hashed)
    assert Passwords(OWASP).needs_rehash(hashed)


class Counting(PasswordHasher):
    """Counts verifications, and how many run at once."""

    def __init__(self) -> None:
        super().__init__(time_cost=1, memory_cost=8, parallelism=1)
        self.verified: list[str] = []
        self.running = self.most_running = 0
        self.both = threading.Barrier(2)
        self.threads: set[int] = set()

    def verify(self, hash: str | bytes, password: str | bytes) -> bool:
        self.threads.add(threading.get_ident())
        self.verified.append(str(hash))
        self.running += 1
        self.most_running = max(self.most_running, self.running)
        try:
            self.both.wait(20)
            return super().verify(hash, password)
        finally:
            self.running -= 1


async def test_at_most_two_verifications_run_at_once_and_in_threads():
    hasher = Counting()
    passwords = Passwords(hasher)
    hashed = await passwords.hash(GOOD)
    assert all(await asyncio.gather(*(passwords.verify(hashed, GOOD) for _ in range(6))))
    assert hasher.most_running == 2
    assert threading.get_ident() not in hasher.threads


@pytest.mark.parametrize("password", [GOOD, None, "x" * 1000])
async def test_unknown_name_costs_a_verification_with_the_same_parameters(password: object):
    hasher = Counting()
    hasher.both = threading.Barrier(1)
    assert not await Passwords(hasher).verify(None, password)
    [dummy] = hasher.verified
    assert extract_parameters(dummy) == extract_parameters(hasher.hash(GOOD))
