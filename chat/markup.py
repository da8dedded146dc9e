"""Message text to safe HTML. Today: as typed, with addresses made clickable."""

from html import escape
from urllib.parse import urlsplit

from linkify_it import LinkifyIt

_linkify = LinkifyIt().add("ftp:", None).add("//", None)

LINKS_LIMIT = 50


def to_html(text: str) -> str:
    """Safe HTML for `text`: escaped, with up to 50 links. Line breaks and spaces are kept by the style sheet."""
    parts: list[str] = []
    end = 0
    for match in (_linkify.match(text) or [])[:LINKS_LIMIT]:
        if not _is_plain(match.url):
            continue
        shown = escape(text[match.index : match.last_index])
        parts.append(escape(text[end : match.index], quote=False))
        parts.append(f'<a href="{escape(match.url)}" target="_blank" rel="noopener noreferrer nofollow">{shown}</a>')
        end = match.last_index
    parts.append(escape(text[end:], quote=False))
    return "".join(parts)


def _is_plain(url: str) -> bool:
    """Whether a link goes where it seems to: no `user@` in front of the host, no other schemes."""
    try:
        parts = urlsplit(url)
    except ValueError:
        return False
    return parts.scheme == "mailto" or (parts.scheme in {"http", "https"} and "@" not in parts.netloc)
