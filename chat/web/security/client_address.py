"""Where a request really comes from, behind a known number of proxies."""

from ipaddress import IPv6Address, ip_address, ip_network

from starlette.types import Scope

_OF_PROXIES = {b"forwarded", b"x-forwarded-for", b"x-forwarded-host", b"x-forwarded-proto", b"x-forwarded-prefix"}


def resolve_client_address(scope: Scope, hops: int) -> None:
    """Put the address and the scheme of whoever asks into the scope, and what proxies say out of it.

    Each proxy adds the address it was asked from on the right; only as many of these as there are proxies of ours can
    be believed, what is further to the left anybody may have written.
    """
    if hops:
        if address := _parse(_from_right(scope, b"x-forwarded-for", hops)):
            scope["client"] = (address, 0)
        secure = _said(scope, b"x-forwarded-proto", hops) == "https"
        scope["scheme"] = {"http": ("http", "https"), "websocket": ("ws", "wss")}[scope["type"]][secure]
    scope["edge.hosts"] = {header(scope, b"host").lower(), _said(scope, b"x-forwarded-host", hops).lower()} - {""}
    scope["headers"] = [(name, value) for name, value in scope["headers"] if name not in _OF_PROXIES]


def origin(scope: Scope) -> str:
    """Scheme and host as the visitor sees them: "https://chat.example.org"."""
    seen = sorted(scope.get("edge.hosts", ()), key=lambda host: host == header(scope, b"host").lower())
    return f"{scope['scheme']}://{seen[0]}" if seen else ""


def rate_limit_key(scope: Scope) -> str:
    """What limits are counted by: the address, or of IPv6 the /64, which one household or server has to itself."""
    return network(scope["client"][0] if scope.get("client") else "")


def network(address: str) -> str:
    """See `rate_limit_key`."""
    if ":" not in address:
        return address
    try:
        return str(ip_network((address, 64), strict=False))
    except ValueError:
        return address


def is_same_host(scope: Scope) -> bool:
    """Whether a page of ours asks, or a program that is no browser (which tells no origin)."""
    origins = [value for name, value in scope["headers"] if name == b"origin"]
    if not origins:
        return True
    scheme, _, host = origins[0].decode("latin-1").lower().partition("://")
    return len(origins) == 1 and scheme in {"http", "https"} and host in scope["edge.hosts"]


def header(scope: Scope, name: bytes) -> str:
    """All values of a header, as one."""
    return ",".join(value.decode("latin-1") for key, value in scope["headers"] if key == name)


def _from_right(scope: Scope, name: bytes, hops: int) -> str:
    entries = header(scope, name).split(",")
    return entries[-hops].strip() if 0 < hops <= len(entries) else ""


def _said(scope: Scope, name: bytes, hops: int) -> str:
    """The same for what not every proxy adds to: where there are fewer entries, the outermost that there is."""
    return _from_right(scope, name, min(hops, header(scope, name).count(",") + 1))


def _parse(entry: str) -> str | None:
    for text in (entry, entry.rpartition(":")[0].strip("[]")):
        try:
            address = ip_address(text)
        except ValueError:
            continue
        mapped = address.ipv4_mapped if isinstance(address, IPv6Address) else None
        return str(mapped or address)
    return None
