"""Confusable names: a skeleton that look-alikes share (after Unicode TR 39)."""

import unicodedata
from string import ascii_lowercase

from chat.domain.text.confusables_table import TR39
from chat.domain.text.folding import fold, without_foreign_marks


def skeleton(name: str) -> str:
    """Return a form that names have in common if people may confuse them.

    It has no case, accents, spaces or punctuation, and one letter for all that look like it; a name of punctuation
    only is just folded. It is a little broader than `skeleton` of Unicode TR 39.
    """
    letters = unicodedata.normalize("NFKD", name).translate(LOOK_ALIKES)
    folded = fold(fold(letters).translate(LOOK_ALIKES)).translate(_STROKE_LETTERS)
    kept = "".join(character for character in without_foreign_marks(folded) if not _is_decoration(character))
    for pair, letter in _LETTER_PAIRS:
        kept = kept.replace(pair, letter)
    return kept or folded


def _is_decoration(character: str) -> bool:
    return unicodedata.category(character).startswith(_DECORATIONS)


# Greek, Cyrillic, Armenian and small capital letters, which look Latin enough.
_BROADER = {
    ord(other): latin
    for other, latin in zip("βεηκτχωԚвкмнптьԼᴀʙᴅᴇɢʜᴊᴋʟᴍɴᴘʀᴛ", "benktxwQbkmhntbLabdeghjklmnprt", strict=True)
}
# Letters in black circles and squares, and those of flags.
_ENCLOSED = {
    first + place: letter for first in (0x1F150, 0x1F170, 0x1F1E6) for place, letter in enumerate(ascii_lowercase)
}
LOOK_ALIKES: dict[int, str] = TR39 | _BROADER | _ENCLOSED
"""Each code point with the letters or digits it looks like, for `str.translate`."""

_STROKE_LETTERS = str.maketrans("01i|", "olll")
_LETTER_PAIRS = (("rn", "m"), ("vv", "w"))
_DECORATIONS = ("P", "Z", "C", "Me", "Sk", "Sm")  # not all marks: some are vowels of Indian scripts and Thai
