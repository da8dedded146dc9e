"""The security headers of every response, and the nonce that scripts need."""

from secrets import token_urlsafe

from secure import (
    ContentSecurityPolicy,
    CrossOriginOpenerPolicy,
    CrossOriginResourcePolicy,
    PermissionsPolicy,
    ReferrerPolicy,
    Secure,
    StrictTransportSecurity,
    XContentTypeOptions,
    XFrameOptions,
)
from starlette.types import Message

YEAR = 365 * 24 * 60 * 60

HeaderList = list[tuple[bytes, bytes]]


class SecurityHeaders:
    """Content-Security-Policy and its kin; behind TLS also HSTS and secure cookies."""

    def __init__(self) -> None:
        self._plain = _encode(_common())
        self._tls = [*self._plain, *_encode(Secure(hsts=StrictTransportSecurity().max_age(YEAR)))]
        before, after = _policy("NONCE").header_value.split("NONCE")
        self._before, self._after = before.encode(), after.encode()

    def apply(self, message: Message, nonce: str, *, tls: bool, root_path: str = "") -> None:
        """Add the headers to an `http.response.start` message; limit its cookies to TLS and to `root_path`."""
        given: HeaderList = [
            (name, _limited(value, tls, root_path) if name == b"set-cookie" else value)
            for name, value in message.get("headers", [])
        ]
        policy = (b"content-security-policy", self._before + nonce.encode() + self._after)
        message["headers"] = [*given, policy, *(self._tls if tls else self._plain)]


def make_nonce() -> str:
    """Return a random nonce for one response."""
    return token_urlsafe(16)


def _limited(cookie: bytes, tls: bool, root_path: str) -> bytes:
    if root_path:
        cookie = cookie.replace(b"; path=/;", b"; path=" + root_path.encode() + b";")
    return cookie + b"; secure" if tls else cookie


def _policy(nonce: str) -> ContentSecurityPolicy:
    # NiceGUI evaluates expressions and sets styles; scripts with the nonce may load others.
    return (
        ContentSecurityPolicy()
        .default_src("'self'")
        .script_src(f"'nonce-{nonce}'", "'strict-dynamic'", "'unsafe-eval'")
        .script_src_attr("'none'")
        .style_src("'self'", "'unsafe-inline'")
        .img_src("'self'", "data:", "blob:")
        .object_src("'none'")
        .base_uri("'self'")
        .form_action("'self'")
        .frame_ancestors("'none'")
    )


def _common() -> Secure:
    none = "()"
    return Secure(
        coop=CrossOriginOpenerPolicy().same_origin(),
        corp=CrossOriginResourcePolicy().same_origin(),
        permissions=PermissionsPolicy().camera(none).microphone("self").geolocation(none).payment(none).usb(none),
        referrer=ReferrerPolicy().same_origin(),
        xcto=XContentTypeOptions().nosniff(),
        xfo=XFrameOptions().deny(),
    )


def _encode(secure: Secure) -> HeaderList:
    return [(name.lower().encode(), value.encode()) for name, value in secure.header_items()]
