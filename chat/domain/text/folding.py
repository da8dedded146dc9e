"""Folds text for comparison regardless of case and accents, in search and completion."""

import unicodedata
from collections.abc import Iterator

from chat.domain.text.invisible import INVISIBLE


def fold(text: str) -> str:
    """Return `text` without case, accents, Arabic and Hebrew vowel signs and invisible characters.

    White space becomes spaces, and apostrophes, dashes, digits and Arabic letters that people type in several ways get
    one form each. Each character is folded by itself (Unicode's compatibility decomposition and case folding, without
    combining marks), so that a match can be traced back to the original text.
    """
    if text.isascii():
        return text.lower().replace("\n", " ").replace("\t", " ").replace("`", "'")
    return text.translate(_FOLDED)


def folded_lengths(text: str) -> Iterator[int]:
    """Yield how many characters each character of `text` has in the folded text."""
    return (len(_FOLDED[ord(character)]) for character in text)


def without_foreign_marks(folded: str) -> str:
    """Drop what is left of marks on Latin letters: signs of other scripts, which look like accents there."""
    if folded.isascii():
        return folded
    kept, is_latin = list[str](), False
    for character in folded:
        is_mark = unicodedata.category(character)[0] == "M"
        is_latin = character.isascii() or (is_latin and is_mark)
        if not (is_mark and is_latin):
            kept.append(character)
    return "".join(kept)


# Letters that Unicode doesn't decompose, as typed on other keyboards; and the Arabic tatweel, which only stretches.
_SUBSTITUTES = {"ı": "i", "ł": "l", "ø": "o", "đ": "d", "ħ": "h", "ŧ": "t", "æ": "ae", "œ": "oe", "\u0640": ""}
# Apostrophes, primes, accents typed alone, and letters that serve as apostrophes.
_SUBSTITUTES |= dict.fromkeys("`´‘’‚‛′‵ʹʻʼʽʾʿˈˊˋ՚׳ߴߵꞋꞌ＇｀❛❜", "'")
# Arabic letters by their Persian, Urdu, Kurdish and Arabic forms; the forms of alef with hamza decompose.
_SUBSTITUTES |= dict.fromkeys("ىیېۍے", "ي") | dict.fromkeys("کڪګ", "ك") | dict.fromkeys("ةہھەۃۀ", "ه")
_SUBSTITUTES |= dict.fromkeys("ٱٲٳ", "ا") | {"״": '"', "−": "-", "⁃": "-"}


class _Folded(dict[int, str]):
    """A table for `str.translate`, computed for each character on first use."""

    MAX_SIZE = 10_000

    def __missing__(self, code: int) -> str:
        folded = _fold_character(chr(code))
        if len(self) < self.MAX_SIZE:
            self[code] = folded
        return folded


def _fold_character(character: str) -> str:
    if character in _SUBSTITUTES:
        return _SUBSTITUTES[character]
    decomposed = "".join(c for c in unicodedata.normalize("NFKD", character) if not _is_dropped(c))
    letters = unicodedata.normalize("NFKD", decomposed.casefold())
    return "".join(_simplify(letter) for letter in letters if not _is_dropped(letter))


def _simplify(character: str) -> str:
    if character.isspace():
        return " "
    if unicodedata.category(character) == "Pd":
        return "-"
    if character.isdecimal():
        return str(unicodedata.decimal(character))
    return _SUBSTITUTES.get(character, character)


def _is_dropped(character: str) -> bool:
    is_mark = unicodedata.combining(character) > 0
    return is_mark or unicodedata.category(character) == "Cf" or character in INVISIBLE


_FOLDED = _Folded()
