"""Changed preferences are shown in all pages of a member, but not each change in each page."""

import pytest

from chat.domain.client_identity import ClientIdentity
from chat.ui import page_registry
from chat.ui.page_registry import PageRegistry
from tests.support.scene_page import until


class Access:
    """As whom a tab acts."""

    def __init__(self, session_id: str, address: str) -> None:
        self.session_id = session_id
        self.client_identity = ClientIdentity(address=address)

    def revoke(self) -> None: ...


class Tab:
    """An open page that counts how often it was refreshed."""

    def __init__(self, pages: PageRegistry, member_id: str, session_id: str = "session", address: str = "") -> None:
        self.member_id, self.access = member_id, Access(session_id, address)
        self.refreshed = 0
        pages.add(self)

    def apply_preferences(self) -> None:
        self.refreshed += 1

    def save_last_seen_if_viewing(self) -> None: ...

    def tidy(self) -> None: ...


async def test_many_changes_are_shown_at_once_and_then_together(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(page_registry, "DELAY", 0.05)
    pages = PageRegistry()
    tabs = [Tab(pages, "ann", session_id) for session_id in ("desk", "desk", "phone")]
    bob = Tab(pages, "bob")
    for number in range(100):
        pages.show_preferences(tabs[number % 3])
    assert [tab.refreshed for tab in tabs] == [1, 0, 0]
    await until(lambda: tabs[2].refreshed > 0)
    assert [tab.refreshed for tab in tabs] == [2, 1, 1]
    assert bob.refreshed == 0
    pages.show_preferences(tabs[1])
    assert [tab.refreshed for tab in tabs] == [2, 2, 1]


def test_pages_are_counted_by_address_while_they_are_open():
    pages = PageRegistry()
    tabs = [Tab(pages, member_id) for member_id in ("ann", "bob", "cem")]
    dan = Tab(pages, "dan", address="198.51.100.7")
    for tab in tabs[0], tabs[2], dan, dan:
        pages.note_connected(tab)
    assert pages.open_pages("") == (3, 1)
    for tab in tabs[1:]:
        pages.discard(tab)
    assert pages.open_pages("") == (1, 0)
    pages.discard(tabs[0])
    assert [pages.open_pages(address) for address in ("", "198.51.100.7", "203.0.113.9")] == [(0, 0), (1, 0), (0, 0)]
