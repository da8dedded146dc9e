"""The chat's key pair for push services, which know by it that a push comes from here (VAPID, RFC 8292)."""

import hmac
import time
from base64 import urlsafe_b64encode
from urllib.parse import urlsplit

from cachetools import TTLCache
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat, PublicFormat
from joserfc import jwt
from joserfc.jwk import ECKey

PURPOSE = b"web push key"
GROUP_ORDER = 0xFFFFFFFF00000000FFFFFFFFFFFFFFFFBCE6FAADA7179E84F3B9CAC2FC632551  # of P-256
VALID = 12 * 60 * 60  # seconds; 24 hours at most
REUSED = 60 * 60  # seconds
MAX_TOKENS = 1000


class PushKeys:
    """Derived from the secret that signs the session cookies: kept where that is, and the same in all processes.

    `public` is the public key as browsers take it: an uncompressed point in base64url.
    """

    def __init__(self, secret: str) -> None:
        digest = hmac.new(secret.encode(), PURPOSE, "sha512").digest()
        private = ec.derive_private_key(int.from_bytes(digest) % (GROUP_ORDER - 1) + 1, ec.SECP256R1())
        point = private.public_key().public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)
        self.public = urlsafe_b64encode(point).rstrip(b"=").decode()
        self._key = ECKey.import_key(private.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()))
        self._tokens: TTLCache[tuple[str, str], str] = TTLCache(MAX_TOKENS, REUSED)

    def authorization(self, endpoint: str, site: str) -> str:
        """Return the header that identifies the chat at the URL `site` to the push service of an endpoint."""
        service = urlsplit(endpoint)
        audience = f"{service.scheme}://{service.netloc}"
        # Push services want a URL with TLS here; most chats without it are on a developer's machine.
        subject = f"https://{urlsplit(site).netloc}"
        if (audience, subject) not in self._tokens:
            claims = {"aud": audience, "exp": int(time.time()) + VALID, "sub": subject}
            self._tokens[audience, subject] = jwt.encode({"typ": "JWT", "alg": "ES256"}, claims, self._key)
        return f"vapid t={self._tokens[audience, subject]}, k={self.public}"
