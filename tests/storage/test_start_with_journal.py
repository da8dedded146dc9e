"""Starting with a journal: events apply once, numbering continues, and nothing broken or newer is lost."""

from pathlib import Path

import pytest

from chat.domain.errors import StartupError
from chat.domain.messages.events import MessageEvent, numbered
from chat.domain.messages.history import History
from chat.storage.json_files.history.history_format import dump_event, dump_log
from chat.storage.json_files.message_store import JsonMessageStore
from tests.storage.journaled import LIMIT, append_each, in_file, in_journal, journal_of, open_store
from tests.storage.samples import deleted, posted, texts


def write_files(path: Path, compacted: int, *events: tuple[int, MessageEvent]) -> None:
    """Write a file with messages 1 to `compacted` (from events of the same numbers), and a journal next to it."""
    history = History(LIMIT, (posted(number).message for number in range(1, compacted + 1)), last=compacted)
    path.write_bytes(b"".join(dump_log(history)))
    journal_of(path).write_bytes(b"".join(dump_event(numbered(event, number)) for number, event in events))


def test_events_in_the_file_are_not_applied_again(path: Path):
    write_files(path, 3, (1, posted(99, "deleted long ago")), (3, posted(3)), (4, posted(4)))
    history = JsonMessageStore(path, LIMIT).load()
    assert texts(history) == ["Message 1", "Message 2", "Message 3", "Message 4"]


async def test_numbering_continues_after_a_start(path: Path):
    write_files(path, 3, (4, posted(4)), (5, posted(5)))
    store = open_store(path)
    await store.append([posted(6)])
    assert in_journal(path) == [6]
    await store.close()
    await open_store(path).append([posted(7)])
    assert in_journal(path) == [7]


async def test_numbering_continues_without_a_journal(path: Path):
    store = open_store(path)
    await append_each(store, map(posted, range(5)))
    await store.close()
    store = open_store(path, 100)
    await append_each(store, map(posted, range(5, 9)))
    await store.close()
    await open_store(path).append([posted(9)])
    assert in_journal(path) == [10]


@pytest.mark.parametrize("limit", [100, LIMIT])
async def test_journal_with_a_broken_line_is_quarantined_and_named(path: Path, limit: int):
    write_files(path, 3, (4, posted(4)), (5, posted(5)), (6, posted(6)))
    lines = journal_of(path).read_bytes().splitlines(keepends=True)
    journal_of(path).write_bytes(lines[0] + b"?\n" + lines[2])
    store = JsonMessageStore(path, limit)
    assert texts(store.load()) == [f"Message {number}" for number in (1, 2, 3, 4)]
    [quarantined] = path.parent.glob("chat_log.json.journal.corrupt-*")
    assert quarantined.read_bytes() == lines[0] + b"?\n" + lines[2]
    assert (await store.check()).quarantined == quarantined.name
    await store.append([posted(7)])
    await store.close()
    assert in_file(path) == [f"Message {number}" for number in (1, 2, 3, 4, 7)]


async def test_broken_file_and_journal_are_both_named(path: Path):
    path.write_bytes(b"?")
    journal_of(path).write_bytes(b"?\n")
    status = await open_store(path).check()
    assert status.quarantined == ", ".join(sorted(file.name for file in path.parent.glob("*.corrupt-*")))


@pytest.mark.parametrize("limit", [100, LIMIT])
@pytest.mark.parametrize("is_file_broken", [False, True], ids=("good file", "broken file"))
def test_events_of_a_newer_program_are_rejected_and_nothing_is_touched(path: Path, limit: int, is_file_broken: bool):
    write_files(path, 3, (4, posted(4)))
    if is_file_broken:
        path.write_bytes(b"?")
    journal_of(path).write_bytes(journal_of(path).read_bytes() + b'{"n":5,"version":3,"kind":"PollOpened"}\n')
    before = {file: file.read_bytes() for file in path.parent.iterdir()}
    with pytest.raises(StartupError) as refused:
        JsonMessageStore(path, limit).load()
    expected = f"{path}: chat_log.json.journal, line 2: 'PollOpened' is a kind of event that this program does not know"
    assert str(refused.value) == expected
    assert {file: file.read_bytes() for file in path.parent.iterdir() if file.suffix != ".lock"} == before


def test_deletion_found_in_a_journal_leaves_no_backup(path: Path):
    write_files(path, 3, (4, deleted(2)))
    assert len(JsonMessageStore(path, LIMIT).load()) == 2
    assert not [file.name for file in path.parent.iterdir() if b"Message 2" in file.read_bytes()]
