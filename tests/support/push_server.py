"""A push service on this machine, with TLS: it takes what browsers' own would take, and decrypts it as browsers do."""

import os
import ssl
from base64 import urlsafe_b64encode
from dataclasses import dataclass, field, replace
from typing import Any

import http_ece
import trustme
from aiohttp import web
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from joserfc import jwt
from joserfc.jwk import ECKey

from chat.domain.accounts.push_devices import PushDevice
from chat.web.push.addresses import PublicNetwork
from chat.web.push.delivery import PushDelivery, decoded
from chat.web.push.keys import PushKeys
from tests.support.push import DEVICE


@dataclass
class PushServer:
    """Answers with `status`; `received` has the headers and the text of each push."""

    status: int = 201
    received: list[tuple[dict[str, str], bytes]] = field(default_factory=list)
    location: str = ""

    def __post_init__(self) -> None:
        self._authority = trustme.CA()
        self._private, self._auth = ec.generate_private_key(ec.SECP256R1()), os.urandom(16)
        self.keys = PushKeys("a secret of some length")
        self.url = ""

    async def start(self) -> None:
        application = web.Application()
        application.router.add_route("*", "/{path:.*}", self._take)
        self._runner = web.AppRunner(application)
        await self._runner.setup()
        tls = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
        self._authority.issue_cert("localhost").configure_cert(tls)
        site = web.TCPSite(self._runner, "127.0.0.1", 0, ssl_context=tls)
        await site.start()
        assert site._server
        self.url = f"https://localhost:{site._server.sockets[0].getsockname()[1]}"

    async def close(self) -> None:
        await self._runner.cleanup()

    def delivery(self, network: PublicNetwork | None = None) -> PushDelivery:
        """Return what pushes here; by default, it may connect to this machine."""
        trust = ssl.create_default_context()
        self._authority.configure_trust(trust)
        return PushDelivery(self.keys, network or PublicNetwork(lambda address, port: True), trust)

    def device(self, **fields: Any) -> PushDevice:
        point = self._private.public_key().public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)
        own = {"p256dh": _encoded(point), "auth": _encoded(self._auth), "key": self.keys.public}
        return replace(DEVICE, **{"endpoint": f"{self.url}/push/1", **own, **fields})

    async def _take(self, request: web.Request) -> web.Response:
        content = http_ece.decrypt(await request.read(), private_key=self._private, auth_secret=self._auth)
        self.received.append((dict(request.headers), content))
        headers = {"Location": self.location} if self.location else {}
        return web.Response(status=self.status, headers=headers)


def verified(authorization: str) -> dict[str, Any]:
    """Return what a signed header says, as push services check it (RFC 8292)."""
    token, key = (part.strip().partition("=")[2] for part in authorization.removeprefix("vapid ").split(","))
    point = decoded(key)
    public = ECKey.import_key({"kty": "EC", "crv": "P-256", "x": _encoded(point[1:33]), "y": _encoded(point[33:])})
    return dict(jwt.decode(token, public, ["ES256"]).claims)


def _encoded(content: bytes) -> str:
    return urlsafe_b64encode(content).rstrip(b"=").decode()
