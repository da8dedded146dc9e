"""The session cookie: its name, its age by a clock that is changed, and cookies of earlier versions."""

import json
import re
import time
from base64 import b64encode
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import httpx
import pytest
from itsdangerous import BadSignature, TimestampSigner
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.middleware.sessions import SessionMiddleware
from starlette.requests import Request
from starlette.responses import PlainTextResponse
from starlette.routing import Route

from chat.framework.session_cookie import SessionCookie, SteadySigner, chosen_language, cookie_name

SECRET = "a secret of Ann's chat"
HOUR = 3600
YEAR = 365 * 24 * HOUR


async def remember(request: Request) -> PlainTextResponse:
    """Return the session's id, which changes with `?new=`."""
    if new := request.query_params.get("new"):
        request.session["id"] = new
    return PlainTextResponse(request.session.get("id", "nobody"))


@asynccontextmanager
async def visiting(kind: type = SessionCookie, secret: str = SECRET) -> AsyncIterator[httpx.AsyncClient]:
    app = Starlette(routes=[Route("/", remember)], middleware=[Middleware(kind, secret_key=secret, max_age=YEAR)])
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://test") as client:
        yield client


async def test_chats_on_one_host_keep_their_own_sessions():
    async with visiting() as ann, visiting(secret="a secret of Bob's chat") as bob:
        bob.cookies = ann.cookies  # a browser keeps them together: cookies know no ports
        await ann.get("/?new=ann")
        await bob.get("/?new=bob")
        assert ((await ann.get("/")).text, (await bob.get("/")).text) == ("ann", "bob")


def test_name_reveals_nothing_of_the_secret():
    assert re.fullmatch(r"chat-[0-9a-f]{8}", cookie_name(SECRET))
    assert cookie_name(SECRET) == cookie_name(SECRET)


@pytest.mark.parametrize("change", [-YEAR, -HOUR, -5, -1, 0, HOUR, YEAR - HOUR])
async def test_people_stay_signed_in_when_the_clock_changes(change: int, monkeypatch: pytest.MonkeyPatch):
    async with visiting() as ann:
        await ann.get("/?new=ann")
        now = time.time()
        monkeypatch.setattr(time, "time", lambda: now + change)
        assert (await ann.get("/")).text == "ann"


def test_old_and_forged_signatures_are_refused(monkeypatch: pytest.MonkeyPatch):
    now, signer = time.time(), SteadySigner(SECRET)
    signed = signer.sign("ann")
    monkeypatch.setattr(time, "time", lambda: now - HOUR)
    for forged in (signed[:-1], TimestampSigner("another secret").sign("ann"), b"ann", b""):
        with pytest.raises(BadSignature):
            signer.unsign(forged, YEAR)
    monkeypatch.setattr(time, "time", lambda: now + YEAR + 2)
    with pytest.raises(BadSignature):
        signer.unsign(signed, YEAR)


@pytest.fixture
async def former() -> httpx.Cookies:
    """Return the cookies of a browser that has last seen version 0.1.0."""
    async with visiting(SessionMiddleware) as ann:
        await ann.get("/?new=ann")
        assert list(ann.cookies) == ["session"]
        return ann.cookies


async def test_cookie_of_an_earlier_version_is_renamed(former: httpx.Cookies):
    async with visiting() as ann:
        ann.cookies = former
        assert (await ann.get("/")).text == "ann"
        assert list(ann.cookies) == [cookie_name(SECRET)]
        assert (await ann.get("/")).text == "ann"


async def test_signing_in_replaces_a_cookie_of_an_earlier_version(former: httpx.Cookies):
    async with visiting() as ann:
        ann.cookies = former
        assert (await ann.get("/?new=rotated")).text == "rotated"
        assert (await ann.get("/")).text == "rotated"


@pytest.mark.parametrize("value", ["planted", "", '"', "bnVsbA==.aaaa.bbbb"])
async def test_foreign_cookie_with_the_former_name_is_left_alone(value: str):
    async with visiting() as ann:
        answer = await ann.get("/", headers={"Cookie": f"session={value}; other=1"})
        assert answer.text == "nobody"
        assert "set-cookie" not in answer.headers


async def test_current_cookie_beats_the_former_one(former: httpx.Cookies):
    async with visiting() as ann:
        await ann.get("/?new=bob")
        ann.cookies.update(former)
        assert (await ann.get("/")).text == "bob"


async def test_cookie_tells_the_language_that_its_browser_chose():
    values = b64encode(json.dumps({"id": "one", "language": "de"}).encode())
    signed, forged = SteadySigner(SECRET).sign(values).decode(), SteadySigner("another").sign(values).decode()
    for value, language in (signed, "de"), (forged, None), ("", None):
        cookie = f"{cookie_name(SECRET)}={value}".encode()
        assert chosen_language({"type": "http", "headers": [(b"cookie", cookie)]}, SECRET) == language
