"""The admin password, and the pause after wrong tries."""

from datetime import datetime, timedelta
from hmac import compare_digest

from chat.errors import CommandRefused

TRIES = 5
PAUSE = timedelta(minutes=1)


class Gate:
    """Lets in who knows the password. Five wrong tries lock the asker (not the others) out for a minute."""

    def __init__(self, password: str) -> None:
        self._password = password.encode()
        self._wrong: dict[str, list[datetime]] = {}

    def enter(self, asker: str, password: str, now: datetime) -> None:
        """Return if `password` is right; raise `CommandRefused` if it is wrong or the asker has to wait."""
        self._forget(now)
        wrong = self._wrong.get(asker, [])
        if len(wrong) >= TRIES:
            raise CommandRefused("admin-locked")
        if compare_digest(password.encode(errors="replace"), self._password):
            self._wrong.pop(asker, None)
            return
        self._wrong[asker] = [*wrong, now]
        raise CommandRefused("admin-wrong")

    def _forget(self, now: datetime) -> None:
        self._wrong = {asker: tries for asker, tries in self._wrong.items() if now - tries[-1] < PAUSE}
