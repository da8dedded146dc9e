"""Hosts in URLs and in texts: encoded, and compared with where a link leads."""

import re
import unicodedata
from collections.abc import Iterator
from itertools import islice

import idna

from chat.domain.text.confusables import skeleton
from chat.domain.text.folding import fold


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


def is_deceptive(url: str) -> bool:
    """Tell whether the host of a URL, as typed, may be taken for another: `аррӏе.com`, `apple.comꓸevil.com`.

    A label is, if its letters are of several scripts, or if all of them look Latin below a top-level domain that is.
    """
    if url.isascii():
        return False
    host = re.split(r"[/?#]", (url.partition("://")[2] or url))[0].rpartition("@")[2]
    labels = unicodedata.normalize("NFKC", host).replace("。", ".").partition(":")[0].split(".")
    return any(_is_deceptive(label, labels[-1]) for label in labels if not fold(label).isascii())


def encode_host(host: str) -> str | None:
    """Return `host` in ASCII; None if it is not a valid name or address."""
    if host.isascii():
        return host if _HOST.fullmatch(host) else None
    try:
        return idna.encode(host, uts46=True).decode() if len(host) < 254 else None
    except UnicodeError:
        return None


def _is_deceptive(label: str, top_level_domain: str) -> bool:
    scripts = {unicodedata.name(letter, "").split(" ")[0] for letter in label if letter.isalpha()}
    is_mixed = len(scripts - _EAST_ASIAN) + bool(scripts & _EAST_ASIAN) > 1
    return is_mixed or (top_level_domain.isascii() and skeleton(label).isascii())


def _may_be_host(dotted: str) -> bool:
    """Tell whether `a.b` may be a host, rather than a version or `e.g`."""
    *others, last = dotted.split(".")
    return len(others) == 3 if last.isdigit() else len(last) > 1


_EAST_ASIAN = frozenset({"CJK", "HIRAGANA", "KATAKANA", "KATAKANA-HIRAGANA", "BOPOMOFO", "HANGUL", "IDEOGRAPHIC"})
_HOST = re.compile(r"[A-Za-z0-9_-]+(?:\.[A-Za-z0-9_-]+)*\.?|\[[0-9A-Fa-f:.]+\]")
_HREF_HOST = re.compile(r"(?:https?://|mailto:[^@]*@)(\[[^\]]*\]|[^/?#:]*)")
_DOTTED = re.compile(r"(?<![\w-])[\w-]+(?:\.[\w-]+)+")
