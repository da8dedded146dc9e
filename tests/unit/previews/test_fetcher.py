"""Fetching from the public web, whatever a link and its server try."""

import gzip
import ssl
from contextlib import suppress

import pytest
import trustme

from chat.previews import fetcher as fetching
from chat.previews.fetcher import Fetcher, Unfetchable
from tests.support.web_sites import HERE, WebSites, web_sites

LIMITS = {"text/html": 50_000, "image/": 1000}
TEA = "<title>Tea</title>"

INWARD_HOSTS = [
    *("127.0.0.2", "10.0.0.1", "192.168.0.1", "169.254.169.254", "100.64.0.1", "192.88.99.1", "0.0.0.0"),
    *("[::1]", "[::]", "[::7f00:1]", "[::ffff:127.0.0.1]", "[::ffff:a00:1]", "[64:ff9b::7f00:1]", "[fec0::1]"),
    *("[fe80::1]", "[fd00::1]", "[2002:7f00:1::]"),
]
OTHER_SPELLINGS = ["2130706433", "0x7f000001", "0x7f.1", "0177.0.0.1", "017700000001", "127.1", "0", "①②⑦.⓪.⓪.②"]
NOT_FETCHED = [
    *("ftp://site.example/", "file:///etc/passwd", "gopher://site.example/", "javascript:alert(1)"),
    *("http://", "http:///tea", "http://[::1", "http://site.example:99999/", "http://\x00/", ""),
    *("http://site.example:22/", "https://site.example:8443/", "http://site.example:6379/", "http://site.example:0/"),
    *("http://ann:secret@site.example/", "http://ann@site.example/", "http://1.1.1.1@site.example/"),
]


async def test_page_is_asked_for_plainly(sites: WebSites, fetcher: Fetcher):
    sites.page("site.example/tea?a=1", TEA, "text/html; charset=UTF-8")
    document = await fetcher.fetch("http://site.example/tea?a=1", LIMITS)
    assert (str(document.url), document.type, document.charset) == ("http://site.example/tea?a=1", "text/html", "UTF-8")
    assert document.body == TEA.encode()
    [request] = sites.asked
    assert dict(request.headers) == {
        "Host": "site.example",
        "User-Agent": "TCPChatNet (link previews)",
        "Accept-Encoding": "identity",
        "Accept": "*/*",
        "Connection": "close",
    }


async def refused(fetcher: Fetcher, url: str) -> str:
    with pytest.raises(Unfetchable) as refusal:
        await fetcher.fetch(url, LIMITS)
    return str(refusal.value)


@pytest.mark.parametrize("host", INWARD_HOSTS)
async def test_address_that_is_not_public_is_not_connected_to(sites: WebSites, fetcher: Fetcher, host: str):
    assert "is not on the public web" in await refused(fetcher, f"http://{host}/")
    sites.redirect("site.example/", f"http://{host}/")
    assert "is not on the public web" in await refused(fetcher, "http://site.example/")
    assert [request.host for request in sites.asked] == ["site.example"]
    assert len(sites.refused) == 2


@pytest.mark.parametrize("host", OTHER_SPELLINGS)
async def test_other_spelling_of_such_an_address_is_not_connected_to(host: str):
    fetcher = Fetcher()
    with suppress(Unfetchable):
        assert not await fetcher.fetch(f"http://{host}/", LIMITS)
    reason = await refused(fetcher, f"http://{host}/")
    assert any(known in reason for known in ("is not on the public web", "canonical", "InvalidURL")), reason
    await fetcher.close()


@pytest.mark.parametrize("url", NOT_FETCHED)
async def test_url_of_no_web_page_is_not_followed(sites: WebSites, fetcher: Fetcher, url: str):
    await refused(fetcher, url)
    assert sites.asked == []
    sites.redirect("first.example/", url)
    await refused(fetcher, "http://first.example/")
    assert {request.host for request in sites.asked} == {"first.example"}


async def test_name_that_leads_elsewhere_at_its_next_look_up_is_refused(sites: WebSites, fetcher: Fetcher):
    sites.addresses["site.example"] = [[HERE], ["10.0.0.1"]]
    sites.redirect("site.example/", "/tea")
    sites.page("site.example/tea", TEA)
    assert "is not on the public web" in await refused(fetcher, "http://site.example/")
    assert [request.path for request in sites.asked] == ["/"]


async def test_name_with_one_address_elsewhere_is_refused(sites: WebSites, fetcher: Fetcher):
    sites.addresses["site.example"] = [[HERE, "10.0.0.1"]]
    assert "is not on the public web" in await refused(fetcher, "http://site.example/")
    assert sites.asked == []


async def test_address_is_checked_again_when_it_is_connected_to(sites: WebSites):
    answers = [True, False]
    fetcher = Fetcher(sites.look_up, lambda address: answers.pop(0))
    assert f"{HERE} is not on the public web" in await refused(fetcher, "http://site.example/")
    assert (answers, sites.asked) == ([], [])
    await fetcher.close()


async def test_few_redirects_are_followed(sites: WebSites, fetcher: Fetcher):
    for number, status in enumerate((301, 302, 303, 307)):
        sites.redirect(f"site.example/{number}", f"{number + 1}#part", status, Set_Cookie="a=b")
    sites.page("site.example/4", TEA)
    assert str((await fetcher.fetch("http://site.example/0", LIMITS)).url) == "http://site.example/4"
    assert not any("Cookie" in request.headers or "Referer" in request.headers for request in sites.asked)


@pytest.mark.parametrize("target", ["", "/", "//site.example", "http://site.example/", "http://other.example/"])
async def test_circle_of_redirects_ends(sites: WebSites, fetcher: Fetcher, target: str):
    sites.redirect("site.example/", target)
    sites.redirect("other.example/", "http://site.example/", 308)
    assert await refused(fetcher, "http://site.example/") == "too many redirects"
    assert len(sites.asked) == 5


async def test_endless_body_is_cut(sites: WebSites, fetcher: Fetcher):
    sites.stream("site.example/", b"tea" * 1000)
    assert len((await fetcher.fetch("http://site.example/", LIMITS)).body) == 50_000
    sites.stream("site.example/cup", b"tea" * 1000, kind="image/png")
    assert len((await fetcher.fetch("http://site.example/cup", LIMITS)).body) == 1000


async def test_slow_body_takes_no_longer_than_the_limit(
    sites: WebSites, fetcher: Fetcher, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(fetching, "SECONDS", 0.3)
    sites.stream("site.example/", b"t", pause=0.02)
    assert "Timeout" in await refused(fetcher, "http://site.example/")


async def test_body_that_would_unpack_is_refused(sites: WebSites, fetcher: Fetcher):
    for encoding in ("gzip", "br", "deflate"):
        sites.page(f"site.example/{encoding}", gzip.compress(bytes(10_000_000)), Content_Encoding=encoding)
        assert "compressed" in await refused(fetcher, f"http://site.example/{encoding}")


@pytest.mark.parametrize(
    "kind", ["application/pdf", "text/plain", "application/json", "video/mp4", "", "text/htm", "?"]
)
async def test_other_types_are_refused(sites: WebSites, fetcher: Fetcher, kind: str):
    sites.page("site.example/", TEA, kind)
    assert await refused(fetcher, "http://site.example/")


async def test_missing_page_is_refused(sites: WebSites, fetcher: Fetcher):
    assert "status 404" in await refused(fetcher, "http://site.example/")


async def test_huge_header_is_refused(sites: WebSites, fetcher: Fetcher):
    sites.page("site.example/", TEA, X_Tea="t" * 100_000)
    assert await refused(fetcher, "http://site.example/")


async def test_certificate_is_that_of_the_name():
    authority = trustme.CA()
    server, client = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH), ssl.create_default_context()
    authority.issue_cert("site.example").configure_cert(server)
    authority.configure_trust(client)
    async with web_sites(server) as sites:
        fetcher = sites.fetcher(client)
        sites.page("site.example/", TEA)
        assert (await fetcher.fetch("https://site.example/", LIMITS)).body == TEA.encode()
        assert "Certificate" in await refused(fetcher, "https://other.example/")
        assert [request.host for request in sites.asked] == ["site.example"]
        await fetcher.close()
