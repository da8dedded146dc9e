"""URLs in a text: their positions and targets."""

import re
from collections.abc import Iterator
from html import escape
from urllib.parse import quote, urlsplit

import nh3
from linkify_it import LinkifyIt
from linkify_it.main import Match

from chat.text.markup.hosts import encode_host
from chat.text.markup.url_ends import separate


def linkify(text: str) -> Iterator[tuple[int, str, str]]:
    """Yield each URL and mail address in `text`, with or without a scheme: its position, as typed, and its href."""
    for match in (_LINKIFY.match(separate(text)) if _MAYBE_URL.search(text) else None) or []:
        shown, href = _typed(match)
        if href and not (match.schema == "" and _FILE.match(shown)):
            yield match.index, shown, href


def match_url(text: str) -> tuple[str, str] | None:
    """Return the URL with a scheme at the start of a text that `separate` returned, as typed, and its href."""
    match = _LINKIFY.match_at_start(text)
    shown, href = _typed(match) if match else ("", None)
    return (shown, href) if href else None


def to_href(url: str) -> str | None:
    """Return `url` for use in a link; None if it may lead elsewhere than it seems to, or not to the web or mail.

    The host is encoded as browsers do it (IDNA 2008 with UTS 46), so that the link shows where it leads.
    """
    if _TRICKY.search(url):
        return None
    try:
        parts = urlsplit(url)
    except ValueError:
        return None
    if parts.scheme == "mailto":
        start, found = "mailto:", _MAILBOX.fullmatch(parts.path)
        rest = url[len(start) + len(parts.path) :]
    elif parts.scheme in {"http", "https"}:
        start, found = f"{parts.scheme}://", _AUTHORITY.fullmatch(parts.netloc)
        rest = url[len(start) + len(parts.netloc) :]
    else:
        return None
    host = encode_host(found["host"]) if found else None
    if found is None or host is None:
        return None
    href = start + found["before"] + host + found["after"] + _UNSAFE.sub(lambda unsafe: quote(unsafe[0]), rest)
    # nh3 refuses numbers and punycode that browsers refuse (WHATWG URL, 3.5).
    return href if " href=" in _CHECK.clean(f'<a href="{escape(href)}">') else None


def _typed(match: Match) -> tuple[str, str | None]:
    """Return a URL without the markup, colons or directional marks that may follow it, and its href."""
    shown = _MARK.split(match.raw)[0].rstrip("*~:")
    return shown, to_href(match.url.removesuffix(match.raw) + shown)


class _Linkify(LinkifyIt):  # type: ignore[misc]
    """Finds URLs without exponential backtracking.

    The patterns of linkify-it-py 2.2 can match `xn--` in two ways, and `$+=^|` both as letters of a name and as
    characters before it: 150 such characters took seconds, and each eight more took twice as long.
    """

    def _on_compile(self) -> None:
        letter, name = self.re["src_pseudo_letter"], self.re["src_domain"]
        plain = letter.replace("[><\uff5c]", r"[$+<>=^`|\uff5c]")
        label = f"(?:{plain}(?:(?:-|{plain}){{0,61}}{plain})?)"
        self.re.update({key: value.replace(name, label).replace(letter, plain) for key, value in self.re.items()})
        # An IPv6 address, only after a scheme.
        host, end = self.re["src_host_port_strict"], self.re["src_port"] + self.re["src_host_terminator"]
        self.re["src_host_port_strict"] = rf"(?:\[[0-9a-f:.]{{2,45}}\]{end}|{host})"


_LINKIFY = _Linkify().add("ftp:", None).add("//", None)
# Names of files whose endings are also top-level domains. (.pl, .in and others name more sites than files.)
_FILE = re.compile(r"(?!www\.)[^/?#:]*\.(?:ac|cc|gd|md|mk|ml|mm|pm|ps|py|rs|sh|so|tf)(?![^/?#:])", re.IGNORECASE)
_MAYBE_URL = re.compile(r"[.:@]")
# Characters that browsers drop or replace, and marks that could show a URL in another order.
_TRICKY = re.compile(r"[\s\x00-\x1f\x7f-\x9f\\\u061c\u200e\u200f\u202a-\u202e\u2066-\u206f]")
_MARK = re.compile(r"[\u061c\u200e\u200f]")
_UNSAFE = re.compile(r"[\"<>`{|}^\u00ad\u180e\u200b-\u200d\u2060-\u2064\ufeff]")
_AUTHORITY = re.compile(r"(?P<before>)(?P<host>\[[^\[\]@]+\]|[^\[\]:@]+)(?P<after>(?::[0-9]{1,5})?)")
_MAILBOX = re.compile(r"(?P<before>[^\s@/?#,;:%\"<>()\[\]]+@)(?P<host>[^\s@:%\[\]]+)(?P<after>)")
_CHECK = nh3.Cleaner(
    tags={"a"},
    attributes={"a": {"href"}},
    link_rel=None,
    url_schemes={"http", "https", "mailto"},
    url_relative="deny",
)
