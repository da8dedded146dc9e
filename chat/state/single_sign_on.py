"""Single sign-on by OpenID Connect (Core 1.0), with the authorization code flow and PKCE."""

import json
from dataclasses import dataclass
from hashlib import sha256
from typing import Any

import httpx2
import structlog
from authlib.common.errors import AuthlibBaseError
from authlib.integrations.starlette_client import OAuth
from cachetools import TTLCache
from joserfc.errors import JoseError
from starlette.requests import Request
from starlette.responses import Response

from chat.domain.errors import AccountRefused

PROVIDER = "sso"
NAMES = ("nickname", "name", "preferred_username", "email")
MAX_PENDING = 4000
MAX_SECONDS = 600

log = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class SsoUser:
    """A user of the provider: a permanent id, and possible names, the best first."""

    id: str
    names: tuple[str, ...]


class SingleSignOn:
    """One provider, found by its discovery URL. Only claims it has signed are accepted."""

    def __init__(self, url: str, client_id: str, client_secret: str) -> None:
        oauth = OAuth(cache=_StateCache())
        oauth.register(
            PROVIDER,
            server_metadata_url=url,
            client_id=client_id,
            client_secret=client_secret,
            client_kwargs={"scope": "openid profile email", "code_challenge_method": "S256", "timeout": 10},
        )
        self._provider: Any = oauth.create_client(PROVIDER)  # type: ignore[no-untyped-call]

    async def start(self, request: Request, back: str) -> Response:
        """Redirect to the provider, which redirects to the URL `back`. Raises `AccountRefused`."""
        try:
            response: Response = await self._provider.authorize_redirect(request, back)
        except (AuthlibBaseError, httpx2.HTTPError, ValueError) as problem:
            raise _refusal(problem) from None
        return response

    async def finish(self, request: Request) -> SsoUser:
        """Return the user that the provider signed in. Raises `AccountRefused`."""
        try:
            token = await self._provider.authorize_access_token(request)
            claims = token["userinfo"]
            subject = sha256(json.dumps([claims["iss"], claims["sub"]]).encode()).hexdigest()
        except (AuthlibBaseError, JoseError, httpx2.HTTPError, ValueError, KeyError, TypeError) as problem:
            raise _refusal(problem) from None
        found = [claims[name] for name in NAMES if isinstance(claims.get(name), str)]
        return SsoUser(f"sso-{subject[:24]}", tuple(name.split("@")[0] for name in found))


class _StateCache:
    """Authlib's state between the redirects to and from the provider: at most 4,000 sign-ins, for ten minutes."""

    def __init__(self) -> None:
        self._values: TTLCache[str, str] = TTLCache(MAX_PENDING, MAX_SECONDS)

    async def get(self, key: str) -> str | None:
        return self._values.get(key)

    async def set(self, key: str, value: str, expires_in: float) -> None:
        self._values[key] = value

    async def delete(self, key: str) -> None:
        self._values.pop(key, None)


def _refusal(problem: Exception) -> AccountRefused:
    log.warning("single sign-on failed", problem=f"{type(problem).__name__}: {problem}")
    return AccountRefused("sso-failed")
