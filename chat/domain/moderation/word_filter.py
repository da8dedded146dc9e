"""The word filter: blocked words, regardless of case, accents and look-alike letters."""

import re
from collections.abc import Iterable, Iterator

from chat.domain.errors import CommandRefused
from chat.domain.text.confusables import LOOK_ALIKES
from chat.domain.text.folding import fold, without_foreign_marks
from chat.domain.text.words import is_word_character

MAX_WORDS = 500
WORD_LIMIT = 40

_ASCII_WORD = re.compile(r"[a-z0-9]+")  # underscores are markup
_LATIN = re.compile(r"[a-z]")


def parse_entry(word: object) -> str:
    """Return a word folded; `*` at its end blocks all words with this prefix. Raises `CommandRefused`."""
    folded = _fold(word.strip()) if isinstance(word, str) else ""
    if _words(folded) != [folded.removesuffix("*")] or len(folded) > WORD_LIMIT:
        raise CommandRefused("filter-word", limit=WORD_LIMIT)
    return folded


def find_blocked(text: str, entries: Iterable[str]) -> str | None:
    """Return the first word in `text` that is blocked."""
    blocked = set(entries)
    if not blocked:
        return None
    prefixes = tuple(word[:-1] for word in blocked if word.endswith("*"))
    for word in _readings(text):
        if word in blocked or word.startswith(prefixes):
            return word
    return None


def _readings(text: str) -> Iterator[str]:
    """Yield all words that readers may see: backslashes may separate words or not, and letters look like others."""
    folded = _fold(text)
    for words in _words(folded), _words(folded.replace("\\", "")) if "\\" in folded else ():
        for word in words:
            yield word
            if not word.isascii() and _LATIN.search(word):
                yield word.translate(LOOK_ALIKES).lower()


def _fold(text: str) -> str:
    return without_foreign_marks(fold(text))


def _words(folded: str) -> list[str]:
    if folded.isascii():
        return _ASCII_WORD.findall(folded)
    return "".join(c if is_word_character(c) and c != "_" else " " for c in folded).split()
