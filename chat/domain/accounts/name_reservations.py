"""Reserved names: whose they are, and whose the names are that look like them."""

from collections.abc import Iterator
from contextlib import contextmanager

from chat.domain.errors import NameRefused
from chat.domain.text.confusables import skeleton
from chat.domain.users import Nickname


class ReservedNames:
    """Names that belong to somebody, by the id of the owner; for good, or held for a moment."""

    def __init__(self) -> None:
        self._by_key: dict[str, str] = {}
        self._by_look: dict[str, str] = {}
        self._held: dict[str, str] = {}

    def exactly(self, nickname: Nickname) -> str | None:
        """Whose name this is, whatever its case."""
        return self._by_key.get(nickname.key)

    def owner(self, nickname: Nickname) -> str | None:
        """Who alone may have this name: it is theirs, or looks like theirs."""
        look = skeleton(nickname.shown)
        return (
            self._by_key.get(nickname.key)
            or self._by_look.get(look)
            or self._held.get(nickname.key)
            or self._held.get(look)
        )

    def check(self, member_id: str, nickname: Nickname) -> None:
        """Raise `NameRefused` if the name is somebody else's."""
        if self.owner(nickname) not in (None, member_id):
            raise NameRefused("name-account", name=nickname.shown)

    def reserve(self, member_id: str, nickname: Nickname) -> None:
        """The name is this member's from now on."""
        self._by_key[nickname.key] = member_id
        self._by_look[skeleton(nickname.shown)] = member_id

    def release(self, member_id: str, nickname: Nickname) -> None:
        """The name is nobody's any more."""
        del self._by_key[nickname.key]
        look = skeleton(nickname.shown)
        # A file of before may have two names that look alike to this version.
        if self._by_look.get(look) == member_id:
            del self._by_look[look]

    @contextmanager
    def hold(self, member_id: str, nickname: Nickname) -> Iterator[None]:
        """Keep the name for a member while that is written down; raises `NameRefused`."""
        self.check(member_id, nickname)
        ways = {nickname.key, skeleton(nickname.shown)} - self._held.keys()
        self._held |= dict.fromkeys(ways, member_id)
        try:
            yield
        finally:
            for way in ways:
                del self._held[way]
