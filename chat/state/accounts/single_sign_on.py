"""Single sign-on by OpenID Connect (Core 1.0), with the authorization code flow and PKCE."""

import asyncio
import json
from dataclasses import dataclass
from hashlib import sha256
from typing import Any

import structlog
from authlib.integrations.starlette_client import OAuth
from cachetools import TTLCache
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from chat.domain.errors import AccountRefused
from chat.state.accounts.sso_provider import Provider, client_options
from chat.storage.peers import SharedLogins

PROVIDER = "sso"
NAMES = ("nickname", "name", "preferred_username", "email")
MAX_PENDING_SECONDS = 600
MAX_SHARED = 2000  # strangers begin them, and could fill the place that processes share
MAX_PENDING = 16_000  # more than one address may begin in that time, or it could end the sign-ins of others
PATIENCE = 20  # seconds for all that the provider is asked for a step
LEEWAY = 60  # seconds by which the provider's clock may differ
REASON_LIMIT = 200  # characters of the log

log = structlog.get_logger()


class NotFinished(Exception):
    """A browser reports that a sign-in failed, or that one succeeded which never began."""


@dataclass(frozen=True, slots=True)
class SsoUser:
    """A user of the provider: a permanent id, and possible names, the best first; `back` is where they began."""

    id: str
    names: tuple[str, ...]
    back: str


class SingleSignOn:
    """One provider, found by its discovery URL. Only claims it has signed are accepted.

    With `shared`, it may redirect back to another process.
    """

    def __init__(self, url: str, client_id: str, client_secret: str, shared: SharedLogins | None = None) -> None:
        oauth = OAuth(cache=_StateCache(shared))
        oauth.register(
            PROVIDER,
            client_cls=Provider,
            server_metadata_url=url,
            client_id=client_id,
            client_secret=client_secret,
            client_kwargs=client_options(),
        )
        self._client_id = client_id
        self._provider: Any = oauth.create_client(PROVIDER)  # type: ignore[no-untyped-call]

    async def start(self, request: Request, callback: str, back: str) -> Response:
        """Redirect to the provider, which redirects to the URL `callback`. Raises `AccountRefused`."""
        try:
            async with asyncio.timeout(PATIENCE):
                values = await self._provider.create_authorization_url(callback)
                await self._provider.save_authorize_data(request, redirect_uri=callback, back=back, **values)
        except Exception as problem:  # a provider can send anything
            raise _refusal(problem) from None
        return RedirectResponse(values["url"], 302)

    async def finish(self, request: Request) -> SsoUser:
        """Return the user that the provider signed in. Raises `AccountRefused`."""
        try:
            async with asyncio.timeout(PATIENCE):
                back = await self._pending(request)
                metadata = await self._provider.load_server_metadata()
                token = await self._provider.authorize_access_token(
                    request,
                    claims_options={
                        "iss": {"essential": True, "value": metadata["issuer"]},
                        "aud": {"essential": True, "value": self._client_id},
                        "sub": {"essential": True},
                    },
                    leeway=LEEWAY,
                )
            claims = token["userinfo"]
            subject = sha256(json.dumps([claims["iss"], claims["sub"]]).encode()).hexdigest()
            found = [claims[name] for name in NAMES if isinstance(claims.get(name), str)]
        except Exception as problem:  # a provider can send anything
            raise _refusal(problem) from None
        return SsoUser(f"sso-{subject[:24]}", tuple(name.split("@")[0] for name in found), back)

    async def _pending(self, request: Request) -> str:
        """Return where this sign-in began; raise `NotFinished` if it never did, or if it failed at the provider."""
        state = request.query_params.get("state")
        data = await self._provider.framework.get_state_data(request.session, state)
        if not data:
            raise NotFinished("none is pending in this browser")
        if error := request.query_params.get("error"):
            raise NotFinished(f"{error}: {request.query_params.get('error_description', '')}")
        return str(data["back"])


class _StateCache:
    """Authlib's state between the redirects to and from the provider: at most 16,000 sign-ins, for ten minutes.

    Of those, the first 2,000 are known to the other processes.
    """

    def __init__(self, shared: SharedLogins | None = None) -> None:
        self._values: TTLCache[str, str] = TTLCache(MAX_PENDING, MAX_PENDING_SECONDS)
        self._shared = shared

    async def get(self, key: str) -> str | None:
        if own := self._values.get(key):
            return own
        return (await self._shared.find(key)).decode() if self._shared else None

    async def set(self, key: str, value: str, expires_in: float) -> None:
        self._values[key] = value
        if self._shared and len(self._values) <= MAX_SHARED:
            await self._shared.keep(key, value.encode(), MAX_PENDING_SECONDS)

    async def delete(self, key: str) -> None:
        self._values.pop(key, None)
        if self._shared:
            await self._shared.take(key)


def _refusal(problem: Exception) -> AccountRefused:
    # Any browser can provoke the former at will: as another event, they leave the limited log to the provider's errors.
    event = "single sign-on was not finished" if isinstance(problem, NotFinished) else "single sign-on failed"
    log.warning(event, problem=f"{type(problem).__name__}: {problem}"[:REASON_LIMIT])
    return AccountRefused("sso-failed")
