"""Links that another user of the machine planted in the folder are never followed: no file elsewhere is changed."""

import stat
from pathlib import Path

import pytest

from chat.config.signing_secret import load_secret
from chat.domain.errors import HistoryUnwritable, StartupError
from chat.storage.json_files.audit_log import JsonAuditLog
from chat.storage.json_files.disk.journal import Journal
from tests.storage.kinds import JSON, OpenStore
from tests.storage.samples import CLEARED

BESIDE = (".tmp", ".link", ".backup-1", ".backup-2", ".journal.tmp")


@pytest.fixture
def victim(tmp_path: Path) -> Path:
    victim = tmp_path / "victim"
    victim.write_text("precious")
    victim.chmod(0o644)
    return victim


def is_untouched(victim: Path) -> bool:
    return victim.read_text() == "precious" and stat.S_IMODE(victim.stat().st_mode) == 0o644


@pytest.mark.parametrize("open_store", JSON.values(), ids=JSON)
@pytest.mark.parametrize("is_broken", [False, True], ids=("good file", "broken file"))
async def test_links_beside_a_file_are_replaced_instead_of_followed(
    open_store: OpenStore, folder: Path, victim: Path, is_broken: bool
):
    opened = open_store(folder)
    name = f"{opened.kind.name}.json".replace("messages", "chat_log")
    await opened.store.append(opened.kind.events[:1])
    await opened.store.close()
    for suffix in BESIDE:
        (folder / f"{name}{suffix}").unlink(missing_ok=True)
        (folder / f"{name}{suffix}").symlink_to(victim)
    if is_broken:  # no link is taken for a backup
        (folder / name).write_text("?")
        if opened.kind.name != "messages":
            with pytest.raises(StartupError):
                open_store(folder)
        assert is_untouched(victim)
        return
    opened = open_store(folder)
    for event in opened.kind.events[1:]:
        await opened.store.append([event])
        assert (await opened.store.check()).writable
    await opened.store.close()
    assert opened.after_crash() == opened.replayed(opened.kind.events)
    assert is_untouched(victim)
    assert {stat.S_IMODE(path.stat().st_mode) for path in folder.iterdir() if not path.is_symlink()} == {0o600}


async def test_link_in_place_of_the_journal_stops_the_start(folder: Path, victim: Path):
    (folder / "chat_log.json.journal").symlink_to(victim)
    with pytest.raises(StartupError, match="journal can't be used: it is a symbolic link"):
        JSON["messages with a journal"](folder)
    assert is_untouched(victim)


def test_link_in_place_of_the_journal_leads_to_no_temporary_file(folder: Path, victim: Path):
    beside = victim.with_name(f"{victim.name}.tmp")
    beside.write_text("precious")
    (folder / "journal").symlink_to(victim)
    with pytest.raises(OSError, match="it is a symbolic link"):
        Journal(folder / "journal").check()
    assert beside.read_text() == "precious"


async def test_link_planted_in_place_of_the_journal_is_moved_away(folder: Path, victim: Path):
    opened = JSON["messages with a journal"](folder)
    (folder / "chat_log.json.journal").symlink_to(victim)
    await opened.store.append(opened.kind.events[:1])
    await opened.store.close()
    assert opened.after_crash() == opened.replayed(opened.kind.events[:1])
    assert is_untouched(victim)


async def test_link_planted_in_place_of_the_audit_log_is_refused(folder: Path, victim: Path):
    log = JsonAuditLog(folder / "audit.jsonl")
    log.path.symlink_to(victim)
    with pytest.raises(HistoryUnwritable):
        await log.append(CLEARED)
    assert not (await log.check()).writable
    with pytest.raises(StartupError, match="it is a symbolic link"):
        log.verify()
    assert is_untouched(victim)


@pytest.mark.parametrize("name", [".chat_secret", ".chat_secret.tmp"])
def test_link_in_place_of_the_secret_is_not_followed(folder: Path, victim: Path, name: str):
    (folder / name).symlink_to(victim)
    if name == ".chat_secret":
        with pytest.raises(StartupError, match="it is a symbolic link"):
            load_secret(folder)
    else:
        assert load_secret(folder) == (folder / ".chat_secret").read_text().strip()
    assert is_untouched(victim)
