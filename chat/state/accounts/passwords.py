"""Passwords: the rules for new ones, and hashing (Argon2id, RFC 9106)."""

import asyncio
import secrets
from functools import cached_property

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError
from precis_i18n import get_profile
from zxcvbn.frequency_lists import FREQUENCY_LISTS

from chat.domain.errors import AccountRefused
from chat.domain.text.confusables import skeleton

MIN_LENGTH = 8
MAX_LENGTH = 128
MAX_CONCURRENT = 2

# The minimum of OWASP's Password Storage Cheat Sheet: the host may have a tenth of a core and 512 MB.
OWASP = PasswordHasher(time_cost=2, memory_cost=19 * 1024, parallelism=1)

_TYPED = get_profile("OpaqueString")  # RFC 8265: the same password from every keyboard
_COMMON = frozenset(word for word in FREQUENCY_LISTS["passwords"] if len(word) >= MIN_LENGTH)


def check_password(text: object, name: str = "") -> str:
    """Return the typed password, prepared; raises `AccountRefused` if it is too weak for a member called `name`.

    Follows NIST SP 800-63B, 3.1.1: 8 to 128 characters, not a common password (zxcvbn's list), not the name, and no
    composition rules.
    """
    password = _prepared(text)
    if len(password) < MIN_LENGTH:
        raise AccountRefused("password-too-short", limit=MIN_LENGTH)
    if len(password) > MAX_LENGTH:
        raise AccountRefused("password-too-long", limit=MAX_LENGTH)
    if password.casefold() in _COMMON or len(set(password.casefold())) == 1:
        raise AccountRefused("password-common")
    if skeleton(password) == skeleton(name):
        raise AccountRefused("password-is-name")
    return password


def _prepared(text: object) -> str:
    if not isinstance(text, str) or not text:
        raise AccountRefused("password-too-short", limit=MIN_LENGTH)
    if len(text) > 4 * MAX_LENGTH:  # preparing it would take long
        raise AccountRefused("password-too-long", limit=MAX_LENGTH)
    try:
        return str(_TYPED.enforce(text))
    except UnicodeEncodeError:
        raise AccountRefused("password-invalid") from None


class Passwords:
    """Hashes and verifies passwords in threads, at most two at once."""

    def __init__(self, hasher: PasswordHasher = OWASP) -> None:
        self._hasher = hasher
        self._free = asyncio.Semaphore(MAX_CONCURRENT)

    @cached_property
    def _dummy_hash(self) -> str:
        return self._hasher.hash(secrets.token_urlsafe())

    async def hash(self, password: str) -> str:
        """Return the hash of a password that `check_password` returned."""
        async with self._free:
            return await asyncio.to_thread(self._hasher.hash, password)

    async def verify(self, hashed: str | None, password: object) -> bool:
        """Tell whether `password`, as typed, matches the hash.

        Takes the same time for every password, even without a hash (None), if there is no such account.
        """
        try:
            typed = _prepared(password)
        except AccountRefused:
            hashed, typed = None, ""
        async with self._free:
            return await asyncio.to_thread(self._matches, hashed, typed) and hashed is not None

    def needs_rehash(self, hashed: str) -> bool:
        """Tell whether a hash was made with parameters other than the current ones."""
        return self._hasher.check_needs_rehash(hashed)

    def _matches(self, hashed: str | None, password: str) -> bool:
        dummy = self._dummy_hash  # always computed, so that the first attempt takes as long in any case
        try:
            return self._hasher.verify(hashed or dummy, password)
        except (VerificationError, InvalidHashError):
            return False
