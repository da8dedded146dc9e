"""Delivering pushes: encrypted and signed for the browser's push service, and to nowhere inside our own network."""

import json
import socket
import time
from collections.abc import AsyncIterator
from datetime import timedelta
from typing import Any

import pytest

from chat.config.branding import Brand
from chat.domain.accounts.preferences import Preferences
from chat.domain.messages.message import Message
from chat.domain.people.people import People
from chat.domain.rooms.directory.room_info import RoomInfo, RoomKind
from chat.domain.rooms.events import MemberAdded
from chat.domain.users import Member, UserRef
from chat.state.pushes.push_sending import Push, PushOutcome
from chat.text.nicknames import parse_nickname
from chat.web.push import addresses, delivery
from chat.web.push.addresses import PublicNetwork, is_push_service
from chat.web.push.keys import PushKeys
from chat.web.push.payload import PushPayloads
from chat.web.push.subscription import Subscription
from tests.support.push import AUTH, NOON, P256DH, device, subscribed
from tests.support.push_server import PushServer, verified


@pytest.fixture
async def server() -> AsyncIterator[PushServer]:
    server = PushServer()
    await server.start()
    yield server
    await server.close()


async def send(server: PushServer, network: PublicNetwork | None = None, **fields: Any) -> PushOutcome:
    found = server.delivery(network)
    try:
        return await found.send(Push(server.device(**fields), b'{"a":"push"}', "a room"))
    finally:
        await found.close()


async def test_push_is_encrypted_for_the_browser_and_signed_by_the_chat(server: PushServer):
    assert await send(server) is PushOutcome.TAKEN
    [(headers, content)] = server.received
    assert content == b'{"a":"push"}'
    assert (headers["Content-Encoding"], headers["Urgency"]) == ("aes128gcm", "high")
    assert 0 < int(headers["TTL"]) <= 24 * 60 * 60
    assert len(headers["Topic"]) <= 32
    claims = verified(headers["Authorization"])
    assert (claims["aud"], claims["sub"]) == (server.url, "https://chat.example")
    assert time.time() < claims["exp"] <= time.time() + 24 * 60 * 60


@pytest.mark.parametrize(
    ("status", "outcome"),
    [
        (200, PushOutcome.TAKEN),
        (202, PushOutcome.TAKEN),
        (301, PushOutcome.REFUSED),
        (307, PushOutcome.REFUSED),
        (400, PushOutcome.REFUSED),
        (403, PushOutcome.REFUSED),
        (404, PushOutcome.DEVICE_GONE),
        (410, PushOutcome.DEVICE_GONE),
        (429, PushOutcome.FAILED),
        (503, PushOutcome.FAILED),
    ],
)
async def test_answers_and_redirects_that_are_not_followed(server: PushServer, status: int, outcome: PushOutcome):
    server.status, server.location = status, f"{server.url}/elsewhere" if 300 <= status < 400 else ""
    assert await send(server) is outcome
    assert len(server.received) == 1


async def test_push_service_that_does_not_answer_is_given_up(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(delivery, "TIMEOUT", 0.2)
    server = PushServer()
    with socket.create_server(("127.0.0.1", 0)) as silent:
        server.url = f"https://localhost:{silent.getsockname()[1]}"
        assert await send(server) is PushOutcome.FAILED


@pytest.mark.parametrize(
    "fields",
    [
        {"p256dh": "A" * 87},  # a point that isn't on the curve
        {"auth": "A"},
        {"key": "of another secret"},
    ],
)
async def test_device_that_can_not_be_encrypted_for_is_gone(server: PushServer, fields: dict[str, str]):
    assert await send(server, **fields) is PushOutcome.DEVICE_GONE
    assert not server.received


def test_key_depends_on_nothing_but_the_secret():
    assert PushKeys("one secret").public == PushKeys("one secret").public != PushKeys("another secret").public


INWARD = [
    *("127.0.0.1", "0.0.0.0", "10.1.2.3", "172.16.0.1", "192.168.1.1", "169.254.169.254", "100.64.0.1", "192.0.0.1"),
    *("192.88.99.1", "198.18.0.1", "224.0.0.1", "240.0.0.1", "255.255.255.255"),
    *("::", "::1", "::7f00:1", "::ffff:127.0.0.1", "::ffff:10.0.0.1", "64:ff9b::7f00:1", "64:ff9b:1::1"),
    *("2002:7f00:1::", "2001::1", "fc00::1", "fe80::1", "fec0::1", "ff02::1"),
]


@pytest.mark.parametrize("address", INWARD)
def test_inward_address_is_not_connected_to(address: str):
    assert not is_push_service(address, 443)


@pytest.mark.parametrize("address", ["142.250.185.74", "2a00:1450:4001:82a::200a"])
def test_public_address_is_connected_to_at_the_port_of_https_only(address: str):
    assert is_push_service(address, 443)
    assert not is_push_service(address, 8443)


@pytest.mark.parametrize("host", ["localhost", "127.0.0.1", "2130706433", "0x7f.1", "[::1]", "[::ffff:127.0.0.1]"])
async def test_endpoint_leads_to_nothing_inside(server: PushServer, host: str):
    port = server.url.rpartition(":")[2]
    network = PublicNetwork(lambda address, _: is_push_service(address, 443))  # whatever its port
    assert await send(server, network, endpoint=f"https://{host}:{port}/push") is PushOutcome.FAILED
    assert not server.received


async def test_one_inward_address_among_others_is_enough_to_refuse(server: PushServer, monkeypatch: pytest.MonkeyPatch):
    found = [(0, 0, 0, "", (address, 443)) for address in ("142.250.185.74", "127.0.0.1")]
    monkeypatch.setattr(addresses, "getaddrinfo", lambda *host, **options: found)
    assert await send(server, PublicNetwork(), endpoint="https://push.example/1") is PushOutcome.FAILED


async def test_connection_goes_to_the_address_that_was_checked(server: PushServer, monkeypatch: pytest.MonkeyPatch):
    """A name that leads elsewhere at the second time is asked for once."""
    answers = ["127.0.0.1", "192.0.2.1"]
    monkeypatch.setattr(addresses, "getaddrinfo", lambda host, port, **options: [(0, 0, 0, "", (answers.pop(0), port))])
    assert await send(server) is PushOutcome.TAKEN
    assert answers == ["192.0.2.1"]


GOOD = subscribed("1")[0]


@pytest.mark.parametrize(
    "found",
    [
        *(
            None,
            "",
            [],
            [GOOD],
            [GOOD, "UTC"],
            [GOOD, "UTC", "yes"],
            [GOOD, None, True],
            {"endpoint": "https://x.example"},
        ),
        *(
            [{**GOOD, "endpoint": endpoint}, "UTC", True]
            for endpoint in (
                *(7, "", "http://push.example/1", "https://", "https:///1", "https://ann:secret@push.example/1"),
                *(
                    "file:///etc/passwd",
                    "HTTPS://push.example/1",  # the store refuses it
                    "https://push.example/ 1",
                    "https://push.example/\n1",
                    f"https://x.example/{'a' * 1000}",
                ),
            )
        ),
        *(
            [{**GOOD, "keys": keys}, "UTC", True]
            for keys in (None, {}, {"p256dh": P256DH}, {"p256dh": "", "auth": AUTH})
        ),
        [{**GOOD, "keys": {"p256dh": P256DH, "auth": "?" * 22}}, "UTC", True],
    ],
)
def test_invalid_subscription_is_refused(found: object):
    with pytest.raises(ValueError, match="no push subscription"):
        Subscription.parse(found)


def test_unknown_time_zone_becomes_utc():
    assert Subscription.parse([GOOD, "Europe/Berlin", True]).timezone == "Europe/Berlin"
    assert Subscription.parse([GOOD, "../../etc/passwd; rm", True]).timezone == "UTC"


PAYLOADS = PushPayloads(People(timedelta()), Brand("Tea house"))
TEA = RoomInfo("tea", RoomKind.PUBLIC, "Green tea", "green-tea")
MESSAGE = Message("message00001", "tea", "bob", "Bob", "The **text** of it", NOON)


@pytest.mark.parametrize(
    ("shows_text", "language", "body"),
    [(False, "en", "1 new message"), (False, "de", "1 neue Nachricht"), (True, "en", "The text of it")],
)
def test_push_says_who_and_where_and_the_text_only_if_wanted(shows_text: bool, language: str, body: str):
    found = device("a", language=language, preferences=Preferences(push_text=shows_text))
    shown = json.loads(PAYLOADS.of_news(found, MESSAGE, TEA, 3))
    assert (shown["web_push"], shown["app_badge"]) == (8030, 3)
    notification = shown["notification"]
    assert (notification["title"], notification["body"], notification["tag"]) == ("Bob · Green tea", body, "tea")
    url = "https://chat.example/room/green-tea#m-message00001"
    click = notification["data"]["onActionClick"]["default"]
    assert (notification["navigate"], click) == (url, {"operation": "openWindow", "url": url})
    assert notification["icon"].startswith("https://chat.example/assets/")


@pytest.mark.parametrize(("shows_text", "body"), [(False, ""), (True, "Plots and plants")])
def test_push_says_who_added_one_to_a_room(shows_text: bool, body: str):
    found = device("a", language="de", preferences=Preferences(push_text=shows_text))
    garden = RoomInfo(
        "garden", RoomKind.PRIVATE, "Garden", "garden", description="Plots and plants", members=frozenset({"ann"})
    )
    added = MemberAdded("garden", UserRef("bob", "Bob"), UserRef("ann", "Ann"), NOON)
    shown = json.loads(PAYLOADS.of_news(found, added, garden, 1))["notification"]
    assert (shown["title"], shown["body"]) == ("Bob hat dich zu Garden hinzugefügt.", body)
    assert (shown["navigate"], shown["tag"]) == ("https://chat.example/room/garden", "garden")


def test_push_shows_the_picture_of_its_sender_if_there_is_one():
    people = People(timedelta())
    people.members["bob"] = Member("bob", parse_nickname("Bob"), picture="7ea" * 20)
    shown = json.loads(PushPayloads(people, Brand("Tea house")).of_news(device("a"), MESSAGE, TEA, 1))
    assert shown["notification"]["icon"] == "https://chat.example/avatars/bob/7ea7ea7ea7ea"


def test_payload_is_never_larger_than_push_services_take():
    found = device("a", site=f"https://{'x' * 1000}.example", preferences=Preferences(push_text=True))
    posted = Message("message00001", "tea", "bob", "🦊" * 40, "🐻‍❄️" * 200, NOON)
    assert len(PAYLOADS.of_news(found, posted, TEA, 1)) <= 3993
