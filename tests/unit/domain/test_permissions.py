"""Roles: every role against every action, and against everybody it can be done to."""

import re
from datetime import UTC, datetime

import pytest

from chat.domain.errors import NotAllowed
from chat.domain.messages.message import Message
from chat.domain.permissions import MINIMUM_ROLE, Permission, can_delete, can_edit, has_permission, is_above, require
from chat.domain.users import Member, Role
from chat.i18n.phrases import ERRORS
from chat.text.nicknames import parse_nickname
from tests.support.server import ROOT

# The whole table once more, by hand, so that a slip in it shows: each role and what it may do that those below may not.
ADDED = {
    Role.GUEST: {"POST", "EDIT_OWN", "DELETE_OWN", "REACT", "RENAME", "REPORT"},
    Role.MEMBER: set(),
    Role.MODERATOR: {"DELETE_ANY", "MUTE", "KICK", "BAN", "SET_SLOW_MODE", "LOCK_ROOM", "BYPASS_RESTRICTIONS", "HANDLE_REPORTS"},
    Role.ADMIN: {"MENTION_EVERYONE", "CHANGE_TOPIC", "CLEAR_HISTORY", "CHANGE_WORD_FILTER", "INVITE", "SEE_AUDIT", "CHANGE_MODERATORS"},
    Role.OWNER: {"CHANGE_ADMINS"},
}  # fmt: skip
ORDER = list(ADDED)
BOBS = Message("message01", "lobby", "bob", "Bob", "Hello", datetime(2026, 5, 1, 12, tzinfo=UTC))


def allowed(role: Role) -> set[str]:
    return set().union(*(ADDED[other] for other in ORDER[: ORDER.index(role) + 1]))


def table() -> str:
    """The table as the README has it."""
    rows = [("may", *Role), ("---", *[":-:"] * len(Role))]
    rows += [(action, *("✓" if has_permission(role, action) else "" for role in Role)) for action in Permission]
    return "\n".join(f"| {' | '.join(row)} |" for row in rows)


def test_the_table_knows_every_action():
    assert list(MINIMUM_ROLE) == list(Permission)


@pytest.mark.parametrize("action", Permission, ids=lambda action: action.name)
@pytest.mark.parametrize("role", Role)
def test_a_role_may_what_its_table_says(role: Role, action: Permission):
    assert has_permission(role, action) == (action.name in allowed(role))


@pytest.mark.parametrize("target", Role)
@pytest.mark.parametrize("action", Permission, ids=lambda action: action.name)
@pytest.mark.parametrize("role", Role)
def test_nobody_does_a_thing_to_those_who_are_not_below(role: Role, action: Permission, target: Role):
    expected = action.name in allowed(role) and ORDER.index(role) > ORDER.index(target)
    assert has_permission(role, action, target) == expected


@pytest.mark.parametrize("target", [None, *Role])
@pytest.mark.parametrize("action", Permission, ids=lambda action: action.name)
@pytest.mark.parametrize("role", Role)
def test_who_may_not_is_told_what_is_needed(role: Role, action: Permission, target: Role | None):
    if has_permission(role, action, target):
        require(role, action, target)
        return
    with pytest.raises(NotAllowed) as refused:
        require(role, action, target)
    assert refused.value.key == ("not-above" if has_permission(role, action) else f"needs-{MINIMUM_ROLE[action]}")
    assert refused.value.key in ERRORS


@pytest.mark.parametrize("role", Role)
def test_nobody_is_above_themselves(role: Role):
    assert not is_above(role, role)


@pytest.mark.parametrize("author", Role)
@pytest.mark.parametrize("role", Role)
def test_messages_of_others_are_deleted_by_those_above(role: Role, author: Role):
    ann = Member("ann", parse_nickname("Ann"), role)
    assert can_delete(ann, BOBS, author) == has_permission(role, Permission.DELETE_ANY, author)
    assert not can_edit(ann, BOBS)


@pytest.mark.parametrize("role", Role)
def test_ones_own_messages_are_ones_own(role: Role):
    bob = Member("bob", parse_nickname("Bobby"), role)
    assert can_edit(bob, BOBS)
    assert can_delete(bob, BOBS, role)


def test_who_bears_the_authors_name_is_not_the_author():
    namesake = Member("eve", parse_nickname("Bob"))
    assert not can_edit(namesake, BOBS)
    assert not can_delete(namesake, BOBS)


def test_the_readme_has_the_table():
    (found,) = re.findall(r"<!-- roles: .*? -->\n(.*?)\n?<!-- /roles -->", (ROOT / "README.md").read_text(), re.S)
    assert found == table(), f"put this into the README:\n{table()}"
