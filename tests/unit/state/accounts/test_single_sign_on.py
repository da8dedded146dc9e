"""Single sign-on with a provider that lies: only claims that it has signed, for this chat and this sign-in, count."""

import asyncio
import time
import zlib
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from aiohttp import web
from limits import parse
from structlog.testing import capture_logs

from chat.config.settings import Settings
from chat.domain.errors import AccountRefused
from chat.state.accounts import single_sign_on
from chat.state.accounts.single_sign_on import MAX_PENDING_SECONDS, REASON_LIMIT
from chat.state.accounts.sso_provider import MAX_RESPONSE
from tests.support.engine import HAS_ENGINE
from tests.support.hostile_provider import (
    CALLBACK,
    HostileProvider,
    hostile_provider,
    request,
    rsa_key,
    sign,
    signed_with_the_public_key,
    unsigned,
)
from tests.support.processes import processes

needs_engine = pytest.mark.skipif(not HAS_ENGINE, reason="there is no engine for this system")

NOT_FINISHED = "single sign-on was not finished"  # not "failed": browsers can say so at will
METADATA = "/.well-known/openid-configuration"


@pytest.fixture
async def provider() -> AsyncIterator[HostileProvider]:
    async with hostile_provider() as running:
        yield running


async def refusal(provider: HostileProvider) -> str:
    """Sign in in vain; return the reason in the log, which has it in one line."""
    with capture_logs() as logs, pytest.raises(AccountRefused, match="sso-failed"):
        await provider.sign_in(provider.single_sign_on)
    [line] = [line for line in logs if line["event"] == "single sign-on failed"]
    assert len(line["problem"]) <= REASON_LIMIT
    return line["problem"]


async def test_correct_sign_in_returns_to_where_it_began(provider: HostileProvider):
    user = await provider.sign_in(provider.single_sign_on, back="/moderation")
    assert user.id.startswith("sso-")
    assert (user.names, user.back) == (("Ann",), "/moderation")
    assert (await provider.sign_in(provider.single_sign_on)).id == user.id


@needs_engine
async def test_provider_may_lead_back_to_another_process(provider: HostileProvider, tmp_path: Path):
    async with processes(tmp_path) as found:
        one, other = (provider.single_sign_on_with(process.backend.sessions.logins) for process in found)
        assert (await provider.sign_in(one, "/moderation", finish_at=other)).back == "/moderation"
        assert await provider.sign_in(other)


@needs_engine
async def test_flood_of_sign_ins_does_not_fill_the_engine(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(single_sign_on, "MAX_SHARED", 3)
    async with processes(tmp_path) as found:
        one, other = (single_sign_on._StateCache(process.backend.sessions.logins) for process in found)
        for number in range(5):
            await one.set(str(number), "pending", 0)
        assert [await other.get(str(number)) for number in range(5)] == ["pending"] * 3 + [""] * 2
        await other.delete("0")
        assert await other.get("0") == ""


async def test_clocks_may_differ_a_little(provider: HostileProvider):
    now = int(time.time())
    provider.claims = {"iat": now + 30, "exp": now - 30}
    assert await provider.sign_in(provider.single_sign_on)


@pytest.mark.parametrize(
    ("claims", "reason"),
    [
        ({"aud": "another"}, "aud"),
        ({"aud": ["another", "third"]}, "aud"),
        ({"aud": None}, "aud"),
        ({"aud": []}, "aud"),
        ({"aud": ["chat", "another"]}, "azp"),
        ({"aud": ["chat", "another"], "azp": "another"}, "azp"),
        ({"azp": "another"}, "azp"),
        ({"iss": "https://evil.example"}, "iss"),
        ({"iss": None}, "iss"),
        ({"nonce": "guessed"}, "nonce"),
        ({"nonce": None}, "nonce"),
        ({"exp": 1}, "exp"),
        ({"exp": None}, "exp"),
        ({"exp": "never"}, "exp"),
        ({"iat": 10**11}, "future"),
        ({"iat": None}, "iat"),
        ({"nbf": 10**11}, "not yet valid"),
        ({"sub": None}, "sub"),
        ({"sub": ""}, "sub"),
        ({"sub": ["ann"]}, "sub"),
        ({"at_hash": "wrong"}, "at_hash"),
    ],
)
async def test_claims_for_another_chat_or_sign_in_are_refused(provider: HostileProvider, claims: dict, reason: str):
    provider.claims = claims
    assert reason in await refusal(provider)


@pytest.mark.parametrize("forged", [unsigned, signed_with_the_public_key, lambda claims: sign(claims, rsa_key("evil"))])
async def test_only_signatures_of_the_provider_count(provider: HostileProvider, forged):
    """Even if its metadata allows the algorithms `none` and HS256."""
    provider.sign = forged
    await refusal(provider)


async def test_swapped_claims_are_refused(provider: HostileProvider):
    provider.sign = lambda claims: ".".join(
        [sign(claims).split(".")[0], sign(claims | {"sub": "olga"}).split(".")[1], sign(claims).split(".")[2]]
    )
    assert "Signature" in await refusal(provider)


@pytest.mark.parametrize("offered", [["none"], ["HS256", "none"], ["RS1", 7, None], "none"])
async def test_provider_without_a_safe_algorithm_is_refused(provider: HostileProvider, offered: object):
    provider.metadata = {"id_token_signing_alg_values_supported": offered}
    assert "algorithms" in await refusal(provider)
    assert provider.asked == [METADATA]


async def test_metadata_sets_no_options_of_the_client(provider: HostileProvider):
    provider.metadata = {
        "follow_redirects": True,
        "verify": False,
        "proxy": f"{provider.url}/proxy",
        "timeout": None,
        "token_endpoint_auth_method": "none",
        "jwks": {"keys": [rsa_key("evil").as_dict(private=False)]},
    }
    assert await provider.sign_in(provider.single_sign_on)
    assert provider.asked == [METADATA, "/token", "/jwks"]


@pytest.mark.parametrize("path", [METADATA, "/token", "/jwks"])
async def test_redirects_inward_are_not_followed(provider: HostileProvider, path: str):
    provider.responses[path] = lambda _: web.Response(status=302, headers={"Location": f"{provider.url}/inside"})
    await refusal(provider)
    assert "/inside" not in provider.asked


@pytest.mark.parametrize("name", ["token_endpoint", "jwks_uri"])
@pytest.mark.parametrize("url", ["http://10.0.0.1/", "http://127.0.0.1:1/", "file:///etc/passwd", "//inside/", 7, None])
async def test_endpoints_elsewhere_need_https(provider: HostileProvider, name: str, url: object):
    provider.metadata = {name: url}
    assert name in await refusal(provider)
    assert provider.asked == [METADATA]


async def test_browser_is_not_sent_to_scripts(provider: HostileProvider):
    provider.metadata = {"authorization_endpoint": "javascript:alert(1)"}
    assert "authorization_endpoint" in await refusal(provider)


async def test_metadata_that_was_refused_is_loaded_again(provider: HostileProvider):
    sso = provider.single_sign_on
    provider.metadata = {"issuer": None}
    with pytest.raises(AccountRefused):
        await provider.sign_in(sso)
    provider.metadata = {}
    assert await provider.sign_in(sso)


BOMB = zlib.compress(b" " * (2 * MAX_RESPONSE))
ODD = {
    "error": lambda _: web.Response(status=500, text="x" * 100_000),
    "no JSON": lambda _: web.Response(text="<html>"),
    "a list": lambda _: web.json_response([1]),
    "deep": lambda _: web.Response(text="[" * 100_000),
    "huge": lambda _: web.Response(body=b" " * (MAX_RESPONSE + 1)),
    "a bomb": lambda _: web.Response(body=BOMB, headers={"Content-Encoding": "deflate"}),
    "a name": lambda _: web.json_response({"keys": "x", "id_token": {}, "issuer": []}),
}


@pytest.mark.parametrize("path", [METADATA, "/token", "/jwks"])
@pytest.mark.parametrize("kind", ODD)
async def test_odd_responses_are_refused(provider: HostileProvider, path: str, kind: str):
    provider.responses[path] = ODD[kind]
    await refusal(provider)


@pytest.mark.parametrize("path", [METADATA, "/token", "/jwks"])
async def test_slow_response_is_given_up(provider: HostileProvider, path: str, monkeypatch: pytest.MonkeyPatch):
    async def trickle(asked: web.Request) -> web.StreamResponse:
        response = web.StreamResponse()
        await response.prepare(asked)
        while True:
            await response.write(b" ")
            await asyncio.sleep(0.05)

    monkeypatch.setattr(single_sign_on, "PATIENCE", 0.5)
    provider.responses[path] = trickle
    assert "TimeoutError" in await refusal(provider)


@pytest.mark.parametrize("query", [{"state": "guessed"}, {}, {"state": ""}, {"code": "stolen", "state": "guessed"}])
async def test_error_that_nobody_asked_for_is_not_quoted(provider: HostileProvider, query: dict[str, str]):
    with capture_logs() as logs, pytest.raises(AccountRefused):
        await provider.single_sign_on.finish(request({}, error="denied", error_description="forged", **query))
    assert "forged" not in str(logs)
    assert [line["event"] for line in logs] == [NOT_FINISHED]


async def test_errors_of_the_provider_are_quoted_in_part(provider: HostileProvider):
    sso, session = provider.single_sign_on, {}
    started = await sso.start(request(session), CALLBACK, "/")
    state = started.headers["location"].split("state=")[1].split("&")[0]
    with capture_logs() as logs, pytest.raises(AccountRefused):
        await sso.finish(request(session, error="access_denied", error_description="x" * 10_000, state=state))
    assert logs[0]["event"] == NOT_FINISHED
    assert "access_denied" in logs[0]["problem"]
    assert len(logs[0]["problem"]) <= REASON_LIMIT


async def test_one_address_ends_no_sign_ins_of_others():
    cache, rate = single_sign_on._StateCache(), parse(Settings.model_fields["request_rate"].default)
    await cache.set("ann", "pending", 0)
    for number in range(rate.amount * MAX_PENDING_SECONDS // rate.get_expiry()):
        await cache.set(str(number), "flood", 0)
    assert await cache.get("ann") == "pending"
