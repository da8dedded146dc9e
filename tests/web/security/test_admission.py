"""Limits for page loads, open pages and files, by address."""

import asyncio
from collections import Counter

import aiohttp
import pytest

from chat.web.security.rate_limits import WITHOUT_SOCKET
from tests.support.raw_page import RawPage
from tests.support.server import Server
from tests.web.security.sockets import load, socket


async def test_too_many_page_loads_are_told_when_to_retry(make_server, http: aiohttp.ClientSession):
    server = make_server(CHAT_REQUEST_RATE="20 per minute")
    statuses = []
    for _ in range(25):
        async with http.get(server.url) as response:
            statuses.append(response.status)
            if response.status == 429:
                assert 1 <= int(response.headers["Retry-After"]) <= 120
    assert statuses[0] == 200
    assert statuses[-1] == 429


async def test_each_address_has_its_own_limits(make_server, http: aiohttp.ClientSession):
    server = make_server(CHAT_PAGES_PER_ADDRESS="2", CHAT_TRUSTED_HOPS="1")
    for forwarded, status in [("1.1.1.1", 200), ("1.1.1.1", 200), ("9.9.9.9, 1.1.1.1", 429), ("2.2.2.2", 200)]:
        async with http.get(server.url, headers={"X-Forwarded-For": forwarded}) as response:
            assert response.status == status


async def test_moderation_page_counts_and_is_only_built_for_moderators(make_server, http: aiohttp.ClientSession):
    server = make_server(CHAT_REQUEST_RATE="20 per minute")
    statuses = Counter()
    for _ in range(25):
        async with http.get(f"{server.url}moderation", allow_redirects=False) as response:
            statuses[response.status] += 1
            assert "client_id" not in await response.text()
    async with http.get(server.url) as response:
        assert response.status == 429
    assert statuses[303] >= 20
    assert statuses[429] > 0


async def test_pages_without_a_socket_are_limited(server: Server, http: aiohttp.ClientSession):
    statuses = Counter()
    for _ in range(WITHOUT_SOCKET + 5):
        async with http.get(server.url) as response:
            statuses[response.status] += 1
    assert statuses == {200: WITHOUT_SOCKET, 429: 5}


async def test_frequent_reloads_do_not_use_up_the_pages(server: Server, http: aiohttp.ClientSession):
    for _ in range(WITHOUT_SOCKET + 5):
        async with socket(http, server) as (opened, _):
            assert not opened.closed


async def test_joining_leaves_no_welcome_page_behind(make_server):
    server = make_server(CHAT_PAGES_PER_ADDRESS="1", CHAT_GRACE="60")
    async with RawPage(server.url, "Ann", patience=20) as ann:
        await ann.join()
        assert await load(ann.http, server)


@pytest.mark.parametrize("folder", ["assets", "_nicegui"])
async def test_missing_files_count_and_get_a_plain_response(make_server, http: aiohttp.ClientSession, folder: str):
    server = make_server(CHAT_REQUEST_RATE="20 per minute")
    statuses = Counter()
    for number in range(25):
        async with http.get(f"{server.url}{folder}/{number}") as response:
            statuses[response.status] += 1
            assert len(await response.text()) < 200
    assert statuses[404] >= 19
    assert statuses[429] > 0


async def test_existing_files_do_not_count(make_server, http: aiohttp.ClientSession):
    server = make_server(CHAT_REQUEST_RATE="20 per minute")

    async def statuses(path: str, headers: dict[str, str]) -> set[int]:
        async def status() -> int:
            async with http.get(f"{server.url}assets/{path}", headers=headers) as response:
                return response.status

        return set(await asyncio.gather(*(status() for _ in range(30))))

    assert await statuses("favicon.svg", {"Range": "bytes=0-10"}) == {206}
    assert await statuses("chat.css", {}) == {200}
    assert 429 in await statuses("nowhere.css", {}) | await statuses("elsewhere.css", {})
    assert await statuses("chat.css", {"If-None-Match": "x"}) == {200}
    assert await statuses("sounds/bell.wav", {}) == {200}  # never requested before
