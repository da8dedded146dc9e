"""Text as it is compared where case and accents do not matter: in search and in completion."""

import unicodedata


def fold(text: str) -> str:
    """`text` without case, accents, vowel signs of Arabic and Hebrew, and invisible characters; white space as spaces.

    It is folded character by character (Unicode's compatibility decomposition and case folding, no combining marks),
    so that what is found can be traced back to where it was written.
    """
    if text.isascii():
        return text.lower().replace("\n", " ").replace("\t", " ")
    return text.translate(_FOLDED)


# Letters that Unicode does not take apart, as people without them type them; and the Arabic tatweel, mere length.
_ALIKE = {"ı": "i", "ł": "l", "ø": "o", "đ": "d", "ħ": "h", "ŧ": "t", "æ": "ae", "œ": "oe", "\u0640": ""}


class _Folded(dict[int, str]):
    """What becomes of each character, worked out when it is first met; for `str.translate`."""

    KEPT = 10_000

    def __missing__(self, code: int) -> str:
        decomposed = unicodedata.normalize("NFKD", chr(code))
        letters = unicodedata.normalize("NFKD", decomposed.casefold())
        folded = "".join(" " if c.isspace() else _ALIKE.get(c, c) for c in letters if not _is_dropped(c))
        if len(self) < self.KEPT:
            self[code] = folded
        return folded


def _is_dropped(character: str) -> bool:
    selects_a_look = "\ufe00" <= character <= "\ufe0f"
    return unicodedata.combining(character) > 0 or unicodedata.category(character) == "Cf" or selects_a_look


_FOLDED = _Folded()
