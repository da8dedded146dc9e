"""Searching: one at a time for each member, in a thread of its own."""

import asyncio
import threading
from time import monotonic, sleep

import pytest

from chat.domain.errors import ChatError, NotHere
from chat.domain.rooms.directory.room_info import LOBBY
from chat.state.search.search import Found
from tests.unit.state.support import ANN, BOB


def texts_of(found: Found) -> list[str]:
    return [hit.message.text for hit in found.hits]


@pytest.fixture
async def chat(make_chat):
    chat = make_chat()
    for number, text in enumerate(["green tea", "black tea", "coffee"]):
        await chat.messages.post(ANN.id, LOBBY, text, f"message{number}")
    return chat


async def test_hits_are_presented_newest_first(chat):
    assert await chat.search.run(ANN.id, "tea", 10, texts_of) == ["black tea", "green tea"]
    assert await chat.search.run(ANN.id, "tea", 1, texts_of) == ["black tea"]


async def test_deleted_text_is_forgotten(chat):
    await chat.search.run(ANN.id, "tea", 10, texts_of)
    await chat.messages.delete(ANN.id, LOBBY, "message0")
    assert await chat.search.run(ANN.id, "tea", 10, texts_of) == ["black tea"]


async def test_stranger_cannot_search(chat):
    with pytest.raises(NotHere):
        await chat.search.run("eve", "tea", 10, texts_of)


async def test_refused_query_does_not_block_the_next(chat):
    with pytest.raises(ChatError):
        await chat.search.run(ANN.id, "", 10, texts_of)
    assert await chat.search.run(ANN.id, "coffee", 10, texts_of) == ["coffee"]


async def test_slow_searches_of_a_member_hold_up_neither_writing_nor_others(chat):
    running, most, took = 0, 0, list[float]()

    def present_slowly(_found: Found) -> str:
        nonlocal running, most
        running += 1
        most = max(most, running)
        start = monotonic()
        sleep(0.02)
        running -= 1
        took.append(monotonic() - start)
        return threading.current_thread().name

    start = monotonic()
    slow = [asyncio.create_task(chat.search.run(ANN.id, "tea", 10, present_slowly)) for _ in range(10)]
    await chat.search.run(BOB.id, "tea", 10, texts_of)
    assert sum(task.done() for task in slow) <= 2
    await chat.messages.post(BOB.id, LOBBY, "hello", "message9")
    await asyncio.to_thread(lambda: None)
    assert sum(task.done() for task in slow) < 10
    threads = {name.partition("_")[0] for name in await asyncio.gather(*slow)}
    assert (most, threads) == (1, {"search"})
    assert monotonic() - start >= 2.9 * sum(took[:-1])
