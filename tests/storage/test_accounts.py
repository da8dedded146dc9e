"""The accounts on disk: for their owner's eyes only, never half written, never lost."""

import json
import stat
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from chat.domain.accounts.directory import Account
from chat.domain.errors import StartupError
from chat.domain.users import Role
from chat.storage.json_files.accounts import AccountsFile
from chat.text.nicknames import parse_nickname

NOON = datetime(2026, 5, 1, 12, 30, 15, 123456, tzinfo=UTC)
ANN = Account("ann", parse_nickname("Änn 🦊"), "$argon2id$of Ann", NOON, 7)
BOB = Account("bob", parse_nickname("Bob"), "$argon2id$of Bob", NOON, 1_777_000_000_000, Role.OWNER)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "accounts.json"


def written(path: Path, *versions: list[Account]) -> AccountsFile:
    """Let a first run of the program save these."""
    file = AccountsFile(path)
    file.load()
    for accounts in versions:
        file.save(accounts, forget=False)
    return file


def permissions(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


def test_no_file_is_no_accounts_and_makes_none(path: Path):
    assert AccountsFile(path).load() == []
    assert list(path.parent.iterdir()) == []


def test_what_is_saved_is_there_after_a_restart(path: Path):
    written(path, [ANN, BOB])
    assert AccountsFile(path).load() == [ANN, BOB]


def test_the_file_is_readable_json_with_a_version(path: Path):
    written(path, [BOB])
    assert json.loads(path.read_bytes()) == {
        "version": 1,
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
    }
    assert path.read_text().startswith('{\n  "version": 1')


def test_it_and_its_backups_are_for_their_owner_only(path: Path):
    written(path, [ANN], [ANN, BOB])
    written(path, [ANN])
    assert {file.name: permissions(file) for file in path.parent.iterdir()} == dict.fromkeys(
        ("accounts.json", "accounts.json.backup-1", "accounts.json.backup-2"), 0o600
    )


def test_a_file_that_others_could_read_is_closed(path: Path):
    written(path, [ANN])
    path.chmod(0o644)
    AccountsFile(path).load()
    assert permissions(path) == 0o600


def test_a_leftover_of_a_crash_that_others_could_read_does_not_pass_on_its_mode(path: Path):
    leftover = path.with_name("accounts.json.tmp")
    leftover.write_text("half")
    leftover.chmod(0o666)
    with leftover.open() as spy:
        written(path, [ANN])
        assert "argon2" not in spy.read()
    assert permissions(path) == 0o600


def test_to_forget_leaves_nothing_of_before(path: Path):
    file = written(path, [ANN], [ANN, BOB])
    file.save([BOB], forget=True)
    assert [found.name for found in path.parent.iterdir()] == ["accounts.json"]
    assert "of Ann" not in path.read_text()


KEPT = '{"id": "ann", "name": "Ann", "password": "x", "created": "2026-05-01T12:00:00Z", "generation": 7}'
BROKEN = {
    "empty": "",
    "no json": "accounts",
    "cut off": '{"version": 1, "accounts": [' + KEPT,
    "a list": f"[{KEPT}]",
    "no version": f'{{"accounts": [{KEPT}]}}',
    "no accounts": '{"version": 1}',
    "something else": '{"version": 1, "accounts": [], "messages": []}',
    "no id": f'{{"version": 1, "accounts": [{KEPT.replace("ann", "", 1)}]}}',
    "no name": f'{{"version": 1, "accounts": [{KEPT.replace("Ann", " ", 1)}]}}',
    "an unknown role": f'{{"version": 1, "accounts": [{KEPT[:-1]}, "role": "king"}}]}}',
    "a time that is none": f'{{"version": 1, "accounts": [{KEPT.replace("2026-05-01T12:00:00Z", "noon")}]}}',
    "a time without a zone": f'{{"version": 1, "accounts": [{KEPT.replace("00Z", "00")}]}}',
    "a generation that is none": f'{{"version": 1, "accounts": [{KEPT.replace("7}", "true}")}]}}',
    "the same id twice": f'{{"version": 1, "accounts": [{KEPT}, {KEPT.replace("Ann", "Bob")}]}}',
    "the same name twice": f'{{"version": 1, "accounts": [{KEPT}, {KEPT.replace("ann", "bob", 1)}]}}',
    "deep": '{"version": 1, "accounts": ' + "[" * 100_000,
}


@pytest.mark.parametrize("content", BROKEN.values(), ids=BROKEN)
def test_a_broken_file_is_set_aside_untouched(path: Path, content: str):
    path.write_text(content)
    file = AccountsFile(path)
    assert file.load() == []
    [aside] = path.parent.glob("*.corrupt-*")
    assert aside.read_text() == content
    assert permissions(aside) == 0o600
    assert file.file.quarantined == aside.name


@pytest.mark.parametrize("content", BROKEN.values(), ids=BROKEN)
def test_the_newest_good_backup_is_loaded_instead_and_written(path: Path, content: str):
    written(path, [ANN], [ANN, BOB])
    path.write_text(content)
    file = AccountsFile(path)
    assert file.load() == [ANN]
    assert file.file.restored_from == "accounts.json.backup-1"
    assert AccountsFile(path).load() == [ANN]


def test_a_file_without_roles_has_members(path: Path):
    path.write_text(f'{{"version": 1, "accounts": [{KEPT}]}}')
    [ann] = AccountsFile(path).load()
    assert ann.role is Role.MEMBER


def test_times_written_by_hand_in_another_zone_are_kept_in_utc(path: Path):
    path.write_text(f'{{"version": 1, "accounts": [{KEPT.replace("12:00:00Z", "14:00:00+02:00")}]}}')
    [ann] = AccountsFile(path).load()
    assert ann.created == datetime(2026, 5, 1, 12, tzinfo=UTC)
    assert ann.created.tzinfo is UTC


def test_a_newer_version_is_refused_in_one_line_and_left_alone(path: Path):
    path.write_text('{"version": 2, "people": {}}')
    with pytest.raises(StartupError, match="version 2 is newer than this program") as refused:
        AccountsFile(path).load()
    assert str(path) in str(refused.value)
    assert "\n" not in str(refused.value)
    assert path.read_text() == '{"version": 2, "people": {}}'
    assert [file.name for file in path.parent.iterdir()] == ["accounts.json"]


def test_a_folder_that_cannot_be_written_stops_the_start_with_one_line(tmp_path: Path):
    blocker = tmp_path / "data"
    blocker.write_text("a file where the folder should be")
    with pytest.raises(StartupError, match="can't be used") as refused:
        AccountsFile(blocker / "accounts.json").load()
    assert "\n" not in str(refused.value)


def test_what_cannot_be_written_leaves_what_was(path: Path):
    file = written(path, [ANN])
    path.with_name("accounts.json.tmp").mkdir()
    with pytest.raises(OSError, match="directory"):
        file.save([replace(ANN, generation=9)], forget=False)
    path.with_name("accounts.json.tmp").rmdir()
    assert AccountsFile(path).load() == [ANN]
