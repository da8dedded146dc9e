"""What another process changes in a session is shown in the pages of this one."""

from types import SimpleNamespace
from typing import Any
from unittest.mock import Mock

import pytest

from chat.shared_sessions import follow_session
from chat.ui.page_registry import PageRegistry

MEMBER = {"member": {"id": "ann", "name": "Ann", "generation": None}}


@pytest.mark.parametrize(
    ("name", "values", "shows_preferences"),
    [
        ("storage-user-session", MEMBER, True),
        ("storage-levels", {"ann": {"lobby": "nothing"}}, True),
        ("storage-seen", {"ann": {"lobby": 7}}, False),
    ],
)
async def test_pages_of_the_member_follow(name: str, values: dict[str, Any], *, shows_preferences: bool):
    ann, bob = (Mock(member_id=member_id) for member_id in ("ann", "bob"))
    pages = PageRegistry()
    pages.add(ann)
    pages.add(bob)
    context: Any = SimpleNamespace(sessions=Mock(), pages=pages, chat=Mock())
    follow_session(context, name, values)
    context.sessions.refresh.assert_called_once_with(name, values)
    context.chat.unread.check_member.assert_called_once_with("ann")
    assert ann.apply_preferences.called is shows_preferences
    assert not bob.apply_preferences.called
