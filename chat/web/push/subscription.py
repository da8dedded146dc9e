"""Subscriptions of browsers at their push services."""

import re
from dataclasses import dataclass
from urllib.parse import urlsplit

MAX_ENDPOINT = 1000  # characters
KEY = re.compile(r"[\w-]{86,88}={0,2}", re.ASCII)  # a point of P-256 in base64url
SECRET = re.compile(r"[\w-]{21,24}={0,2}", re.ASCII)  # 16 bytes
ZONE = re.compile(r"[\w+/-]{1,64}", re.ASCII)


@dataclass(frozen=True, slots=True)
class Subscription:
    """A browser's endpoint and keys at its push service, with its time zone, and whether it is a phone."""

    endpoint: str
    p256dh: str
    auth: str
    timezone: str
    is_phone: bool

    @classmethod
    def parse(cls, found: object) -> "Subscription":
        """Read what `subscription` in `chat/ui/browser/pushing.py` returns; raises `ValueError`."""
        match found:
            case [
                {"endpoint": str() as endpoint, "keys": {"p256dh": str() as p256dh, "auth": str() as auth}},
                str() as timezone,
                bool() as is_phone,
            ] if _is_endpoint(endpoint) and KEY.fullmatch(p256dh) and SECRET.fullmatch(auth):
                return cls(endpoint, p256dh, auth, timezone if ZONE.fullmatch(timezone) else "UTC", is_phone)
        raise ValueError("no push subscription")


def _is_endpoint(text: str) -> bool:
    """Tell whether this can be an endpoint. Whether its host may be reached is decided when it is."""
    if len(text) > MAX_ENDPOINT or not text.isascii() or not text.isprintable() or " " in text:
        return False
    url = urlsplit(text)
    return text.startswith("https://") and bool(url.hostname) and url.username is None and url.password is None
