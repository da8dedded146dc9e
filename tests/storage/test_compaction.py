"""A long history: facts go to the journal and are folded into the file, and no crash on the way costs anything."""

import asyncio
import json
import os
import random
import shutil
import signal
import stat
import sys
import threading
import time
from collections.abc import Awaitable, Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import count
from pathlib import Path
from typing import NoReturn

import pytest
from structlog.testing import capture_logs

from chat.domain.errors import HistoryUnwritable, StartupError
from chat.domain.events import DurableEvent, HistoryCleared, MessageDeleted, MessageEdited, MessagePosted, Reacted
from chat.domain.messages.history import History
from chat.domain.messages.message import Message
from chat.storage.json_files import compaction as folding
from chat.storage.json_files.compaction import Compactor
from chat.storage.json_files.history_format import SLICE, dump_event, dump_log
from chat.storage.json_files.journal import Journal
from chat.storage.json_files.message_store import JsonStore

NOON = datetime(2026, 5, 1, 12, 30, 15, 123456, tzinfo=UTC)
LIMIT = 101  # the shortest history with a journal: what falls out of it must not come back
KILLS = 15
AT_ONCE = 4
CRASHED = 9


def posted(number: int, text: str | None = None) -> MessagePosted:
    return MessagePosted(
        "lobby", Message(f"message{number:05}", "lobby", "ann", "Ann", text or f"Message {number}", NOON)
    )


def replayed(events: Iterable[DurableEvent], limit: int = LIMIT) -> list[Message]:
    history = History(limit)
    for event in events:
        history.apply(event)
    return list(history)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    folder = tmp_path / "store"
    folder.mkdir()
    return folder / "chat_log.json"


def opened(path: Path, limit: int = LIMIT, **when: float) -> JsonStore:
    store = JsonStore(path, limit, **when)
    store.load()
    return store


async def keep(store: JsonStore, events: Iterable[DurableEvent]) -> None:
    for event in events:
        await store.append(event)


def in_file(path: Path) -> list[str]:
    return [message["text"] for message in json.loads(path.read_bytes())["messages"]]


def folded(path: Path) -> int:
    return json.loads(path.read_bytes())["folded"]


def in_journal(path: Path) -> list[int]:
    journal = path.with_name("chat_log.json.journal")
    return [json.loads(line)["n"] for line in journal.read_bytes().splitlines()] if journal.exists() else []


def after_a_crash(path: Path, limit: int = LIMIT) -> list[Message]:
    """What would be found if the process died now."""
    folder = shutil.copytree(path.parent, path.parent.with_name("crashed"), dirs_exist_ok=False)
    found = list(JsonStore(folder / path.name, limit).load())
    shutil.rmtree(folder)
    return found


async def eventually(condition: Callable[[], bool]) -> None:
    async with asyncio.timeout(10):
        while not condition():  # noqa: ASYNC110 (a file tells nobody)
            await asyncio.sleep(0.002)


# When it is folded.


async def test_facts_are_added_to_the_journal_and_the_file_stays(path: Path):
    store = opened(path)
    await keep(store, map(posted, range(5)))
    assert in_file(path) == []
    assert in_journal(path) == [1, 2, 3, 4, 5]


async def test_at_the_end_the_file_has_everything_and_the_journal_is_gone(path: Path):
    store = opened(path)
    await keep(store, map(posted, range(5)))
    await store.close()
    assert in_file(path) == [f"Message {number}" for number in range(5)]
    assert folded(path) == 5
    assert list(path.parent.glob("*.journal*")) == []


@pytest.mark.parametrize("limit", [100, 10_000], ids=("short", "long"))
async def test_at_the_start_the_file_has_everything_and_the_journal_is_gone(path: Path, limit: int):
    await keep(opened(path, 10_000), map(posted, range(120)))
    assert list(JsonStore(copied(path), limit).load()) == replayed(map(posted, range(120)), limit)
    assert in_file(copy_of(path)) == [f"Message {number}" for number in range(max(0, 120 - limit), 120)]
    assert list(copy_of(path).parent.glob("*.journal*")) == []


def copy_of(path: Path) -> Path:
    return path.parent.with_name("copy") / path.name


def copied(path: Path) -> Path:
    shutil.copytree(path.parent, copy_of(path).parent)
    return copy_of(path)


async def test_after_so_many_facts_it_is_folded_in_the_background(path: Path):
    store = opened(path, compact_after_events=10)
    await keep(store, map(posted, range(9)))
    assert in_file(path) == []
    await store.append(posted(9))
    await eventually(lambda: in_journal(path) == [])
    assert len(in_file(path)) == 10
    await keep(store, map(posted, range(10, 20)))
    await eventually(lambda: len(in_file(path)) == 20)
    await store.close()


async def test_after_so_much_time_it_is_folded_in_the_background(path: Path):
    store = opened(path, compact_after_seconds=0.05)
    await store.append(posted(1))
    assert in_journal(path) == [1]
    await eventually(lambda: in_journal(path) == [])
    assert in_file(path) == ["Message 1"]
    await store.append(posted(2))
    await eventually(lambda: in_journal(path) == [])
    assert in_file(path) == ["Message 1", "Message 2"]
    await store.close()


@dataclass
class SharedPassword:
    """Holds up the writing of `chat_log.json`."""

    reached: threading.Event
    open: threading.Event


@pytest.fixture
def slow(path: Path, monkeypatch: pytest.MonkeyPatch) -> SharedPassword:
    gate = SharedPassword(threading.Event(), threading.Event())
    replace_file = os.replace

    def wait(source: Path, target: Path) -> None:
        if Path(target) == path:
            gate.reached.set()
            assert gate.open.wait(10)
        replace_file(source, target)

    gate.open.set()
    monkeypatch.setattr(os, "replace", wait)
    return gate


async def test_nobody_waits_for_it_and_later_facts_stay_in_the_journal(path: Path, slow: SharedPassword):
    store = opened(path, compact_after_events=5)
    slow.open.clear()
    slow.reached.clear()
    await keep(store, map(posted, range(5)))
    assert await asyncio.to_thread(slow.reached.wait, 10)
    async with asyncio.timeout(5):
        await keep(store, map(posted, range(5, 9)))
    assert in_journal(path) == list(range(1, 10))
    assert after_a_crash(path) == replayed(map(posted, range(9)))
    slow.open.set()
    await eventually(lambda: in_journal(path) == [6, 7, 8, 9])
    assert in_file(path) == [f"Message {number}" for number in range(5)]
    assert after_a_crash(path) == replayed(map(posted, range(9)))
    await store.close()


async def test_a_deletion_waits_for_it_and_is_on_disk_when_it_is_told(path: Path, slow: SharedPassword):
    store = opened(path, compact_after_events=5)
    slow.open.clear()
    slow.reached.clear()
    await keep(store, (posted(number, "a secret") for number in range(5)))
    assert await asyncio.to_thread(slow.reached.wait, 10)
    deleting = asyncio.create_task(store.append(MessageDeleted("lobby", "message00003", "ann")))
    slow.open.set()
    await deleting
    assert in_journal(path) == []
    assert len(in_file(path)) == 4
    await store.close()


async def test_a_long_history_is_dumped_in_pieces(path: Path):
    history = History(10_000, (posted(number).message for number in range(10_000)))
    assert max(piece.count(b'"id"') for piece in dump_log(history, 0)) == SLICE


async def test_where_it_fails_facts_are_kept_all_the_same_and_it_is_tried_again(path: Path):
    store = opened(path, compact_after_events=5)
    blocker = path.with_name("chat_log.json.tmp")
    blocker.mkdir()
    with capture_logs() as said:
        await keep(store, map(posted, range(7)))
        await eventually(lambda: "journal can't be folded in" in [entry["event"] for entry in said])
    assert (await store.check()).writable
    assert after_a_crash_without(blocker, path) == replayed(map(posted, range(7)))
    blocker.rmdir()
    await keep(store, map(posted, range(7, 12)))
    await eventually(lambda: len(in_file(path)) >= 10)
    await store.close()
    assert len(in_file(path)) == 12


def after_a_crash_without(blocker: Path, path: Path) -> list[Message]:
    folder = shutil.copytree(path.parent, path.parent.with_name("other"), ignore=shutil.ignore_patterns(blocker.name))
    return list(JsonStore(folder / path.name, LIMIT).load())


async def test_a_journal_that_somebody_removed_costs_nothing(path: Path):
    store = opened(path)
    await keep(store, map(posted, range(5)))
    path.with_name("chat_log.json.journal").unlink()
    await keep(store, map(posted, range(5, 8)))
    assert after_a_crash(path) == replayed(map(posted, range(8)))
    await store.close()


async def test_after_a_deletion_that_failed_late_what_is_posted_is_still_kept(
    path: Path, monkeypatch: pytest.MonkeyPatch
):
    store = opened(path)
    await keep(store, map(posted, range(3)))
    with monkeypatch.context() as failing:
        failing.setattr(os, "fsync", not_for_folders(os.fsync))
        with pytest.raises(HistoryUnwritable):
            await store.append(MessageDeleted("lobby", "message00001", "ann"))
    await store.append(posted(3))
    assert posted(3).message in after_a_crash(path)
    await store.close()
    assert in_file(path) == [f"Message {number}" for number in range(4)]


def not_for_folders(fsync: Callable[[int], None]) -> Callable[[int], None]:
    def refuse_folders(descriptor: int) -> None:
        if stat.S_ISDIR(os.fstat(descriptor).st_mode):
            raise OSError(5, "Input/output error")
        fsync(descriptor)

    return refuse_folders


# The clock of it.


class Counted:
    """A fold that counts, works as told, and waits at its gate."""

    def __init__(self) -> None:
        self.done = self.running = self.most_at_once = 0
        self.works = True
        self.gate = asyncio.Event()
        self.gate.set()

    async def __call__(self) -> bool:
        self.running += 1
        self.most_at_once = max(self.most_at_once, self.running)
        await self.gate.wait()
        self.running -= 1
        self.done += 1
        return self.works


async def test_never_two_folds_at_once_and_none_forgotten():
    fold = Counted()
    when = Compactor(fold, 10, 60)
    fold.gate.clear()
    when.note(10)
    await eventually(lambda: fold.running == 1)
    for _ in range(25):
        when.note(1)
    fold.gate.set()
    await eventually(lambda: fold.done == 2)
    assert fold.most_at_once == 1
    await when.stop()


async def test_time_counts_from_the_first_fact_even_if_it_came_during_a_fold():
    fold = Counted()
    when = Compactor(fold, 10, 0.02)
    fold.gate.clear()
    when.note(10)
    await eventually(lambda: fold.running == 1)
    when.note(1)
    await asyncio.sleep(0.05)
    fold.gate.set()
    await eventually(lambda: fold.done == 2)
    await when.stop()


async def test_a_fold_that_failed_is_tried_again_without_new_facts(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(folding, "RETRY_AFTER", 0.01)
    fold = Counted()
    fold.works = False
    when = Compactor(fold, 1, 60)
    when.note(1)
    await eventually(lambda: fold.done == 3)
    fold.works = True
    await when.stop()


async def test_when_nothing_waits_nothing_is_folded():
    fold = Counted()
    when = Compactor(fold, 10, 0.01)
    when.note(5)
    when.forget()
    when.note(0)
    when.forget()
    await asyncio.sleep(0.03)
    await when.stop()
    assert fold.done == 0


# What is found at the start.


def spoil(path: Path, content: bytes) -> None:
    path.write_bytes(content)


def left_behind(path: Path, folded: int, *events: tuple[int, DurableEvent]) -> None:
    """A file with `folded` messages in it (numbers 1 to `folded`), and a journal beside it."""
    history = History(LIMIT, (posted(number).message for number in range(1, folded + 1)))
    path.write_bytes(b"".join(dump_log(history, folded)))
    path.with_name("chat_log.json.journal").write_bytes(b"".join(dump_event(*event) for event in events))


def test_what_is_in_the_file_already_is_not_taken_again(path: Path):
    left_behind(path, 3, (1, posted(99, "deleted long ago")), (3, posted(3)), (4, posted(4)))
    history = JsonStore(path, LIMIT).load()
    assert [message.text for message in history] == ["Message 1", "Message 2", "Message 3", "Message 4"]


async def test_numbers_go_on_after_a_start(path: Path):
    left_behind(path, 3, (4, posted(4)), (5, posted(5)))
    store = opened(path)
    await store.append(posted(6))
    assert in_journal(path) == [6]
    await store.close()
    await keep(opened(path), [posted(7)])
    assert in_journal(path) == [7]


async def test_numbers_go_on_after_a_time_without_a_journal(path: Path):
    store = opened(path)
    await keep(store, map(posted, range(5)))
    await store.close()
    store = opened(path, 100)
    await keep(store, map(posted, range(5, 9)))
    await store.close()
    await keep(opened(path), [posted(9)])
    assert in_journal(path) == [6]


@pytest.mark.parametrize("limit", [100, LIMIT])
async def test_a_broken_line_in_the_middle_keeps_the_journal_aside_and_says_so(path: Path, limit: int):
    left_behind(path, 3, (4, posted(4)), (5, posted(5)), (6, posted(6)))
    journal = path.with_name("chat_log.json.journal")
    lines = journal.read_bytes().splitlines(keepends=True)
    journal.write_bytes(lines[0] + b"?\n" + lines[2])
    store = JsonStore(path, limit)
    assert [message.text for message in store.load()] == [f"Message {number}" for number in (1, 2, 3, 4)]
    [aside] = path.parent.glob("chat_log.json.journal.corrupt-*")
    assert aside.read_bytes() == lines[0] + b"?\n" + lines[2]
    assert (await store.check()).quarantined == aside.name
    await store.append(posted(7))
    await store.close()
    assert in_file(path) == [f"Message {number}" for number in (1, 2, 3, 4, 7)]


async def test_where_file_and_journal_are_broken_both_are_named(path: Path):
    spoil(path, b"?")
    spoil(path.with_name("chat_log.json.journal"), b"?\n")
    store = opened(path)
    status = await store.check()
    assert status.quarantined == ", ".join(sorted(file.name for file in path.parent.glob("*.corrupt-*")))


@pytest.mark.parametrize("limit", [100, LIMIT])
@pytest.mark.parametrize("is_file_broken", [False, True], ids=("good file", "broken file"))
def test_facts_from_a_newer_program_are_refused_and_nothing_is_touched(path: Path, limit: int, is_file_broken: bool):
    left_behind(path, 3, (4, posted(4)))
    if is_file_broken:
        path.write_bytes(b"?")
    journal = path.with_name("chat_log.json.journal")
    journal.write_bytes(journal.read_bytes() + b'{"n":5,"version":2,"kind":"PollOpened"}\n')
    before = {file: file.read_bytes() for file in path.parent.iterdir()}
    with pytest.raises(StartupError) as refused:
        JsonStore(path, limit).load()
    expected = f"{path}: chat_log.json.journal, line 2: 'PollOpened' is a kind of fact that this program does not know"
    assert str(refused.value) == expected
    assert {file: file.read_bytes() for file in path.parent.iterdir() if file.suffix != ".lock"} == before


def test_a_deletion_found_in_a_journal_leaves_no_backup(path: Path):
    left_behind(path, 3, (4, MessageDeleted("lobby", "message00002", "ann")))
    assert len(JsonStore(path, LIMIT).load()) == 2
    assert not [file.name for file in path.parent.iterdir() if b"Message 2" in file.read_bytes()]


# Crashes. A child process does what a server does, and dies at one step on the disk after the other.


EARLIER: list[DurableEvent] = [
    *(posted(number) for number in range(105)),  # four of them have fallen out already
    Reacted("lobby", "message00050", "🎉", "bob", "Bob", True),
    MessageEdited("lobby", "message00060", "changed", {}, NOON),
]
UNFOLDED: list[DurableEvent] = [
    posted(200, "a secret"),
    Reacted("lobby", "message00050", "🎉", "bob", "Bob", False),
    posted(201),
]
MORE = [posted(202), posted(203)]
DELETED = MessageDeleted("lobby", "message00200", "ann")
CLEARED = HistoryCleared("lobby", "ann", "Ann", NOON)


@dataclass(frozen=True)
class Scene:
    """What happens in the child while it may crash, and the facts that it brings."""

    run: Callable[[JsonStore], Awaitable[None]]
    events: Sequence[DurableEvent] = ()
    compact_after_events: int = 1000


async def post_while_folding(store: JsonStore) -> None:
    await asyncio.gather(*map(store.append, MORE[:1]))
    await store.append(MORE[1])
    await store.close()


SCENES = {
    "a post": Scene(lambda store: keep(store, MORE), MORE),
    "a fold at the end": Scene(lambda store: store.close()),
    "posts while it is folded": Scene(post_while_folding, MORE, len(UNFOLDED) + 1),
    "a deletion": Scene(lambda store: store.append(DELETED), [DELETED]),
    "a wiped history": Scene(lambda store: store.append(CLEARED), [CLEARED]),
}


@pytest.mark.parametrize("limit", [LIMIT, 100], ids=("journal next", "rewritten next"))
@pytest.mark.parametrize("scene", SCENES.values(), ids=SCENES)
def test_a_crash_at_any_step_on_the_disk_costs_and_repeats_nothing(path: Path, scene: Scene, limit: int):
    asyncio.run(written(path, EARLIER))
    for step in count():
        shutil.rmtree(copy_of(path).parent, ignore_errors=True)
        here = copied(path)
        told, code = child(lambda tell, here=here, step=step: play(scene, here, step, tell))
        events = [*EARLIER, *UNFOLDED, *scene.events]
        if told == len(UNFOLDED) + 1 and scene.events in ([DELETED], [CLEARED]):
            assert not secrets_beside(here)
        found = list(JsonStore(here, limit).load())
        sure = len(EARLIER) + told
        assert found in [replayed(events[:end])[-limit:] for end in range(sure, len(events) + 1)]
        if not any(message.id == "message00200" for message in found):
            assert not secrets_beside(here)
        if code == 0:
            assert found == replayed(events)[-limit:]
            assert step >= 2, "it has been killed"
            return
        assert code == CRASHED


@pytest.mark.parametrize("limit", [LIMIT, 100], ids=("journal", "rewritten"))
def test_a_crash_at_any_step_of_the_start_costs_and_repeats_nothing(path: Path, limit: int):
    asyncio.run(written(path, EARLIER))
    asyncio.run(keep(opened(path), UNFOLDED))
    for step in count():
        shutil.rmtree(copy_of(path).parent, ignore_errors=True)
        here = copied(path)
        _, code = child(lambda _, here=here, step=step: start(here, limit, step))
        assert list(JsonStore(here, limit).load()) == replayed([*EARLIER, *UNFOLDED])[-limit:]
        if code == 0:
            assert step >= 5, "it has been killed"
            return
        assert code == CRASHED


def test_a_crash_after_the_file_was_written_before_the_journal_was_cut(path: Path, monkeypatch: pytest.MonkeyPatch):
    asyncio.run(written(path, EARLIER))
    monkeypatch.setattr(Journal, "drop", lambda *_: os._exit(CRASHED))
    _, code = child(lambda tell: play(SCENES["posts while it is folded"], path, 10_000, tell))
    assert code == CRASHED
    end = folded(path)
    assert end >= len([*EARLIER, *UNFOLDED]) + 1
    assert in_journal(path)[0] <= end, "the journal still has what is in the file"
    events = [*EARLIER, *UNFOLDED, *MORE]
    assert list(JsonStore(path, LIMIT).load()) in [replayed(events[:end]), replayed(events[: end + 1])]


def test_kills_at_any_moment_cost_and_repeat_nothing(path: Path):
    history, number = History(10_000), 0
    for _ in range(KILLS):
        pid, told = fork(lambda tell, number=number: live(path, number, tell))
        time.sleep(random.uniform(0.05, 0.4))
        os.kill(pid, signal.SIGKILL)
        os.waitpid(pid, 0)
        with told:
            sure = number + len(told.read())
        found = list(JsonStore(path, 10_000).load())
        while number < sure:
            history.apply(life(number))
            number += 1
        while list(history) != found and number < sure + AT_ONCE:
            history.apply(life(number))
            number += 1
        assert list(history) == found
    print(f"{KILLS} kills, {number} facts kept")
    assert number > KILLS * 20, "it has been busy"


def life(number: int) -> DurableEvent:
    """The fact that comes as number so and so."""
    before = f"message{number - 1:05}"
    match number % 50:
        case 10 | 20:
            return Reacted("lobby", before, "🎉", "bob", "Bob", True)
        case 11 | 31:
            return MessageEdited("lobby", f"message{number - 2:05}", f"Changed {number}", {}, NOON)
        case 45:
            return MessageDeleted("lobby", before, "ann")
    return posted(number)


async def live(path: Path, number: int, tell: Callable[[], None]) -> None:
    store = JsonStore(path, 10_000, compact_after_events=20)
    store.load()
    store.subscribe(lambda _: tell())
    while True:
        await asyncio.gather(*(store.append(life(number + more)) for more in range(AT_ONCE)))
        number += AT_ONCE


def secrets_beside(path: Path) -> list[str]:
    return [file.name for file in path.parent.iterdir() if b"secret" in file.read_bytes()]


async def written(path: Path, events: Iterable[DurableEvent]) -> None:
    store = opened(path)
    await keep(store, events)
    await store.close()


async def play(scene: Scene, path: Path, step: int, tell: Callable[[], None]) -> None:
    store = opened(path, compact_after_events=scene.compact_after_events)
    store.subscribe(lambda _: tell())
    await keep(store, UNFOLDED)
    crash_at(step)
    await scene.run(store)


async def start(path: Path, limit: int, step: int) -> None:
    crash_at(step)
    JsonStore(path, limit).load()


def crash_at(step: int) -> None:
    """End this process, without any cleaning up, before the disk is touched for the time number `step`."""
    left = iter(range(step))
    for name in ("write", "fsync", "ftruncate", "link", "unlink", "rename", "replace"):
        setattr(os, name, crashing(getattr(os, name), left))


def crashing(function: Callable[..., object], left: Iterable[int]) -> Callable[..., object]:
    def called(*arguments: object, **named: object) -> object:
        if next(iter(left), None) is None:
            os._exit(CRASHED)
        return function(*arguments, **named)

    return called


def child(scene: Callable[[Callable[[], None]], Awaitable[None]]) -> tuple[int, int]:
    """Run a scene in a process of its own: how many facts were told there, and how it ended."""
    pid, told = fork(scene)
    with told:
        count_told = len(told.read())
    _, status = os.waitpid(pid, 0)
    return count_told, os.waitstatus_to_exitcode(status)


def fork(scene: Callable[[Callable[[], None]], Awaitable[None]]):
    reading, writing = os.pipe()
    pid = os.fork()
    if pid == 0:
        os.close(reading)
        run_and_exit(scene, writing)
    os.close(writing)
    return pid, open(reading, "rb", buffering=0)  # noqa: PTH123


def run_and_exit(scene: Callable[[Callable[[], None]], Awaitable[None]], writing: int) -> NoReturn:
    write = os.write
    code = 1
    try:
        asyncio.run(scene(lambda: write(writing, b".")))
        code = 0
    except BaseException as problem:
        print(repr(problem), file=sys.__stderr__)
    os._exit(code)
