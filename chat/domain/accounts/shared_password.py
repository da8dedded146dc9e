"""Passwords shared by several people (the admin password, the room password), with a pause after wrong attempts."""

import hmac
from collections.abc import Callable, Collection, Iterable
from datetime import datetime, timedelta

from chat.domain.errors import CommandRefused
from chat.domain.text.folding import fold

ATTEMPTS = 5
ATTEMPTS_PER_ADDRESS = 50  # a whole school may share an address
PAUSE = timedelta(minutes=1)
MIN_RECOGNIZED = 8  # characters, as in the settings: a shorter password could be part of any text


class SharedPassword:
    """Verifies a password. Five wrong attempts lock a client out for a minute; fifty lock out everyone at the address.

    `name` identifies the password, and is the prefix of the keys of errors. `on_failure` gets all for whom a wrong
    attempt counts.
    """

    def __init__(self, password: str, name: str = "admin") -> None:
        self.name = name
        self.on_failure: Callable[[list[str]], None] = lambda keys: None
        self._password = password.encode()
        comparable = _comparable(password)
        self._sought = comparable.encode() if len(comparable) >= MIN_RECOGNIZED else b""
        self._failures: dict[str, list[datetime]] = {}

    def digest(self, salt: str) -> str:
        """Return a digest that changes with the password and reveals nothing without the secret `salt`."""
        return hmac.new(salt.encode(), self._password, "sha256").hexdigest()

    def verify(self, client: str, password: str, now: datetime, shared_identifiers: Collection[str] = ()) -> None:
        """Raise `CommandRefused` if the password is wrong or the client must wait."""
        self._drop_expired(now)
        allowed = {**dict.fromkeys(shared_identifiers, ATTEMPTS_PER_ADDRESS), client: ATTEMPTS}
        if any(len(self._failures.get(key, ())) >= attempts for key, attempts in allowed.items()):
            raise CommandRefused(f"{self.name}-locked")
        if hmac.compare_digest(password.encode(errors="replace"), self._password):
            self._failures.pop(client, None)
            return
        self.note_failure(allowed, now)
        self.on_failure([*allowed])
        raise CommandRefused(f"{self.name}-wrong")

    def note_failure(self, keys: Iterable[str], now: datetime) -> None:
        """Count a wrong attempt."""
        for key in keys:
            self._failures[key] = [*self._failures.get(key, ()), now]

    def is_in(self, text: str) -> bool:
        """Tell whether a text contains the password, in constant time for its length.

        Case, accents, compatibility forms (full-width letters), invisible characters and the kind of white space are
        ignored: people would recognise the password all the same. Passwords of fewer than 8 characters are never found.
        """
        sought, given = self._sought, _comparable(text).encode()
        starts = range(len(given) - len(sought) + 1) if sought else ()
        return sum(hmac.compare_digest(given[at : at + len(sought)], sought) for at in starts) > 0

    def _drop_expired(self, now: datetime) -> None:
        # A clock that is set by more than the pause ends it.
        self._failures = {key: times for key, times in self._failures.items() if abs(now - times[-1]) < PAUSE}


def _comparable(text: str) -> str:
    return " ".join(fold(text).split()).encode(errors="replace").decode()
