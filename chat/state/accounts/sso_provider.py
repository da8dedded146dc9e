"""The OpenID Connect provider as Authlib sees it, without trusting more of what it sends than is needed."""

from collections.abc import AsyncIterator, Mapping
from typing import Any
from urllib.parse import urlsplit

import httpx2
from authlib.integrations.starlette_client import StarletteOAuth2App

TIMEOUT = 10  # seconds without a byte
MAX_RESPONSE = 1_000_000  # bytes
ALGORITHMS = (
    *("RS256", "RS384", "RS512", "PS256", "PS384", "PS512"),
    *("ES256", "ES384", "ES512", "EdDSA", "Ed25519"),
)  # only those with a private key: `none` proves nothing, and with HS256 a public key could pass as the secret
DEFAULT_ALGORITHM = "RS256"  # OpenID Connect Discovery 1.0, section 3
NEEDED = ("issuer", "authorization_endpoint", "token_endpoint", "jwks_uri")
WEB = ("http", "https")


class Provider(StarletteOAuth2App):
    """Checks the provider's metadata."""

    _server_metadata_url: str
    server_metadata: dict[str, Any]

    async def load_server_metadata(self) -> dict[str, Any]:
        """Load the metadata once. Raises `ValueError` if it can't be used."""
        if "_loaded_at" not in self.server_metadata:
            metadata, self.server_metadata = await super().load_server_metadata(), {}
            self.server_metadata = _checked(metadata, self._server_metadata_url)
        return self.server_metadata


def client_options() -> dict[str, Any]:
    """Return the options for the client that talks to the provider."""
    return {
        "scope": "openid profile email",
        "code_challenge_method": "S256",
        "timeout": TIMEOUT,
        "verify": httpx2.create_ssl_context(),  # otherwise made anew for each request, which holds everyone for 30 ms
        "follow_redirects": False,  # they may lead into the operator's own network
        "headers": {"Accept-Encoding": "identity"},  # a small response could unpack to a huge one
        "event_hooks": {"response": [_limit_size]},
    }


def _checked(metadata: Mapping[str, Any], url: str) -> dict[str, Any]:
    """Return the values that are used; Authlib would take others as options for its HTTP client."""
    for name in NEEDED:
        if not isinstance(metadata.get(name), str) or urlsplit(metadata[name]).scheme not in WEB:
            raise ValueError(f"invalid {name} in the metadata")
    for name in ("token_endpoint", "jwks_uri"):  # where the server connects itself
        found, given = urlsplit(metadata[name]), urlsplit(url)
        if found.scheme != "https" and (found.scheme, found.netloc) != (given.scheme, given.netloc):
            raise ValueError(f"{name} in the metadata is at another host, without https")
    offered = metadata.get("id_token_signing_alg_values_supported") or [DEFAULT_ALGORITHM]
    algorithms = [name for name in ALGORITHMS if name in offered]
    if not algorithms:
        raise ValueError("the provider signs with none of the accepted algorithms")
    kept = {name: metadata[name] for name in (*NEEDED, "_loaded_at")}
    return {**kept, "id_token_signing_alg_values_supported": algorithms}


async def _limit_size(response: httpx2.Response) -> None:
    if response.headers.get("content-encoding", "identity") != "identity":
        raise ValueError("a compressed response, which wasn't asked for")
    response.stream = _Limited(response.stream)  # type: ignore[arg-type]  # of the asynchronous client


class _Limited(httpx2.AsyncByteStream):
    """A stream that ends with `ValueError` after too many bytes."""

    def __init__(self, stream: httpx2.AsyncByteStream) -> None:
        self._stream = stream

    async def __aiter__(self) -> AsyncIterator[bytes]:
        size = 0
        async for chunk in self._stream:
            size += len(chunk)
            if size > MAX_RESPONSE:
                raise ValueError(f"a response of more than {MAX_RESPONSE} bytes")
            yield chunk

    async def aclose(self) -> None:
        await self._stream.aclose()
