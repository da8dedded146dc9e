"""Confusable names: a skeleton that look-alikes share (after Unicode TR 39)."""

import unicodedata

from chat.domain.text.confusables_table import LATIN_LOOK_ALIKES
from chat.domain.text.folding import fold


def skeleton(name: str) -> str:
    """Return a form that names have in common if people may confuse them.

    It has no case, accents, spaces or punctuation, and one letter for all that look like it; a name of punctuation
    only is just folded. It is a little broader than `skeleton` of Unicode TR 39.
    """
    latin = unicodedata.normalize("NFKD", name).translate(LATIN_LOOK_ALIKES)
    folded = fold(fold(latin).translate(LATIN_LOOK_ALIKES)).translate(_STROKE_LETTERS)
    kept = "".join(character for character in folded if not _is_decoration(character))
    for pair, letter in _LETTER_PAIRS:
        kept = kept.replace(pair, letter)
    return kept or folded


def _is_decoration(character: str) -> bool:
    return unicodedata.category(character).startswith(_DECORATIONS)


_STROKE_LETTERS = str.maketrans("01i|", "olll")
_LETTER_PAIRS = (("rn", "m"), ("vv", "w"))
_DECORATIONS = ("P", "Z", "C", "Me", "Sk", "Sm")  # not all marks: some are vowels of Indian scripts and Thai
