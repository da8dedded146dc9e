"""Addresses in a text: where they are, where they lead, and whether that is where they seem to."""

import re
import unicodedata
from collections.abc import Iterator
from html import escape
from itertools import islice
from urllib.parse import quote, urlsplit

import idna
import nh3
from linkify_it import LinkifyIt
from linkify_it.main import Match


def typed(match: Match) -> tuple[str, str | None]:
    """An address in a text, without what may be markup or a mark of direction after it, and where it leads."""
    typed = _MARK.split(match.raw)[0].rstrip("*_~")
    return typed, href(match.url.removesuffix(match.raw) + typed)


def href(url: str) -> str | None:
    """`url` as it may stand in a link; none if it may lead elsewhere than it seems to, or not to web or mail.

    The host is encoded as browsers do it (IDNA 2008 with UTS 46): what stands there is what is asked for.
    """
    if _TRICKY.search(url):
        return None
    try:
        parts = urlsplit(url)
    except ValueError:
        return None
    if parts.scheme == "mailto":
        before, found, rest = (
            "mailto:",
            _MAILBOX.fullmatch(parts.path),
            url[len("mailto:") + len(parts.path) :],
        )
    elif parts.scheme in {"http", "https"}:
        before, found = f"{parts.scheme}://", _AUTHORITY.fullmatch(parts.netloc)
        rest = url[len(before) + len(parts.netloc) :]
    else:
        return None
    host = _encoded(found["host"]) if found else None
    if found is None or host is None:
        return None
    address = before + found["before"] + host + found["after"] + _UNSAFE.sub(lambda unsafe: quote(unsafe[0]), rest)
    # Numbers and punycode that browsers refuse (WHATWG URL, 3.5), nh3 refuses too.
    return address if " href=" in _CHECK.clean(f'<a href="{escape(address)}">') else None


def host_of(address: str) -> str:
    """The host in what `href` gave."""
    found = _HREF_HOST.match(address)
    return found[1].lower() if found else ""


def hosts_in(shown: str) -> Iterator[str]:
    """The hosts that a text seems to name, one for each word that looks like an address; "?" for an odd one."""
    seen = (character for character in shown if unicodedata.category(character) != "Cf")
    for word in unicodedata.normalize("NFKC", "".join(seen)).replace("。", ".").lower().split():
        _, scheme, rest = word.partition("://")
        if scheme:
            authority = re.split(r"[/?#\\]", rest)[0]
            yield _encoded(authority.rpartition("@")[2].partition(":")[0]) or "?"
        else:
            yield from (_encoded(name) or "?" for name in islice(filter(_is_name, _DOTTED.findall(word)), 1))


def _is_name(dotted: str) -> bool:
    """Whether `a.b` may be a host: no version, no `e.g`."""
    *others, last = dotted.split(".")
    return len(others) == 3 if last.isdigit() else len(last) > 1


def _encoded(host: str) -> str | None:
    """`host` in ASCII, or none if that is no name or number of a host."""
    if host.isascii():
        return host if _HOST.fullmatch(host) else None
    try:
        return idna.encode(host, uts46=True).decode() if len(host) < 254 else None
    except UnicodeError:
        return None


class _Linkify(LinkifyIt):  # type: ignore[misc]
    """Finds addresses, and takes no longer for longer ones.

    The patterns of linkify-it-py 2.2 can read `xn--` in two ways, and `$+=^|` both as letters of a name and as what
    may stand before it: with these, 150 characters took seconds, and each eight more took twice as long.
    """

    def _on_compile(self) -> None:
        letter, name = self.re["src_pseudo_letter"], self.re["src_domain"]
        plain = letter.replace("[><\uff5c]", r"[$+<=>^`|\uff5c]")
        label = f"(?:{plain}(?:(?:-|{plain}){{0,61}}{plain})?)"
        self.re.update({key: value.replace(name, label).replace(letter, plain) for key, value in self.re.items()})


LINKIFY = _Linkify().add("ftp:", None).add("//", None)
MAYBE_ADDRESS = re.compile(r"[.:@]")
# What browsers drop or turn round, and the marks by which an address could be shown in another order than it has.
_TRICKY = re.compile(r"[\s\x00-\x1f\x7f-\x9f\\\u061c\u200e\u200f\u202a-\u202e\u2066-\u206f]")
_MARK = re.compile(r"[\u061c\u200e\u200f]")
_UNSAFE = re.compile(r"[\"<>`{|}^\u00ad\u180e\u200b-\u200d\u2060-\u2064\ufeff]")
_HOST = re.compile(r"[A-Za-z0-9_-]+(?:\.[A-Za-z0-9_-]+)*\.?|\[[0-9A-Fa-f:.]+\]")
_AUTHORITY = re.compile(r"(?P<before>)(?P<host>\[[^\[\]@]+\]|[^\[\]:@]+)(?P<after>(?::[0-9]{1,5})?)")
_MAILBOX = re.compile(r"(?P<before>[^\s@/?#,;:%\"<>()\[\]]+@)(?P<host>[^\s@:%\[\]]+)(?P<after>)")
_HREF_HOST = re.compile(r"(?:https?://|mailto:[^@]*@)(\[[^\]]*\]|[^/?#:]*)")
_DOTTED = re.compile(r"(?<![\w-])[\w-]+(?:\.[\w-]+)+")
_CHECK = nh3.Cleaner(
    tags={"a"},
    attributes={"a": {"href"}},
    link_rel=None,
    url_schemes={"http", "https", "mailto"},
    url_relative="deny",
)
