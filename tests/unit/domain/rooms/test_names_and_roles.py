"""Renaming members and changing their roles."""

from collections.abc import Callable

import pytest

from chat.domain.accounts.account import Account
from chat.domain.accounts.directory import Directory
from chat.domain.accounts.events import AccountCreated
from chat.domain.errors import NotHere
from chat.domain.moderation.events import WordFilterChanged
from chat.domain.rooms.chat_state import ChatState
from chat.domain.rooms.notices import HistoryClearedNotice, RenamedNotice, RoleChangedNotice
from chat.domain.users import Member, Nickname, Role
from chat.text.nicknames import parse_nickname
from tests.unit.domain.rooms.scenes import ANN, EVE, NOON, apply, join, new_chat, refusal, role_changed


def notices(chat: ChatState) -> list[object]:
    kinds = RenamedNotice | RoleChangedNotice | HistoryClearedNotice
    return [item for _, item in chat.lobby.conversation.timeline if isinstance(item, kinds)]


def test_rename_notice_has_both_names(chat: ChatState):
    apply(chat, chat.lobby.rename("ann", parse_nickname("Anna"), NOON))
    assert chat.people.member("ann").name == "Anna"
    assert notices(chat) == [RenamedNotice(NOON, "Ann", "Anna")]


@pytest.mark.parametrize(("name", "key"), [("BOB", "name-taken"), ("admin", "name-reserved")])
def test_taken_or_forbidden_name_is_refused(chat: ChatState, name: str, key: str):
    assert refusal(lambda: chat.lobby.rename("ann", parse_nickname(name), NOON)).key == key


def test_name_can_change_its_case(chat: ChatState):
    apply(chat, chat.lobby.rename("ann", parse_nickname("ANN"), NOON))
    assert chat.people.member("ann").name == "ANN"


def test_rename_to_the_same_name_changes_nothing(chat: ChatState):
    assert not chat.apply(chat.lobby.rename("ann", parse_nickname("Ann"), NOON))
    assert notices(chat) == []


@pytest.mark.parametrize("name", ["Olga", "Модератор", "Ann\ufffc", "Olga" * 9, "B\u043eb"], ids=ascii)
def test_account_keeps_a_name_that_is_now_forbidden(name: str):
    nickname = Nickname(name, name.casefold())
    chat = new_chat(accounts=Directory([Account("olga", nickname, "", NOON, 1)]))
    apply(chat, WordFilterChanged("lobby", ANN.ref, NOON, frozenset({"olga"}), frozenset()))
    join(chat, Member("olga", nickname, Role.OWNER))
    apply(chat, chat.lobby.rename("olga", parse_nickname("Ann"), NOON))
    assert refusal(lambda: chat.lobby.rename("olga", nickname, NOON)).key.startswith("name-")


def test_new_admin_is_announced(chat: ChatState):
    apply(chat, role_changed(ANN, Role.ADMIN))
    assert chat.people.member("ann").role is Role.ADMIN
    assert notices(chat) == [RoleChangedNotice(NOON, "Ann", Role.ADMIN)]


def test_change_to_the_same_role_changes_nothing(chat: ChatState):
    assert not chat.apply(role_changed(ANN, Role.GUEST))
    assert notices(chat) == []


def test_role_change_of_an_unknown_member_changes_nothing(chat: ChatState):
    assert not chat.apply(role_changed(EVE, Role.ADMIN))
    assert chat.people.find_member("eve") is None
    assert notices(chat) == []


ABSENT: dict[str, Callable[[ChatState], object]] = {
    "look up": lambda chat: chat.people.member("eve"),
    "rename": lambda chat: chat.lobby.rename("eve", parse_nickname("Eve"), NOON),
}


@pytest.mark.parametrize("action", ABSENT)
def test_absent_member_cannot_act(chat: ChatState, action: str):
    with pytest.raises(NotHere):
        ABSENT[action](chat)


# Accounts.


def test_guest_who_signs_up_becomes_a_member_without_a_notice(chat: ChatState):
    assert chat.apply(AccountCreated(Account("ann", ANN.nickname, "", NOON, 1)))
    assert chat.people.member("ann").role is Role.MEMBER
    assert notices(chat) == []


def test_admin_who_signs_up_stays_an_admin(chat: ChatState):
    apply(chat, role_changed(ANN, Role.ADMIN))
    apply(chat, AccountCreated(Account("ann", ANN.nickname, "", NOON, 1)))
    assert chat.people.member("ann").role is Role.ADMIN


def test_rename_and_role_change_reach_member_and_account():
    chat = new_chat(accounts=Directory([Account("ann", ANN.nickname, "", NOON, 1)]))
    join(chat, ANN.with_role(Role.MEMBER))
    apply(chat, chat.lobby.rename("ann", parse_nickname("Anna"), NOON))
    apply(chat, role_changed(ANN.with_role(Role.MEMBER), Role.MODERATOR))
    account = chat.people.accounts.get("ann")
    assert account
    assert account.member == chat.people.member("ann")
    assert (account.name, account.role) == ("Anna", Role.MODERATOR)


def test_role_change_reaches_an_absent_account_holder(chat: ChatState):
    apply(chat, AccountCreated(Account("eve", EVE.nickname, "", NOON, 1)))
    assert chat.apply(role_changed(EVE, Role.MODERATOR))
    assert chat.people.role_of("eve") is Role.MODERATOR
    assert notices(chat) == []
