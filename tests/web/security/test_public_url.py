"""The hosts and the public URL of a request, and its path below the root path."""

from typing import Any

import pytest

from chat.text.site_urls import parse_site_url
from chat.web.security.public_url import Site, is_same_host, public_url
from chat.web.security.request_context import request_context

ANY = Site()
PUBLIC = Site(parse_site_url("https://chat.example/talk"), "/talk")


def scope(path: str = "/", **headers: str) -> dict[str, Any]:
    pairs = [(name.replace("_", "-").encode(), value.encode()) for name, value in headers.items()]
    return {"type": "http", "scheme": "http", "path": path, "headers": pairs}


def resolved(request: dict[str, Any], hops: int = 0, site: Site = ANY) -> dict[str, Any]:
    site.resolve(request, hops)
    return request


def is_allowed(host: str, origin: str, **options: Any) -> bool:
    return is_same_host(resolved(scope(host=host, origin=origin), **options))


# Hosts.


@pytest.mark.parametrize(
    ("host", "origin"),
    [
        ("chat.example", "https://chat.example"),
        ("chat.example", "http://CHAT.example"),
        ("chat.example", "https://chat.example:443"),
        ("chat.example", "http://chat.example:80"),
        ("chat.example:443", "https://chat.example"),
        ("chat.example:80", "http://chat.example"),
        ("chat.example.", "https://chat.example"),
        ("chat.example.:3000", "http://chat.example:3000"),
        ("chat.example", "https://chat.example."),
        ("xn--mnchen-chat-thb.de:3000", "http://xn--mnchen-chat-thb.de:3000"),
        ("münchen-chat.de:3000", "http://xn--mnchen-chat-thb.de:3000"),
        ("xn--mnchen-chat-thb.de:3000", "http://MÜNCHEN-chat.de:3000"),
        ("例え.テスト", "https://xn--r8jz45g.xn--zckzah"),
        ("[::1]:3000", "http://[0:0:0:0:0:0:0:1]:3000"),
        ("127.0.0.1:3000", "http://127.0.0.1:3000"),
    ],
)
def test_pages_of_the_same_host_may_open_sockets(host: str, origin: str):
    assert is_allowed(host, origin)


@pytest.mark.parametrize(
    "origin",
    [
        "https://evil.example", "https://chat.example.evil.example", "https://chat.example:444", "http://chat.example:8080",
        "null", "", "file://chat.example", "https://chat.example/", "https://me@chat.example", "https://",
        "https://chаt.example", "https://chat.example:443:443", "https://chat.example,https://chat.example",
    ],
)  # fmt: skip
def test_other_pages_may_not_open_sockets(origin: str):
    assert not is_allowed("chat.example", origin)


def test_two_origins_are_none():
    request = scope(host="chat.example", origin="https://chat.example")
    request["headers"].append((b"origin", b"https://chat.example"))
    assert not is_same_host(resolved(request))


def test_program_without_an_origin_may_open_sockets():
    assert is_same_host(resolved(scope(host="chat.example")))


@pytest.mark.parametrize(
    "host",
    ["", "[::1", "[", "[v1.a]", "a b", "a:b", "a:b:c", "a:65536", "a/b", "a@b", "a?b", "a,b", "..", "a..b", ".", "%00",
     "℀.de", "\x00", "x" * 254 + "é"],
)  # fmt: skip
def test_invalid_host_is_dropped(host: str):
    request = resolved(scope(host=host))
    assert request_context(request).hosts == frozenset()
    assert request["headers"] == []


def test_bytes_that_are_no_text_are_no_host():
    request = scope()
    request["headers"] = [(b"host", b"\xff\xfe")]
    assert request_context(resolved(request)).hosts == frozenset()


def test_two_hosts_are_none():
    request = scope(host="chat.example")
    request["headers"].append((b"host", b"chat.example"))
    assert request_context(resolved(request)).hosts == frozenset()


@pytest.mark.parametrize("hops", [0, 1])
def test_forwarded_host_is_trusted_from_proxies_only(hops: int):
    request = scope(host="inner:3000", origin="https://chat.example", x_forwarded_host="chat.example")
    resolved(request, hops)
    assert is_same_host(request) is bool(hops)
    assert public_url(request) == ("http://chat.example" if hops else "http://inner:3000")


# The public URL.


def test_public_url_is_that_of_the_request():
    assert public_url(resolved(scope(host="Chat.Example.:80"))) == "http://chat.example"


def test_public_url_of_the_operator_beats_that_of_the_request():
    assert public_url(resolved(scope(host="chat.example"), site=PUBLIC)) == "https://chat.example/talk"
    assert is_allowed("chat.example", "https://chat.example", site=PUBLIC)


@pytest.mark.parametrize("host", ["evil.example", "127.0.0.1:3000", "chat.example:8080", "", "["])
def test_other_hosts_than_the_operators_are_dropped(host: str):
    request = resolved(scope(host=host, origin=f"http://{host}"), site=PUBLIC)
    assert request_context(request).hosts == frozenset()
    assert not is_same_host(request)


# The root path.


@pytest.mark.parametrize(
    ("path", "rest"),
    [("/talk/", "/"), ("/talk/moderation", "/moderation"), ("/talk", ""), ("/moderation", "/moderation"), ("/", "/"),
     ("/talking", "/talking"), ("/talk/talk/", "/talk/")],
)  # fmt: skip
def test_root_path_is_taken_off_if_the_proxy_left_it(path: str, rest: str):
    request = resolved(scope(path, host="chat.example"), site=Site(root_path="/talk"))
    assert (request["path"], request["root_path"]) == (rest, "/talk")
    assert public_url(request) == "http://chat.example/talk"


@pytest.mark.parametrize(("hops", "root"), [(0, ""), (1, "/talk"), (2, "/talk")])
def test_forwarded_prefix_is_trusted_from_proxies_only(hops: int, root: str):
    request = resolved(scope(host="chat.example", x_forwarded_prefix="/talk/"), hops)
    assert request["root_path"] == root
    assert public_url(request) == f"http://chat.example{root}"


@pytest.mark.parametrize(
    "prefix", ["/a b", "/<script>", '/"', "/a?b", "/a#b", "/a/../b", "/%2e", "/é", "https://evil.example"]
)
def test_invalid_prefix_is_ignored(prefix: str):
    request = scope(host="chat.example", x_forwarded_prefix=prefix)
    assert resolved(request, 1)["root_path"] == ""


def test_operators_root_path_beats_the_forwarded_one():
    request = scope(host="chat.example", x_forwarded_prefix="/other")
    assert resolved(request, 1, Site(root_path="/talk"))["root_path"] == "/talk"
