"""An OpenID Connect provider that lies in the way a test tells it to."""

import asyncio
import hashlib
import hmac
import json
import time
from base64 import urlsafe_b64encode
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from functools import cache
from typing import Any
from urllib.parse import parse_qsl, urlencode, urlsplit

from aiohttp import web
from joserfc import jwt
from joserfc.jwk import RSAKey
from starlette.requests import Request

from chat.state.accounts.single_sign_on import SingleSignOn, SsoUser
from chat.storage.peers import SharedLogins

CLIENT, SECRET = "chat", "a secret of both"
CALLBACK = "https://chat.example.org/sso/callback"
Claims = dict[str, Any]


@cache
def rsa_key(name: str = "own") -> RSAKey:
    return RSAKey.generate_key(2048, {"kid": name})


def sign(claims: Claims, key: RSAKey | None = None, **header: str) -> str:
    key = key or rsa_key()
    return jwt.encode({"alg": "RS256", "kid": "own", **header}, claims, key)


def unsigned(claims: Claims) -> str:
    return f"{_part({'alg': 'none'})}.{_part(claims)}."


def signed_with_the_public_key(claims: Claims) -> str:
    """Sign with HS256, and the text of the public key as its secret."""
    secret = rsa_key().as_pem(private=False)
    text = f"{_part({'alg': 'HS256', 'kid': 'own'})}.{_part(claims)}"
    return f"{text}.{_base64(hmac.new(secret, text.encode(), hashlib.sha256).digest())}"


class HostileProvider:
    """Correct by default. Tests replace its metadata, claims, signature and responses.

    `responses` maps a path to a function that returns the response in place of the correct one; `error` has what it
    answers in place of a sign-in; `asked` has the paths of all requests.
    """

    def __init__(self) -> None:
        self.url = ""
        self.metadata: dict[str, Any] = {}
        self.claims: Claims = {}
        self.sign: Callable[[Claims], str] = sign
        self.token: dict[str, Any] = {}
        self.responses: dict[str, Callable[[web.Request], Any]] = {}
        self.asked: list[str] = []
        self.error: dict[str, str] = {}
        self.visits = asyncio.Event()  # set by a browser that comes to sign in
        self._nonce = ""

    @property
    def settings(self) -> dict[str, str]:
        """The environment of a chat that people enter by this provider."""
        return {
            "CHAT_ACCESS": "sso",
            "CHAT_SSO_URL": f"{self.url}/.well-known/openid-configuration",
            "CHAT_SSO_CLIENT_ID": CLIENT,
            "CHAT_SSO_CLIENT_SECRET": SECRET,
        }

    @property
    def single_sign_on(self) -> SingleSignOn:
        return self.single_sign_on_with()

    def single_sign_on_with(self, shared: SharedLogins | None = None) -> SingleSignOn:
        return SingleSignOn(self.settings["CHAT_SSO_URL"], CLIENT, SECRET, shared)

    @property
    def sign_ins(self) -> int:
        """How often a browser was sent here."""
        return self.asked.count("/authorize")

    async def sign_in(self, sso: SingleSignOn, back: str = "/", *, finish_at: SingleSignOn | None = None) -> SsoUser:
        """Go through a sign-in as a browser would, to `finish_at` another process; raises `AccountRefused`."""
        session: dict[str, Any] = {}
        response = await sso.start(request(session), CALLBACK, back)
        asked = dict(parse_qsl(urlsplit(response.headers["location"]).query))
        self._nonce = asked["nonce"]
        return await (finish_at or sso).finish(request(session, code="once", state=asked["state"]))

    async def answer(self, request: web.Request) -> web.StreamResponse:
        self.asked.append(request.path)
        if respond := self.responses.get(request.path):
            response = respond(request)
            return await response if asyncio.iscoroutine(response) else response
        match request.path:
            case "/authorize":  # knows its user, and asks no question
                self.visits.set()
                asked = request.query
                self._nonce = asked["nonce"]
                answer = urlencode((self.error or {"code": "once"}) | {"state": asked["state"]})
                raise web.HTTPFound(f"{asked['redirect_uri']}?{answer}")
            case "/.well-known/openid-configuration":
                return web.json_response(self._metadata())
            case "/jwks":
                return web.json_response({"keys": [rsa_key().as_dict(private=False)]})
            case "/token":
                token = {"access_token": "x", "token_type": "Bearer", "id_token": self.sign(self._claims())}
                return web.json_response(token | self.token)
        return web.Response(status=404)

    def _metadata(self) -> dict[str, Any]:
        own = {
            "issuer": self.url,
            "authorization_endpoint": f"{self.url}/authorize",
            "token_endpoint": f"{self.url}/token",
            "jwks_uri": f"{self.url}/jwks",
            "id_token_signing_alg_values_supported": ["none", "HS256", "RS256"],
        }
        return _without_none(own | self.metadata)

    def _claims(self) -> Claims:
        now = int(time.time())
        own = {"iss": self.url, "aud": CLIENT, "sub": "ann", "exp": now + 300, "iat": now, "nonce": self._nonce}
        return _without_none(own | {"nickname": "Ann"} | self.claims)


@asynccontextmanager
async def hostile_provider() -> AsyncIterator[HostileProvider]:
    provider = HostileProvider()
    app = web.Application()
    app.router.add_route("*", "/{path:.*}", provider.answer)
    runner = web.AppRunner(app, shutdown_timeout=0)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    provider.url = f"http://127.0.0.1:{runner.addresses[0][1]}"
    try:
        yield provider
    finally:
        await runner.cleanup()


def request(session: dict[str, Any], **query: str) -> Request:
    scope = {"type": "http", "method": "GET", "path": "/sso", "headers": [], "session": session}
    return Request(scope | {"query_string": urlencode(query).encode()})


def _without_none(values: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in values.items() if value is not None}


def _part(values: dict[str, Any]) -> str:
    return _base64(json.dumps(values).encode())


def _base64(value: bytes) -> str:
    return urlsafe_b64encode(value).rstrip(b"=").decode()
