"""The addresses at which a running server answers, and those that it hands out."""

import json
import re
from collections.abc import Callable

import aiohttp
import pytest

from tests.support.raw_page import RawPage
from tests.support.server import Server

PUBLIC = {"CHAT_PUBLIC_URL": "https://chat.example.org/talk/"}
SOCKET = "_nicegui_ws/socket.io/"


async def get(http: aiohttp.ClientSession, url: str, **headers: str) -> tuple[int, str, aiohttp.typedefs.LooseHeaders]:
    async with http.get(url, headers=headers, allow_redirects=False) as response:
        return response.status, await response.text(), response.headers


async def test_odd_host_is_refused_without_a_traceback(server: Server, http: aiohttp.ClientSession):
    for host in "[::1", "a b", "a:b", "a/b", "a@b", "a,b", "..", "%00", "℀.example", "[v1.a]", "x:99999":
        for path in "", "moderation", "invite/guessed", SOCKET:
            assert (await get(http, server.url + path, Host=host))[0] == 400, host
        assert (await get(http, f"{server.url}healthz", Host=host))[0] == 200, host
    assert "Traceback" not in server.output


async def test_unusual_host_is_served(server: Server, http: aiohttp.ClientSession):
    for host in "münchen-chat.de:3000", "chat.example.", "[::1]:3000", "CHAT.example:80":
        assert (await get(http, server.url, Host=host))[0] == 200, host


async def test_chat_with_a_public_url_serves_no_other_host(make_server: Callable[..., Server], http):
    server = make_server(**PUBLIC)
    for host in "evil.example", "127.0.0.1:3000", "chat.example.org:8080":
        for path in "", SOCKET:
            status, text, _ = await get(http, server.url + path, Host=host)
            assert status == 421
            assert "This chat is at https://chat.example.org/talk." in text
    assert (await get(http, f"{server.url}healthz", Host="10.0.0.7"))[0] == 200
    status, page, _ = await get(http, f"{server.url}talk/", Host="chat.example.org")
    assert status == 200
    assert '<meta property="og:url" content="https://chat.example.org/talk/">' in page
    assert server.output.count("a proxy must pass on the Host header") == 1


async def test_only_pages_of_the_public_url_open_sockets(
    make_server: Callable[..., Server], http: aiohttp.ClientSession
):
    server = make_server(**PUBLIC)
    for origin, status in ("https://chat.example.org", 400), ("https://evil.example", 403):
        with pytest.raises(aiohttp.WSServerHandshakeError) as refused:
            await http.ws_connect(server.url + SOCKET, origin=origin, headers={"Host": "chat.example.org"})
        assert refused.value.status == status  # without a query it is a bad request


async def test_printed_invitation_has_the_public_url(make_server: Callable[..., Server]):
    server = make_server(CHAT_ACCESS="invite", **PUBLIC)
    assert re.search(r"^Sign up as the owner: https://chat\.example\.org/talk/invite/\S{22}$", server.output, re.M)


async def test_page_below_a_path(make_server: Callable[..., Server], http: aiohttp.ClientSession):
    server = make_server(CHAT_ROOT_PATH="/talk")
    status, _, headers = await get(http, f"{server.url}talk")
    assert (status, headers["Location"]) == (308, "/talk/")
    _, page, headers = await get(http, f"{server.url}talk/")
    assert "; path=/talk;" in headers["Set-Cookie"]
    assert not re.findall(r'(?:href|src)="(?!/talk/)/', page)
    for path in "invite/guessed", "enter/guessed":
        assert (await get(http, f"{server.url}talk/{path}"))[2]["Location"] == "/talk/"
    _, manifest, _ = await get(http, f"{server.url}talk/manifest.webmanifest")
    assert "/talk" not in manifest
    assert not [icon for icon in json.loads(manifest)["icons"] if icon["src"].startswith("/")]
    assert f"ready at {server.url}talk\n" in server.output
    async with RawPage(f"{server.url}talk/", "Ann", patience=10) as ann:
        await ann.open()
        await ann.post("message01", "Hello")
        await ann.close()
    assert server.messages()[0]["text"] == "Hello"


async def test_page_above_the_path_does_not_sign_out(make_server: Callable[..., Server], http: aiohttp.ClientSession):
    """Browsers don't send the cookie there, and a new one would replace it."""
    server = make_server(CHAT_ROOT_PATH="/talk")
    for path in "", "moderation", "reset", "invite/guessed", "?back=1":
        status, _, headers = await get(http, server.url + path)
        assert (status, headers["Location"]) == (307, f"/talk/{path}")
        assert "Set-Cookie" not in headers
    assert (await get(http, server.url, **{"X-Forwarded-For": "1.1.1.1"}))[0] == 200  # a proxy has removed the path


async def test_proxy_that_is_not_counted_is_named_once(make_server: Callable[..., Server], http: aiohttp.ClientSession):
    server, told = make_server(), make_server(CHAT_TRUSTED_HOPS="1")
    for _ in range(3):
        for one in (server, told):
            await get(http, one.url, **{"X-Forwarded-For": "1.1.1.1"})
    assert server.output.count("CHAT_TRUSTED_HOPS is 0") == 1
    assert "CHAT_TRUSTED_HOPS" not in told.output


async def test_only_pages_and_sign_in_start_sessions(make_server: Callable[..., Server], http: aiohttp.ClientSession):
    server = make_server(CHAT_ROOT_PATH="/talk")
    for path in "favicon.ico", "healthz", "talk/manifest.webmanifest", "talk/assets/favicon.svg", "talk/history.csv":
        http.cookie_jar.clear()
        assert "Set-Cookie" not in (await get(http, server.url + path))[2]
    for path in "talk/", "talk/reset", "talk/invite/guessed", "talk/reset/guessed":
        http.cookie_jar.clear()
        assert "path=/talk;" in (await get(http, server.url + path))[2]["Set-Cookie"]


async def test_forms_of_other_sites_sign_nobody_out(server: Server, http: aiohttp.ClientSession):
    """Browsers post them without the cookie, and would replace it by a new one."""
    for path in "", "moderation", "reset", "invite/x", "enter/x", "language/de/x":
        async with http.post(server.url + path) as response:
            assert response.status == 405
            assert "Set-Cookie" not in response.headers


async def test_log_tells_what_a_proxy_must_pass_on(server: Server, http: aiohttp.ClientSession):
    with pytest.raises(aiohttp.WSServerHandshakeError):
        await http.ws_connect(server.url + SOCKET, origin="https://chat.example.org")
    [line] = [line for line in server.output.splitlines() if "a proxy must pass on the Host header" in line]
    assert "origin=https://chat.example.org" in line
    assert (await get(http, server.url + SOCKET, **{"Sec-WebSocket-Key": "x"}))[0] == 426
    assert server.output.count("a proxy must pass on the headers Upgrade and Connection") == 1


async def test_head_is_answered_like_get(server: Server, http: aiohttp.ClientSession):
    pages = ["", "healthz", "manifest.webmanifest", "moderation", "history.json", "invite/guessed", "none", SOCKET]
    for path in *pages, "assets/chat.css", "_nicegui/3.18.0/static/nicegui.js", "favicon.ico":
        async with http.get(server.url + path, allow_redirects=False) as get:
            await get.read()
        async with http.head(server.url + path, allow_redirects=False) as head:
            assert (head.status, await head.read()) == (get.status, b""), path
        assert head.headers.get("Content-Type") == get.headers.get("Content-Type"), path
        assert ("Content-Length" in head.headers) == ("Content-Length" in get.headers), path


async def test_other_methods_are_refused(server: Server, http: aiohttp.ClientSession):
    for method in "POST", "PUT", "DELETE", "OPTIONS":
        async with http.request(method, f"{server.url}healthz") as response:
            assert response.status == 405


async def test_both_families_are_served(make_server: Callable[..., Server], http: aiohttp.ClientSession):
    server = make_server(HOST="::", CHAT_PAGES_PER_ADDRESS="1")
    for host in "127.0.0.1", "[::1]":
        # A limit for each: an IPv4 address isn't one of all that are mapped to IPv6.
        assert [(await get(http, f"http://{host}:{server.port}/"))[0] for _ in range(2)] == [200, 429]
    assert f"ready at http://localhost:{server.port}\n" in server.output
