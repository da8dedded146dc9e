"""The order in which pages are built."""

import asyncio

import pytest

from chat.web.security.page_queue import PageBuildQueue


async def test_page_loads_of_one_address_do_not_delay_others():
    queue, order = PageBuildQueue(), []

    async def load(address: str) -> None:
        async with queue.slot(address):
            order.append(address)

    await asyncio.gather(*(load(address) for address in ["many"] * 50 + ["one"]))
    assert order.index("one") < 3


@pytest.mark.parametrize("fails", [False, True])
async def test_slot_is_freed(fails: bool):
    queue = PageBuildQueue()
    for _ in range(2):
        try:
            async with asyncio.timeout(1), queue.slot("10.0.0.1"):
                assert not fails
        except AssertionError:
            pass
