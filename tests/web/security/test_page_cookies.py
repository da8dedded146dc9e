"""A WebSocket gets a page only with the session cookie the page was made for."""

import json
from itertools import product

import aiohttp
import pytest

from tests.support.page_program import Program
from tests.support.server import Server
from tests.web.security.sockets import connect


@pytest.mark.parametrize("place", ["card", "room"])
async def test_leaked_id_opens_nothing(program, server: Server, place: str):
    ann, eve = program("Ann"), program("Eve")
    await (ann.open() if place == "room" else ann.open_card("Sign in"))
    await eve.open()  # in the room, with a cookie of her own
    for jar, is_implicit in product((eve.http.cookie_jar, aiohttp.DummyCookieJar()), (True, False)):
        async with (
            aiohttp.ClientSession(cookie_jar=jar) as http,
            connect(http, server, ann._client_id, is_implicit=is_implicit) as (opened, reply),
        ):
            assert reply.startswith("44"), reply  # not connected
            for event in ("handshake", "event", "javascript_response"):
                await opened.send_str("42" + json.dumps([event, forged(event, ann)]))
            await opened.send_str("3")
            with pytest.raises(TimeoutError):
                await opened.receive(0.5)
    assert place == "card" or await ann.say("only I am here")
    assert not [text for text in ann.shown.values() if text != "only I am here"]


def forged(event: str, ann: Program) -> dict[str, object]:
    """Return what Ann's own page could send."""
    if event == "handshake":
        return {"client_id": ann._client_id, "tab_id": "tab", "document_id": "document", "next_message_id": 0}
    if event == "javascript_response":
        return {"client_id": ann._client_id, "request_id": "x"}
    arguments = [json.dumps(value) for value in ("m0000000001abcdefg", "forged", "")]
    return {
        "client_id": ann._client_id,
        "id": ann._form,
        "listener_id": ann._listeners["submit"],
        "args": arguments,
    }


async def test_page_is_connected_on_the_first_visit_and_after_signing_in(program):
    ann = program("Ann")
    await ann.sign_up("Ann")
    assert await ann.say("Hello")
    await ann.close()
    await ann.open()
    assert await ann.say("Hello again")


async def test_browser_comes_back_after_a_restart(program, server: Server):
    ann = program("Ann")
    await ann.open()
    server.stop()
    server.start()
    await ann.open()
    assert await ann.say("back")
