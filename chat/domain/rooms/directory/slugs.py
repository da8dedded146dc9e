"""Slugs: the names of rooms in URLs."""

import re
from collections.abc import Callable
from itertools import count

from chat.domain.text.folding import fold

SLUG_LIMIT = 40
RESERVED = frozenset({"all", "archive", "direct", "edit", "join", "mentions", "new", "none", "search", "settings"})


def make_slug(name: str, is_taken: Callable[[str], bool], suffix: str = "") -> str:
    """Return a free slug for a room: the words of its name without case and accents, with a number if necessary.

    However long the name, the slug ends with the suffix.
    """
    slug = slugify(name)
    if suffix:
        slug = f"{slug[: SLUG_LIMIT - len(suffix) - 1].strip('-')}-{suffix}"
    if slug not in RESERVED and not is_taken(slug):
        return slug
    return next(numbered for number in count(2) if not is_taken(numbered := f"{slug}-{number}"))


def slugify(name: str) -> str:
    """Return the words of a name without case and accents, joined by hyphens."""
    words = re.findall(r"\w+", fold(name).replace("_", " ").replace("'", ""))
    return "-".join(words)[:SLUG_LIMIT].strip("-") or "room"
