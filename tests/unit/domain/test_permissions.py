"""Permissions: every role with each permission, and against every other role."""

import re

import pytest

from chat.domain.errors import NotAllowed
from chat.domain.permissions import MINIMUM_ROLE, Permission, has_permission, is_above, require
from chat.domain.users import Role
from chat.i18n.error_messages import ERRORS
from tests.support.server import ROOT

# A second copy of the table, to catch slips in it: the permissions that each role has and lower roles lack.
ADDED = {
    Role.GUEST: {"POST", "EDIT_OWN", "DELETE_OWN", "REACT", "RENAME", "CHANGE_PICTURE", "REPORT", "WRITE_DIRECT"},
    Role.MEMBER: {"CREATE_ROOMS"},
    Role.MODERATOR: {
        *("DELETE_ANY", "MUTE", "KICK", "BAN", "SET_SLOW_MODE", "LOCK_ROOM", "BYPASS_RESTRICTIONS", "HANDLE_REPORTS"),
        "REMOVE_PICTURES",
    },
    Role.ADMIN: {
        *("MENTION_EVERYONE", "CHANGE_TOPIC", "CLEAR_HISTORY", "CHANGE_WORD_FILTER", "INVITE", "SEE_AUDIT"),
        *("RESET_PASSWORDS", "CHANGE_MODERATORS", "MANAGE_ROOMS"),
    },
    Role.OWNER: {"CHANGE_ADMINS"},
}
ORDER = list(ADDED)


def allowed(role: Role) -> set[str]:
    return set().union(*(ADDED[other] for other in ORDER[: ORDER.index(role) + 1]))


def table() -> str:
    """Write the table as in the README."""
    rows = [("may", *Role), ("---", *[":-:"] * len(Role))]
    rows += [(action, *("✓" if has_permission(role, action) else "" for role in Role)) for action in Permission]
    return "\n".join(f"| {' | '.join(row)} |" for row in rows)


def test_table_has_every_permission():
    assert list(MINIMUM_ROLE) == list(Permission)


@pytest.mark.parametrize("permission", Permission, ids=lambda permission: permission.name)
@pytest.mark.parametrize("role", Role)
def test_role_has_its_permissions(role: Role, permission: Permission):
    assert has_permission(role, permission) == (permission.name in allowed(role))


@pytest.mark.parametrize("permission", Permission, ids=lambda permission: permission.name)
@pytest.mark.parametrize("role", Role)
def test_actor_must_outrank_target(role: Role, permission: Permission):
    for target in Role:
        expected = permission.name in allowed(role) and ORDER.index(role) > ORDER.index(target)
        assert has_permission(role, permission, target) == expected


@pytest.mark.parametrize("permission", Permission, ids=lambda permission: permission.name)
@pytest.mark.parametrize("role", Role)
def test_refusal_names_the_role_needed(role: Role, permission: Permission):
    for target in (None, *Role):
        if has_permission(role, permission, target):
            require(role, permission, target)
            continue
        with pytest.raises(NotAllowed) as refused:
            require(role, permission, target)
        lacks_rank = has_permission(role, permission)
        assert refused.value.key == ("not-above" if lacks_rank else f"needs-{MINIMUM_ROLE[permission]}")
        assert refused.value.key in ERRORS


@pytest.mark.parametrize("role", Role)
def test_role_is_not_above_itself(role: Role):
    assert not is_above(role, role)


def test_readme_has_the_table():
    (found,) = re.findall(r"<!-- roles: .*? -->\n(.*?)\n?<!-- /roles -->", (ROOT / "README.md").read_text(), re.S)
    assert found == table(), f"put this into the README:\n{table()}"
