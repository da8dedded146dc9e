"""What a viewer's own style sheet shows."""

import pytest

from chat.domain.users import Member, Role
from chat.i18n.translator import translator
from chat.text.nicknames import parse_nickname
from chat.ui.personal_css import own_items_css, unread_css


@pytest.mark.parametrize("role", Role)
def test_shields_are_beside_lower_roles_only(role: Role):
    css = own_items_css(Member("ann", parse_nickname("Ann"), role))
    roles = [*Role]
    below = roles[: roles.index(role)] if role in (Role.MODERATOR, Role.ADMIN, Role.OWNER) else []
    assert [other for other in Role if f'[data-role="{other}"] .moderate' in css] == below


def test_unread_rooms_are_bold_and_counted():
    css = unread_css(translator("en"), {"tea": 0, "cake": 2, "plans": 120}, {"tea": 0, "cake": 2}, 1)
    assert css == (
        ':is(a[data-room="tea"],a[data-room="cake"],a[data-room="plans"]){font-weight:700;--unread:", unread"}'
        'a[data-room="cake"]{--unread:", 2 unread";--count:"2"}'
        'a[data-room="plans"]{--unread:", 120 unread";--count:"99+"}'
        '.bar .icon-users{--unread:", 2 unread";--count:"2"}'
        '.item[command="--mentions"]{--unread:", 1 unread";--count:"1"}'
    )


def test_rooms_without_mentions_put_a_dot_on_the_drawer():
    css = unread_css(translator("ar"), {"tea": 0}, {"tea": 0}, 0)
    assert '.bar .icon-users{--unread:", غير مقروءة"}.bar .icon-users::after{content:""' in css
    assert unread_css(translator("ar"), {}, {}, 0) == ""
