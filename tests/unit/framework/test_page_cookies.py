"""The patch of the handler that connects a WebSocket to a page."""

import inspect
import json
from base64 import b64encode
from collections.abc import Iterator

import pytest
from fastapi import Request
from itsdangerous import TimestampSigner
from nicegui import core
from nicegui.client import Client
from nicegui.page import page
from nicegui.storage import Storage
from socketio.exceptions import ConnectionRefusedError as Refused
from starlette.types import Scope

from chat.framework.patches.page_cookies import NO_COOKIES, RELOAD, bind_pages_to_cookies
from chat.framework.session_cookie import FORMER_NAME, cookie_name
from tests.unit.framework.contract import source_hash

SECRET = "a secret of Ann's chat"
ANN, BOB = "session-of-ann", "session-of-bob"


def cookie(session_id: object, secret: str = SECRET, name: str = "") -> str:
    value = TimestampSigner(secret).sign(b64encode(json.dumps({"id": session_id}).encode())).decode()
    return f"{name or cookie_name(SECRET)}={value}"


def scope(given: str) -> Scope:
    headers = [(b"cookie", given.encode())] if given else []
    return {"type": "http", "path": "/", "query_string": b"", "headers": headers, "session": {"id": ANN}}


@pytest.fixture(autouse=True)
def passed_on(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[str]]:
    """Return the ids of the sockets that NiceGUI's handler gets."""
    handlers, sids = core.sio.handlers["/"], []
    monkeypatch.setattr(Storage, "secret", SECRET)

    async def connect(sid: str, environ: dict, auth: object = None) -> None:
        sids.append(sid)

    monkeypatch.setitem(handlers, "connect", connect)
    bind_pages_to_cookies()
    yield sids
    for client in list(Client.instances.values()):
        client.delete()


def ann_page(given: str) -> Client:
    """Return a page of Ann's session, which was loaded with a cookie or, the first time, without."""
    return Client(page(""), request=Request(scope(given)))


async def connect(client_id: str, given: str) -> None:
    environ = {"QUERY_STRING": f"client_id={client_id}&client_id=other", "asgi.scope": scope(given)}
    await core.sio.handlers["/"]["connect"]("sid", environ)


def test_handler_is_the_one_the_patch_was_written_for():
    from nicegui import nicegui

    assert source_hash(nicegui._on_connect) == "e9da1843585c"


@pytest.mark.parametrize("loaded_with", ["", cookie(ANN)], ids=["first visit", "again"])
@pytest.mark.parametrize(
    "given",
    [cookie(ANN), f"other=1; {cookie(ANN)}", cookie(ANN, name=FORMER_NAME)],
    ids=["alone", "among others", "former name"],
)
async def test_page_is_given_to_its_own_browser(passed_on: list[str], loaded_with: str, given: str):
    await connect(ann_page(loaded_with).id, given)
    assert passed_on == ["sid"]


FOREIGN = {
    "another session": cookie(BOB),
    "another chat's cookie": cookie(ANN, name="chat-00000000"),
    "another secret": cookie(ANN, secret="a secret of Bob's chat"),
    "not an id": cookie(None),
    "not base64": f"{cookie_name(SECRET)}={TimestampSigner(SECRET).sign('é').decode()}",
    "not signed": f"{cookie_name(SECRET)}=x",
    "nothing": "",
}


@pytest.mark.parametrize("given", FOREIGN.values(), ids=FOREIGN)
async def test_page_is_loaded_again_in_another_browser(passed_on: list[str], given: str):
    with pytest.raises(Refused) as refusal:
        await connect(ann_page(cookie(ANN)).id, given)
    assert refusal.value.error_args == {"message": RELOAD}
    assert passed_on == []


async def test_browser_that_was_never_seen_with_a_cookie_is_told(passed_on: list[str]):
    with pytest.raises(Refused) as refusal:
        await connect(ann_page("").id, "")
    assert refusal.value.error_args == {"message": NO_COOKIES}
    assert passed_on == []


async def test_unknown_page_is_loaded_again(passed_on: list[str]):
    with pytest.raises(Refused) as refusal:
        await connect("unknown", cookie(ANN))
    assert refusal.value.error_args == {"message": RELOAD}
    assert passed_on == []


def test_patch_is_applied_once():
    bind_pages_to_cookies()
    connect = core.sio.handlers["/"]["connect"]
    assert connect.__wrapped__ is inspect.unwrap(connect)
