"""Sessions where single sign-on is required, over HTTP: who must go to the provider, and where they return."""

import asyncio
from collections.abc import AsyncIterator

import aiohttp
import pytest

from tests.support.hostile_provider import HostileProvider, hostile_provider
from tests.support.server import Server
from tests.support.sights import PATIENCE

SHORT = {
    "CHAT_SSO_MAX_AGE": "0.0008",  # three seconds, long enough for a sign-in and two requests on a busy machine
    "CHAT_REQUEST_RATE": "1000000 per minute",
}


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


async def wait_until_expired(browser: aiohttp.ClientSession, url: str) -> None:
    """Ask by downloads, which aren't renewed on the way and, unlike pages, aren't limited to a hundred."""
    async with asyncio.timeout(PATIENCE):
        while True:
            async with browser.get(f"{url}history.json") as response:
                if response.status == 403:
                    return


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
    server = make_server(**provider.settings, **SHORT)
    assert await is_in(ann, f"{server.url}sso")
    await wait_until_expired(ann, server.url)
    assert await is_in(ann, server.url)
    assert provider.sign_ins == 2
    async with ann.get(f"{server.url}history.json") as response:
        assert response.status == 200
    provider.error = {"error": "login_required"}
    await wait_until_expired(ann, server.url)
    assert not await is_in(ann, server.url)
    assert provider.sign_ins == 3


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
    server = make_server(**provider.settings, **SHORT)
    assert await is_in(ann, f"{server.url}sso")
    await wait_until_expired(ann, server.url)
    async with ann.get(f"{server.url}moderation") as response:
        way = [step.url.path for step in response.history]
    assert way[:5] == ["/moderation", "/sso", "/authorize", "/sso/callback", "/moderation"]
