"""Single sign-on: who somebody is, by OpenID Connect (Core 1.0) with the authorization code flow and PKCE."""

import json
import time
from dataclasses import dataclass
from hashlib import sha256
from typing import Any

import httpx2
import structlog
from authlib.common.errors import AuthlibBaseError
from authlib.integrations.starlette_client import OAuth
from joserfc.errors import JoseError
from starlette.requests import Request
from starlette.responses import Response

from chat.domain.errors import AccountRefused

PROVIDER = "sso"
NAMES = ("nickname", "name", "preferred_username", "email")
LONGEST = 4000

log = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class Person:
    """Whom the provider knows: an id that is the same for ever, and names to choose from, the best first."""

    id: str
    names: tuple[str, ...]


class SingleSignOn:
    """One provider, known by its discovery URL; what it says is believed only with its signature."""

    def __init__(self, url: str, client_id: str, client_secret: str) -> None:
        oauth = OAuth(cache=_Memory())
        oauth.register(
            PROVIDER,
            server_metadata_url=url,
            client_id=client_id,
            client_secret=client_secret,
            client_kwargs={"scope": "openid profile email", "code_challenge_method": "S256", "timeout": 10},
        )
        self._provider: Any = oauth.create_client(PROVIDER)  # type: ignore[no-untyped-call]

    async def start(self, request: Request, back: str) -> Response:
        """Send somebody to the provider, who sends them to the address `back`. Raises `AccountRefused`."""
        try:
            response: Response = await self._provider.authorize_redirect(request, back)
        except (AuthlibBaseError, httpx2.HTTPError, ValueError) as problem:
            raise _refusal(problem) from None
        return response

    async def finish(self, request: Request) -> Person:
        """Who came back from the provider. Raises `AccountRefused`."""
        try:
            token = await self._provider.authorize_access_token(request)
            claims = token["userinfo"]
            subject = sha256(json.dumps([claims["iss"], claims["sub"]]).encode()).hexdigest()
        except (AuthlibBaseError, JoseError, httpx2.HTTPError, ValueError, KeyError, TypeError) as problem:
            raise _refusal(problem) from None
        found = [claims[name] for name in NAMES if isinstance(claims.get(name), str)]
        return Person(f"sso-{subject[:24]}", tuple(name.split("@")[0] for name in found))


class _Memory:
    """What Authlib remembers between leaving and coming back: at most some thousand visits, for some minutes."""

    def __init__(self) -> None:
        self._kept: dict[str, tuple[str, float]] = {}

    async def get(self, key: str) -> str | None:
        """What was kept, if it still is."""
        value, until = self._kept.get(key, (None, 0.0))
        return value if until > time.monotonic() else None

    async def set(self, key: str, value: str, expires_in: float) -> None:
        """Keep something for some seconds."""
        self._kept[key] = (value, time.monotonic() + min(expires_in, 600))
        while len(self._kept) > LONGEST:
            del self._kept[next(iter(self._kept))]

    async def delete(self, key: str) -> None:
        """Forget it."""
        self._kept.pop(key, None)


def _refusal(problem: Exception) -> AccountRefused:
    log.warning("single sign-on failed", problem=f"{type(problem).__name__}: {problem}")
    return AccountRefused("sso-failed")
