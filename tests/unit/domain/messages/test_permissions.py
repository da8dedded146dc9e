"""Permissions to edit and delete messages, by role and author."""

from datetime import UTC, datetime

import pytest

from chat.domain.messages.message import Message
from chat.domain.messages.permissions import can_delete, can_edit
from chat.domain.permissions import Permission, has_permission
from chat.domain.users import Member, Role
from chat.text.nicknames import parse_nickname

BOBS = Message("message01", "lobby", "bob", "Bob", "Hello", datetime(2026, 5, 1, 12, tzinfo=UTC))


@pytest.mark.parametrize("author", Role)
@pytest.mark.parametrize("role", Role)
def test_messages_by_others_are_deleted_from_above_and_never_edited(role: Role, author: Role):
    ann = Member("ann", parse_nickname("Ann"), role)
    assert can_delete(ann, BOBS, author) == has_permission(role, Permission.DELETE_ANY, author)
    assert not can_edit(ann, BOBS)


@pytest.mark.parametrize("role", Role)
def test_author_may_edit_and_delete(role: Role):
    bob = Member("bob", parse_nickname("Bobby"), role)
    assert can_edit(bob, BOBS)
    assert can_delete(bob, BOBS, role)


def test_namesake_is_not_the_author():
    namesake = Member("eve", parse_nickname("Bob"))
    assert not can_edit(namesake, BOBS)
    assert not can_delete(namesake, BOBS)
