"""`accounts.json` is readable by its owner only, never half written and never lost."""

import json
import stat
from collections.abc import Iterable
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from chat.domain.accounts.account import Account
from chat.domain.accounts.directory import Directory
from chat.domain.accounts.events import (
    AccountChanged,
    AccountCreated,
    AccountDeleted,
    AccountEvent,
    AvatarChanged,
    RoleChanged,
)
from chat.domain.accounts.password_resets import PasswordReset
from chat.domain.errors import AccountsUnwritable, StartupError
from chat.domain.users import Role, UserRef
from chat.storage.json_files.accounts import account_store
from chat.storage.json_files.snapshot_store import SnapshotStore
from chat.text.nicknames import parse_nickname

NOON = datetime(2026, 5, 1, 12, 30, 15, 123456, tzinfo=UTC)
ANN = Account("ann", parse_nickname("Änn 🦊"), "$argon2id$of Ann", NOON, 7)
BOB = Account("bob", parse_nickname("Bob"), "$argon2id$of Bob", NOON, 1_777_000_000_000, Role.OWNER)
ANNS_NEW_PASSWORD = AccountChanged(ANN, replace(ANN, password="$argon2id$other"))


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "accounts.json"


async def store_events(path: Path, *events: AccountEvent) -> SnapshotStore[Directory]:
    """Append these events one by one to a new store. Return the store."""
    store = account_store(path)
    store.load()
    for event in events:
        await store.append([event])
    return store


def load(path: Path) -> list[Account]:
    return list(account_store(path).load())


def permissions(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


def names(path: Path) -> list[str]:
    return sorted(file.name for file in path.parent.iterdir())


def test_start_without_a_file_creates_none(path: Path):
    assert load(path) == []
    assert names(path) == []


async def test_file_is_readable_json_with_a_version(path: Path):
    await store_events(path, AccountCreated(BOB))
    assert json.loads(path.read_bytes()) == {
        "version": 3,
        "accounts": [
            {
                "id": "bob",
                "name": "Bob",
                "password": "$argon2id$of Bob",
                "created": "2026-05-01T12:30:15.123456Z",
                "generation": 1_777_000_000_000,
                "role": "owner",
            }
        ],
        "deleted": [],
    }
    assert path.read_text().startswith('{\n  "version": 3')


async def test_picture_is_kept(path: Path):
    ann = ANN.member.ref
    chosen, other = AvatarChanged(ann, ann, NOON, "a" * 64), AvatarChanged(ann, ann, NOON, "b" * 64)
    await store_events(path, AccountCreated(ANN), chosen, other)
    assert load(path) == [replace(ANN, picture="b" * 64)]
    store = account_store(path)
    store.load()
    await store.append([AvatarChanged(BOB.member.ref, ann, NOON)])
    assert load(path) == [ANN]
    assert "picture" not in path.read_text()


async def test_ids_of_deleted_accounts_are_kept(path: Path):
    await store_events(path, AccountCreated(ANN), AccountCreated(BOB), AccountDeleted(ANN))
    directory = account_store(path).load()
    assert ([*directory], [*directory.deleted]) == ([BOB], ["ann"])
    await store_events(path, AccountCreated(ANN))
    assert account_store(path).load().deleted == {}


@pytest.mark.parametrize("version", [1, 2])
async def test_file_of_an_earlier_version_is_read_and_upgraded(path: Path, version: int):
    row = {
        "id": "bob",
        "name": "Bob",
        "password": "$argon2id$of Bob",
        "created": "2026-05-01T12:30:15.123456Z",
        "generation": 1_777_000_000_000,
        "role": "owner",
    }
    path.write_text(json.dumps({"version": version, "accounts": [row]}, indent=2))
    assert load(path) == [BOB]
    await store_events(path, AccountCreated(ANN))
    assert json.loads(path.read_bytes())["version"] == 3
    assert load(path) == [BOB, ANN]


async def test_name_of_an_earlier_version_keeps_its_sign(path: Path):
    signed = replace(ANN, nickname=parse_nickname("@nn", keep_sign=True))
    await store_events(path, AccountCreated(signed))
    assert load(path) == [signed]


# Privacy.


async def test_file_and_backups_are_readable_by_their_owner_only(path: Path):
    await store_events(path, AccountCreated(ANN), AccountCreated(BOB))
    await store_events(path, AccountDeleted(ANN), AccountCreated(ANN))
    assert {file.name: permissions(file) for file in path.parent.iterdir()} == dict.fromkeys(
        ("accounts.json", "accounts.json.backup-1"), 0o600
    )
    await store_events(path)
    assert {permissions(file) for file in path.parent.iterdir()} == {0o600}
    assert "accounts.json.backup-2" in names(path)


async def test_permissions_of_an_open_file_are_repaired(path: Path):
    await store_events(path, AccountCreated(ANN))
    path.chmod(0o644)
    assert load(path) == [ANN]
    assert permissions(path) == 0o600


async def test_leftover_of_a_crash_does_not_propagate_its_permissions(path: Path):
    leftover = path.with_name("accounts.json.tmp")
    leftover.write_text("half")
    leftover.chmod(0o666)
    with leftover.open() as spy:
        await store_events(path, AccountCreated(ANN))
        assert "argon2" not in spy.read()
    assert permissions(path) == 0o600


ERASING: list[AccountEvent] = [
    ANNS_NEW_PASSWORD,
    AccountDeleted(ANN),
    RoleChanged("lobby", UserRef("bob", "Bob"), UserRef("ann", "Änn 🦊"), NOON, Role.MEMBER, Role.GUEST),
]


@pytest.mark.parametrize("event", ERASING, ids=lambda event: type(event).__name__)
async def test_replaced_password_or_role_is_in_no_backup(path: Path, event: AccountEvent):
    await store_events(path, AccountCreated(ANN), AccountCreated(BOB))
    await store_events(path, event)
    assert names(path) == ["accounts.json", "accounts.json.backup-1"]
    assert path.with_name("accounts.json.backup-1").read_bytes() == path.read_bytes()
    if not isinstance(event, RoleChanged):
        assert "of Ann" not in path.read_text()


# Broken files.


VALID = '{"id": "ann", "name": "Ann", "password": "x", "created": "2026-05-01T12:00:00Z", "generation": 7}'
BROKEN = {
    "empty": "",
    "no json": "accounts",
    "cut off": '{"version": 1, "accounts": [' + VALID,
    "a list": f"[{VALID}]",
    "no version": f'{{"accounts": [{VALID}]}}',
    "no accounts": '{"version": 1}',
    "something else": '{"version": 1, "accounts": [], "messages": []}',
    "no id": f'{{"version": 1, "accounts": [{VALID.replace("ann", "", 1)}]}}',
    "no name": f'{{"version": 1, "accounts": [{VALID.replace("Ann", " ", 1)}]}}',
    "an unknown role": f'{{"version": 1, "accounts": [{VALID[:-1]}, "role": "king"}}]}}',
    "an invalid time": f'{{"version": 1, "accounts": [{VALID.replace("2026-05-01T12:00:00Z", "noon")}]}}',
    "a time without a zone": f'{{"version": 1, "accounts": [{VALID.replace("00Z", "00")}]}}',
    "an invalid generation": f'{{"version": 1, "accounts": [{VALID.replace("7}", "true}")}]}}',
    "a huge generation": f'{{"version": 1, "accounts": [{VALID.replace("7}", "9" * 400 + "}")}]}}',
    "the accounts twice": f'{{"version": 1, "accounts": [{VALID}], "accounts": []}}',
    "the same id twice": f'{{"version": 1, "accounts": [{VALID}, {VALID.replace("Ann", "Bob")}]}}',
    "the same name twice": f'{{"version": 1, "accounts": [{VALID}, {VALID.replace("ann", "bob", 1)}]}}',
    "a picture elsewhere": f'{{"version": 3, "accounts": [{VALID[:-1]}, "picture": "../chat_log.json"}}]}}',
    "a reset without an end": f'{{"version": 2, "accounts": [{VALID[:-1]}, "reset": {{"digest": "abc"}}}}]}}',
    "deep": '{"version": 1, "accounts": ' + "[" * 100_000,
}
every_broken_file = pytest.mark.parametrize("content", BROKEN.values(), ids=BROKEN)


@every_broken_file
def test_broken_file_stops_the_start_with_one_line_and_is_left_untouched(path: Path, content: str):
    path.write_text(content)
    with pytest.raises(StartupError, match=r"accounts\.json is broken: .+ Replace it by a good copy") as refused:
        load(path)
    assert "\n" not in str(refused.value)
    assert path.read_text() == content
    assert names(path) == ["accounts.json"]


@every_broken_file
async def test_backup_with_the_last_change_is_loaded_and_written_instead(path: Path, content: str):
    await store_events(path, AccountCreated(ANN), AccountCreated(BOB))
    path.write_text(content)
    store = account_store(path)
    assert list(store.load()) == [ANN, BOB]
    status = await store.check()
    [quarantined] = path.parent.glob("*.corrupt-*")
    assert quarantined.read_text() == content
    assert (status.restored_from, status.quarantined) == ("accounts.json.backup-1", quarantined.name)
    assert load(path) == [ANN, BOB]


def test_reset_of_version_2_is_loaded_in_utc(path: Path):
    reset = '"reset": {"digest": "abc", "until": "2026-05-02T14:00:00+02:00"}'
    path.write_text(f'{{"version": 2, "accounts": [{VALID[:-1]}, {reset}}}]}}')
    [ann] = load(path)
    assert ann.reset == PasswordReset("abc", datetime(2026, 5, 2, 12, tzinfo=UTC))


def test_account_without_a_role_is_a_member(path: Path):
    path.write_text(f'{{"version": 1, "accounts": [{VALID}]}}')
    [ann] = load(path)
    assert ann.role is Role.MEMBER


def test_times_in_another_zone_are_loaded_in_utc(path: Path):
    path.write_text(f'{{"version": 1, "accounts": [{VALID.replace("12:00:00Z", "14:00:00+02:00")}]}}')
    [ann] = load(path)
    assert ann.created == datetime(2026, 5, 1, 12, tzinfo=UTC)
    assert ann.created.tzinfo is UTC


def test_newer_version_is_rejected_in_one_line_and_left_untouched(path: Path):
    path.write_text('{"version": 4, "people": {}}')
    with pytest.raises(StartupError, match="version 4 is newer than this program") as refused:
        load(path)
    assert str(path) in str(refused.value)
    assert "\n" not in str(refused.value)
    assert path.read_text() == '{"version": 4, "people": {}}'
    assert names(path) == ["accounts.json"]


# Failing disks.


def test_unwritable_folder_stops_the_start_with_one_line(tmp_path: Path):
    blocker = tmp_path / "data"
    blocker.write_text("a file where the folder should be")
    with pytest.raises(StartupError, match="can't be used") as refused:
        load(blocker / "accounts.json")
    assert "\n" not in str(refused.value)


@pytest.mark.parametrize("events", [[ANNS_NEW_PASSWORD], [AccountCreated(BOB), ANNS_NEW_PASSWORD]], ids=len)
async def test_failed_write_leaves_the_accounts_unchanged(path: Path, events: Iterable[AccountEvent]):
    store = await store_events(path, AccountCreated(ANN))
    path.with_name("accounts.json.tmp").mkdir()
    with pytest.raises(AccountsUnwritable):
        await store.append(list(events))
    path.with_name("accounts.json.tmp").rmdir()
    assert load(path) == [ANN]
