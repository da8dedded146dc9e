"""The event pipeline with a JSON store: published events are on disk, in their order."""

import asyncio
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from chat.domain.errors import HistoryUnwritable
from chat.domain.events import Event
from chat.domain.messages.events import MessageEvent
from chat.state.pipeline.event_bus import EventBus
from chat.state.pipeline.event_pipeline import EventPipeline
from chat.storage.json_files.message_store import JsonMessageStore
from chat.storage.memory import MemoryAuditLog
from tests.storage.samples import posted, texts


@pytest.fixture(params=(100, 1000), ids=("rewritten", "journal"))
def limit(request: pytest.FixtureRequest) -> int:
    return request.param


def with_files(path: Path, limit: int, listener: Callable[[Event], None]) -> tuple[EventPipeline, JsonMessageStore]:
    store, bus = JsonMessageStore(path, limit), EventBus()
    history = store.load()
    pipeline = EventPipeline(bus, MemoryAuditLog())
    pipeline.attach(MessageEvent, lambda event: history.apply(event) is not None, store)
    bus.subscribe(listener)
    return pipeline, store


async def test_published_event_is_on_disk_already(tmp_path: Path, limit: int):
    found: list[list[str]] = []
    path = tmp_path / "store" / "chat_log.json"
    path.parent.mkdir()

    def look(_: Event) -> None:
        copy = shutil.copytree(path.parent, tmp_path / f"copy {len(found)}")
        found.append(texts(JsonMessageStore(copy / path.name, limit).load()))

    pipeline, store = with_files(path, limit, look)
    for number in range(3):
        await pipeline.submit(posted(number))
    assert found == [["Message 0"], ["Message 0", "Message 1"], ["Message 0", "Message 1", "Message 2"]]
    await store.close()


async def test_events_of_many_callers_keep_their_order_on_disk(tmp_path: Path, limit: int):
    heard: list[Event] = []
    pipeline, store = with_files(tmp_path / "chat_log.json", limit, heard.append)
    tasks = []
    for number in range(60):
        tasks.append(asyncio.create_task(pipeline.submit(posted(number))))
        if number % 5 == 0:
            await tasks[number // 2]
    await asyncio.gather(*tasks)
    assert heard == [posted(number) for number in range(60)]
    await store.close()
    again = JsonMessageStore(tmp_path / "chat_log.json", limit).load()
    assert texts(again) == [f"Message {number}" for number in range(60)]


async def test_event_that_no_file_can_hold_stops_no_other(tmp_path: Path, limit: int):
    heard: list[Event] = []
    pipeline, store = with_files(tmp_path / "chat_log.json", limit, heard.append)
    async with asyncio.timeout(5):
        with pytest.raises(HistoryUnwritable):
            await pipeline.submit(posted(1, "half a character: \ud83d"))
        await pipeline.submit(posted(2))
    assert heard == [posted(2)]
    await store.close()
