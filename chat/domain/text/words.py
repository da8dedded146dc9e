"""Finds the ends of words, also in scripts that put no spaces between them."""

import re
import unicodedata

# Chinese, Japanese, Thai, Lao, Tibetan, Burmese, Khmer and their neighbours; and Korean, whose particles follow a name
# without a space.
_UNSPACED = re.compile(
    r"[\u0e00-\u0fff\u1000-\u109f\u1100-\u11ff\u1780-\u17ff\u1950-\u19df\u1a20-\u1aaf\u1b00-\u1b7f\u3005-\u3007"
    r"\u3040-\u318f\u31a0-\u31bf\u31f0-\u31ff\u3400-\u4dbf\u4e00-\u9fff\ua980-\ua9df\uaa60-\uaa7f\uac00-\ud7ff"
    r"\uf900-\ufaff\uff66-\uffdc\U0001b000-\U0001b16f\U00020000-\U0003ffff]"
)


def is_word_character(character: str) -> bool:
    return character.isalnum() or character in "_\u200c\u200d" or unicodedata.category(character)[0] == "M"


def is_unspaced(character: str) -> bool:
    """Tell whether a character belongs to a script without spaces between words."""
    return _UNSPACED.match(character) is not None


def can_end(text: str, end: int) -> bool:
    """Tell whether a word can end at this position: no word goes on, or one side has a script without spaces."""
    if end == len(text) or not is_word_character(text[end]):
        return True
    continues = unicodedata.category(text[end]) in {"Mn", "Mc", "Me", "Lm"} or text[end] in "_\u200c\u200d"
    return not continues and end > 0 and (is_unspaced(text[end - 1]) or is_unspaced(text[end]))
