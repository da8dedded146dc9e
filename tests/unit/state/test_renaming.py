"""Renaming: of guests, and of account holders, whose account goes by the new name too."""

import asyncio
from collections.abc import Callable

import pytest

from chat.domain.accounts.account import Account
from chat.domain.accounts.events import MemberRenamed
from chat.domain.errors import NameRefused
from chat.domain.events import Event
from chat.domain.rooms.directory.room_info import LOBBY
from chat.domain.rooms.notices import RenamedNotice
from chat.domain.users import Member
from chat.state.chat import Chat
from chat.text.nicknames import parse_nickname
from tests.unit.state.support import ANN, GOOD, AccountChat, refusal, unwritable


@pytest.mark.parametrize(
    "name", [None, 5, {}, ["Anna"], b"Anna", "", "x" * 100_000], ids=lambda value: repr(value)[:20]
)
async def test_invalid_name_is_refused(chat: Chat, published: list[Event], name: object):
    with pytest.raises(NameRefused):
        await chat.members.rename("ann", name)
    with pytest.raises(NameRefused):
        chat.members.check_name("eve", name)
    assert published == []
    assert chat.people.member("ann") == ANN


async def test_ten_renames_a_minute_are_allowed(make_chat: Callable[..., Chat]):
    chat = make_chat()
    for number in range(5):
        await chat.members.rename("ann", f"Ann {number}")
        await chat.messages.post("ann", LOBBY, f"/nick Anna {number}", f"message{number:02}")
    for another in (chat.members.rename("ann", "Ann"), chat.messages.post("ann", LOBBY, "/nick Ann", "message99")):
        with pytest.raises(NameRefused):
            await another
    assert chat.people.members["ann"].name == "Anna 4"


async def test_refused_renames_and_the_same_name_do_not_count(chat: Chat):
    for _ in range(20):
        await refusal(chat.members.rename("ann", "Bob"))
        await chat.members.rename("ann", "Ann")
    await chat.members.rename("ann", "Anna")
    assert chat.people.member("ann").name == "Anna"


async def test_new_name_is_not_free_while_it_is_being_stored(running: AccountChat, ann: Account):
    for renaming, name in (("ann", "Anna"), ("bob", "Robert")):
        task = asyncio.create_task(running.chat.members.rename(renaming, name))
        await asyncio.sleep(0)
        with pytest.raises(NameRefused):
            running.chat.members.connect(Member("eve", parse_nickname(name)), "tab")
        await task
    assert [member.name for member in running.chat.people.roster()] == ["Anna", "Robert"]


# Account holders.


@pytest.mark.parametrize("name", ["Ann", "ANN", "Änn", "A-n-n", "Апп"], ids=ascii)
async def test_account_name_and_its_imitations_are_reserved(running: AccountChat, ann: Account, name: str):
    running.chat.members.leave("ann")
    with pytest.raises(NameRefused, match="name-account"):
        running.chat.members.check_name("eve", name)
    with pytest.raises(NameRefused, match="name-account"):
        running.chat.members.connect(Member("eve", parse_nickname(name)), "tab")
    assert (await refusal(running.chat.members.rename("bob", name))).key == "name-account"
    assert (await refusal(running.chat.messages.post("bob", LOBBY, f"/nick {name}", "message01"))).key == "name-account"
    assert (await refusal(running.accounts.sign_up("bob", name, GOOD))).key == "name-account"
    running.chat.members.connect(ann.member, "tab")


@pytest.mark.parametrize("is_command", [False, True], ids=["dialog", "command"])
async def test_rename_of_an_account_holder_is_one_event(running: AccountChat, ann: Account, is_command: bool):
    if is_command:
        await running.chat.messages.post("ann", LOBBY, "/nick Anna", "message01")
    else:
        await running.chat.members.rename("ann", "Anna")
    assert running.chat.people.member("ann").name == "Anna"
    account = running.account("ann")
    assert (account.name, account.generation) == ("Anna", ann.generation)
    assert [row["name"] for row in running.stored_accounts()] == ["Anna"]
    [event] = running.published
    assert isinstance(event, MemberRenamed)
    assert (event.member_id, event.before.shown, event.nickname.shown) == ("ann", "Ann", "Anna")
    notices = [item for _, item in running.chat.lobby.conversation.timeline if isinstance(item, RenamedNotice)]
    assert [(notice.before, notice.after) for notice in notices] == [("Ann", "Anna")]
    running.chat.members.check_name("eve", "Ann")


async def test_rename_is_stored_before_it_is_applied(
    running: AccountChat, ann: Account, monkeypatch: pytest.MonkeyPatch
):
    names_while_writing: list[str] = []
    file = running.stores.accounts.file
    write = file.write

    def spy(*args: object, **options: object) -> None:
        names_while_writing.append(running.chat.people.member("ann").name)
        write(*args, **options)

    monkeypatch.setattr(file, "write", spy)
    seen: list[str] = []
    running.chat.subscribe(lambda _: seen.extend(row["name"] for row in running.stored_accounts()), MemberRenamed)
    await running.chat.members.rename("ann", "Anna")
    assert names_while_writing == ["Ann"]
    assert seen == ["Anna"]


async def test_rename_of_a_guest_writes_no_accounts(running: AccountChat, ann: Account):
    with unwritable(running.folder / "accounts.json"):
        await running.chat.members.rename("bob", "Robert")
    assert running.chat.people.member("bob").name == "Robert"


async def test_name_that_can_not_be_stored_stays_free(running: AccountChat, ann: Account):
    with unwritable(running.folder / "accounts.json"):
        assert (await refusal(running.chat.members.rename("ann", "Anna"))).key == "accounts-unwritable"
    assert running.chat.people.member("ann").name == "Ann"
    assert running.account("ann") == ann
    running.chat.members.check_name("eve", "Anna")


async def test_last_of_two_renames_at_once_wins_everywhere(running: AccountChat, ann: Account):
    await asyncio.gather(*(running.chat.members.rename("ann", name) for name in ("Anna", "Annie")))
    assert running.chat.people.member("ann").name == running.account("ann").name == "Annie"
