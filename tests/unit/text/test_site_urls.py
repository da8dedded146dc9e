"""URLs of sites, as an operator writes them."""

import pytest

from chat.text.site_urls import parse_root_path, parse_site_url


@pytest.mark.parametrize(
    ("written", "url"),
    [
        ("https://chat.example.org", "https://chat.example.org"),
        ("https://chat.example.org/", "https://chat.example.org"),
        (" HTTPS://Chat.Example.Org.:443/talk/ ", "https://chat.example.org/talk"),
        ("http://münchen-chat.de:3000", "http://xn--mnchen-chat-thb.de:3000"),
        ("http://[::1]:3000/a/b", "http://[::1]:3000/a/b"),
        ("http://192.0.2.1:80", "http://192.0.2.1"),
    ],
)
def test_url_is_normalized(written: str, url: str):
    assert str(parse_site_url(written)) == url


@pytest.mark.parametrize(
    "text",
    ["", "chat.example.org", "ftp://chat.example.org", "https://", "https://a b", "https://me:pw@chat.example.org",
     "https://chat.example.org?x", "https://chat.example.org/#x", "https://a/<b>", "https://a:0x1", "https://a/.."],
)  # fmt: skip
def test_other_urls_are_refused(text: str):
    with pytest.raises(ValueError, match="should be like"):
        parse_site_url(text)


@pytest.mark.parametrize(
    ("written", "path"),
    [("/", ""), ("", ""), ("/chat", "/chat"), ("chat/", "/chat"), ("/a/b/", "/a/b"), ("//evil", "/evil")],
)
def test_root_path_is_normalized(written: str, path: str):
    assert parse_root_path(written) == path
