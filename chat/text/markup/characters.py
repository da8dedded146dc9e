"""Characters in a message: disruptive ones removed, shortcodes as emoji, lines cut between characters."""

import re
import unicodedata

import emoji


def remove_disruptive(text: str) -> str:
    """Return `text` without invisible characters that affect the text around it, and with plain newlines.

    These are controls, lone surrogates, piles of accents, and everything that opens another direction (Unicode TR 9,
    2.1 to 2.5), since it may never be closed. Directional marks (2.6) stay.
    """
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    return _PILE.sub(r"\1", _DISRUPTIVE.sub("", text))


def expand_shortcodes(text: str) -> str:
    """Replace shortcodes such as `:tada:` by their emoji."""
    return _SHORTCODES.sub(lambda found: emoji.emojize(found[0], language="alias"), text) if ":" in text else text


def is_right_to_left(text: str) -> bool:
    """Tell whether any character is written from right to left."""
    return any(unicodedata.bidirectional(character) in _RIGHT_TO_LEFT for character in text)


def truncate(line: str, limit: int) -> str:
    """Cut `line` to at most `limit` characters: at a word if one ends in the second half, else between characters."""
    if len(line) <= limit:
        return line
    words = line[:limit].rpartition(" ")[0]
    return f"{words if len(words) > limit // 2 else _cut(line, limit - 1)}…"


def _cut(line: str, end: int) -> str:
    """Return the first `end` characters, or a few fewer to keep emoji and accented letters whole."""
    while end > 1 and (line[end - 1] == "\u200d" or line[end] in _JOINED or unicodedata.category(line[end])[0] == "M"):
        end -= 1
    return line[:end]


_SHORTCODES = re.compile(r"(?<![\w:])(?::[\w&.’!()#*+-]{1,80}:)+(?![\w:])")
_DISRUPTIVE = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff\u202a-\u202e\u2066-\u206f]")
_ACCENTS = r"[\u0300-\u036f\u0483-\u0489\u1ab0-\u1aff\u1dc0-\u1dff\u20d0-\u20ff\ufe20-\ufe2f]"
_PILE = re.compile(f"({_ACCENTS}{{8}}){_ACCENTS}+")
_RIGHT_TO_LEFT = frozenset({"R", "AL", "AN", "LRE", "RLE", "PDF", "LRO", "RLO", "LRI", "RLI", "FSI", "PDI"})
_JOINED = frozenset("\u200d🏻🏼🏽🏾🏿")
