"""The public URL of the chat: set by the operator, or taken from each request."""

from contextlib import suppress
from dataclasses import dataclass

from starlette.types import Scope

from chat.text.site_urls import SiteUrl, normalize_host, parse_root_path
from chat.web.security.client_address import header, is_from_proxy, outermost
from chat.web.security.request_context import request_context


@dataclass(frozen=True, slots=True)
class Site:
    """The operator's settings: the chat's URL, if set, and its path below the host."""

    url: SiteUrl | None = None
    root_path: str = ""

    def resolve(self, scope: Scope, hops: int) -> None:
        """Put the request's hosts and public URL into its context, and take the root path off its path.

        If the operator set the URL, only its host counts. Nothing counts if the request names no valid host.
        """
        given = (outermost(scope, b"x-forwarded-host", hops), header(scope, b"host"))
        hosts = [host for host in map(_decode, filter(None, given)) if host and self._is_served(host)]
        scope["headers"] = [(name, value) for name, value in scope["headers"] if name != b"host"]
        scope["headers"] += [(b"host", host.encode()) for host in hosts[:1]]
        scope["root_path"] = root = self.root_path or _forwarded_prefix(scope, hops)
        context = request_context(scope)
        if f"{scope['path']}/".startswith(f"{root}/"):
            scope["path"] = scope["path"].removeprefix(root)
        else:
            context.is_outside_root = not hops and not is_from_proxy(scope)
        context.hosts = frozenset(hosts)
        context.public_url = str(self.url or SiteUrl(scope["scheme"], hosts[0] if hosts else "", root))

    def _is_served(self, host: str) -> bool:
        return self.url is None or host == self.url.host


def public_url(scope: Scope) -> str:
    """Return the URL of the chat, without a slash at its end: "https://chat.example.org"."""
    return request_context(scope).public_url


def is_same_host(scope: Scope) -> bool:
    """Whether the request comes from a page of this host, or from a program that sends no `Origin`."""
    origins = [value.decode("latin-1") for name, value in scope["headers"] if name == b"origin"]
    if not origins:
        return True
    scheme, _, host = origins[0].partition("://")
    is_web = len(origins) == 1 and scheme.lower() in {"http", "https"}
    return is_web and _decode(host) in request_context(scope).hosts


def _decode(host: str) -> str | None:
    """Normalize a host from a header, which a program may have sent in UTF-8 instead of Punycode."""
    try:
        return normalize_host(host.encode("latin-1").decode())
    except UnicodeDecodeError:
        return None


def _forwarded_prefix(scope: Scope, hops: int) -> str:
    with suppress(ValueError):
        return parse_root_path(outermost(scope, b"x-forwarded-prefix", hops))
    return ""
