"""Reserved names and their owners, look-alikes included."""

from collections.abc import Iterator
from contextlib import contextmanager

from chat.domain.errors import NameRefused
from chat.domain.text.confusables import skeleton
from chat.domain.users import Nickname


class NameReservations:
    """Names by the id of their owner, permanent or held temporarily."""

    def __init__(self) -> None:
        self._by_key: dict[str, str] = {}
        self._by_skeleton: dict[str, str] = {}
        self._held: dict[str, str] = {}

    def exact_owner(self, nickname: Nickname) -> str | None:
        """Return the owner of exactly this name, regardless of case."""
        return self._by_key.get(nickname.key)

    def owner(self, nickname: Nickname) -> str | None:
        """Return the only member allowed to have this name, because they own it or one that looks like it."""
        look = skeleton(nickname.shown)
        return (
            self._by_key.get(nickname.key)
            or self._by_skeleton.get(look)
            or self._held.get(nickname.key)
            or self._held.get(look)
        )

    def check(self, member_id: str, nickname: Nickname) -> None:
        """Raise `NameRefused` if the name belongs to another member."""
        if self.owner(nickname) not in (None, member_id):
            raise NameRefused("name-account", name=nickname.shown)

    def reserve(self, member_id: str, nickname: Nickname) -> None:
        self._by_key[nickname.key] = member_id
        self._by_skeleton[skeleton(nickname.shown)] = member_id

    def release(self, member_id: str, nickname: Nickname) -> None:
        del self._by_key[nickname.key]
        look = skeleton(nickname.shown)
        # A file of an earlier version may contain two names that now count as look-alikes.
        if self._by_skeleton.get(look) == member_id:
            del self._by_skeleton[look]

    @contextmanager
    def hold(self, member_id: str, nickname: Nickname) -> Iterator[None]:
        """Reserve the name until the account is stored; raises `NameRefused`."""
        self.check(member_id, nickname)
        keys = {nickname.key, skeleton(nickname.shown)} - self._held.keys()
        self._held |= dict.fromkeys(keys, member_id)
        try:
            yield
        finally:
            for key in keys:
                del self._held[key]

    def restore(self, other: "NameReservations") -> None:
        """Replace the permanent reservations by those of another one."""
        self._by_key, self._by_skeleton = other._by_key.copy(), other._by_skeleton.copy()

    def copy(self) -> "NameReservations":
        """Return a copy of the permanent reservations."""
        other = NameReservations()
        other._by_key, other._by_skeleton = self._by_key.copy(), self._by_skeleton.copy()
        return other
