"""Data of earlier versions, written by the program of commit 9c5445d (`version_2`): read exactly as it was meant.

Version 2 of the history went with version 1 of the other files.
"""

import json
import shutil
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from argon2 import PasswordHasher

from chat.domain.accounts.access_policy import AccessMode, AccessPolicy
from chat.domain.accounts.events import AccountDeleted, InvitationCreated
from chat.domain.accounts.invitation_list import Invitations
from chat.domain.accounts.invitations import Invitation
from chat.domain.accounts.shared_password import SharedPassword
from chat.domain.errors import AccountRefused, StartupError
from chat.domain.messages.message import Kind, Message, Quote
from chat.domain.moderation.events import RoomUnlocked
from chat.domain.moderation.reports import Report
from chat.domain.moderation.sanctions import Sanction
from chat.domain.users import Role, UserRef
from chat.state import clock
from chat.state.event_bus import EventBus
from chat.state.event_pipeline import EventPipeline
from chat.state.invitations import InvitationService
from chat.state.passwords import Passwords
from chat.storage.base import Stores
from chat.storage.json_files.stores import json_stores
from tests.storage.samples import NOON, posted, texts

FIXTURES = Path(__file__).parents[1] / "fixtures"
VERSION_2 = FIXTURES / "version_2"
LONG = 1000  # messages

OLGA, ADA, MO, BEN = UserRef("olga", "Ольга"), UserRef("ada", "Ada"), UserRef("mo", "Mo"), UserRef("ben", "Ben")
SAM = UserRef("sso-5f2c91", "Sam Sso")
EVE, TRUDY, DAN, CID = UserRef("eve", "Eve"), UserRef("trudy", "Trudy"), UserRef("dan", "Dän"), UserRef("cid", "Cid")


def at(seconds: int) -> datetime:
    """Return when something happened in the fixtures, by the seconds since their beginning."""
    return datetime(2026, 5, 1, 12, 0, 0, 123456, tzinfo=UTC) + timedelta(seconds=seconds)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return shutil.copytree(VERSION_2 / "data_folder", tmp_path / "data")


@pytest.fixture
def stores(folder: Path) -> Stores:
    return json_stores(folder, 100)


@pytest.fixture
def long_folder(tmp_path: Path) -> Path:
    return shutil.copytree(VERSION_2 / "long_history", tmp_path / "long")


def version_of(path: Path) -> int:
    return json.loads(path.read_bytes())["version"]


def quarantined_in(folder: Path) -> list[Path]:
    return list(folder.glob("*.corrupt-*"))


# Messages.


MESSAGES = [
    Message(
        "olgamessage1", "lobby", "olga", "Ольга", "Good morning! 🦊", at(44),
        reactions={"🎉": {"ben": "Ben", "sso-5f2c91": "Sam Sso"}, "👍🏽": {"eve": "Eve"}},
    ),
    Message(
        "benmessage01", "lobby", "ben", "Ben", "@Ольга good morning, @Ada too: made *two* teas", at(45),
        reply=Quote("olgamessage1", "olga", "Ольга", "Good morning! 🦊"),
        mentions={"Ольга": "olga", "Ada": "ada"}, edited=at(54),
    ),
    Message("benmessage02", "lobby", "ben", "Ben", "pours tea 👋🏽", at(46), Kind.ACTION),
    Message("sammessage01", "lobby", "sso-5f2c91", "Sam Sso", 'مرحبا 👩‍👩‍👧‍👦 "quoted" \\ <b>', at(48)),
    Message("trudymessage", "lobby", "trudy", "Trudy", "No tea is good tea", at(60)),
    Message(
        "trudymessag2", "lobby", "trudy", "Trudy", "Nobody likes you, @Ben", at(61),
        reply=Quote("benmessage01", "ben", "Ben", "@Ольга good morning, @Ada too: made *two* teas"),
        mentions={"Ben": "ben"},
    ),
    Message("cidmessage01", "lobby", "cid", "Cid", "I was here", at(62)),
    Message(
        "adamessage01", "lobby", "ada", "Ada", "@all tea time", at(63),
        reply=Quote("trudymessage", "trudy", "Trudy", "No tea is good tea"), mentions={"all": "all"},
    ),
]  # fmt: skip


@pytest.mark.parametrize("limit", [100, LONG], ids=("rewritten", "journal"))
def test_history_of_version_2_is_loaded_with_all_its_fields(folder: Path, limit: int):
    history = json_stores(folder, limit).messages.load()
    assert list(history) == MESSAGES
    assert history.topic == "Tea & cake"


@pytest.mark.parametrize("limit", [LONG, 100], ids=("journal next", "rewritten next"))
def test_journal_of_version_2_is_compacted_as_its_own_program_would_have(long_folder: Path, limit: int):
    content = json.loads((VERSION_2 / "long_history_compacted.json").read_bytes())
    history = json_stores(long_folder, limit).messages.load()
    assert [without_defaults(message) for message in history] == content["messages"][-limit:]
    assert history.topic == content["topic"] == "Long talks, short words"
    compacted = json.loads((long_folder / "chat_log.json").read_bytes())
    assert (compacted["version"], compacted["last_event"]) == (3, content["folded"])
    assert compacted["messages"] == content["messages"][-limit:]
    assert not (long_folder / "chat_log.json.journal").exists()


def without_defaults(message: Message) -> dict[str, Any]:
    """Return a message as a person would write it as JSON."""
    row: dict[str, Any] = {
        name: getattr(message, name) for name in ("id", "room", "author", "name", "text", "mentions", "reactions")
    }
    row["at"] = message.at.isoformat().replace("+00:00", "Z")
    row["kind"] = "action" if message.kind is Kind.ACTION else ""
    row["edited"] = message.edited and message.edited.isoformat().replace("+00:00", "Z")
    quote = message.reply
    row["reply"] = quote and {"id": quote.id, "author": quote.author, "name": quote.name, "text": quote.text}
    return {name: value for name, value in row.items() if value}


async def test_journal_goes_on_after_the_events_of_version_2(long_folder: Path):
    store = json_stores(long_folder, LONG).messages
    before = list(store.load())
    await store.append([posted(200)])
    [line] = map(json.loads, (long_folder / "chat_log.json.journal").read_bytes().splitlines())
    assert (line["n"], line["version"]) == (144, 3)
    await store.close()
    again = json_stores(long_folder, LONG).messages.load()
    assert list(again) == [*before, posted(200).message]


def test_broken_line_in_a_journal_of_version_2_is_quarantined(long_folder: Path):
    journal = long_folder / "chat_log.json.journal"
    lines = journal.read_bytes().splitlines(keepends=True)
    broken = b"".join([*lines[:3], lines[3].replace(b'"kind"', b'"what"'), *lines[4:]])
    journal.write_bytes(broken)
    history = json_stores(long_folder, LONG).messages.load()
    assert texts(history)[-2:] == ["Message 121", "Message 122"]
    [quarantined] = quarantined_in(long_folder)
    assert quarantined.read_bytes() == broken


FIRST_VERSION = [
    Message(message_id, "lobby", author, name, text, NOON + timedelta(seconds=seconds), kind)
    for message_id, author, name, text, seconds, kind in (
        ("firstmessage0", "ann", "Ann", "Hällo, schöne Grüße!", 0, Kind.TEXT),
        ("firstmessage1", "bob", "Bøb", "winkt 👋🏽", 37, Kind.ACTION),
        ("firstmessage2", "leila", "ليلى", "مرحبا بالجميع، كيف الحال؟", 74, Kind.TEXT),
        ("firstmessage3", "ann", "Ann", '👩‍👩‍👧‍👦 🦊\n\n\tsecond line "quoted" \\ <b>', 110.876544, Kind.TEXT),
        ("firstmessage4", "bob", "Bøb", "@Ann https://example.org/?a=1&b=2 `code`", 148, Kind.TEXT),
    )
]


@pytest.mark.parametrize("limit", [100, LONG], ids=("rewritten", "journal"))
async def test_history_of_version_1_is_loaded_and_written_as_version_3(tmp_path: Path, limit: int):
    path = shutil.copy(FIXTURES / "chat_log_v1.json", tmp_path / "chat_log.json")
    store = json_stores(tmp_path, limit).messages
    assert list(store.load()) == FIRST_VERSION
    assert path.read_bytes() == (FIXTURES / "chat_log_v1.json").read_bytes()
    await store.append([posted(1)])
    await store.close()
    assert version_of(path) == 3
    assert list(json_stores(tmp_path, limit).messages.load()) == [*FIRST_VERSION, posted(1).message]


# Moderation.


def identifiers(name: str, last_byte: int) -> frozenset[str]:
    return frozenset({f"member:{name}", f"session:session-of-{name}", f"address:192.0.2.{last_byte}"})


def test_moderation_of_version_1_is_in_force(stores: Stores):
    moderation = stores.moderation.load()
    trudys, eves, dans = identifiers("trudy", 8), identifiers("eve", 7), identifiers("dan", 9)
    assert list(moderation.mutes) == [Sanction(TRUDY, MO, at(72), at(72) + timedelta(hours=12), trudys, "rude")]
    assert list(moderation.kicks) == [Sanction(TRUDY, MO, at(89), at(149), trudys, "cool down")]
    assert list(moderation.bans) == [
        Sanction(EVE, ADA, at(75), None, eves, "spam"),
        Sanction(DAN, ADA, at(77), at(77) + timedelta(days=7), dans, "flood"),
    ]
    assert (moderation.slow_mode.seconds, moderation.locked) == (30, True)
    assert moderation.blocked_words == {"heck", "spam*", "zlut"}
    assert list(moderation.reports) == [
        Report("trudymessag2", TRUDY, BEN, at(64), "rude", "Nobody likes you, @Ben"),
        Report("trudymessag2", TRUDY, SAM, at(65), "", "Nobody likes you, @Ben"),
        Report("evemessage11", EVE, BEN, at(66), "spam", "", MO, at(71)),
        Report("trudymessage", TRUDY, CID, at(67), "wrong", "", MO, at(68)),
    ]


def test_moderation_without_a_version_is_of_version_1(folder: Path, stores: Stores):
    """A ban may have been written by hand, without a zone, too."""
    ban = {
        "whom": {"id": "bob", "name": "Bob"}, "by": {"id": "", "name": ""}, "at": "2026-05-01T12:00:00",
        "until": "2026-05-02T12:00:00", "marks": ["member:bob"],
    }  # fmt: skip
    (folder / "moderation.json").write_text(json.dumps({"bans": [ban]}))
    assert stores.moderation.load().bans.find({"member:bob"}, NOON)


# Accounts.


async def test_accounts_are_loaded_with_their_roles_and_passwords(stores: Stores):
    directory = stores.accounts.load()
    names_and_roles = {account.id: (account.name, account.role) for account in directory}
    assert names_and_roles == {
        "olga": ("Ольга", Role.OWNER),
        "ada": ("Ada", Role.ADMIN),
        "mo": ("Mo", Role.MODERATOR),
        "ben": ("Ben", Role.MEMBER),
        "gil": ("Gil", Role.GUEST),
        "sso-5f2c91": ("Sam Sso", Role.MEMBER),
    }
    ben, sam = directory.get("ben"), directory.get("sso-5f2c91")
    assert ben
    assert sam
    passwords = Passwords(PasswordHasher(time_cost=1, memory_cost=8, parallelism=1))
    assert await passwords.verify(ben.password, "another password of ben")
    assert not await passwords.verify(ben.password, "the password of ben")
    assert (ben.created, ben.generation) == (at(10), 1777636895123)
    assert (sam.has_password, sam.generation) == (False, int(at(15).timestamp() * 1000))


# Invitations.


def token(number: int) -> str:
    return f"invitation-number-{number}-abcdefgh"


INVITATIONS = {
    1: Invitation("30b9b075", "", UserRef("", ""), at(32), at(32) + timedelta(days=7), 0, Role.OWNER),
    2: Invitation("51128c6b", "", ADA, at(33), at(33) + timedelta(days=1), 2, Role.MEMBER),
    4: Invitation("91e49a7f", "", OLGA, at(37), at(37) + timedelta(days=7), 0, Role.MEMBER),
}


def test_invitations_of_version_1_are_found_by_their_secret(stores: Stores):
    invitations = stores.invitations.load()
    found = {number: replace(invitations.find(token(number), NOON), digest="") for number in INVITATIONS}
    assert found == INVITATIONS
    assert len(invitations) == 3
    with pytest.raises(AccountRefused):
        invitations.find(token(3), NOON)  # it was revoked


async def test_stored_invitation_of_an_owner_is_gone_once_it_was_used(
    folder: Path, stores: Stores, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(clock, "now", lambda: NOON)
    policy = AccessPolicy(AccessMode.INVITE, SharedPassword(""), stores.invitations.load())
    service = InvitationService(policy, stores.invitations, EventPipeline(EventBus(), stores.audit_log))
    async with service.using(token(1)) as role:
        assert role is Role.OWNER
    async with service.using(token(4)) as role:
        assert role is Role.MEMBER
    again = json_stores(folder, 100).invitations.load()
    assert [(invitation.created_by, invitation.uses) for invitation in again] == [(ADA, 2), (OLGA, 1)]


def test_invitations_without_a_version_are_of_version_1(folder: Path, stores: Stores):
    content = json.loads((folder / "invitations.json").read_bytes())
    del content["version"]
    (folder / "invitations.json").write_text(json.dumps(content))
    assert len(stores.invitations.load()) == 3


# What holds for every file.


def add_invitation(stores: Stores) -> InvitationCreated:
    return Invitations().create(ADA, token(5), 24, NOON)


def delete_gil(stores: Stores) -> AccountDeleted:
    return stores.accounts.load().delete("gil")


FILES: dict[str, tuple[str, int, Callable[[Stores], Any], Callable[[Any], object]]] = {
    "messages": ("chat_log.json", 3, lambda _: posted(1), lambda history: (list(history), history.topic)),
    "moderation": (
        "moderation.json", 2, lambda _: RoomUnlocked("lobby", ADA, at(90)),
        lambda state: (list(state.mutes), list(state.bans), list(state.reports), state.blocked_words, state.locked),
    ),
    "accounts": ("accounts.json", 1, delete_gil, list),
    "invitations": ("invitations.json", 2, add_invitation, list),
}  # fmt: skip
every_file = pytest.mark.parametrize(("name", "file"), [(name, row[0]) for name, row in FILES.items()], ids=FILES)


@every_file
async def test_file_stays_as_it_is_until_something_is_written(folder: Path, stores: Stores, name: str, file: str):
    store = getattr(stores, name)
    store.load()
    await store.close()
    assert (folder / file).read_bytes() == (VERSION_2 / "data_folder" / file).read_bytes()


@every_file
async def test_next_write_has_the_new_version_and_a_restart_reads_it(
    folder: Path, stores: Stores, name: str, file: str
):
    _, version, make_event, content = FILES[name]
    store, event = getattr(stores, name), make_event(stores)
    state = store.load()
    await store.append([event])
    await store.close()
    state.apply(event)
    assert version_of(folder / file) == version
    again = getattr(json_stores(folder, 100), name)
    assert content(again.load()) == content(state)
    await again.close()
    assert quarantined_in(folder) == []


@pytest.mark.parametrize("name", ["messages", "moderation"])
async def test_broken_new_file_is_replaced_by_the_backup_of_the_earlier_version(
    folder: Path, stores: Stores, name: str
):
    file, version, make_event, content = FILES[name]
    store = getattr(stores, name)
    before = content(store.load())
    await store.append([make_event(stores)])
    await store.close()
    broken = (folder / file).read_bytes()[:-100]
    (folder / file).write_bytes(broken)
    again = getattr(json_stores(folder, 100), name)
    assert content(again.load()) == before
    assert (await again.check()).restored_from in {f"{file}.backup-1", f"{file}.backup-2"}  # both are the old file
    assert version_of(folder / file) == version
    [quarantined] = quarantined_in(folder)
    assert quarantined.read_bytes() == broken


@every_file
async def test_broken_file_of_an_earlier_version_is_quarantined(folder: Path, stores: Stores, name: str, file: str):
    broken = (folder / file).read_bytes()[:-100]
    (folder / file).write_bytes(broken)
    store = getattr(stores, name)
    assert list(getattr(store.load(), "reports", [])) == []
    [quarantined] = quarantined_in(folder)
    assert quarantined.read_bytes() == broken
    assert (await store.check()).quarantined == quarantined.name


@pytest.mark.parametrize(
    ("name", "file"), [*((name, row[0]) for name, row in FILES.items()), ("messages", "chat_log.json.journal")]
)
def test_newer_version_is_refused_in_one_line_and_left_alone(folder: Path, stores: Stores, name: str, file: str):
    content = b'{"version":4,"something":"new"}\n'
    (folder / file).write_bytes(content)
    before = {found: found.read_bytes() for found in folder.iterdir()}
    with pytest.raises(StartupError, match="version 4 is newer than this program, which knows up to") as refused:
        getattr(stores, name).load()
    assert str(folder / file).removesuffix(".journal") in str(refused.value)
    assert "\n" not in str(refused.value)
    assert {found: found.read_bytes() for found in folder.iterdir() if found.suffix != ".lock"} == before
