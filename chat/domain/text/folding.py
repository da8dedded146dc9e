"""Folds text for comparison regardless of case and accents, in search and completion."""

import unicodedata


def fold(text: str) -> str:
    """Return `text` without case, accents, Arabic and Hebrew vowel signs and invisible characters.

    White space becomes spaces. Each character is folded by itself (Unicode's compatibility decomposition and case
    folding, without combining marks), so that a match can be traced back to the original text.
    """
    if text.isascii():
        return text.lower().replace("\n", " ").replace("\t", " ")
    return text.translate(_FOLDED)


# Letters that Unicode doesn't decompose, as typed on other keyboards; and the Arabic tatweel, which only stretches.
_SUBSTITUTES = {"ı": "i", "ł": "l", "ø": "o", "đ": "d", "ħ": "h", "ŧ": "t", "æ": "ae", "œ": "oe", "\u0640": ""}


class _Folded(dict[int, str]):
    """A table for `str.translate`, computed for each character on first use."""

    MAX_SIZE = 10_000

    def __missing__(self, code: int) -> str:
        decomposed = unicodedata.normalize("NFKD", chr(code))
        letters = unicodedata.normalize("NFKD", decomposed.casefold())
        folded = "".join(" " if c.isspace() else _SUBSTITUTES.get(c, c) for c in letters if not _is_dropped(c))
        if len(self) < self.MAX_SIZE:
            self[code] = folded
        return folded


def _is_dropped(character: str) -> bool:
    is_variation_selector = "\ufe00" <= character <= "\ufe0f"
    return unicodedata.combining(character) > 0 or unicodedata.category(character) == "Cf" or is_variation_selector


_FOLDED = _Folded()
