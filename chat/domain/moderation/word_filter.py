"""The word filter: blocked words, regardless of case and accents."""

import re
from collections.abc import Iterable

from chat.domain.errors import CommandRefused
from chat.domain.text.folding import fold

MAX_WORDS = 500
WORD_LIMIT = 40

_WORD = re.compile(r"[^\W_]+")  # underscores are markup
_ENTRY = re.compile(rf"{_WORD.pattern}\*?")


def parse_entry(word: object) -> str:
    """Return a word folded; `*` at its end blocks all words with this prefix. Raises `CommandRefused`."""
    folded = fold(word.strip()) if isinstance(word, str) else ""
    if not _ENTRY.fullmatch(folded) or len(folded) > WORD_LIMIT:
        raise CommandRefused("filter-word", limit=WORD_LIMIT)
    return folded


def find_blocked(text: str, entries: Iterable[str]) -> str | None:
    """Return the first word in `text` that is blocked."""
    blocked = set(entries)
    if not blocked:
        return None
    prefixes = tuple(word[:-1] for word in blocked if word.endswith("*"))
    for word in _WORD.findall(fold(text)):
        if word in blocked or word.startswith(prefixes):
            return str(word)
    return None
