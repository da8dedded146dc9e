"""The promise of every store (durable first, then told, in one order), and what is special about the JSON file.

Both ways of the JSON store are tested: rewritten whole (a limit of 100) and with a journal (10,000).
"""

import asyncio
import json
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterable, Iterator
from contextlib import AbstractContextManager, contextmanager, suppress
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from chat.domain.errors import HistoryUnwritable, StartupError
from chat.domain.events import (
    AuthorAnonymized,
    DurableEvent,
    HistoryCleared,
    MessageDeleted,
    MessageEdited,
    MessagePosted,
    Reacted,
    TopicChanged,
)
from chat.domain.messages.history import History
from chat.domain.messages.message import Kind, Message
from chat.storage.json_files.message_store import JsonStore, Store
from tests.support.disk import Disk

NOON = datetime(2026, 5, 1, 12, 30, 15, 123456, tzinfo=UTC)
CLEARED = HistoryCleared("lobby", "ann", "Ann", NOON)
FIRST_VERSION = Path(__file__).parents[1] / "fixtures" / "chat_log_v1.json"


def posted(number: int, text: str | None = None) -> MessagePosted:
    return MessagePosted(
        "lobby", Message(f"message{number:03}", "lobby", "ann", "Ann", text or f"Message {number}", NOON)
    )


def later(seconds: float) -> datetime:
    return NOON + timedelta(seconds=seconds)


LIFE: list[DurableEvent] = [
    posted(1, "Hällo 🦊"),
    posted(2, 'مرحبا "<b>"\\'),
    MessagePosted(
        "lobby",
        replace(posted(3, "@Ann see above").message, reply=posted(2).message.quote, mentions={"Ann": "ann"}),
    ),
    Reacted("lobby", "message001", "🎉", "bob", "Bob", True),
    Reacted("lobby", "message001", "👍🏽", "bob", "Bob", True),
    Reacted("lobby", "message001", "🎉", "cid", "Çid", True),
    Reacted("lobby", "message001", "🎉", "bob", "Bob", False),
    MessageEdited("lobby", "message002", "changed, @all", {"all": "all"}, later(7.5)),
    TopicChanged("lobby", "Tea, and cake", "ann", "Ann", later(8)),
    posted(4),
    MessageDeleted("lobby", "message004", "ann"),
    posted(5),
    AuthorAnonymized("lobby", "bob", "x1y2", later(9)),
    posted(6),
]
"""Every kind of lasting fact but a wiped history."""


def replayed(events: Iterable[DurableEvent]) -> History:
    history = History(100)
    for event in events:
        history.apply(event)
    return history


def texts(history: History) -> list[str]:
    return [message.text for message in history]


@dataclass(frozen=True)
class StoreKind:
    """A store under test: how to open it, its limit, what is left if it dies now, and how to make writes fail."""

    open: Callable[[Path, int], Store]
    limit: int
    crash: Callable[[Path], Path]
    broken: Callable[[Path], AbstractContextManager[None]]


def copy_of(folder: Path) -> Path:
    return shutil.copytree(folder, folder.with_name(f"{folder.name}+"), dirs_exist_ok=True)


@contextmanager
def no_temporary_file(folder: Path) -> Iterator[None]:
    blocker = folder / "chat_log.json.tmp"
    blocker.mkdir()
    yield
    blocker.rmdir()


@contextmanager
def no_folder(folder: Path) -> Iterator[None]:
    away = folder.rename(folder.with_name("away"))
    folder.write_text("a file where the folder was")
    yield
    folder.unlink()
    away.rename(folder)


def open_json(folder: Path, limit: int) -> JsonStore:
    return JsonStore(folder / "chat_log.json", limit)


STORES = {
    "rewritten, temporary file blocked": StoreKind(open_json, 100, copy_of, no_temporary_file),
    "rewritten, folder gone": StoreKind(open_json, 100, copy_of, no_folder),
    "journal, folder gone": StoreKind(open_json, 10_000, copy_of, no_folder),
}


@pytest.fixture(params=STORES)
def kind(request: pytest.FixtureRequest) -> StoreKind:
    return STORES[request.param]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    folder = tmp_path / "store"
    folder.mkdir()
    return folder


class Opened:
    """A store that was loaded, and all that it told."""

    def __init__(self, store: Store) -> None:
        self.store = store
        self.history = store.load()
        self.told: list[DurableEvent] = []
        store.subscribe(self.told.append)


async def reopened(kind: StoreKind, folder: Path, store: Store) -> Opened:
    await store.close()
    return Opened(kind.open(folder, kind.limit))


async def test_a_new_store_is_empty(kind: StoreKind, folder: Path):
    assert texts(Opened(kind.open(folder, kind.limit)).history) == []


async def test_what_is_appended_is_there_after_a_restart(kind: StoreKind, folder: Path):
    one = Opened(kind.open(folder, kind.limit))
    hello = replace(posted(1).message, text='Hällo 🦊\n\t"<b>"\\', kind=Kind.ACTION, name="Änn")
    await one.store.append(MessagePosted("lobby", hello))
    await one.store.append(posted(2))
    two = await reopened(kind, folder, one.store)
    assert list(two.history) == [hello, posted(2).message]


async def test_every_kind_of_fact_is_there_after_a_restart(kind: StoreKind, folder: Path):
    one = Opened(kind.open(folder, kind.limit))
    for event in LIFE:
        await one.store.append(event)
    two = await reopened(kind, folder, one.store)
    assert list(two.history) == list(replayed(LIFE))
    assert two.history.topic == "Tea, and cake"


async def test_every_kind_of_fact_is_there_after_a_crash_at_any_time(kind: StoreKind, folder: Path):
    one = Opened(kind.open(folder, kind.limit))
    for number, event in enumerate(LIFE, 1):
        await one.store.append(event)
        left = kind.open(kind.crash(folder), kind.limit).load()
        assert list(left) == list(replayed(LIFE[:number]))
        assert left.topic == replayed(LIFE[:number]).topic


async def test_facts_of_every_kind_that_come_together_are_kept_in_their_order(kind: StoreKind, folder: Path):
    one = Opened(kind.open(folder, kind.limit))
    await asyncio.gather(*map(one.store.append, LIFE))
    assert one.told == LIFE
    two = await reopened(kind, folder, one.store)
    assert list(two.history) == list(replayed(LIFE))


async def test_the_limit_is_kept(kind: StoreKind, folder: Path):
    one = Opened(kind.open(folder, kind.limit))
    await asyncio.gather(*(one.store.append(posted(number)) for number in range(kind.limit + 2)))
    two = await reopened(kind, folder, one.store)
    assert texts(two.history) == [f"Message {number}" for number in range(2, kind.limit + 2)]


async def test_a_smaller_limit_keeps_the_last(kind: StoreKind, folder: Path):
    one = Opened(kind.open(folder, kind.limit))
    for number in range(5):
        await one.store.append(posted(number))
    await one.store.close()
    assert texts(Opened(kind.open(folder, 2)).history) == ["Message 3", "Message 4"]


async def test_a_message_that_comes_again_is_kept_once(kind: StoreKind, folder: Path):
    one = Opened(kind.open(folder, kind.limit))
    await asyncio.gather(one.store.append(posted(1)), one.store.append(posted(1)))
    await one.store.append(posted(1))
    two = await reopened(kind, folder, one.store)
    assert texts(two.history) == ["Message 1"]


async def test_clearing_lasts_and_life_goes_on(kind: StoreKind, folder: Path):
    one = Opened(kind.open(folder, kind.limit))
    for event in (posted(1), CLEARED, posted(2)):
        await one.store.append(event)
    two = await reopened(kind, folder, one.store)
    assert texts(two.history) == ["Message 2"]


async def test_each_fact_is_told_once_and_in_the_order_it_came(kind: StoreKind, folder: Path):
    one = Opened(kind.open(folder, kind.limit))
    events = [CLEARED if number % 7 == 3 else posted(number) for number in range(50)]
    await asyncio.gather(*map(one.store.append, events))
    assert one.told == events


async def test_facts_that_come_while_others_are_written_keep_their_order(kind: StoreKind, folder: Path):
    one = Opened(kind.open(folder, kind.limit))
    tasks = []
    for number in range(60):
        tasks.append(asyncio.create_task(one.store.append(posted(number))))
        if number % 5 == 0:
            await tasks[number // 2]
    await asyncio.gather(*tasks)
    assert one.told == [posted(number) for number in range(60)]
    two = await reopened(kind, folder, one.store)
    assert texts(two.history) == [f"Message {number}" for number in range(60)]


async def test_everybody_who_listens_is_told_the_same(kind: StoreKind, folder: Path):
    one = Opened(kind.open(folder, kind.limit))
    others: list[DurableEvent] = []
    one.store.subscribe(others.append)
    await asyncio.gather(*(one.store.append(posted(number)) for number in range(9)))
    assert others == one.told


async def test_what_is_told_is_durable_already(kind: StoreKind, folder: Path):
    one = Opened(kind.open(folder, kind.limit))
    left: list[list[str]] = []
    one.store.subscribe(lambda event: left.append(texts(kind.open(kind.crash(folder), kind.limit).load())))
    for number in range(3):
        await one.store.append(posted(number))
    assert left == [["Message 0"], ["Message 0", "Message 1"], ["Message 0", "Message 1", "Message 2"]]


async def test_what_is_appended_was_told(kind: StoreKind, folder: Path):
    one = Opened(kind.open(folder, kind.limit))
    await one.store.append(posted(1))
    assert one.told == [posted(1)]


async def test_a_caller_who_gives_up_takes_nothing_back(kind: StoreKind, folder: Path):
    one = Opened(kind.open(folder, kind.limit))
    given_up = asyncio.create_task(one.store.append(posted(1)))
    await asyncio.sleep(0)
    given_up.cancel()
    await one.store.append(posted(2))
    assert one.told == [posted(1), posted(2)]


async def test_closing_finishes_what_waits(kind: StoreKind, folder: Path):
    one = Opened(kind.open(folder, kind.limit))
    waiting = [asyncio.create_task(one.store.append(posted(number))) for number in range(9)]
    await asyncio.sleep(0)
    two = await reopened(kind, folder, one.store)
    await asyncio.gather(*waiting)
    assert len(two.history) == 9


async def test_what_cannot_be_written_is_refused_and_not_told(kind: StoreKind, folder: Path):
    one = Opened(kind.open(folder, kind.limit))
    await one.store.append(posted(1))
    with kind.broken(folder):
        refused = await asyncio.gather(*(one.store.append(posted(n)) for n in (2, 3)), return_exceptions=True)
        status = await one.store.check()
    assert [type(problem) for problem in refused] == [HistoryUnwritable, HistoryUnwritable]
    assert one.told == [posted(1)]
    assert not status.writable
    assert texts((await reopened(kind, folder, one.store)).history) == ["Message 1"]


async def test_a_check_alone_finds_out_that_nothing_can_be_written(kind: StoreKind, folder: Path):
    one = Opened(kind.open(folder, kind.limit))
    with kind.broken(folder):
        assert not (await one.store.check()).writable


async def test_it_recovers_by_itself(kind: StoreKind, folder: Path):
    one = Opened(kind.open(folder, kind.limit))
    with kind.broken(folder), suppress(HistoryUnwritable):
        await one.store.append(posted(1))
    await one.store.append(posted(2))
    assert (await one.store.check()).writable
    assert one.told == [posted(2)]
    two = await reopened(kind, folder, one.store)
    assert texts(two.history) == ["Message 2"]


async def test_a_clear_that_fails_leaves_everything(kind: StoreKind, folder: Path):
    one = Opened(kind.open(folder, kind.limit))
    await one.store.append(posted(1))
    with kind.broken(folder), pytest.raises(HistoryUnwritable):
        await one.store.append(CLEARED)
    two = await reopened(kind, folder, one.store)
    assert texts(two.history) == ["Message 1"]


async def test_a_fact_that_no_file_can_hold_stops_nobody_else(kind: StoreKind, folder: Path):
    one = Opened(kind.open(folder, kind.limit))
    async with asyncio.timeout(5):
        with pytest.raises(HistoryUnwritable):
            await one.store.append(posted(1, "half a character: \ud83d"))
        await one.store.append(posted(2))
    assert one.told == [posted(2)]


async def test_the_status_tells_the_last_write(kind: StoreKind, folder: Path):
    one = Opened(kind.open(folder, kind.limit))
    before = datetime.now(UTC)
    await one.store.append(posted(1))
    status = await one.store.check()
    assert status.writable
    assert status.last_write
    assert before <= status.last_write <= datetime.now(UTC)


async def test_a_store_that_cannot_be_written_refuses_to_start(kind: StoreKind, folder: Path):
    with kind.broken(folder), pytest.raises(StartupError) as refused:
        kind.open(folder, kind.limit).load()
    assert "\n" not in str(refused.value)


# The JSON file.


@pytest.fixture
def path(folder: Path) -> Path:
    return folder / "chat_log.json"


@pytest.fixture(params=(100, 10_000), ids=("rewritten", "journal"))
def limit(request: pytest.FixtureRequest) -> int:
    return request.param


async def written(path: Path, *events: DurableEvent, limit: int = 100) -> None:
    """Let a first run of the program write these facts and end."""
    one = Opened(JsonStore(path, limit))
    for event in events:
        await one.store.append(event)
    await one.store.close()


def read(path: Path) -> bytes:
    return path.read_bytes()


def put(path: Path, content: bytes) -> None:
    path.write_bytes(content)


def asides(path: Path) -> list[Path]:
    return sorted([*path.parent.glob("*.corrupt-*"), *path.parent.glob("*.changed-*")])


async def test_the_file_is_readable_json_with_a_version(path: Path):
    await written(path, posted(1, "Hällo 🦊"), posted(2), Reacted("lobby", "message002", "🎉", "bob", "Bob", True))
    content = read(path).decode()
    assert content.startswith('{\n  "version": 2,\n  "messages": [\n    {\n')
    assert content.endswith("}\n")
    assert "Hällo 🦊" in content
    assert json.loads(content)["messages"] == [
        {
            "id": "message001",
            "room": "lobby",
            "author": "ann",
            "name": "Ann",
            "text": "Hällo 🦊",
            "at": "2026-05-01T12:30:15.123456Z",
        },
        {
            "id": "message002",
            "room": "lobby",
            "author": "ann",
            "name": "Ann",
            "text": "Message 2",
            "at": "2026-05-01T12:30:15.123456Z",
            "reactions": {"🎉": {"bob": "Bob"}},
        },
    ]


async def test_a_long_history_looks_like_a_short_one(path: Path):
    await written(path, *(posted(number) for number in range(500)), limit=10_000)
    long = json.loads(read(path))
    assert read(path).decode() == json.dumps(long, indent=2) + "\n"
    await written(path, limit=100)
    await written(path, CLEARED, *(posted(number) for number in range(400, 500)), limit=100)
    assert json.loads(read(path)) == long | {"messages": long["messages"][400:]}


async def test_an_empty_log_is_on_disk_from_the_start(path: Path, limit: int):
    JsonStore(path, limit).load()
    assert json.loads(read(path)) == {"version": 2, "messages": []}


async def test_up_to_100_messages_the_file_alone_is_always_the_whole_truth(path: Path):
    one = Opened(JsonStore(path, 100))
    for number, event in enumerate(LIFE, 1):
        await one.store.append(event)
        assert [message["text"] for message in json.loads(read(path))["messages"]] == texts(replayed(LIFE[:number]))
        assert list(path.parent.glob("*.journal*")) == []


async def test_a_second_store_on_the_same_file_is_refused(path: Path):
    one = Opened(JsonStore(path, 100))
    with pytest.raises(StartupError, match=r"chat_log\.json is in use by another process"):
        JsonStore(path, 100).load()
    await one.store.append(posted(1))
    two = JsonStore(path, 100)
    await one.store.close()
    assert texts(two.load()) == ["Message 1"]


async def test_another_process_on_the_same_file_is_refused(path: Path):
    one = Opened(JsonStore(path, 100))
    program = "import sys, pathlib; from chat.storage.json_files.message_store import JsonStore; JsonStore(pathlib.Path(sys.argv[1]), 100).load()"
    other = await asyncio.to_thread(
        subprocess.run, [sys.executable, "-c", program, path], capture_output=True, text=True, check=False
    )
    await one.store.close()
    assert "StartupError" in other.stderr
    assert "is in use by another process" in other.stderr


GOOD = json.dumps({"version": 1, "messages": [{"id": "x"}]})
MESSAGE = '{"id": "message001", "room": "lobby", "author": "a", "name": "A", "text": "t", "at": "2026-05-01T12:30:15Z"'


def with_message(more: str) -> bytes:
    return f'{{"version": 2, "messages": [{MESSAGE}, {more}}}]}}'.encode()


BROKEN = {
    "empty": b"",
    "zeros": bytes(4096),
    "truncated": b'{\n  "version": 1,\n  "messages": [\n    {"id": "mess',
    "not json": b"Dear diary",
    "not utf-8": b'{"version": 1, "messages": [], "x": "\xff\xfe"}',
    "a list": b"[]",
    "null": b"null",
    "no version": b'{"messages": []}',
    "no messages": b'{"version": 1}',
    "half a message": GOOD.encode(),
    "another program's, with a version": b'{"version": "1.2.3", "name": "left-pad", "dependencies": {}}',
    "another program's, with a number": b'{"version": 1, "name": "left-pad", "dependencies": {}}',
    "another program's, with messages": b'{"version": 1, "messages": [], "contacts": ["Ann"]}',
    "mentions in a list": with_message('"mentions": ["ann"]'),
    "reactions without names": with_message('"reactions": {"\U0001f389": ["bob"]}'),
    "half a quote": with_message('"reply": {"id": "message000"}'),
    "edited, but never": with_message('"edited": "never"'),
    "a kind that is none": with_message('"kind": "sung"'),
    "a topic that is none": b'{"version": 2, "topic": 7, "messages": []}',
    "deep": b'{"version": 1, "messages": ' + b"[" * 100_000,
}


@pytest.mark.parametrize("content", BROKEN.values(), ids=BROKEN)
async def test_a_broken_or_foreign_file_is_set_aside_untouched(path: Path, content: bytes, limit: int):
    put(path, content)
    one = Opened(JsonStore(path, limit))
    [aside] = asides(path)
    assert aside.read_bytes() == content
    assert texts(one.history) == []
    assert (await one.store.check()).quarantined == aside.name
    await one.store.append(posted(1))
    assert aside.read_bytes() == content


@pytest.mark.parametrize("content", BROKEN.values(), ids=BROKEN)
async def test_the_newest_good_backup_is_loaded_instead(path: Path, content: bytes):
    await written(path, posted(1), posted(2), posted(3))
    put(path, content)
    one = Opened(JsonStore(path, 100))
    assert texts(one.history) == ["Message 1", "Message 2"]
    assert (await one.store.check()).restored_from == "chat_log.json.backup-1"
    two = await reopened(STORES["rewritten, folder gone"], path.parent, one.store)
    assert texts(two.history) == ["Message 1", "Message 2"]


async def test_a_backup_is_never_worse_than_the_start_of_the_run(path: Path):
    await written(path, posted(1))
    await written(path, posted(2), posted(3))
    put(path, b"broken")
    put(path.with_name("chat_log.json.backup-1"), b"broken")
    assert texts(Opened(JsonStore(path, 100)).history) == ["Message 1"]


async def test_the_first_versions_file_opens(path: Path, limit: int):
    shutil.copy(FIRST_VERSION, path)
    assert list(Opened(JsonStore(path, limit)).history) == [
        Message(message_id, "lobby", author, name, text, NOON + timedelta(seconds=seconds), kind)
        for message_id, author, name, text, seconds, kind in (
            ("firstmessage0", "ann", "Ann", "Hällo, schöne Grüße!", 0, Kind.TEXT),
            ("firstmessage1", "bob", "Bøb", "winkt 👋🏽", 37, Kind.ACTION),
            ("firstmessage2", "leila", "ليلى", "مرحبا بالجميع، كيف الحال؟", 74, Kind.TEXT),
            ("firstmessage3", "ann", "Ann", '👩‍👩‍👧‍👦 🦊\n\n\tsecond line "quoted" \\ <b>', 110.876544, Kind.TEXT),
            ("firstmessage4", "bob", "Bøb", "@Ann https://example.org/?a=1&b=2 `code`", 148, Kind.TEXT),
        )
    ]


async def test_the_first_versions_file_stays_as_it_is_until_something_is_written(path: Path, limit: int):
    shutil.copy(FIRST_VERSION, path)
    await written(path, limit=limit)
    assert read(path) == FIRST_VERSION.read_bytes()
    await written(path, posted(1), limit=limit)
    content = json.loads(read(path))
    assert content["version"] == 2
    assert [message["id"] for message in content["messages"]] == [
        *(message["id"] for message in json.loads(FIRST_VERSION.read_bytes())["messages"]),
        "message001",
    ]


async def test_a_newer_version_is_refused_and_left_alone(path: Path, limit: int):
    content = b'{"version": 3, "messages": {"lobby": []}}'
    put(path, content)
    with pytest.raises(StartupError, match="version 3 is newer than this program") as refused:
        JsonStore(path, limit).load()
    assert str(path) in str(refused.value)
    assert "\n" not in str(refused.value)
    assert read(path) == content
    assert asides(path) == []


async def test_a_file_written_by_hand_may_leave_out_the_zone(path: Path):
    await written(path, posted(1))
    put(path, read(path).replace(b"12:30:15.123456Z", b"12:30:15"))
    [message] = Opened(JsonStore(path, 100)).history
    assert message.at == NOON.replace(microsecond=0)
    assert message.at.utcoffset() == timedelta(0)


@pytest.mark.parametrize("edited", ["2026-05-01T13:00:00", "2026-05-01T15:00:00+02:00", "2026-05-01T13:00:00Z"])
async def test_the_time_of_an_edit_is_kept_in_utc_as_well(path: Path, edited: str):
    put(path, with_message(f'"edited": "{edited}"'))
    [message] = Opened(JsonStore(path, 100)).history
    assert message.edited == datetime(2026, 5, 1, 13, tzinfo=UTC)
    assert message.edited.utcoffset() == timedelta(0)


async def test_times_written_by_hand_in_another_zone_are_kept_in_utc(path: Path):
    await written(path, posted(1))
    put(path, read(path).replace(b"12:30:15.123456Z", b"14:30:15.123456+02:00"))
    [message] = Opened(JsonStore(path, 100)).history
    assert message.at == NOON
    assert message.at.utcoffset() == timedelta(0)


async def test_what_another_program_wrote_meanwhile_is_kept_aside(path: Path):
    one = Opened(JsonStore(path, 100))
    await one.store.append(posted(1))
    put(path, b"notes of an editor")
    await one.store.append(posted(2))
    [aside] = asides(path)
    assert aside.read_text() == "notes of an editor"
    two = await reopened(STORES["rewritten, folder gone"], path.parent, one.store)
    assert texts(two.history) == ["Message 1", "Message 2"]


@pytest.mark.parametrize("gone", [CLEARED, MessageDeleted("lobby", "message001", "ann")], ids=("wiped", "deleted"))
async def test_what_is_deleted_is_in_no_file_when_that_is_told(path: Path, limit: int, gone: DurableEvent):
    await written(path, posted(1, "a secret"), posted(2), limit=limit)
    await written(path, posted(3), limit=limit)
    one = Opened(JsonStore(path, limit))
    for event in (
        posted(4),
        posted(5),
        MessageEdited("lobby", "message001", "another secret", {}, later(5)),
        posted(6),
    ):
        await one.store.append(event)
    assert [file.name for file in path.parent.iterdir() if b"secret" in file.read_bytes()]
    found: list[list[str]] = []
    one.store.subscribe(
        lambda _: found.append([file.name for file in path.parent.iterdir() if b"secret" in file.read_bytes()])
    )
    await one.store.append(gone)
    assert found == [[]]
    assert list(path.parent.glob("*.backup-*")) == []


async def test_an_anonymous_author_is_in_no_file_when_that_is_told(path: Path, limit: int):
    anns = replace(posted(1).message, author="id-of-somebody", name="Somebody")
    await written(path, MessagePosted("lobby", anns), limit=limit)
    one = Opened(JsonStore(path, limit))
    for event in (
        Reacted("lobby", "message001", "🎉", "id-of-somebody", "Somebody", True),
        MessagePosted("lobby", replace(posted(2).message, reply=anns.quote)),
        TopicChanged("lobby", "Tea", "id-of-somebody", "Somebody", NOON),
        MessagePosted("lobby", replace(posted(3, "@Somebody Hi").message, mentions={"Somebody": "id-of-somebody"})),
    ):
        await one.store.append(event)
    found: list[list[str]] = []
    one.store.subscribe(
        lambda _: found.append([file.name for file in path.parent.iterdir() if b"omebody" in file.read_bytes()])
    )
    await one.store.append(AuthorAnonymized("lobby", "id-of-somebody", "x1y2", NOON))
    assert found == [[]]
    two = await reopened(STORES["rewritten, folder gone"], path.parent, one.store)
    assert [(message.author, message.name) for message in two.history] == [
        ("x1y2", "Anonymous"), ("ann", "Ann"), ("ann", "Ann")
    ]  # fmt: skip


async def test_a_quote_of_what_is_deleted_goes_with_it(path: Path, limit: int):
    one = Opened(JsonStore(path, limit))
    await one.store.append(posted(1, "a secret"))
    await one.store.append(
        MessagePosted("lobby", replace(posted(2).message, reply=posted(1, "a secret").message.quote))
    )
    await one.store.append(MessageDeleted("lobby", "message001", "ann"))
    assert not [file.name for file in path.parent.iterdir() if b"secret" in file.read_bytes()]
    [answer] = (await reopened(STORES["rewritten, folder gone"], path.parent, one.store)).history
    assert answer.reply == replace(posted(1).message.quote, text="")


async def test_only_the_file_its_backups_and_the_lock_stay(path: Path, limit: int):
    await written(path, posted(1), posted(2), limit=limit)
    await written(path, posted(3), limit=limit)
    await written(path, limit=limit)
    names = {file.name.removeprefix("chat_log.json") for file in path.parent.iterdir()}
    assert names - {".lock"} == {"", ".backup-1", ".backup-2"}


# A disk that is really full.


@pytest.fixture
def disk(folder: Path) -> Iterator[Disk]:
    disk = Disk(folder)
    yield disk
    disk.close()


async def test_a_full_disk_refuses_and_writes_nothing_half(disk: Disk, path: Path):
    one = Opened(JsonStore(path, 100))
    await one.store.append(posted(1, "x" * 4000))
    before = read(path)
    disk.fill()
    with pytest.raises(HistoryUnwritable):
        await one.store.append(posted(2, "y" * 4000))
    assert not (await one.store.check()).writable
    assert read(path) == before
    assert one.told == [posted(1, "x" * 4000)]
    assert {file.name for file in disk.files()} == {"chat_log.json", "chat_log.json.lock", "chat_log.json.backup-1"}
    await one.store.close()


async def test_a_disk_with_room_again_is_used_again(disk: Disk, path: Path):
    one = Opened(JsonStore(path, 100))
    await one.store.append(posted(1, "x" * 4000))
    disk.fill()
    with pytest.raises(HistoryUnwritable):
        await one.store.append(posted(2, "y" * 4000))
    disk.free()
    await one.store.append(posted(3))
    assert (await one.store.check()).writable
    two = await reopened(STORES["rewritten, folder gone"], path.parent, one.store)
    assert texts(two.history) == ["x" * 4000, "Message 3"]
    await two.store.close()
