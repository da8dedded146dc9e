"""Finds the ends of URLs in texts of any script, with or without spaces."""

import re
import unicodedata


def separate(text: str) -> str:
    """Replace characters that are not a part of URLs by spaces, one by one, so that positions stay.

    These are sentence punctuation such as `。` and `،`, and letters of scripts without spaces around a host in ASCII.
    """
    if text.isascii():
        return text
    text = _BEFORE_HOST.sub(lambda letters: " " * len(letters[0]), _PUNCTUATION.sub(" ", text))
    return _AFTER_HOST.sub(lambda found: found[1] + " " * len(found[2]), text)


# Marks within words, as in URLs of Wikipedia.
_IN_WORDS = "·’"
_SENTENCE = "".join(
    re.escape(character)
    for character in map(chr, range(0x80, 0x10000))
    if unicodedata.category(character) in {"Pe", "Pf", "Pi", "Po", "Ps"} and character not in f"{_IN_WORDS}§¶‰′″"
)
_PUNCTUATION = re.compile(f"[{_SENTENCE}—]|[{_IN_WORDS}](?![A-Za-z\\u00c0-\\u024f])")
_LETTERS = "[\u0e00-\u0eff\u1000-\u109f\u1100-\uffdc]+"
_START = r"(?<![\w/?#=&%.:@~-])"
_BEFORE_HOST = re.compile(f"{_START}{_LETTERS}(?=[A-Za-z0-9])")
_AFTER_HOST = re.compile(f"{_START}((?:https?://)?(?:[A-Za-z0-9-]+\\.)+[A-Za-z]{{2,}})({_LETTERS})")
