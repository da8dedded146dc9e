"""A WebSocket whose page is gone gets it built again; only for the browser that it was made for, and within limits."""

import asyncio
from collections.abc import Callable

import pytest

from tests.support.guest import Guest
from tests.support.server import ADMIN_PASSWORD, Server


async def restart(server: Server) -> None:
    await asyncio.to_thread(server.stop)
    await asyncio.to_thread(server.start)


async def test_people_go_on_after_a_restart(guest, server: Server):
    ann, bob = await guest("Ann"), await guest("Bob")
    await restart(server)
    for person in ann, bob:
        await person.come_back()
    for person in ann, bob:
        await person.sees_people("Ann", "Bob")
    assert await ann.say("still here")
    await bob.sees("still here")
    assert "joined" not in str(bob.elements)
    cid = await guest("Cid")
    await cid.sees_line("Cid joined")


@pytest.mark.parametrize("is_closed", [True, False], ids=["closed", "not noticed as closed"])
async def test_page_that_was_left_behind_is_built_again(guest, server: Server, is_closed: bool):
    ann, bob = await guest("Ann"), await guest("Bob")
    former = ann.record
    await restart(server)
    await bob.come_back()
    await ann.come_back()
    before = ann._socket
    if is_closed:
        await ann.close()
    await ann.come_back(page=former)  # as if another server had built the page meanwhile
    assert await ann.say("still here")
    assert None not in [ann.elements[number] for number in ann.elements if number.isdecimal()]
    await before.disconnect()
    await bob.sees_people("Ann", "Bob")
    await ann.close()
    await bob.sees_line("Ann left")


FORGERIES: dict[str, Callable[[Guest, Guest], dict[str, str]]] = {
    "nothing": lambda eve, ann: {"page": ""},
    "changed": lambda eve, ann: {"page": f"{eve.record[:20]}x{eve.record[21:]}"},
    "of another's page": lambda eve, ann: {"page": ann.record, "client_id": ann._client_id},
    "for another id": lambda eve, ann: {"client_id": "chat-en"},
}


@pytest.mark.parametrize("forge", FORGERIES.values(), ids=FORGERIES)
async def test_forged_record_opens_nothing(guest, server: Server, forge: Callable[[Guest, Guest], dict[str, str]]):
    ann, eve = await guest("Ann"), await guest("Eve")
    await restart(server)
    with pytest.raises(ConnectionError, match="Implicit handshake failed"):
        await eve.come_back(**forge(eve, ann))
    await ann.come_back()
    await ann.sees_people("Ann")


async def test_refused_member_loads_the_page_instead(guest, server: Server):
    ann, eve = await guest("Ann"), await guest("Eve")
    await ann.become_admin(ADMIN_PASSWORD)
    assert await ann.say("/ban @Eve")
    await eve.is_disconnected()
    await restart(server)
    with pytest.raises(ConnectionError, match="Implicit handshake failed"):
        await eve.come_back()


async def test_pages_beyond_the_limit_are_told_to_try_again(make_server):
    server = make_server(CHAT_REQUEST_RATE="5 per minute")
    async with Guest(server.url, "Ann") as ann:
        await ann.open()
        await restart(server)
        for _ in range(5):
            async with ann.http.get(server.url) as response:
                assert response.status == 200
        with pytest.raises(ConnectionError, match="Try again"):
            await ann.come_back()
        await ann.http.close()
