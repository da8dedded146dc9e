"""The last known name of each person, for mentions."""

from collections.abc import Iterable

from cachetools import FIFOCache

MAX_REMEMBERED = 10_000


class Names:
    """Names of members, and of authors known only from a history; the last 10,000 of each."""

    def __init__(self) -> None:
        self._members: FIFOCache[str, str] = FIFOCache(MAX_REMEMBERED)
        self._authors: FIFOCache[str, str] = FIFOCache(MAX_REMEMBERED)

    def get(self, member_id: str) -> str | None:
        return self._members.get(member_id) or self._authors.get(member_id)

    def by_id(self, authors: Iterable[str]) -> dict[str, str]:
        """Return the names of all members and of these authors.

        Of two people with the same name, the last one is the one it refers to.
        """
        known = {author: name for author in authors if (name := self._authors.get(author))}
        return {**known, **self._members}

    def remember(self, member_id: str, name: str) -> None:
        """Remember a member's current name."""
        self._authors.pop(member_id, None)
        self._members.pop(member_id, None)  # moves to the end: a name refers to the last member to take it
        self._members[member_id] = name

    def remember_author(self, member_id: str, name: str) -> None:
        """Remember the name under which a message was written, unless the author's current name is known."""
        if member_id not in self._members:
            self._authors.pop(member_id, None)
            self._authors[member_id] = name

    def forget(self, member_id: str) -> str | None:
        """Forget a name, and return it."""
        return self._members.pop(member_id, None) or self._authors.pop(member_id, None)
