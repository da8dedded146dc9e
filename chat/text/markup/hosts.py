"""Hosts in URLs and in texts: encoded, and compared with where a link leads."""

import re
import unicodedata
from collections.abc import Iterator
from itertools import islice

import idna


def host_of(href: str) -> str:
    """Return the host of a result of `to_href`."""
    found = _HREF_HOST.match(href)
    return found[1].lower() if found else ""


def hosts_in(shown: str) -> Iterator[str]:
    """Yield the host that each word of a text seems to name, if it looks like a URL; "?" for an invalid one."""
    seen = (character for character in shown if unicodedata.category(character) != "Cf")
    for word in unicodedata.normalize("NFKC", "".join(seen)).replace("。", ".").lower().split():
        _, scheme, rest = word.partition("://")
        if scheme:
            authority = re.split(r"[/?#\\]", rest)[0]
            yield encode_host(authority.rpartition("@")[2].partition(":")[0]) or "?"
        else:
            yield from (encode_host(name) or "?" for name in islice(filter(_may_be_host, _DOTTED.findall(word)), 1))


def encode_host(host: str) -> str | None:
    """Return `host` in ASCII; None if it is not a valid name or address."""
    if host.isascii():
        return host if _HOST.fullmatch(host) else None
    try:
        return idna.encode(host, uts46=True).decode() if len(host) < 254 else None
    except UnicodeError:
        return None


def _may_be_host(dotted: str) -> bool:
    """Tell whether `a.b` may be a host, rather than a version or `e.g`."""
    *others, last = dotted.split(".")
    return len(others) == 3 if last.isdigit() else len(last) > 1


_HOST = re.compile(r"[A-Za-z0-9_-]+(?:\.[A-Za-z0-9_-]+)*\.?|\[[0-9A-Fa-f:.]+\]")
_HREF_HOST = re.compile(r"(?:https?://|mailto:[^@]*@)(\[[^\]]*\]|[^/?#:]*)")
_DOTTED = re.compile(r"(?<![\w-])[\w-]+(?:\.[\w-]+)+")
