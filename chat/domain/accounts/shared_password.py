"""Passwords that several people know (of the admins, of the room), and the pause after wrong tries."""

import hmac
from collections.abc import Collection
from datetime import datetime, timedelta

from chat.domain.errors import CommandRefused

TRIES = 5
TRIES_OF_ALL = 50  # a school has one address
PAUSE = timedelta(minutes=1)


class SharedPassword:
    """Lets in who knows the password. Five wrong tries lock the asker (not the others) out for a minute; fifty from one
    place (by somebody who is new each time, say) all who ask from there.

    `name` says whose password it is, and begins the keys of what is raised.
    """

    def __init__(self, password: str, name: str = "admin") -> None:
        self._name = name
        self._password = password.encode()
        self._wrong: dict[str, list[datetime]] = {}

    def digest(self, salt: str) -> str:
        """What tells this password from another one, without telling it to who does not know the secret `salt`."""
        return hmac.new(salt.encode(), self._password, "sha256").hexdigest()

    def verify(self, asker: str, password: str, now: datetime, shared_identifiers: Collection[str] = ()) -> None:
        """Return if `password` is right; raise `CommandRefused` if it is wrong or the asker has to wait."""
        self._forget(now)
        allowed = {**dict.fromkeys(shared_identifiers, TRIES_OF_ALL), asker: TRIES}
        if any(len(self._wrong.get(who, ())) >= tries for who, tries in allowed.items()):
            raise CommandRefused(f"{self._name}-locked")
        if hmac.compare_digest(password.encode(errors="replace"), self._password):
            self._wrong.pop(asker, None)
            return
        for who in allowed:
            self._wrong[who] = [*self._wrong.get(who, ()), now]
        raise CommandRefused(f"{self._name}-wrong")

    def _forget(self, now: datetime) -> None:
        self._wrong = {asker: tries for asker, tries in self._wrong.items() if now - tries[-1] < PAUSE}
