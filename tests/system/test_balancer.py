"""The chat behind a real HAProxy, with the configuration that the README shows for several processes."""

import asyncio
from collections.abc import Callable
from pathlib import Path

import aiohttp
import pytest
from playwright.async_api import expect

from tests.support.people import Person
from tests.support.reverse_proxies import reverse_proxy
from tests.support.server import Server, free_port

PATIENT = {"timeout check 1s": "timeout check 20s"}  # on a busy machine, a process isn't down if it takes its time

pytestmark = [pytest.mark.exhaustive, pytest.mark.asyncio(loop_scope="session")]


async def test_restart_behind_a_balancer_is_not_noticed(profiles, make_server: Callable[..., Server], tmp_path: Path):
    server = make_server(CHAT_TRUSTED_HOPS="1")
    with reverse_proxy("haproxy", (server.port, free_port()), tmp_path, PATIENT) as url:
        pages = [await profiles.take() for _ in range(2)]
        ann, bob = (Person(page, url) for page in pages)
        try:
            await ann.page.goto(url)
            await ann.join("Ann")
            await ann.write("half a sentence")
            await ann.notes_rebuilding()
            await asyncio.to_thread(server.stop)
            await bob.page.goto(url)  # the balancer's own page, which loads again by itself
            await expect(bob.page.locator("body")).to_have_text("The chat will be back in a moment.")
            await asyncio.to_thread(server.start)
            await ann.is_rebuilt()
            await ann.keys("Enter")
            await ann.sees("half a sentence")
            await bob.join("Bob")
            await bob.sees("half a sentence")
        finally:
            for page in pages:
                await profiles.give_back(page)


async def test_page_that_was_loading_when_its_process_hung_loads_again(
    make_server: Callable[..., Server], tmp_path: Path
):
    server = await asyncio.to_thread(make_server, CHAT_TRUSTED_HOPS="1")
    with reverse_proxy("haproxy", (server.port, free_port()), tmp_path) as url, server.paused():
        async with aiohttp.ClientSession() as http, http.get(url) as response:
            assert response.status in {502, 503}  # before the balancer has noticed, and afterwards
            assert "http-equiv=refresh" in await response.text()
