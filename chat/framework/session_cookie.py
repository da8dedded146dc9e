"""The cookie with the session's id: signed, and with a name that no other chat on the host uses."""

import hmac
import json
from base64 import b64decode
from binascii import Error as NotBase64
from typing import Any

from itsdangerous import BadSignature, SignatureExpired, TimestampSigner
from starlette.datastructures import MutableHeaders
from starlette.middleware.sessions import SessionMiddleware
from starlette.requests import HTTPConnection
from starlette.types import ASGIApp, Message, Receive, Scope, Send

MAX_AGE = 365 * 24 * 60 * 60  # seconds
FORMER_NAME = "session"  # until version 0.1.0


def cookie_name(secret: str) -> str:
    """Return a name that depends on the secret: browsers send cookies to all ports of a host."""
    return f"chat-{hmac.new(secret.encode(), b'cookie name', 'sha256').hexdigest()[:8]}"


def session_id(scope: Scope, secret: str) -> str | None:
    """Return the id in the session cookie that came with a request or WebSocket; None without a valid one."""
    return _value(scope, secret, "id")


def chosen_language(scope: Scope, secret: str) -> str | None:
    """Return the language that the browser of a request has chosen, if any."""
    return _value(scope, secret, "language")


def _value(scope: Scope, secret: str, key: str) -> str | None:
    cookies = HTTPConnection(scope).cookies
    signed = cookies.get(cookie_name(secret)) or cookies.get(FORMER_NAME)
    if not signed:
        return None
    try:
        values = json.loads(b64decode(SteadySigner(secret).unsign(signed, MAX_AGE)))
    except (BadSignature, NotBase64, ValueError):
        return None
    found = values.get(key) if isinstance(values, dict) else None
    return found if isinstance(found, str) else None


class SessionCookie(SessionMiddleware):
    """Starlette's session cookie. A cookie with the former name is accepted once, and then renamed."""

    def __init__(self, app: ASGIApp, secret_key: str, **options: Any) -> None:
        super().__init__(app, secret_key, session_cookie=cookie_name(secret_key), **options)
        self.signer = SteadySigner(secret_key)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        former = self._former_cookie(scope)
        if former is None:
            await super().__call__(scope, receive, send)
            return
        flags = f"path={self.path}; {self.security_flags}"

        async def send_renamed(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(raw=[])
                headers.append("Set-Cookie", f"{self.session_cookie}={former}; Max-Age={self.max_age}; {flags}")
                headers.append("Set-Cookie", f"{FORMER_NAME}=; Max-Age=0; {flags}")
                message["headers"] = [*headers.raw, *message["headers"]]  # first: signing in replaces it
            await send(message)

        cookie = (b"cookie", f"{self.session_cookie}={former}".encode())
        await super().__call__({**scope, "headers": [*scope["headers"], cookie]}, receive, send_renamed)

    def _former_cookie(self, scope: Scope) -> str | None:
        """Return the value of a valid cookie with the former name, if there is no current one."""
        cookies = HTTPConnection(scope).cookies if scope["type"] == "http" else {}
        former = cookies.get(FORMER_NAME, "")
        is_given = former and self.session_cookie not in cookies
        return former if is_given and self.signer.validate(former, self.max_age) else None


class SteadySigner(TimestampSigner):
    """Accepts signatures from the future, which a clock that was set back leaves behind."""

    def unsign(self, signed_value: str | bytes, max_age: int | None = None, return_timestamp: bool = False) -> Any:
        try:
            return super().unsign(signed_value, max_age, return_timestamp)  # type: ignore[call-overload]
        except SignatureExpired:  # the signature itself is valid
            value, signed = super().unsign(signed_value, return_timestamp=True)
            if signed.timestamp() <= self.get_timestamp():
                raise
            return (value, signed) if return_timestamp else value
