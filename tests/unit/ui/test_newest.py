"""Work for what was typed last: one at a time, and only the newest waits."""

import asyncio

import pytest

from chat.ui.newest import Newest


async def test_queries_typed_meanwhile_are_skipped_but_the_last():
    done, go_on = list[str](), asyncio.Event()

    async def work(query: str) -> None:
        done.append(query)
        await go_on.wait()

    newest = Newest(work)
    typing = [asyncio.create_task(newest.do(query)) for query in ("t", "te", "tea")]
    await asyncio.sleep(0)
    assert (done, newest.is_working, newest.is_due) == (["t"], True, True)
    go_on.set()
    await asyncio.gather(*typing)
    assert (done, newest.is_working, newest.is_due) == (["t", "tea"], False, False)
    await newest.again()
    assert done == ["t", "tea", "tea"]


async def test_work_that_failed_does_not_block_the_next():
    async def work(query: str) -> None:
        assert query == "tea"

    newest = Newest(work)
    with pytest.raises(AssertionError):
        await newest.do("t")
    await newest.do("tea")
    assert not newest.is_working
