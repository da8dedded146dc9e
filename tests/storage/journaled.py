"""A store with a journal, and what is in its files."""

import json
import shutil
from collections.abc import Iterable
from pathlib import Path

from chat.domain.messages.events import MessageEvent
from chat.domain.messages.message import Message
from chat.storage.json_files.message_store import JsonMessageStore
from tests.storage.samples import replayed

LIMIT = 101  # the shortest history with a journal: messages beyond it must not come back


def opened(path: Path, limit: int = LIMIT, **when: float) -> JsonMessageStore:
    """Return a loaded store; `when` says when the journal is compacted."""
    store = JsonMessageStore(path, limit, **when)
    store.load()
    return store


async def append_each(store: JsonMessageStore, events: Iterable[MessageEvent]) -> None:
    for event in events:
        await store.append([event])


async def write(path: Path, events: Iterable[MessageEvent], limit: int = LIMIT) -> None:
    """Let a run of the program store these events and end."""
    store = opened(path, limit)
    await append_each(store, events)
    await store.close()


def in_file(path: Path) -> list[str]:
    return [message["text"] for message in json.loads(path.read_bytes())["messages"]]


def last_event(path: Path) -> int:
    return json.loads(path.read_bytes())["last_event"]


def journal_of(path: Path) -> Path:
    return path.with_name(f"{path.name}.journal")


def in_journal(path: Path) -> list[int]:
    journal = journal_of(path)
    return [json.loads(line)["n"] for line in journal.read_bytes().splitlines()] if journal.exists() else []


def copied(path: Path) -> Path:
    """Return the file in a copy of its folder, as a process that dies now would leave it."""
    folder = path.parent.with_name("copy")
    shutil.rmtree(folder, ignore_errors=True)
    return shutil.copytree(path.parent, folder) / path.name


def after_crash(path: Path, limit: int = LIMIT) -> list[Message]:
    """Return what a start would load if the process died now."""
    return list(JsonMessageStore(copied(path), limit).load())


def kept(events: Iterable[MessageEvent], limit: int = LIMIT) -> list[Message]:
    """Return the messages that these events lead to."""
    return list(replayed(events, limit))
