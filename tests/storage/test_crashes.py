"""No crash, at any disk operation, loses or repeats an event. Child processes act as the server and crash."""

import asyncio
import os
import random
import shutil
import signal
import sys
import time
from collections.abc import Awaitable, Callable, Iterable, Sequence
from dataclasses import dataclass
from itertools import count
from pathlib import Path
from typing import NoReturn

import pytest

from chat.domain.messages.events import MessageEvent
from chat.domain.messages.history import History
from chat.storage.json_files.disk.journal import Journal
from chat.storage.json_files.message_store import JsonMessageStore
from tests.storage.journaled import (
    LIMIT,
    append_each,
    copy_with_folder,
    in_journal,
    last_number,
    messages_after,
    open_store,
    write,
)
from tests.storage.samples import CLEARED, deleted, edited, posted, reacted, unreacted
from tests.storage.version_2 import VERSION_2

SOME_KILLS, MANY_KILLS = 4, 40
MAX_BATCH = 4  # events
CRASHED = 9  # exit status

EARLIER: list[MessageEvent] = [
    *(posted(number) for number in range(105)),  # four more than the limit
    reacted(50, "🎉"),
    edited(60, "changed"),
]
IN_JOURNAL: list[MessageEvent] = [posted(200, "a secret"), unreacted(50, "🎉"), posted(201)]
MORE = [posted(202), posted(203)]
DELETED = deleted(200)


@dataclass(frozen=True)
class Scene:
    """The actions during which a child crashes, and the events they add."""

    run: Callable[[JsonMessageStore], Awaitable[None]]
    events: Sequence[MessageEvent] = ()
    compact_after_events: int = 1000


async def post_during_compaction(store: JsonMessageStore) -> None:
    await append_each(store, MORE)
    await store.close()


SCENES = {
    "a post": Scene(lambda store: append_each(store, MORE), MORE),
    "a compaction at the end": Scene(lambda store: store.close()),
    "posts during a compaction": Scene(post_during_compaction, MORE, len(IN_JOURNAL) + 1),
    "a deletion": Scene(lambda store: store.append([DELETED]), [DELETED]),
    "a cleared history": Scene(lambda store: store.append([CLEARED]), [CLEARED]),
}


@pytest.mark.parametrize(
    "limit", [LIMIT, pytest.param(100, marks=pytest.mark.exhaustive)], ids=("journal next", "rewritten next")
)
@pytest.mark.parametrize("scene", SCENES.values(), ids=SCENES)
def test_crash_at_any_disk_operation_loses_and_repeats_nothing(path: Path, scene: Scene, limit: int):
    asyncio.run(write(path, EARLIER))
    for step in count():
        copy = copy_with_folder(path)
        stored, code = child(lambda report, copy=copy, step=step: play(scene, copy, step, report))
        events = [*EARLIER, *IN_JOURNAL, *scene.events]
        if stored == len(IN_JOURNAL) + 1 and scene.events in ([DELETED], [CLEARED]):
            assert not secrets_beside(copy)
        found = list(JsonMessageStore(copy, limit).load())
        sure = len(EARLIER) + stored
        assert found in [messages_after(events[:end])[-limit:] for end in range(sure, len(events) + 1)]
        if not any(message.id == DELETED.message_id for message in found):
            assert not secrets_beside(copy)
        if code == 0:
            assert found == messages_after(events)[-limit:]
            assert step >= 2, "the child was killed"
            return
        assert code == CRASHED


@pytest.mark.parametrize("limit", [LIMIT, 100], ids=("journal", "rewritten"))
def test_crash_at_any_step_of_the_start_loses_and_repeats_nothing(path: Path, limit: int):
    asyncio.run(write(path, EARLIER))
    asyncio.run(append_each(open_store(path), IN_JOURNAL))
    check_crashes_of_the_start(path, limit)


@pytest.mark.parametrize("limit", [LIMIT, 100], ids=("journal", "rewritten"))
def test_crash_at_any_step_of_a_migration_loses_and_repeats_nothing(path: Path, limit: int):
    shutil.copytree(VERSION_2 / "long_history", path.parent, dirs_exist_ok=True)
    check_crashes_of_the_start(path, limit)


def check_crashes_of_the_start(path: Path, limit: int) -> None:
    expected = list(JsonMessageStore(copy_with_folder(path), limit).load())
    for step in count():
        copy = copy_with_folder(path)
        _, code = child(lambda _, copy=copy, step=step: start(copy, limit, step))
        assert list(JsonMessageStore(copy, limit).load()) == expected
        if code == 0:
            assert step >= 5, "the child was killed"
            return
        assert code == CRASHED


def test_crash_between_writing_the_file_and_truncating_the_journal(path: Path, monkeypatch: pytest.MonkeyPatch):
    asyncio.run(write(path, EARLIER))
    monkeypatch.setattr(Journal, "drop", lambda *_: os._exit(CRASHED))
    _, code = child(lambda report: play(SCENES["posts during a compaction"], path, 10_000, report))
    assert code == CRASHED
    end = last_number(path)
    assert end >= len([*EARLIER, *IN_JOURNAL]) + 1
    assert in_journal(path)[0] <= end, "the journal still has what is in the file"
    events = [*EARLIER, *IN_JOURNAL, *MORE]
    assert list(JsonMessageStore(path, LIMIT).load()) in [
        messages_after(events[:end]),
        messages_after(events[: end + 1]),
    ]


@pytest.mark.parametrize("kills", [SOME_KILLS, pytest.param(MANY_KILLS, marks=pytest.mark.exhaustive)])
def test_kills_at_any_moment_lose_and_repeat_nothing(path: Path, kills: int):
    history, number = History(10_000), 0
    for _ in range(kills):
        pid, reports = fork(lambda report, number=number: run_until_killed(path, number, report))
        with reports:
            sure = number + len(reports.read(random.randint(20, 100)))
            time.sleep(random.uniform(0, 0.02))
            os.kill(pid, signal.SIGKILL)
            os.waitpid(pid, 0)
            sure += len(reports.read())
        found = list(JsonMessageStore(path, 10_000).load())
        while number < sure:
            history.apply(event_of_life(number))
            number += 1
        while list(history) != found and number < sure + MAX_BATCH:
            history.apply(event_of_life(number))
            number += 1
        assert list(history) == found
    assert number >= kills * 20


def event_of_life(number: int) -> MessageEvent:
    match number % 50:
        case 10 | 20:
            return reacted(number - 1, "🎉")
        case 11 | 31:
            return edited(number - 2, f"Changed {number}")
        case 45:
            return deleted(number - 1)
    return posted(number)


# Child processes. `report` tells the parent that an event was stored.


async def run_until_killed(path: Path, number: int, report: Callable[[], None]) -> None:
    store = open_store(path, 10_000, compact_after_events=20)
    while True:
        batch = [event_of_life(number + more) for more in range(random.randint(1, MAX_BATCH))]
        await store.append(batch)
        for _ in batch:
            report()
        number += len(batch)


async def play(scene: Scene, path: Path, step: int, report: Callable[[], None]) -> None:
    store = open_store(path, compact_after_events=scene.compact_after_events)
    append = store.append

    async def append_and_report(events: Sequence[MessageEvent]) -> None:
        await append(events)
        report()

    store.append = append_and_report  # type: ignore[method-assign]
    await append_each(store, IN_JOURNAL)
    crash_at(step)
    await scene.run(store)


async def start(path: Path, limit: int, step: int) -> None:
    crash_at(step)
    JsonMessageStore(path, limit).load()


def crash_at(step: int) -> None:
    """Make this process exit without cleanup before its disk operation number `step`."""
    remaining = iter(range(step))
    for name in ("write", "fsync", "ftruncate", "link", "unlink", "rename", "replace"):
        setattr(os, name, crashing(getattr(os, name), remaining))


def crashing(function: Callable[..., object], remaining: Iterable[int]) -> Callable[..., object]:
    def call(*arguments: object, **options: object) -> object:
        if next(iter(remaining), None) is None:
            os._exit(CRASHED)
        return function(*arguments, **options)

    return call


def secrets_beside(path: Path) -> list[str]:
    return [file.name for file in path.parent.iterdir() if b"secret" in file.read_bytes()]


def child(scene: Callable[[Callable[[], None]], Awaitable[None]]) -> tuple[int, int]:
    """Run a scene in a child process. Return the number of stored events and the exit status."""
    pid, reports = fork(scene)
    with reports:
        stored = len(reports.read())
    _, status = os.waitpid(pid, 0)
    return stored, os.waitstatus_to_exitcode(status)


def fork(scene: Callable[[Callable[[], None]], Awaitable[None]]):
    reading, writing = os.pipe()
    pid = os.fork()
    if pid == 0:
        os.close(reading)
        run_and_exit(scene, writing)
    os.close(writing)
    return pid, open(reading, "rb")  # noqa: PTH123


def run_and_exit(scene: Callable[[Callable[[], None]], Awaitable[None]], writing: int) -> NoReturn:
    write_to_parent = os.write
    code = 1
    try:
        asyncio.run(scene(lambda: write_to_parent(writing, b".")))
        code = 0
    except BaseException as problem:
        print(repr(problem), file=sys.__stderr__)
    os._exit(code)
