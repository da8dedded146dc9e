"""Cleans typed text before it is stored."""

import re
import unicodedata

from chat.domain.errors import TextRefused
from chat.domain.text.invisible import INVISIBLE

TEXT_LIMIT = 4000
CONTROLS = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff]")  # categories Cc and Cs, but \t and \n
JOINERS = "\u200c\u200d"  # without which Persian, Hindi and emoji look different


def clean_text(text: object, limit: int = TEXT_LIMIT) -> str:
    """Return the text as typed, without control characters and outer blank lines.

    Raises `TextRefused` if it is not a string, blank, or longer than `limit` characters.
    """
    if not isinstance(text, str):
        raise TextRefused("text-empty")
    kept = CONTROLS.sub("", text.replace("\r\n", "\n").replace("\r", "\n"))
    kept = re.sub(r"\A(\s*\n)+", "", kept).rstrip()
    if not any(map(is_visible, kept)):
        raise TextRefused("text-empty")
    if len(kept) > limit:
        raise TextRefused("text-too-long", limit=limit, length=len(kept))
    return kept


def is_visible(character: str) -> bool:
    """Tell whether a character leaves a mark: no space, control or combining character, not an invisible one."""
    return unicodedata.category(character)[0] not in "ZCM" and character not in INVISIBLE


def without_tricks(text: str) -> str:
    """Drop invisible characters, and those that turn the direction of the text around them.

    Names and other short texts are shown where nothing isolates them, as in the title of a tab.
    """
    return "".join(c for c in text if c not in INVISIBLE or c in JOINERS or unicodedata.category(c) == "Mn")
