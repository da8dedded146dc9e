"""Cleans typed text before it is stored."""

import re
import unicodedata

from chat.domain.errors import TextRefused

TEXT_LIMIT = 4000

# Letters that look blank, though Unicode counts them as visible.
BLANKS = frozenset("\u115f\u1160\u2800\u3164\uffa0")


def clean_text(text: object, limit: int = TEXT_LIMIT) -> str:
    """Return the text as typed, without control characters and outer blank lines.

    Raises `TextRefused` if it is not a string, blank, or longer than `limit` characters.
    """
    if not isinstance(text, str):
        raise TextRefused("text-empty")
    lines = text.replace("\r\n", "\n").replace("\r", "\n")
    kept = "".join(c for c in lines if c in "\n\t" or unicodedata.category(c) not in {"Cc", "Cs"})
    kept = re.sub(r"\A(\s*\n)+", "", kept).rstrip()
    if not any(map(is_visible, kept)):
        raise TextRefused("text-empty")
    if len(kept) > limit:
        raise TextRefused("text-too-long", limit=limit, length=len(kept))
    return kept


def is_visible(character: str) -> bool:
    """Tell whether a character leaves a mark: no space, control, format or combining character, no blank letter."""
    return unicodedata.category(character)[0] not in "ZCM" and character not in BLANKS
