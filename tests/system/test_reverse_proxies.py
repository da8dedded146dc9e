"""The chat behind real reverse proxies, with the configurations that the README shows."""

import json
import re
from collections.abc import Callable
from pathlib import Path
from urllib.parse import urljoin

import aiohttp
import pytest
from playwright.async_api import expect

from tests.support.people import Person
from tests.support.raw_page import RawPage
from tests.support.reverse_proxies import reverse_proxy
from tests.support.server import Server

pytestmark = [pytest.mark.exhaustive, pytest.mark.asyncio(loop_scope="session")]
BELOW_A_PATH = {"location / {": "location /talk/ {"}


@pytest.mark.parametrize("proxy", ["nginx", "caddy", "haproxy"])
async def test_people_talk_through_the_readmes_proxy(make_server: Callable[..., Server], tmp_path: Path, proxy: str):
    server = make_server(CHAT_TRUSTED_HOPS="1")
    with reverse_proxy(proxy, server.port, tmp_path) as url:
        async with RawPage(url, "Ann", patience=10) as ann:
            await ann.open()
            await ann.post("message01", "Hello through the proxy")
            assert [message["text"] for message in await ann.history()] == ["Hello through the proxy"]
            await ann.close()
        async with aiohttp.ClientSession() as http:
            async with http.get(url) as response:
                assert f'<meta property="og:url" content="{url}">' in await response.text()
            for origin, status in {url.rstrip("/"): 400, "http://evil.example": 403}.items():
                with pytest.raises(aiohttp.WSServerHandshakeError) as refused:
                    await http.ws_connect(f"{url}_nicegui_ws/socket.io/", origin=origin)
                assert refused.value.status == status
    assert "Traceback" not in server.output


@pytest.mark.parametrize(
    ("environment", "changes"),
    [
        ({"CHAT_ROOT_PATH": "/talk"}, {}),
        ({"CHAT_ROOT_PATH": "talk/"}, {"127.0.0.1:3000;": "127.0.0.1:3000/;"}),
        ({}, {"127.0.0.1:3000;": "127.0.0.1:3000/; proxy_set_header X-Forwarded-Prefix /talk;"}),
    ],
    ids=["path is passed on", "path is removed", "path is forwarded in a header"],
)
async def test_everything_works_below_a_path(
    profiles, make_server: Callable[..., Server], tmp_path: Path, environment: dict[str, str], changes: dict[str, str]
):
    server = make_server(CHAT_TRUSTED_HOPS="1", CHAT_ACCESS="invite", **environment)
    changes = {
        old.replace("3000", str(server.port)): new.replace("3000", str(server.port)) for old, new in changes.items()
    }
    with reverse_proxy("nginx", server.port, tmp_path, {**BELOW_A_PATH, **changes}) as origin:
        page = await profiles.take()
        outside: list[str] = []
        page.on("response", lambda got: outside.append(f"{got.status} {got.url}") if is_wrong(got, origin) else None)
        ann = Person(page, f"{origin}talk/")
        try:
            [token] = re.findall(r"/invite/(\S+)", server.output)
            await page.goto(f"{ann.url}invite/{token}")
            await ann.card_name.fill("Ann")
            await ann.password.fill("seven wild geese")
            await page.get_by_role("button", name="Sign up").click()
            await ann.is_in()
            assert page.url == ann.url
            await ann.say("Hello")
            await ann.sees("Hello")
            assert {cookie["path"] for cookie in await page.context.cookies()} == {"/talk"}
            await all_urls_are_served(page, ann.url)
            await ann.menu_button.click()
            await ann.menu.get_by_role("link", name="Moderation").click()
            await expect(page).to_have_url(f"{ann.url}moderation")
            await page.get_by_role("button", name="New invitation").click()
            await expect(page.locator(f"[value^='{ann.url}invite/']")).to_be_visible()
            await page.get_by_role("link", name="Back to chat").click()
            await expect(page).to_have_url(ann.url)
            await page.goto(f"{ann.url}invite/guessed")
            await expect(page).to_have_url(ann.url)
            await ann.sees("Hello")
            assert outside == []
        finally:
            await profiles.give_back(page)


async def test_page_says_that_a_proxy_does_not_pass_on_the_host(
    profiles, make_server: Callable[..., Server], tmp_path: Path
):
    server = make_server(CHAT_TRUSTED_HOPS="1")
    with reverse_proxy("nginx", server.port, tmp_path, {"proxy_set_header Host $http_host;": ""}) as url:
        page = await profiles.take()
        try:
            await page.goto(url)
            await expect(page.locator(".wrong-host")).to_be_visible()
            await expect(page.locator(".wrong-host")).to_contain_text("proxy_set_header Host $http_host;")
            server.eventually(lambda: "a proxy must pass on the Host header" in server.output)
        finally:
            await profiles.give_back(page)


def is_wrong(response, origin: str) -> bool:
    return response.status >= 400 or not response.url.startswith((f"{origin}talk/", "data:", "blob:"))


async def all_urls_are_served(page, url: str) -> None:
    """Fetch every URL in the page, its style sheet and its manifest."""
    sources = await page.evaluate(
        "[...document.querySelectorAll('[src], [href]')].map(e => e.getAttribute('src') || e.getAttribute('href'))"
    )
    style, manifest = f"{url}assets/chat.css", f"{url}manifest.webmanifest"
    css = await (await page.request.get(style)).text()
    content = json.loads(await (await page.request.get(manifest)).text())
    found = {urljoin(url, source) for source in sources}
    found |= {urljoin(style, source) for source in re.findall(r"url\(([^)\"']+)\)", css)}
    found |= {urljoin(manifest, icon["src"]) for icon in content["icons"]}
    assert urljoin(manifest, content["start_url"]) == urljoin(manifest, content["scope"]) == url
    for one in sorted(found):
        assert one.startswith(url)
        assert (await page.request.get(one)).status == 200, one
