"""The client's address and scheme, behind a known number of proxies."""

from ipaddress import IPv6Address, ip_address, ip_network

from starlette.types import Scope

_PROXY_HEADERS = {
    b"forwarded",
    b"x-forwarded-for",
    b"x-forwarded-host",
    b"x-forwarded-proto",
    b"x-forwarded-prefix",
}


def resolve_client_address(scope: Scope, hops: int) -> None:
    """Put the client's address and scheme into the scope.

    Each proxy appends the address that connected to it, so only the last `hops` entries can be trusted: anything
    further left may be forged.
    """
    if peer := _parse(scope["client"][0] if scope.get("client") else ""):
        scope["client"] = (peer, scope["client"][1])
    if hops:
        if address := _parse(_from_right(scope, b"x-forwarded-for", hops)):
            scope["client"] = (address, 0)
        secure = outermost(scope, b"x-forwarded-proto", hops) == "https"
        scope["scheme"] = {"http": ("http", "https"), "websocket": ("ws", "wss")}[scope["type"]][secure]


def remove_proxy_headers(scope: Scope) -> None:
    """Remove the headers that proxies set; what lies behind would trust them."""
    scope["headers"] = [(name, value) for name, value in scope["headers"] if name not in _PROXY_HEADERS]


def is_from_proxy(scope: Scope) -> bool:
    """Whether a request has a header that proxies set."""
    return any(name in _PROXY_HEADERS for name, _ in scope["headers"])


def rate_limit_key(scope: Scope) -> str:
    """Return the key for counting limits: the IPv4 address or the IPv6 /64, which is one household or server."""
    return network(scope["client"][0] if scope.get("client") else "")


def network(address: str) -> str:
    """Return the `rate_limit_key` of an address."""
    if ":" not in address:
        return address
    try:
        return str(ip_network((address, 64), strict=False))
    except ValueError:
        return address


def header(scope: Scope, name: bytes) -> str:
    """Return all values of a header, joined by commas."""
    return ",".join(value.decode("latin-1") for key, value in scope["headers"] if key == name)


def outermost(scope: Scope, name: bytes, hops: int) -> str:
    """Return the entry of the outermost trusted proxy in a header that not every proxy appends to; "" without any."""
    return _from_right(scope, name, min(hops, header(scope, name).count(",") + 1))


def _from_right(scope: Scope, name: bytes, hops: int) -> str:
    entries = header(scope, name).split(",")
    return entries[-hops].strip() if 0 < hops <= len(entries) else ""


def _parse(entry: str) -> str | None:
    for text in (entry, entry.rpartition(":")[0].strip("[]")):
        try:
            address = ip_address(text)
        except ValueError:
            continue
        mapped = address.ipv4_mapped if isinstance(address, IPv6Address) else None
        return str(mapped or address)
    return None
