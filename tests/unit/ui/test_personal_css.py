"""What a viewer's own style sheet shows."""

import pytest

from chat.domain.users import Member, Role
from chat.text.nicknames import parse_nickname
from chat.ui.personal_css import own_items_css


@pytest.mark.parametrize("role", Role)
def test_shields_are_beside_lower_roles_only(role: Role):
    css = own_items_css(Member("ann", parse_nickname("Ann"), role))
    roles = [*Role]
    below = roles[: roles.index(role)] if role in (Role.MODERATOR, Role.ADMIN, Role.OWNER) else []
    assert [other for other in Role if f'[data-role="{other}"] .moderate' in css] == below
