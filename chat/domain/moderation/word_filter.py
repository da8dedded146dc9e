"""The word filter: which words are refused, whatever their case and accents."""

import re
from collections.abc import Iterable

from chat.domain.errors import CommandRefused
from chat.domain.text.folding import fold

WORDS_LIMIT = 500
LENGTH_LIMIT = 40

_WORD = re.compile(r"[^\W_]+")  # underscores are markup
_ENTRY = re.compile(rf"{_WORD.pattern}\*?")


def entry(word: object) -> str:
    """A word as it is compared, with `*` at the end for all that begin like it; raises `CommandRefused`."""
    folded = fold(word.strip()) if isinstance(word, str) else ""
    if not _ENTRY.fullmatch(folded) or len(folded) > LENGTH_LIMIT:
        raise CommandRefused("filter-word", limit=LENGTH_LIMIT)
    return folded


def find(text: str, entries: Iterable[str]) -> str | None:
    """The first word in `text` that one of `entries` means; None if there is none."""
    kept = set(entries)
    if not kept:
        return None
    beginnings = tuple(word[:-1] for word in kept if word.endswith("*"))
    for word in _WORD.findall(fold(text)):
        if word in kept or word.startswith(beginnings):
            return str(word)
    return None
