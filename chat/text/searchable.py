"""Message texts as people read them, for search."""

import re
from functools import lru_cache

from chat.domain.messages.search import PADDING, TextForms
from chat.text.markup.characters import expand_shortcodes
from chat.text.markup.links import linkify
from chat.text.markup.renderer import to_html

_SHORTCODE = re.compile(r":[^\s:]{1,80}:")
_SIGN = re.compile(r"[*_~`|\\\]]")
# Escapes; signs of emphasis, code and spoilers, but not between digits, as in 2*3; and links with their URLs.
_MARKUP = re.compile(
    r"\\([*_~`|\\])|(?<!\d)[*_~`|\\]+|[*_~`|\\]+(?!\d)|\[(?=[^\[\]\n]*\]\()|\]\([^\s()]*\)",
)
_MAYBE_LINK = re.compile(r"://|\w[.@]\w")


def shown(text: str) -> str:
    """Return a text of the same length with its markup hidden, and with emoji for shortcodes."""
    if ":" in text:
        text = _SHORTCODE.sub(lambda found: _emoji(found[0]).ljust(len(found[0]), PADDING), text)
    if not _SIGN.search(text):
        return text
    return _MARKUP.sub(lambda found: (found[1] or "").rjust(len(found[0]), PADDING), text)


@lru_cache(maxsize=1024)
def _emoji(shortcode: str) -> str:
    return expand_shortcodes(shortcode)


def has_link(text: str) -> bool:
    """Tell whether a message shows a link, to the web or to a mail address."""
    if _MAYBE_LINK.search(text) is None:
        return False
    return ("://" in text or any(True for _ in linkify(text))) and "<a " in to_html(text)


TEXT_FORMS = TextForms(shown, expand_shortcodes, has_link)
