"""Renaming members and changing their roles."""

from collections.abc import Callable

import pytest

from chat.domain.accounts.account import Account
from chat.domain.accounts.directory import Directory
from chat.domain.accounts.events import AccountCreated
from chat.domain.errors import NotHere
from chat.domain.moderation.events import WordFilterChanged
from chat.domain.rooms.notices import HistoryClearedNotice, RenamedNotice, RoleChangedNotice
from chat.domain.rooms.room import Room
from chat.domain.users import Member, Nickname, Role
from chat.text.nicknames import parse_nickname
from tests.unit.domain.rooms.scenes import ANN, EVE, NOON, apply, join, new_room, refusal, role_changed


def notices(room: Room) -> list[object]:
    kinds = RenamedNotice | RoleChangedNotice | HistoryClearedNotice
    return [item for _, item in room.conversation.timeline if isinstance(item, kinds)]


def test_rename_notice_has_both_names(room: Room):
    apply(room, room.rename("ann", parse_nickname("Anna"), NOON))
    assert room.member("ann").name == "Anna"
    assert notices(room) == [RenamedNotice(NOON, "Ann", "Anna")]


@pytest.mark.parametrize(("name", "key"), [("BOB", "name-taken"), ("admin", "name-reserved")])
def test_taken_or_forbidden_name_is_refused(room: Room, name: str, key: str):
    assert refusal(lambda: room.rename("ann", parse_nickname(name), NOON)).key == key


def test_name_can_change_its_case(room: Room):
    apply(room, room.rename("ann", parse_nickname("ANN"), NOON))
    assert room.member("ann").name == "ANN"


def test_rename_to_the_same_name_changes_nothing(room: Room):
    assert not room.apply(room.rename("ann", parse_nickname("Ann"), NOON))
    assert notices(room) == []


@pytest.mark.parametrize("name", ["Olga", "Модератор", "Ann\ufffc", "Olga" * 9, "B\u043eb"], ids=ascii)
def test_account_keeps_a_name_that_is_now_forbidden(name: str):
    nickname = Nickname(name, name.casefold())
    room = new_room(accounts=Directory([Account("olga", nickname, "", NOON, 1)]))
    apply(room, WordFilterChanged("lobby", ANN.ref, NOON, frozenset({"olga"}), frozenset()))
    join(room, Member("olga", nickname, Role.OWNER))
    apply(room, room.rename("olga", parse_nickname("Ann"), NOON))
    assert refusal(lambda: room.rename("olga", nickname, NOON)).key.startswith("name-")


def test_new_admin_is_announced(room: Room):
    apply(room, role_changed(ANN, Role.ADMIN))
    assert room.member("ann").role is Role.ADMIN
    assert notices(room) == [RoleChangedNotice(NOON, "Ann", Role.ADMIN)]


def test_change_to_the_same_role_changes_nothing(room: Room):
    assert not room.apply(role_changed(ANN, Role.GUEST))
    assert notices(room) == []


def test_role_change_of_an_unknown_member_changes_nothing(room: Room):
    assert not room.apply(role_changed(EVE, Role.ADMIN))
    assert room.find_member("eve") is None
    assert notices(room) == []


ABSENT: dict[str, Callable[[Room], object]] = {
    "look up": lambda room: room.member("eve"),
    "rename": lambda room: room.rename("eve", parse_nickname("Eve"), NOON),
}


@pytest.mark.parametrize("action", ABSENT)
def test_absent_member_cannot_act(room: Room, action: str):
    with pytest.raises(NotHere):
        ABSENT[action](room)


# Accounts.


def test_guest_who_signs_up_becomes_a_member_without_a_notice(room: Room):
    assert room.apply(AccountCreated(Account("ann", ANN.nickname, "", NOON, 1)))
    assert room.member("ann").role is Role.MEMBER
    assert notices(room) == []


def test_admin_who_signs_up_stays_an_admin(room: Room):
    apply(room, role_changed(ANN, Role.ADMIN))
    apply(room, AccountCreated(Account("ann", ANN.nickname, "", NOON, 1)))
    assert room.member("ann").role is Role.ADMIN


def test_rename_and_role_change_reach_member_and_account():
    room = new_room(accounts=Directory([Account("ann", ANN.nickname, "", NOON, 1)]))
    join(room, ANN.with_role(Role.MEMBER))
    apply(room, room.rename("ann", parse_nickname("Anna"), NOON))
    apply(room, role_changed(ANN.with_role(Role.MEMBER), Role.MODERATOR))
    account = room.accounts.get("ann")
    assert account
    assert account.member == room.member("ann")
    assert (account.name, account.role) == ("Anna", Role.MODERATOR)


def test_role_change_reaches_an_absent_account_holder(room: Room):
    apply(room, AccountCreated(Account("eve", EVE.nickname, "", NOON, 1)))
    assert room.apply(role_changed(EVE, Role.MODERATOR))
    assert room.role_of("eve") is Role.MODERATOR
    assert notices(room) == []
