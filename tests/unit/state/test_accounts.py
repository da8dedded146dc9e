"""The registrar: people sign up, in and out; what they are told is on disk; open pages hear of it."""

import asyncio
import json
import shutil
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path

import pytest
from argon2 import PasswordHasher

from chat.domain.accounts.directory import (
    Account,
    AccountChanged,
    AccountCreated,
    AccountDeleted,
    AccountEvent,
    Accounts,
)
from chat.domain.accounts.shared_password import SharedPassword
from chat.domain.commands.registry import Reply
from chat.domain.errors import (
    AccountRefused,
    AccountsUnwritable,
    ChatError,
    EntryRefused,
    HistoryUnwritable,
    NameRefused,
)
from chat.domain.users import Member, Role
from chat.i18n.phrases import reply
from chat.i18n.translator import translator
from chat.state.accounts import AccountService
from chat.state.chat import Chat
from chat.state.passwords import Passwords
from chat.storage.json_files.accounts import AccountsFile
from chat.storage.json_files.message_store import JsonStore
from chat.text.nicknames import parse_nickname

GOOD, BETTER, WRONG = "four tired herons", "five tired herons", "no heron at all"
CHEAP = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)
ANN = Member("ann", parse_nickname("Ann"))
BOB = Member("bob", parse_nickname("Bob"))
OLGA = Member("olga", parse_nickname("Olga"), Role.OWNER)
HOME = "192.0.2.1"


class AppContext:
    """A running chat with accounts in a folder."""

    def __init__(self, folder: Path, hasher: PasswordHasher = CHEAP) -> None:
        self.folder = folder
        folder.mkdir(exist_ok=True)
        self.file = AccountsFile(folder / "accounts.json")
        accounts = Accounts(self.file.load())
        self.chat = Chat(
            JsonStore(folder / "chat_log.json", 100),
            SharedPassword("correct horse"),
            grace=timedelta(seconds=10),
            message_rate="1000 per minute",
            reserved_by=accounts.reserved_by,
        )
        self.accounts = AccountService(accounts, self.file, Passwords(hasher), self.chat)
        self.told: list[AccountEvent] = []
        self.accounts.subscribe(self.told.append)

    async def close(self) -> None:
        await self.accounts.close()
        await self.chat.close()

    def on_disk(self) -> list[dict]:
        path = self.folder / "accounts.json"
        return json.loads(path.read_bytes())["accounts"] if path.exists() else []

    @contextmanager
    def broken(self):
        blocker = self.folder / "accounts.json.tmp"
        blocker.mkdir()
        yield
        blocker.rmdir()


@pytest.fixture
async def open_house(tmp_path: Path) -> AsyncIterator[Callable[..., AppContext]]:
    houses: list[AppContext] = []

    def make(hasher: PasswordHasher = CHEAP) -> AppContext:
        houses.append(AppContext(tmp_path / "house", hasher))
        return houses[-1]

    yield make
    for house in houses:
        await house.close()


@pytest.fixture
def house(open_house: Callable[..., AppContext]) -> AppContext:
    """A chat with the guests Ann and Bob in it."""
    house = open_house()
    for guest in (ANN, BOB):
        house.chat.connect(guest, f"{guest.id}'s tab")
    return house


@pytest.fixture
async def ann(house: AppContext) -> Account:
    """Ann has an account."""
    account = await house.accounts.sign_up("ann", "Ann", GOOD)
    house.told.clear()
    return account


async def refusal(attempt: Awaitable[object]) -> str:
    with pytest.raises(ChatError) as refused:
        await attempt
    return refused.value.key


# Signing up.


async def test_a_guest_becomes_an_account_and_keeps_name_and_messages(house: AppContext):
    await house.chat.post("ann", "Hello", "message01")
    account = await house.accounts.sign_up("ann", "Ann", GOOD)
    assert (account.id, account.name, account.role) == ("ann", "Ann", Role.MEMBER)
    [message] = house.chat.room.conversation.history
    assert message.author == account.id
    assert house.accounts.account("ann") == account
    assert house.told == [AccountCreated(account)]


async def test_what_is_told_is_on_disk_already_and_not_the_password(house: AppContext):
    found: list[list[dict]] = []
    house.accounts.subscribe(lambda _: found.append(house.on_disk()))
    account = await house.accounts.sign_up("ann", "Ann", GOOD)
    [[kept]] = found
    assert (kept["id"], kept["password"]) == ("ann", account.password)
    assert account.password.startswith("$argon2id$")
    assert GOOD not in json.dumps(found)


async def test_an_account_is_there_after_a_restart(
    house: AppContext, open_house: Callable[..., AppContext], ann: Account
):
    await house.close()
    after = open_house()
    assert after.accounts.account("ann") == ann
    assert await after.accounts.sign_in("Ann", GOOD, HOME) == ann


async def test_the_role_of_somebody_who_is_away_is_changed_by_name_or_by_id(house: AppContext, ann: Account):
    house.chat.connect(OLGA, "olga's tab")
    house.chat.leave("ann")
    told = await house.chat.post("olga", "/role Ann moderator", "message01")
    assert told == Reply("appointed", ("Ann", Role.MODERATOR))
    assert reply(translator("en"), told) == ["Ann is a moderator now"]
    assert house.on_disk()[0]["role"] == "moderator"
    await house.chat.moderation.change_role("olga", "ann", "member")
    assert house.on_disk()[0]["role"] == "member"
    assert [entry.what for entry in await house.chat.records.latest(2)] == [
        "moderator -> member",
        "member -> moderator",
    ]
    assert await refusal(house.chat.moderation.change_role("bob", "ann", "guest")) == "needs-admin"
    assert await refusal(house.chat.moderation.change_role("olga", "nobody", "guest")) == "nobody"


async def test_somebody_who_is_away_and_said_nothing_can_be_banned(house: AppContext, ann: Account, open_house):
    await house.close()
    after = open_house()
    after.chat.connect(OLGA, "olga's tab")
    await after.chat.moderation.ban("olga", "ann")
    with pytest.raises(EntryRefused):
        after.chat.connect(ann.member, "ann's tab")


async def test_who_signs_up_under_another_name_has_it_in_the_room_too(house: AppContext):
    await house.accounts.sign_up("ann", "Anna", GOOD)
    assert house.chat.room.member("ann").name == "Anna"


@pytest.mark.parametrize(
    ("name", "password", "key"),
    [
        ("Bob", GOOD, "name-taken"),
        ("admin", GOOD, "name-reserved"),
        ("", GOOD, "name-empty"),
        (None, GOOD, "name-empty"),
        ({"x": 1}, GOOD, "name-empty"),
        ("x" * 99, GOOD, "name-too-long"),
        ("Ann", "short", "password-too-short"),
        ("Ann", None, "password-too-short"),
        ("Ann", ["x"] * 20, "password-too-short"),
        ("Ann", "x" * 99_999, "password-too-long"),
        ("Ann", "iloveyou", "password-common"),
        ("Annabelle", "annabe11e", "password-is-name"),
        ("Ann", "\ud800" * 9, "password-invalid"),
    ],
)
async def test_what_is_no_name_or_no_password_is_refused(house: AppContext, name: object, password: object, key: str):
    assert await refusal(house.accounts.sign_up("ann", name, password)) == key
    assert house.told == house.on_disk() == []
    house.chat.check_name("cid", "Annabelle")


async def test_nobody_signs_up_twice(house: AppContext, ann: Account):
    assert await refusal(house.accounts.sign_up("ann", "Anna", GOOD)) == "account-exists"
    both = (house.accounts.sign_up("bob", name, GOOD) for name in ("Bob", "Robert"))
    results = await asyncio.gather(*both, return_exceptions=True)
    assert sorted(type(result).__name__ for result in results) == ["Account", "AccountRefused"]


async def test_of_two_who_want_a_name_at_once_one_gets_it(house: AppContext):
    both = (house.accounts.sign_up(who, name, GOOD) for who, name in (("ann", "Cid"), ("bob", "C1d")))
    results = await asyncio.gather(*both, return_exceptions=True)
    assert [type(result) for result in results] == [Account, NameRefused]
    assert [kept["id"] for kept in house.on_disk()] == ["ann"]


async def test_while_somebody_signs_up_nobody_comes_in_under_their_name(house: AppContext):
    signing_up = asyncio.create_task(house.accounts.sign_up("ann", "Cid", GOOD))
    await asyncio.sleep(0)
    with pytest.raises(NameRefused, match="name-account"):
        house.chat.connect(Member("eve", parse_nickname("Cid")), "tab")
    assert (await signing_up).name == "Cid"


async def test_accounts_from_one_place_are_limited(house: AppContext):
    for number in range(200):
        await house.accounts.sign_up(f"guest{number}", f"Guest No {number}", GOOD, HOME)
    assert await refusal(house.accounts.sign_up("one more", "One more", GOOD, HOME)) == "sign-in-paused"
    assert await house.accounts.sign_up("one more", "One more", GOOD, "198.51.100.7")


# Names.


@pytest.mark.parametrize("name", ["Ann", "ANN", "Änn", "A-n-n", "Апп"], ids=ascii)
async def test_nobody_else_uses_or_imitates_the_name_of_an_account(house: AppContext, ann: Account, name: str):
    house.chat.leave("ann")
    with pytest.raises(NameRefused, match="name-account"):
        house.chat.check_name("eve", name)
    with pytest.raises(NameRefused, match="name-account"):
        house.chat.connect(Member("eve", parse_nickname(name)), "tab")
    assert await refusal(house.chat.rename("bob", name)) == "name-account"
    assert await refusal(house.chat.post("bob", f"/nick {name}", "message01")) == "name-account"
    assert await refusal(house.accounts.sign_up("bob", name, GOOD)) == "name-account"
    house.chat.connect(ann.member, "tab")


@pytest.mark.parametrize("way", ["dialog", "command", "registrar"])
async def test_a_new_name_in_the_room_is_that_of_the_account(house: AppContext, ann: Account, way: str):
    match way:
        case "dialog":
            await house.chat.rename("ann", "Anna")
        case "command":
            await house.chat.post("ann", "/nick Anna", "message01")
        case "registrar":
            await house.accounts.rename("ann", "Anna")
    assert house.chat.room.member("ann").name == "Anna"
    account = house.accounts.account("ann")
    assert account
    assert (account.name, account.generation) == ("Anna", ann.generation)
    assert [kept["name"] for kept in house.on_disk()] == ["Anna"]
    assert house.told == [AccountChanged(ann, account)]
    house.chat.check_name("eve", "Ann")


async def test_an_account_is_renamed_while_nobody_is_in_the_room(house: AppContext, ann: Account):
    house.chat.leave("ann")
    await house.accounts.rename("ann", "Anna")
    assert [kept["name"] for kept in house.on_disk()] == ["Anna"]
    assert await refusal(house.accounts.rename("ann", "Bob")) == "name-taken"


async def test_guests_are_renamed_without_the_file(house: AppContext, ann: Account):
    with house.broken():
        await house.chat.rename("bob", "Robert")
    assert house.chat.room.member("bob").name == "Robert"


async def test_a_name_that_cannot_be_written_down_is_not_taken(house: AppContext, ann: Account):
    with house.broken():
        assert await refusal(house.chat.rename("ann", "Anna")) == "accounts-unwritable"
    assert house.chat.room.member("ann").name == "Ann"
    assert house.accounts.account("ann") == ann
    house.chat.check_name("eve", "Anna")


async def test_of_two_new_names_at_once_the_last_stays_everywhere(house: AppContext, ann: Account):
    await asyncio.gather(*(house.chat.rename("ann", name) for name in ("Anna", "Annie")))
    account = house.accounts.account("ann")
    assert account
    assert house.chat.room.member("ann").name == account.name == "Annie"


# Signing in.


@pytest.mark.parametrize("name", ["Ann", " ANN ", "Ａｎｎ"])
async def test_who_knows_name_and_password_is_in(house: AppContext, ann: Account, name: str):
    assert await house.accounts.sign_in(name, GOOD, HOME) == ann


@pytest.mark.parametrize(
    ("name", "password"),
    [
        ("Ann", WRONG), ("Ann", None), ("Ann", {}), ("Ann", "x" * 99_999), ("Ann", "\ud800"), ("Änn", GOOD),
        ("Eve", GOOD),
        ("", GOOD), (None, GOOD), (["Ann"], GOOD), ("\ud800", GOOD), ("x" * 99_999, GOOD),
    ],
    ids=lambda value: ascii(value)[:20],
)  # fmt: skip
async def test_whatever_is_wrong_the_answer_is_the_same(
    house: AppContext, ann: Account, name: object, password: object
):
    assert await refusal(house.accounts.sign_in(name, password, HOME)) == "sign-in-wrong"


async def wrong(house: AppContext, times: int, name: str = "Ann", caller: str = HOME) -> list[str]:
    return [await refusal(house.accounts.sign_in(name, WRONG, caller)) for _ in range(times)]


async def test_after_five_wrong_tries_even_the_right_password_has_to_wait(house: AppContext, ann: Account):
    assert await wrong(house, 6) == ["sign-in-wrong"] * 5 + ["sign-in-paused"]
    assert await refusal(house.accounts.sign_in("Ann", GOOD, HOME)) == "sign-in-paused"


async def test_tries_at_once_count_each(house: AppContext, ann: Account):
    keys = await asyncio.gather(*(refusal(house.accounts.sign_in("ann", WRONG, HOME)) for _ in range(20)))
    assert keys.count("sign-in-wrong") == 5


async def test_tries_for_a_name_nobody_has_pause_in_the_same_way(house: AppContext):
    assert await wrong(house, 6, "Eve") == ["sign-in-wrong"] * 5 + ["sign-in-paused"]


async def test_who_tries_from_elsewhere_does_not_lock_the_owner_out(house: AppContext, ann: Account):
    await wrong(house, 9, caller="198.51.100.7")
    assert await house.accounts.sign_in("Ann", GOOD, HOME) == ann


async def test_who_tries_many_names_is_paused_for_all(house: AppContext, ann: Account):
    for number in range(100):
        await wrong(house, 1, f"Name {number}")
    assert await refusal(house.accounts.sign_in("Ann", GOOD, HOME)) == "sign-in-paused"
    assert await house.accounts.sign_in("Ann", GOOD, "198.51.100.7") == ann


async def test_a_name_that_is_tried_from_everywhere_is_paused(house: AppContext, ann: Account):
    keys = [await refusal(house.accounts.sign_in("Ann", WRONG, f"198.51.100.{n // 5}")) for n in range(101)]
    assert keys == ["sign-in-wrong"] * 100 + ["sign-in-paused"]


async def test_who_is_signed_in_or_was_here_before_is_not_paused_by_strangers(house: AppContext, ann: Account):
    await house.accounts.sign_in("Ann", GOOD, HOME)
    for number in range(101):
        await refusal(house.accounts.sign_in("Ann", WRONG, f"198.51.100.{number // 5}"))
    await house.accounts.sign_in("Ann", GOOD, HOME)
    assert await refusal(house.accounts.sign_in("Ann", GOOD, "203.0.113.1")) == "sign-in-paused"
    await house.accounts.change_password("ann", GOOD, BETTER)


async def test_the_right_password_forgets_the_wrong_tries(house: AppContext, ann: Account):
    for _ in range(3):
        await wrong(house, 4)
        await house.accounts.sign_in("Ann", GOOD, HOME)


async def test_a_hash_of_other_parameters_is_renewed_on_signing_in(
    house: AppContext, open_house: Callable[..., AppContext], ann: Account
):
    await house.close()
    stronger = PasswordHasher(time_cost=2, memory_cost=16, parallelism=1)
    after = open_house(stronger)
    account = await after.accounts.sign_in("Ann", GOOD, HOME)
    assert "m=16,t=2" in account.password
    assert [kept["password"] for kept in after.on_disk()] == [account.password]
    assert account.generation == ann.generation
    assert await after.accounts.sign_in("Ann", GOOD, HOME) == account


async def test_who_signs_in_is_in_though_the_renewed_hash_cannot_be_written(
    house: AppContext, open_house: Callable[..., AppContext], ann: Account
):
    await house.close()
    after = open_house(PasswordHasher(time_cost=2, memory_cost=16, parallelism=1))
    with after.broken():
        assert await after.accounts.sign_in("Ann", GOOD, HOME) == ann


# Sessions.


async def test_a_session_goes_on_until_its_generation_is_over(house: AppContext, ann: Account):
    assert house.accounts.is_current("ann", ann.generation)
    await house.accounts.sign_out_everywhere("ann")
    assert not house.accounts.is_current("ann", ann.generation)
    account = house.accounts.account("ann")
    assert account
    assert house.told == [AccountChanged(ann, account)]
    assert house.accounts.is_current("ann", account.generation)
    assert [kept["generation"] for kept in house.on_disk()] == [account.generation]


@pytest.mark.parametrize("generation", [None, "7", 7.5, {}, -1, True])
async def test_what_is_no_generation_is_not_current(house: AppContext, ann: Account, generation: object):
    assert not house.accounts.is_current("ann", generation)
    assert not house.accounts.is_current("bob", generation)


async def test_no_backup_brings_an_ended_session_back(house: AppContext, ann: Account):
    await house.accounts.rename("ann", "Anna")
    await house.accounts.sign_out_everywhere("ann")
    assert not list(house.folder.glob("accounts.json.backup-*"))


# The password.


async def test_a_new_password_counts_and_ends_all_sessions(house: AppContext, ann: Account):
    account = await house.accounts.change_password("ann", GOOD, BETTER)
    assert not house.accounts.is_current("ann", ann.generation)
    assert await refusal(house.accounts.sign_in("Ann", GOOD, HOME)) == "sign-in-wrong"
    assert await house.accounts.sign_in("Ann", BETTER, HOME) == account
    assert not [file for file in house.folder.iterdir() if ann.password.encode() in file.read_bytes()]


@pytest.mark.parametrize(
    ("old", "new", "key"),
    [
        (WRONG, BETTER, "password-wrong"),
        (None, BETTER, "password-wrong"),
        (GOOD, "short", "password-too-short"),
        (GOOD, None, "password-too-short"),
        (GOOD, "password1", "password-common"),
    ],
)
async def test_a_wrong_or_an_easy_password_changes_nothing(
    house: AppContext, ann: Account, old: object, new: object, key: str
):
    assert await refusal(house.accounts.change_password("ann", old, new)) == key
    assert house.accounts.account("ann") == ann
    assert house.told == []


async def test_who_found_an_open_page_does_not_guess_for_long(house: AppContext, ann: Account):
    keys = [await refusal(house.accounts.change_password("ann", WRONG, BETTER)) for _ in range(6)]
    assert keys == ["password-wrong"] * 5 + ["sign-in-paused"]


async def test_of_two_new_passwords_at_once_one_counts(house: AppContext, ann: Account):
    both = (house.accounts.change_password("ann", GOOD, new) for new in (BETTER, "six tired herons"))
    results = await asyncio.gather(*both, return_exceptions=True)
    assert sorted(type(result).__name__ for result in results) == ["Account", "AccountRefused"]


# Roles.


async def test_a_role_is_there_after_a_restart(house: AppContext, open_house: Callable[..., AppContext], ann: Account):
    account = await house.accounts.set_role("ann", Role.MODERATOR)
    assert house.told == [AccountChanged(ann, account)]
    await house.close()
    restored = open_house().accounts.account("ann")
    assert restored
    assert restored.member.role is Role.MODERATOR


# The end.


async def test_a_deleted_account_is_gone_and_its_messages_stay(house: AppContext, ann: Account):
    await house.chat.post("ann", "Hello", "message01")
    await house.accounts.delete("ann", GOOD, anonymize=False)
    assert house.accounts.account("ann") is None
    assert not house.accounts.is_current("ann", ann.generation)
    assert house.told == [AccountDeleted(ann)]
    assert "ann" not in house.chat.room.members
    [message] = house.chat.room.conversation.history
    assert (message.author, message.name) == ("ann", "Ann")
    assert not [file for file in house.folder.iterdir() if ann.password.encode() in file.read_bytes()]
    house.chat.check_name("eve", "Ann")


async def test_who_wants_it_is_named_nowhere_afterwards(house: AppContext):
    await house.accounts.sign_up("ann", "Annabelle", GOOD)
    await house.chat.post("ann", "Hello", "message01")
    await house.chat.post("bob", "@Annabelle Hi", "message02", "message01")
    await house.chat.react("ann", "message02", "🎉")
    await house.accounts.delete("ann", GOOD, anonymize=True)
    files = [file.name for file in house.folder.iterdir() if b"Annabelle" in file.read_bytes()]
    assert files == []
    conversation = house.chat.room.conversation
    assert "Annabelle" not in repr([*conversation.history, *conversation.timeline])
    assert "'ann'" not in repr([*conversation.history, *conversation.timeline])
    assert conversation.name_of("ann") is None
    hello, hi = conversation.history
    assert (hello.name, hello.text, hi.text) == ("Anonymous", "Hello", "@Anonymous Hi")
    assert hi.reply
    assert hi.reply.author == hello.author


async def test_whoever_signs_up_with_the_same_id_again_has_new_sessions(house: AppContext, ann: Account):
    await house.accounts.delete("ann", GOOD, anonymize=False)
    again = await house.accounts.sign_up("ann", "Ann", GOOD)
    assert again.generation != ann.generation


async def test_whom_single_sign_on_knows_deletes_the_account_without_a_password(house: AppContext):
    account = await house.accounts.sign_in_by_sso("sso-1", ["Ann"])
    await house.accounts.delete(account.id, "", anonymize=False)
    assert house.on_disk() == []


async def test_a_wrong_password_deletes_nothing(house: AppContext, ann: Account):
    await house.chat.post("ann", "Hello", "message01")
    assert await refusal(house.accounts.delete("ann", WRONG, anonymize=True)) == "password-wrong"
    assert house.accounts.account("ann") == ann
    [message] = house.chat.room.conversation.history
    assert message.name == "Ann"


async def test_who_cannot_be_made_anonymous_keeps_the_account(house: AppContext, ann: Account):
    await house.chat.post("ann", "Hello", "message01")
    blocker = house.folder / "chat_log.json.tmp"
    blocker.mkdir()
    with pytest.raises(HistoryUnwritable):
        await house.accounts.delete("ann", GOOD, anonymize=True)
    blocker.rmdir()
    assert house.accounts.account("ann") == ann
    await house.accounts.delete("ann", GOOD, anonymize=True)
    assert house.accounts.account("ann") is None


# Durable first.

CHANGES = {
    "sign up": lambda registrar: registrar.sign_up("bob", "Bob", GOOD),
    "change the password": lambda registrar: registrar.change_password("ann", GOOD, BETTER),
    "sign out everywhere": lambda registrar: registrar.sign_out_everywhere("ann"),
    "set the role": lambda registrar: registrar.set_role("ann", Role.ADMIN),
    "rename": lambda registrar: registrar.rename("ann", "Anna"),
    "delete": lambda registrar: registrar.delete("ann", GOOD, anonymize=False),
}


@pytest.mark.parametrize("change", CHANGES.values(), ids=CHANGES)
async def test_what_cannot_be_written_did_not_happen_and_works_later(house: AppContext, ann: Account, change):
    before = house.on_disk()
    with house.broken(), pytest.raises(AccountsUnwritable):
        await change(house.accounts)
    assert house.told == []
    assert house.on_disk() == before
    assert house.accounts.account("ann") == ann
    assert house.accounts.account("bob") is None
    assert {member.id for member in house.chat.room.roster()} == {"ann", "bob"}
    await change(house.accounts)
    assert len(house.told) == 1


@pytest.mark.parametrize("change", [CHANGES[name] for name in CHANGES if name != "sign up"])
async def test_what_is_about_no_account_is_refused(house: AppContext, change):
    with pytest.raises(AccountRefused, match="account-gone"):
        await change(house.accounts)


async def test_a_caller_who_gives_up_takes_nothing_back(house: AppContext, ann: Account, tmp_path: Path):
    given_up = asyncio.create_task(house.accounts.sign_out_everywhere("ann"))
    await asyncio.sleep(0)
    given_up.cancel()
    await house.accounts.close()
    assert not house.accounts.is_current("ann", ann.generation)
    left = AppContext(shutil.copytree(house.folder, tmp_path / "copy"))
    assert left.accounts.account("ann") == house.accounts.account("ann")
    await left.close()


async def test_a_listener_that_fails_stops_nobody(house: AppContext):
    def fail(_: AccountEvent) -> None:
        raise RuntimeError

    later: list[AccountEvent] = []
    house.accounts.subscribe(fail)
    stop = house.accounts.subscribe(later.append)
    await house.accounts.sign_up("ann", "Ann", GOOD)
    stop()
    await house.accounts.sign_up("bob", "Bob", GOOD)
    assert len(later) == 1
