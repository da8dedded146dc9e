"""Helpers for a message store with a journal, and for reading its files."""

import json
import shutil
from collections.abc import Iterable
from pathlib import Path

from chat.domain.messages.events import MessageEvent
from chat.domain.messages.message import Message
from chat.storage.json_files.history.history_format import dump_event
from chat.storage.json_files.message_store import JsonMessageStore
from tests.storage.samples import replayed

LIMIT = 101  # the lowest limit with a journal: messages beyond it must not reappear


def open_store(path: Path, limit: int = LIMIT, **compaction: float) -> JsonMessageStore:
    """Return a loaded store; `compaction` are its settings for compacting the journal."""
    store = JsonMessageStore(path, limit, **compaction)
    store.load()
    return store


def lines(events: Iterable[MessageEvent]) -> list[tuple[int, bytes]]:
    """Return the lines of numbered events for the journal."""
    return [(event.number, dump_event(event)) for event in events]


async def append_each(store: JsonMessageStore, events: Iterable[MessageEvent]) -> None:
    for event in events:
        await store.append([event])


async def write(path: Path, events: Iterable[MessageEvent], limit: int = LIMIT) -> None:
    """Store these events and close the store, as a run of the program does."""
    store = open_store(path, limit)
    await append_each(store, events)
    await store.close()


def in_file(path: Path) -> list[str]:
    return [message["text"] for message in json.loads(path.read_bytes())["messages"]]


def last_number(path: Path) -> int:
    return json.loads(path.read_bytes())["last"]


def journal_of(path: Path) -> Path:
    return path.with_name(f"{path.name}.journal")


def in_journal(path: Path) -> list[int]:
    try:
        lines = journal_of(path).read_bytes().splitlines()
    except FileNotFoundError:  # compacted, perhaps just now
        return []
    return [json.loads(line)["n"] for line in lines]


def copy_with_folder(path: Path) -> Path:
    """Copy the folder of the file, as a crash would leave it now. Return the copied file."""
    folder = path.parent.with_name("copy")
    shutil.rmtree(folder, ignore_errors=True)
    return shutil.copytree(path.parent, folder) / path.name


def after_crash(path: Path, limit: int = LIMIT) -> list[Message]:
    """Return the messages that a restart would load after a crash now."""
    return list(JsonMessageStore(copy_with_folder(path), limit).load())


def messages_after(events: Iterable[MessageEvent], limit: int = LIMIT) -> list[Message]:
    return list(replayed(events, limit))
