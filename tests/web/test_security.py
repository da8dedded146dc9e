"""What comes from outside, over HTTP and over raw sockets."""

import asyncio
import json
from collections import Counter
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import aiohttp
import orjson
import pytest
from aiolimiter import AsyncLimiter
from nicegui.testing import User

from chat.ui.pages import welcome
from chat.web.security import client_address as addresses
from chat.web.security.frame_validation import FrameValidator, ProtocolViolation
from chat.web.security.page_queue import PageBuildQueue
from chat.web.security.rate_limits import WITHOUT_SOCKET
from chat.web.security.websocket import STUCK, UNSENT, GuardedSocket
from tests.support.raw_page import RawPage, _between
from tests.support.server import Server

QUERY = b"EIO=4&transport=websocket&client_id=me&tab_id=tab&document_id=document&old_tab_id=null&next_message_id=0"


def scope(peer: str = "10.0.0.1", **headers: str) -> dict[str, Any]:
    pairs = [(name.replace("_", "-").encode(), value.encode()) for name, value in headers.items()]
    return {"type": "http", "scheme": "http", "client": (peer, 5000), "headers": pairs}


def seen(asked: dict[str, Any], hops: int) -> tuple[str, str]:
    addresses.resolve_client_address(asked, hops)
    return asked["client"][0], asked["scheme"]


def test_without_proxies_nobody_is_believed_where_they_come_from():
    assert seen(scope(x_forwarded_for="1.1.1.1", x_forwarded_proto="https"), 0) == ("10.0.0.1", "http")


def test_what_the_trusted_proxy_has_added_is_the_address():
    assert seen(scope(x_forwarded_for="6.6.6.6, 1.1.1.1", x_forwarded_proto="https"), 1) == ("1.1.1.1", "https")


def test_of_two_proxies_the_outer_one_knows_the_address():
    asked = scope(x_forwarded_for="6.6.6.6, 1.1.1.1, 10.0.0.2", x_forwarded_proto="http, https, http")
    assert seen(asked, 2) == ("1.1.1.1", "https")


def test_one_word_of_two_proxies_is_that_of_the_outer_one():
    asked = scope(x_forwarded_for="1.1.1.1, 10.0.0.2", x_forwarded_proto="https")
    assert seen(asked, 2) == ("1.1.1.1", "https")


def test_an_address_is_not_believed_from_fewer_proxies():
    assert seen(scope(x_forwarded_for="1.1.1.1"), 2)[0] == "10.0.0.1"


@pytest.mark.parametrize("forwarded", ["", "nonsense", "1.1.1.1, <script>", ",", "x" * 5000])
def test_an_address_that_is_none_is_not_used(forwarded: str):
    assert seen(scope(x_forwarded_for=forwarded), 1) == ("10.0.0.1", "http")


@pytest.mark.parametrize(
    ("entry", "address"),
    [("1.1.1.1:80", "1.1.1.1"), ("[2001:db8::1]:80", "2001:db8::1"), ("::ffff:1.1.1.1", "1.1.1.1")],
)
def test_addresses_are_read_as_proxies_write_them(entry: str, address: str):
    assert seen(scope(x_forwarded_for=entry), 1)[0] == address


def test_a_network_of_ipv6_is_one_visitor():
    assert addresses.network("2001:db8::1") == addresses.network("2001:db8::2") != addresses.network("2001:db8:0:1::1")


@pytest.mark.parametrize("hops", [0, 1])
def test_what_proxies_say_goes_no_further(hops: int):
    asked = scope(x_forwarded_prefix="/x", x_forwarded_for="1.1.1.1", accept="*/*")
    addresses.resolve_client_address(asked, hops)
    assert asked["headers"] == [(b"accept", b"*/*")]


@pytest.mark.parametrize(
    ("origin", "allowed"),
    [
        ("https://chat.example", True),
        ("http://CHAT.example", True),
        ("https://evil.example", False),
        ("https://chat.example.evil.example", False),
        ("https://chat.example:444", False),
        ("null", False),
        ("", False),
        ("file://chat.example", False),
    ],
)
def test_only_pages_of_the_same_host_may_open_sockets(origin: str, allowed: bool):
    asked = scope(host="chat.example", origin=origin)
    addresses.resolve_client_address(asked, 0)
    assert addresses.is_same_host(asked) is allowed


def test_a_host_is_believed_only_from_a_trusted_proxy():
    for hops in (0, 1):
        asked = scope(host="inner", origin="https://chat.example", x_forwarded_host="chat.example")
        addresses.resolve_client_address(asked, hops)
        assert addresses.is_same_host(asked) is bool(hops)


def event(**changes: object) -> str:
    values = {"id": 1, "client_id": "me", "listener_id": "x", "args": [json.dumps("hello")]} | changes
    return "42" + orjson.dumps(["event", values]).decode()


def connected() -> FrameValidator:
    reader = FrameValidator(QUERY)
    assert reader.read("40")
    return reader


@pytest.mark.parametrize(
    "frame",
    [
        event(),
        event(args=[]),
        event(args=[None, "1", "[]", '"[[[[[[[[[[[[[[[[[[[[[[["']),
        '42["ack",{"client_id":"me","next_message_id":3}]',
        '427["javascript_response",{"client_id":"me","request_id":"r","result":null}]',
        "3",
        "41",
    ],
)
def test_what_a_page_says_is_passed_on(frame: str):
    assert connected().read(frame)


@pytest.mark.parametrize(
    "frame",
    [
        None,
        b"4",
        "",
        "2",
        "2probe",
        "5",
        "9",
        "4",
        "42",
        "42{}",
        "42[]",
        "42[1]",
        '42["event"]',
        '42["event",[]]',
        '42["event",{}]',
        "42/admin,[]",
        "40",
        "40/admin,",
        '43["event",{}]',
        '451-["event",{"_placeholder":true,"num":0}]',
        '42["unknown",{"client_id":"me"}]',
        '42["ack",{"client_id":"me","next_message_id":"3"}]',
        '42["javascript_response",{"client_id":"me","request_id":[]}]',
        '42["handshake",{"client_id":"me"}]',
        event(client_id="other"),
        event(client_id=["me"]),
        event(id="1"),
        event(id=None),
        event(listener_id={}),
        event(args="x"),
        event(args=[1]),
        event(args=["not json"]),
        event(args=['"\\ud800"']),
        event(args=["[" * 1000 + "]" * 1000]),
        event(args=["[" * 100 + "]" * 100]),
        event(args=['{"a":' * 100 + "1" + "}" * 100]),
        "42" + "[" * 1000,
        event(args=["x" * 400_000]),
    ],
)
def test_what_no_page_says_is_not(frame: object):
    with pytest.raises(ProtocolViolation):
        connected().read(frame)


def test_nothing_is_said_before_connecting():
    with pytest.raises(ProtocolViolation):
        FrameValidator(QUERY).read(event())


def test_what_a_browser_complains_about_does_not_reach_the_log():
    assert not connected().read('42["log",{"client_id":"me","level":"error","message":"forged"}]')


@pytest.mark.parametrize(
    "query",
    [
        b"",
        QUERY.replace(b"tab_id=tab", b""),
        QUERY.replace(b"client_id=me", b"client_id=" + b"x" * 65),
        QUERY.replace(b"websocket", b"polling"),
        QUERY.replace(b"EIO=4", b"EIO=3"),
        QUERY.replace(b"next_message_id=0", b"next_message_id=many"),
        QUERY.replace(b"old_tab_id=null", b"old_tab_id=%00"),
        QUERY + b"&x=" + b"x" * 1000,
        b"\xff",
    ],
)
def test_a_query_that_no_page_sends_is_refused(query: bytes):
    with pytest.raises(ProtocolViolation):
        FrameValidator(query)


@pytest.fixture
async def http() -> AsyncIterator[aiohttp.ClientSession]:
    async with aiohttp.ClientSession(cookie_jar=aiohttp.DummyCookieJar()) as session:
        yield session


@asynccontextmanager
async def socket(http: aiohttp.ClientSession, server: Server, **headers: str) -> AsyncIterator[Any]:
    """A raw socket for a freshly loaded page, connected."""
    client_id = await load(http, server)
    async with connect(http, server, client_id, **headers) as (opened, _):
        yield opened, client_id


async def load(http: aiohttp.ClientSession, server: Server) -> str:
    """Load the page, as soon as there may be one more; returns its id."""
    async with asyncio.timeout(5):
        while True:
            async with http.get(server.url) as response:
                if response.status == 200:
                    return _between(await response.text(), "'client_id': '", "'")


@asynccontextmanager
async def connect(
    http: aiohttp.ClientSession, server: Server, client_id: str, **headers: str
) -> AsyncIterator[tuple[Any, str]]:
    """A raw socket of a page, and what the server says to it."""
    query = QUERY.decode().replace("client_id=me", f"client_id={client_id}") + "&implicit_handshake=true"
    async with http.ws_connect(f"{server.url}_nicegui_ws/socket.io/?{query}", headers=headers) as opened:
        await opened.receive()
        await opened.send_str("40")
        yield opened, await opened.receive_str()


async def cut_off(bad: Any) -> None:
    """Say what no page says."""
    await bad.send_bytes(b"\x00")
    while not bad.closed:
        await bad.receive(5)


async def test_every_answer_has_the_headers(server: Server, http: aiohttp.ClientSession):
    for path in ("", "healthz", "nowhere", "assets/chat.css", "assets/nowhere", "_nicegui_ws/socket.io/"):
        async with http.get(f"{server.url}{path}") as response:
            policy = response.headers["Content-Security-Policy"]
            assert "'unsafe-inline'" not in policy.split("script-src ")[1].split(";")[0]
            assert "frame-ancestors 'none'" in policy
            assert response.headers["X-Content-Type-Options"] == "nosniff"
            assert response.headers["Cross-Origin-Opener-Policy"] == "same-origin"
            assert {"Referrer-Policy", "Permissions-Policy"} <= set(response.headers)
            assert "Strict-Transport-Security" not in response.headers


async def test_every_script_has_the_nonce_of_its_answer(server: Server, http: aiohttp.ClientSession):
    nonces = set()
    for _ in range(2):
        async with http.get(server.url) as response:
            nonce = _between(response.headers["Content-Security-Policy"], "'nonce-", "'")
            source = await response.text()
        assert source.count("<script") == source.count(f'<script nonce="{nonce}"') > 5
        nonces.add(nonce)
    assert len(nonces) == 2


async def test_cookies_are_secure_behind_tls(make_server, http: aiohttp.ClientSession):
    server = make_server(CHAT_TRUSTED_HOPS="1")
    forwarded = {"X-Forwarded-For": "1.1.1.1", "X-Forwarded-Proto": "https"}
    async with http.get(server.url, headers=forwarded) as response:
        assert "; secure" in response.headers["Set-Cookie"]
        assert "Strict-Transport-Security" in response.headers
    async with http.get(server.url) as response:
        assert "; secure" not in response.headers["Set-Cookie"]


@pytest.mark.parametrize("origin", ["https://evil.example", "null"])
async def test_a_foreign_page_gets_no_socket(server: Server, http: aiohttp.ClientSession, origin: str):
    with pytest.raises(aiohttp.WSServerHandshakeError) as refusal:
        async with socket(http, server, Origin=origin):
            pass
    assert refusal.value.status == 403


async def test_a_page_of_the_same_host_gets_one(server: Server, http: aiohttp.ClientSession):
    async with socket(http, server, Origin=server.url.rstrip("/")) as (opened, _):
        assert not opened.closed


async def test_too_many_page_loads_are_told_when_to_try_again(make_server, http: aiohttp.ClientSession):
    server = make_server(CHAT_REQUEST_RATE="20 per minute")
    statuses = []
    for _ in range(25):
        async with http.get(server.url) as response:
            statuses.append(response.status)
            if response.status == 429:
                assert 1 <= int(response.headers["Retry-After"]) <= 120
    assert statuses[0] == 200
    assert statuses[-1] == 429


async def test_one_address_does_not_use_up_what_another_may(make_server, http: aiohttp.ClientSession):
    server = make_server(CHAT_PAGES_PER_ADDRESS="2", CHAT_TRUSTED_HOPS="1")
    for forwarded, status in [("1.1.1.1", 200), ("1.1.1.1", 200), ("9.9.9.9, 1.1.1.1", 429), ("2.2.2.2", 200)]:
        async with http.get(server.url, headers={"X-Forwarded-For": forwarded}) as response:
            assert response.status == status


async def test_the_page_for_moderators_counts_and_is_not_built_for_others(make_server, http: aiohttp.ClientSession):
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


async def test_pages_without_a_socket_are_soon_too_many(server: Server, http: aiohttp.ClientSession):
    statuses = Counter()
    for _ in range(WITHOUT_SOCKET + 5):
        async with http.get(server.url) as response:
            statuses[response.status] += 1
    assert statuses == {200: WITHOUT_SOCKET, 429: 5}


async def test_who_reloads_often_is_not_short_of_pages(server: Server, http: aiohttp.ClientSession):
    for _ in range(WITHOUT_SOCKET + 5):
        async with socket(http, server) as (opened, _):
            assert not opened.closed


async def test_a_bad_frame_ends_that_socket_only(server: Server, http: aiohttp.ClientSession):
    async with socket(http, server) as (bad, _), RawPage(server.url, "Ann") as ann:
        await ann.open()
        await cut_off(bad)
        await ann.post("m0000000001abcdefg", "still here")
        assert "still here" in ann.shown.values()
        await ann.close()
    assert "Traceback" not in server.output


async def test_a_page_that_says_what_no_page_says_is_gone_at_once(make_server, http: aiohttp.ClientSession):
    server = make_server(CHAT_PAGES_PER_ADDRESS="1", CHAT_GRACE="60")
    for _ in range(3):
        async with socket(http, server) as (bad, _):
            await cut_off(bad)
    assert "Traceback" not in server.output


async def test_a_bad_frame_leaves_a_page_that_has_another_socket(server: Server, http: aiohttp.ClientSession):
    async with socket(http, server) as (_, client_id):
        async with connect(http, server, client_id) as (bad, _):
            await cut_off(bad)
        async with connect(http, server, client_id) as (_, answer):
            assert answer.startswith("40")


async def test_who_has_come_in_leaves_no_card_behind(make_server):
    server = make_server(CHAT_PAGES_PER_ADDRESS="1", CHAT_GRACE="60")
    async with RawPage(server.url, "Ann", patience=20) as ann:
        await ann.join()
        assert await load(ann.http, server)


async def test_browsers_may_keep_the_files_of_nicegui(server: Server, http: aiohttp.ClientSession):
    async with http.get(server.url) as page:
        path = _between(await page.text(), 'src="/_nicegui/', '"')
    for url, kept in (
        (f"{server.url}_nicegui/{path}", True),
        (f"{server.url}_nicegui/nowhere", False),
        (server.url, False),
    ):
        async with http.get(url) as response:
            assert ("immutable" in response.headers.get("Cache-Control", "")) is kept


async def test_an_event_for_what_the_page_has_not_is_ignored(server: Server, http: aiohttp.ClientSession):
    async with socket(http, server) as (opened, client_id):
        for element in range(30):
            values = {"id": element, "client_id": client_id, "listener_id": "nothing", "args": ["1"]}
            await opened.send_str("42" + json.dumps(["event", values]))
        await opened.send_str(f'420["ack",{{"client_id":"{client_id}","next_message_id":0}}]')
        async with asyncio.timeout(5):
            while not (await opened.receive_str()).startswith("430"):
                pass
    assert server.output.count("\n") == 1


async def test_an_error_tells_nothing_of_itself(server: Server, http: aiohttp.ClientSession):
    async with http.get(f"{server.url}nowhere?<script>") as response:
        assert response.status == 404
        assert "script" not in await response.text()
    assert server.output.count("\n") == 1


async def test_a_page_that_fails_tells_nothing_of_why(
    user: User, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
):
    def fail(visit: object) -> None:
        raise RuntimeError("the key is 42")

    monkeypatch.setattr(welcome, "build", fail)
    answer = await user.http_client.get("/")
    assert answer.status_code == 500
    assert answer.text == "Something went wrong here.\n"
    assert "a request failed" in caplog.text
    caplog.clear()


@pytest.mark.parametrize("folder", ["assets", "_nicegui"])
async def test_files_that_are_not_there_count_and_are_no_pages(make_server, http: aiohttp.ClientSession, folder: str):
    server = make_server(CHAT_REQUEST_RATE="20 per minute")
    statuses = Counter()
    for number in range(25):
        async with http.get(f"{server.url}{folder}/{number}") as response:
            statuses[response.status] += 1
            assert len(await response.text()) < 200
    assert statuses[404] >= 19
    assert statuses[429] > 0


async def test_files_that_are_there_are_for_everybody(make_server, http: aiohttp.ClientSession):
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


class Line:
    """A socket whose other end reads nothing."""

    def __init__(self) -> None:
        self.transport = self
        self.aborted = self.read_paused = False
        self.unsent = 70_000
        self.writable = asyncio.Event()

    def handle_events(self) -> None: ...

    def abort(self) -> None:
        self.aborted = True

    def get_write_buffer_size(self) -> int:
        return self.unsent

    async def receive(self) -> dict[str, Any]:
        return {"type": "websocket.receive", "text": "40"}

    async def send(self, message: object) -> None:
        await asyncio.Event().wait()

    def guarded(self) -> GuardedSocket:
        buckets = (AsyncLimiter(200, 4), AsyncLimiter(200, 4))
        refused: list[str] = []
        return GuardedSocket(
            self.receive, self.send, reader=FrameValidator(QUERY), buckets=buckets, queues={}, refused=refused.append
        )


async def test_who_reads_nothing_is_cut_off_after_a_while():
    line = Line()
    socket = line.guarded()
    for now in 0, 2, 2 + STUCK - 1:
        socket.cut_if_stuck(now)
    assert not line.aborted
    socket.cut_if_stuck(2 + STUCK + 1)
    assert line.aborted


async def test_who_reads_slowly_is_not_stuck():
    line = Line()
    socket = line.guarded()
    for now in range(0, 10 * int(STUCK), 2):
        line.unsent -= 1
        socket.cut_if_stuck(now)
    assert not line.aborted


async def test_who_has_too_much_unsent_is_cut_off():
    line = Line()
    line.unsent = UNSENT + 1
    line.guarded().cut_if_stuck(0)
    assert line.aborted


async def test_from_who_does_not_read_nothing_more_is_read():
    line = Line()
    socket = line.guarded()
    receiving = asyncio.create_task(socket.receive())
    done, _ = await asyncio.wait([receiving], timeout=0.2)
    assert not done
    socket.cut("slow")
    await receiving


async def test_page_loads_of_one_visitor_wait_for_each_other_not_for_all():
    turns, order = PageBuildQueue(), []

    async def load(rate_limit_key: str) -> None:
        async with turns.take(rate_limit_key):
            order.append(rate_limit_key)

    await asyncio.gather(*(load(rate_limit_key) for rate_limit_key in ["many"] * 50 + ["one"]))
    assert order.index("one") < 3


@pytest.mark.parametrize("fails", [False, True])
async def test_turns_are_given_back(fails: bool):
    turns = PageBuildQueue()
    for _ in range(2):
        try:
            async with asyncio.timeout(1), turns.take("ann"):
                assert not fails
        except AssertionError:
            pass
