"""A process of its own that reads the head of a web page: `python -m chat.previews.page_worker [CHARSET] < PAGE`.

It prints a JSON object of texts: title, description, and the URL of a picture.
"""

import codecs
import json
import re
import sys

import webencodings
from selectolax.lexbor import LexborHTMLParser

from chat.media.resources import give_way, limit_resources

SECONDS = 1  # of CPU, which is plenty: only elements within each other take a parser quadratic time
MEMORY = 600_000_000  # bytes of address space
MAX_LENGTH = 5000  # characters of a text
HEAD = 2048  # bytes in which to look for a charset

# The names of meta elements, the most telling first: https://ogp.me, and what Twitter and search engines read.
NAMES = {
    "title": ("og:title", "twitter:title"),
    "description": ("og:description", "twitter:description", "description"),
    "picture": ("og:image:secure_url", "og:image", "og:image:url", "twitter:image", "twitter:image:src"),
}

_CHARSET = re.compile(rb"<meta[^>]{0,200}?charset\s*=\s*[\"']?\s*([\w:.-]{1,40})", re.IGNORECASE)


def main(charset: str = "") -> None:
    give_way()
    limit_resources(SECONDS, MEMORY)
    print(json.dumps(read(sys.stdin.buffer.read(), charset)))  # noqa: T201 - read by the parent


def read(page: bytes, charset: str) -> dict[str, str]:
    """Return a page's description of itself; `charset` is the one that its server declares."""
    html = LexborHTMLParser(decode(page, charset))
    metas: dict[str, str] = {}
    for meta in html.css("meta[content]"):
        name = (meta.attributes.get("property") or meta.attributes.get("name") or "").strip().lower()
        if content := (meta.attributes.get("content") or "").strip():
            metas.setdefault(name, content)
    found = {part: next((metas[name] for name in names if name in metas), "") for part, names in NAMES.items()}
    if not found["title"] and (title := html.css_first("head title")):
        found["title"] = title.text()
    return {part: text[:MAX_LENGTH] for part, text in found.items()}


def decode(page: bytes, charset: str) -> str:
    """Decode a page as browsers do (WHATWG Encoding): by its byte order mark, its server, or itself."""
    encoding = webencodings.lookup(charset)
    if encoding is None and (declared := _CHARSET.search(page[:HEAD])):
        encoding = webencodings.lookup(declared[1].decode())
        if encoding and encoding.name.startswith("utf-16"):  # it could not be read as ASCII
            encoding = webencodings.UTF8
    text, _ = webencodings.decode(page, encoding or _guess(page))
    return str(text)


def _guess(page: bytes) -> webencodings.Encoding:
    try:
        codecs.getincrementaldecoder("utf-8")().decode(page)  # which may be cut within a character
    except UnicodeDecodeError:
        return webencodings.lookup("windows-1252")
    return webencodings.UTF8


if __name__ == "__main__":
    main(*sys.argv[1:])
