"""Delivers pushes to the push services of browsers, encrypted so that only the browser can read them (RFC 8291)."""

import asyncio
import os
import ssl
from base64 import urlsafe_b64decode
from concurrent.futures import ThreadPoolExecutor
from hashlib import sha256

import http_ece
import httpcore2
import structlog
from cryptography.hazmat.primitives.asymmetric import ec

from chat.state.pushes.push_sending import Push, PushOutcome
from chat.web.push.addresses import PublicNetwork
from chat.web.push.keys import PushKeys

KEPT_FOR = 24 * 60 * 60  # seconds, by the push service of a device that is off
TIMEOUT, STEP = 10.0, 5.0  # seconds: for everything, and for each step
CONNECTIONS = 100
MAX_ANSWER = 10_000  # bytes
GONE = (404, 410)
FOR_NOW = (429, *range(500, 600))
TOPIC_LENGTH = 32  # characters

log = structlog.get_logger()


class PushDelivery:
    """A `PushService`. Building it takes a moment, as loading its module does; `tls` has the trusted authorities."""

    def __init__(self, keys: PushKeys, network: PublicNetwork, tls: ssl.SSLContext) -> None:
        self._keys = keys
        self._thread = ThreadPoolExecutor(1, "push")  # of its own: writes to disk don't wait for it
        self._pool = httpcore2.AsyncConnectionPool(tls, max_connections=CONNECTIONS, network_backend=network)

    @property
    def public_key(self) -> str:
        return self._keys.public

    async def send(self, push: Push) -> PushOutcome:
        if push.device.key != self._keys.public:  # the secret is another one since
            return PushOutcome.DEVICE_GONE
        loop = asyncio.get_running_loop()
        try:
            async with asyncio.timeout(TIMEOUT):
                body = await loop.run_in_executor(self._thread, _encrypted, push)
                status = await self._post(push, body)
        except ValueError as problem:  # of the browser's keys, or the endpoint
            log.warning("a push device can't be used", problem=str(problem)[:200])
            return PushOutcome.DEVICE_GONE
        except (httpcore2.NetworkError, httpcore2.TimeoutException, httpcore2.ProtocolError, OSError) as problem:
            log.warning("a push service can't be reached", problem=f"{type(problem).__name__} {problem}"[:200])
            return PushOutcome.FAILED
        return _outcome(status)

    async def close(self) -> None:
        await self._pool.aclose()
        self._thread.shutdown(wait=False)

    async def _post(self, push: Push, body: bytes) -> int:
        """Post to the push service, and return its status; it leads nowhere else."""
        headers: dict[bytes | str, bytes | str] = {
            "Authorization": self._keys.authorization(push.device.endpoint, push.device.site),
            "Content-Encoding": "aes128gcm",
            "Content-Type": "application/octet-stream",
            "Content-Length": str(len(body)),
            "TTL": str(KEPT_FOR),
            "Topic": sha256(push.topic.encode()).hexdigest()[:TOPIC_LENGTH],
            "Urgency": "high",
        }
        timeouts = {"timeout": dict.fromkeys(("connect", "read", "write", "pool"), STEP)}
        async with self._pool.stream(
            "POST", push.device.endpoint, headers=headers, content=body, extensions=timeouts
        ) as response:
            size = 0
            async for chunk in response.aiter_stream():  # read to its end, the connection can be used again
                size += len(chunk)
                if size > MAX_ANSWER:
                    break
            return response.status


def _encrypted(push: Push) -> bytes:
    """Raises `ValueError` for keys that no browser has given."""
    found: bytes = http_ece.encrypt(
        push.payload,
        salt=os.urandom(16),
        private_key=ec.generate_private_key(ec.SECP256R1()),
        dh=decoded(push.device.p256dh),
        auth_secret=decoded(push.device.auth),
    )
    return found


def decoded(text: str) -> bytes:
    """Decode base64url, whose end may be missing; raises `ValueError`."""
    return urlsafe_b64decode(text + "=" * (-len(text) % 4))


def _outcome(status: int) -> PushOutcome:
    if 200 <= status < 300:
        return PushOutcome.TAKEN
    if status in GONE:
        return PushOutcome.DEVICE_GONE
    log.warning("a push service refused a push", status=status)
    return PushOutcome.FAILED if status in FOR_NOW else PushOutcome.REFUSED
