"""Sessions where single sign-on is required, over HTTP: who must go to the provider, and where they return."""

import asyncio
from collections.abc import AsyncIterator

import aiohttp
import pytest

from tests.support.hostile_provider import HostileProvider, hostile_provider
from tests.support.server import Server

SECOND = "0.0003"  # hours


@pytest.fixture
async def provider() -> AsyncIterator[HostileProvider]:
    async with hostile_provider() as running:
        yield running


@pytest.fixture
async def ann() -> AsyncIterator[aiohttp.ClientSession]:
    """Ann's browser, without its scripts."""
    async with aiohttp.ClientSession(cookie_jar=aiohttp.CookieJar(unsafe=True)) as session:
        yield session


async def is_in(browser: aiohttp.ClientSession, url: str) -> bool:
    async with browser.get(url) as response:
        return "composer" in await response.text()


async def test_password_account_of_before_must_come_by_single_sign_on(make_server, program, provider, server: Server):
    ann = program("Ann")
    await ann.sign_up("Ann")
    await ann.close()
    assert await is_in(ann.http, server.url)
    server.stop()
    server.environment |= provider.settings
    server.start()
    async with ann.http.get(server.url) as response:
        assert "This chat now uses single sign-on" in await response.text()
    async with ann.http.get(f"{server.url}history.json") as response:
        assert response.status == 403
    assert provider.sign_ins == 0
    assert await is_in(ann.http, f"{server.url}sso")


async def test_expired_session_is_renewed_on_the_way(
    make_server, provider: HostileProvider, ann: aiohttp.ClientSession
):
    server = make_server(**provider.settings, CHAT_SSO_MAX_AGE=SECOND)
    assert await is_in(ann, f"{server.url}sso")
    async with asyncio.timeout(10):
        while provider.sign_ins == 1:
            assert await is_in(ann, server.url)
    async with ann.get(f"{server.url}history.json") as response:
        assert response.status == 200
    provider.error = {"error": "login_required"}
    async with asyncio.timeout(10):
        while await is_in(ann, server.url):
            pass
    assert provider.sign_ins == 3
    async with ann.get(f"{server.url}history.json") as response:
        assert response.status == 403


async def test_only_pages_of_the_chat_are_returned_to(
    make_server, provider: HostileProvider, ann: aiohttp.ClientSession
):
    server = make_server(**provider.settings)
    back = {"/moderation": "/moderation", "https://evil.example/": "/", "//evil.example": "/", "/enter/x": "/", "": "/"}
    for asked, path in back.items():
        async with ann.get(f"{server.url}sso", params={"back": asked}) as response:
            way = [step.url.path for step in response.history]
            assert response.url.host == "127.0.0.1"
        assert [*way, response.url.path][way.index("/sso/callback") + 1] == path


async def test_expired_moderator_returns_to_the_moderation_page(make_server, provider, ann: aiohttp.ClientSession):
    server = make_server(**provider.settings, CHAT_SSO_MAX_AGE=SECOND)
    assert await is_in(ann, f"{server.url}sso")
    way: list[str] = []
    async with asyncio.timeout(10):
        while way[:2] != ["/moderation", "/sso"]:
            async with ann.get(f"{server.url}moderation") as response:
                way = [step.url.path for step in response.history]
    assert way[2:5] == ["/authorize", "/sso/callback", "/moderation"]
