"""Passwords that several people know (of the admins, of the room), and the pause after wrong tries."""

import hmac
from datetime import datetime, timedelta

from chat.errors import CommandRefused

TRIES = 5
PAUSE = timedelta(minutes=1)


class Gate:
    """Lets in who knows the password. Five wrong tries lock the asker (not the others) out for a minute.

    `name` says whose password it is, and begins the keys of what is raised.
    """

    def __init__(self, password: str, name: str = "admin") -> None:
        self._name = name
        self._password = password.encode()
        self._wrong: dict[str, list[datetime]] = {}

    def digest(self, salt: str) -> str:
        """What tells this password from another one, without telling it to who does not know the secret `salt`."""
        return hmac.new(salt.encode(), self._password, "sha256").hexdigest()

    def enter(self, asker: str, password: str, now: datetime) -> None:
        """Return if `password` is right; raise `CommandRefused` if it is wrong or the asker has to wait."""
        self._forget(now)
        wrong = self._wrong.get(asker, [])
        if len(wrong) >= TRIES:
            raise CommandRefused(f"{self._name}-locked")
        if hmac.compare_digest(password.encode(errors="replace"), self._password):
            self._wrong.pop(asker, None)
            return
        self._wrong[asker] = [*wrong, now]
        raise CommandRefused(f"{self._name}-wrong")

    def _forget(self, now: datetime) -> None:
        self._wrong = {asker: tries for asker, tries in self._wrong.items() if now - tries[-1] < PAUSE}
