"""Passwords: which are good enough, and how they are kept (Argon2id, RFC 9106)."""

import asyncio
import secrets
from functools import cached_property

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError
from precis_i18n import get_profile
from zxcvbn.frequency_lists import FREQUENCY_LISTS

from chat.domain.errors import AccountRefused
from chat.domain.text.confusables import skeleton

SHORTEST = 8
LONGEST = 128
AT_ONCE = 2

# What OWASP's Password Storage Cheat Sheet asks for at least: the host may have a tenth of a processor and 512 MB.
OWASP = PasswordHasher(time_cost=2, memory_cost=19 * 1024, parallelism=1)

_TYPED = get_profile("OpaqueString")  # RFC 8265: the same password from every keyboard
_COMMON = frozenset(word for word in FREQUENCY_LISTS["passwords"] if len(word) >= SHORTEST)


def check_password(text: object, name: str = "") -> str:
    """The password in what somebody typed who is called `name`; raises `AccountRefused` where it is too easy.

    By NIST SP 800-63B, 3.1.1: 8 to 128 characters, none of the common ones (the list of zxcvbn) and not the name, but
    no rules of what it is made of.
    """
    password = _prepared(text)
    if len(password) < SHORTEST:
        raise AccountRefused("password-too-short", limit=SHORTEST)
    if len(password) > LONGEST:
        raise AccountRefused("password-too-long", limit=LONGEST)
    if password.casefold() in _COMMON or len(set(password.casefold())) == 1:
        raise AccountRefused("password-common")
    if skeleton(password) == skeleton(name):
        raise AccountRefused("password-is-name")
    return password


def _prepared(text: object) -> str:
    if not isinstance(text, str) or not text:
        raise AccountRefused("password-too-short", limit=SHORTEST)
    if len(text) > 4 * LONGEST:  # what this leaves is too long or not, and soon worked out
        raise AccountRefused("password-too-long", limit=LONGEST)
    try:
        return str(_TYPED.enforce(text))
    except UnicodeEncodeError:
        raise AccountRefused("password-invalid") from None


class Passwords:
    """Hashes passwords and verifies them, in threads and no more than two at once."""

    def __init__(self, hasher: PasswordHasher = OWASP) -> None:
        self._hasher = hasher
        self._free = asyncio.Semaphore(AT_ONCE)

    @cached_property
    def _nobodys(self) -> str:
        return self._hasher.hash(secrets.token_urlsafe())

    async def hash(self, password: str) -> str:
        """What to keep of a password that `check_password` returned."""
        async with self._free:
            return await asyncio.to_thread(self._hasher.hash, password)

    async def verify(self, kept: str | None, password: object) -> bool:
        """Whether `password`, as somebody typed it, is the one of which `kept` is the hash.

        It takes the same time where there is no hash, because there is nobody with that name, and for every password.
        """
        try:
            typed = _prepared(password)
        except AccountRefused:
            kept, typed = None, ""
        async with self._free:
            return await asyncio.to_thread(self._matches, kept, typed) and kept is not None

    def needs_rehash(self, kept: str) -> bool:
        """Whether a hash was made with other parameters than those of today."""
        return self._hasher.check_needs_rehash(kept)

    def _matches(self, kept: str | None, password: str) -> bool:
        nobodys = self._nobodys  # made in the first try, whosever that is
        try:
            return self._hasher.verify(kept or nobodys, password)
        except (VerificationError, InvalidHashError):
            return False
