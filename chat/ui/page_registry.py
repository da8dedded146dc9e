"""The open pages."""

import asyncio
from collections import defaultdict
from collections.abc import Collection, Iterator
from typing import Protocol

from chat.domain.client_identity import ClientIdentity

DELAY = 0.3  # seconds


class OpenAccess(Protocol):
    """The access of a page (a `PageAccess`)."""

    client_identity: ClientIdentity

    @property
    def session_id(self) -> str:
        """The id of the page's session."""

    def is_signed_out(self) -> bool:
        """Whether the page's member is no longer signed in to its session."""

    def revoke(self) -> None:
        """Reload the page and stop serving it."""


class OpenPage(Protocol):
    """A page (a `PageContext`) as the registry and other pages see it."""

    @property
    def member_id(self) -> str:
        """The id of the page's member."""

    @property
    def access(self) -> OpenAccess:
        """The page's access."""

    def apply_preferences(self) -> None:
        """Show the member's preferences after they changed in another tab."""

    def save_last_seen_if_viewing(self) -> None:
        """Record that everything has been seen, if the member is viewing the newest message."""

    def tidy(self) -> None:
        """Called every minute."""


class PageRegistry:
    """All open pages of all members and visitors."""

    def __init__(self) -> None:
        self._pages: set[OpenPage] = set()
        self._by_address = defaultdict[str, set[OpenPage]](set)
        self._unconnected = defaultdict[str, set[OpenPage]](set)  # without a socket so far, by address
        self._to_refresh: set[str] = set()

    def __iter__(self) -> Iterator[OpenPage]:
        return iter(self._pages.copy())

    def add(self, page: OpenPage) -> None:
        self._pages.add(page)
        for pages in (self._by_address, self._unconnected):
            pages[_address(page)].add(page)

    def note_connected(self, page: OpenPage) -> None:
        """Record that a page has had a socket."""
        _discard(self._unconnected, page)

    def discard(self, page: OpenPage) -> None:
        self._pages.discard(page)
        for pages in (self._by_address, self._unconnected):
            _discard(pages, page)

    def of_session(self, session_id: str) -> list[OpenPage]:
        return [page for page in self._pages if page.access.session_id == session_id]

    def end_signed_out(self, session_id: str) -> None:
        """End the pages of members who are no longer signed in to this session."""
        for page in self.of_session(session_id):
            if page.member_id and page.access.is_signed_out():
                page.access.revoke()

    def show_preferences(self, page: OpenPage) -> None:
        """Show changed preferences in a member's page at once, and soon in all pages of the member.

        Changes within a moment are shown together.
        """
        if page.member_id not in self._to_refresh:
            page.apply_preferences()
            self._to_refresh.add(page.member_id)
            asyncio.get_running_loop().call_later(DELAY, self._refresh, page.member_id)

    def apply_preferences(self, member_ids: Collection[str]) -> None:
        """Show the preferences of members in all their pages."""
        for page in self:
            if page.member_id in member_ids:
                page.apply_preferences()

    def _refresh(self, member_id: str) -> None:
        self._to_refresh.discard(member_id)
        self.apply_preferences({member_id})

    def open_pages(self, address: str) -> tuple[int, int]:
        """Count the pages of an address (as in `client_address.rate_limit_key`), and those without a socket so far."""
        return len(self._by_address.get(address, ())), len(self._unconnected.get(address, ()))


def _address(page: OpenPage) -> str:
    return page.access.client_identity.address


def _discard(pages: dict[str, set[OpenPage]], page: OpenPage) -> None:
    """Remove a page from those of its address, and an address without pages."""
    of_address = pages.get(_address(page), set())
    of_address.discard(page)
    if not of_address:
        pages.pop(_address(page), None)
