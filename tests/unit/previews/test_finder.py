"""Finding previews: each once, few at a time, none of the chat itself."""

import asyncio
from collections.abc import AsyncIterator

import pytest

from chat.domain.messages.link_preview import LinkPreview
from chat.previews import finder as finding
from chat.previews.fetcher import Fetcher
from chat.previews.finder import Found, PreviewFinder
from chat.text.site_urls import SiteUrl
from tests.support.scene_page import until
from tests.support.web_sites import WebSites

TEA = '<title>Tea</title><meta name=description content=Hot><meta property=og:image content="/cup.png">'
PREVIEW = LinkPreview("Tea", "Hot", "site.example")


@pytest.fixture
def finder(fetcher: Fetcher) -> PreviewFinder:
    return PreviewFinder(fetcher, SiteUrl("https", "chat.example", "/talk"))


@pytest.fixture
async def tea(sites: WebSites) -> AsyncIterator[WebSites]:
    sites.page("www.site.example/", TEA)
    sites.page("www.site.example/cup.png", b"a picture", "image/png")
    yield sites


def paths(sites: WebSites) -> list[str]:
    return [request.path for request in sites.asked]


async def test_preview_has_the_picture_of_the_page(tea: WebSites, finder: PreviewFinder):
    assert await finder.find("http://www.site.example/#top") == Found(PREVIEW, b"a picture")


async def test_page_is_fetched_once(tea: WebSites, finder: PreviewFinder):
    links = [f"http://www.site.example/#{number}" for number in range(5)]
    assert set(await asyncio.gather(*map(finder.find, links))) == {Found(PREVIEW, b"a picture")}
    assert paths(tea) == ["/", "/cup.png"]


async def test_missing_page_is_asked_for_once(sites: WebSites, finder: PreviewFinder):
    assert await finder.find("http://site.example/") is None
    assert await finder.find("http://site.example/") is None
    assert paths(sites) == ["/"]


@pytest.mark.parametrize("target", ["http://127.0.0.2/cup.png", "http://[", "data:image/png,x", "/missing.png"])
async def test_preview_goes_without_a_picture_that_cannot_be_had(tea: WebSites, finder: PreviewFinder, target: str):
    tea.page("www.site.example/", TEA.replace("/cup.png", target))
    assert await finder.find("http://www.site.example/") == Found(PREVIEW)


async def test_redirect_shows_whose_link_it_is_and_where_it_leads(tea: WebSites, finder: PreviewFinder):
    """It may lead others elsewhere."""
    tea.redirect("short.example/1", "http://www.site.example/")
    found = await finder.find("http://short.example/1")
    assert found and found.preview.site == "short.example → site.example"
    tea.redirect("site.example/", "http://www.site.example/")
    found = await finder.find("http://site.example/")
    assert found and found.preview.site == "site.example"


async def test_link_to_a_picture_shows_its_name(tea: WebSites, finder: PreviewFinder):
    found = await finder.find("http://www.site.example/cup.png")
    assert found == Found(LinkPreview("cup.png", "", "site.example"), b"a picture")


async def test_few_are_fetched_at_a_time(sites: WebSites, finder: PreviewFinder, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(finding, "WAITING", 6)
    sites.stream("site.example/", b" ", pause=0.01)
    waiting = [asyncio.create_task(finder.find(f"http://{number}.site.example/")) for number in range(6)]
    for number in range(6):
        sites.stream(f"{number}.site.example/", b" ", pause=0.01)
    await until(lambda: len(sites.asked) == finding.AT_ONCE)
    assert await finder.find("http://one.more.example/") is None
    assert len(sites.asked) == finding.AT_ONCE
    for task in waiting:
        task.cancel()
    await asyncio.gather(*waiting, return_exceptions=True)


@pytest.mark.parametrize(
    ("text", "link"),
    [
        ("See https://site.example/tea.", "https://site.example/tea"),
        ("first.com, then second.com", "http://first.com"),
        ("https://chat.example/", "https://chat.example/"),
        ("https://chat.example/talk", ""),
        ("HTTPS://CHAT.example:443/talk/room/tea", ""),
        ("https://other.example/room/tea#m-abcdefgh1234", ""),
        (f"https://site.example/{'t' * 2000}", ""),
    ],
)
def test_links_worth_a_preview(finder: PreviewFinder, text: str, link: str):
    assert finder.link_in(text) == link
