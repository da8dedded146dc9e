"""Hosts and URLs of web sites, in the form in which browsers compare them."""

import re
from dataclasses import dataclass
from ipaddress import ip_address

from chat.text.markup.hosts import encode_host

_HOST = re.compile(r"(\[[^\]]*\]|[^:\[\]]*)(?::(\d{0,5}))?")
_URL = re.compile(r"(https?)://([^/?#@\\\s]+)([^?#\s]*)", re.IGNORECASE)
_PATH = re.compile(r"(?:/[\w.~-]+)*", re.ASCII)
_DEFAULT_PORTS = {"", "80", "443"}


@dataclass(frozen=True, slots=True)
class SiteUrl:
    """`scheme`, `host` and `path` of a site; the path is empty or begins with a slash, and ends without one."""

    scheme: str
    host: str
    path: str = ""

    def __str__(self) -> str:
        return f"{self.scheme}://{self.host}{self.path}"


def normalize_host(host: str) -> str | None:
    """Return a host, with its port if it has one, in ASCII and lower case; None if it is invalid.

    The default ports of HTTP and HTTPS and a trailing dot are left out.
    """
    found = _HOST.fullmatch(host)
    if not found:
        return None
    name, port = encode_host(found[1]), (found[2] or "").lstrip("0")
    if not name or int(port or 0) > 65535:
        return None
    if name.startswith("["):
        try:
            name = f"[{ip_address(name[1:-1])}]"
        except ValueError:
            return None
    name = name.lower().removesuffix(".")
    return name if port in _DEFAULT_PORTS else f"{name}:{port}"


def parse_site_url(text: str) -> SiteUrl:
    """Return the parts of `https://chat.example.org/path/`; raises `ValueError`."""
    found = _URL.fullmatch(text.strip())
    host = normalize_host(found[2]) if found else None
    if not found or not host:
        raise ValueError("should be like https://chat.example.org")
    return SiteUrl(found[1].lower(), host, parse_root_path(found[3]))


def parse_root_path(text: str) -> str:
    """Return a path like `/chat`, and an empty string for `/`; raises `ValueError`."""
    path = f"/{text.strip().strip('/')}".rstrip("/")
    if not _PATH.fullmatch(path) or {".", ".."} & set(path.split("/")):
        raise ValueError("should be like /chat")
    return path
