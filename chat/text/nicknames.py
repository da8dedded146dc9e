"""Nicknames after the PRECIS profiles of RFC 8266: one form to show, one to compare."""

import re
from collections.abc import Callable
from functools import lru_cache

from precis_i18n import get_profile

from chat.domain.errors import ChatError, NameRefused
from chat.domain.messages.mentions import SIGNS
from chat.domain.users import Nickname
from chat.text.emoji import TEXT_STYLE, normalize_emoji

_TO_SHOW = get_profile("NicknameCasePreserved")
_TO_COMPARE = get_profile("Nickname")

# What makes a sequence of an emoji: styles, skin tones, the keycap, the tags of flags, and the joiner.
_MODIFIERS = "\ufe0e\ufe0f\u20e3\U0001f3fb-\U0001f3ff\U000e0020-\U000e007f"
_SEQUENCE = re.compile(f".(?:[{_MODIFIERS}]+|(?=\u200d))(?:\u200d.[{_MODIFIERS}]*)*")
_INVISIBLE = re.compile("[\ufe0e\ufe0f\u200d\U000e0020-\U000e007f]")
_SIGNS = re.compile(rf"\A[\s{SIGNS}]+")
KNOWN_NAMES = 1000  # a page is loaded and connected with the same one
_STAND_INS = range(0x2500, 0x2600)  # more symbols than a name that is read has characters


def parse_nickname(text: object, *, keep_sign: bool = False) -> Nickname:
    """Return the nickname in `text`, with its spaces normalized; raises `NameRefused`.

    A leading "@" belongs to mentions, not to the name, unless `keep_sign`. PRECIS refuses the invisible characters in
    emoji sequences: the form to show keeps them, the form to compare does without.
    """
    if not isinstance(text, str) or not text.strip():
        raise NameRefused("name-empty")
    name = text[:200] if keep_sign else _SIGNS.sub("", text[:200])
    if not name.strip():
        raise NameRefused("name-empty")
    return _parse(name)


@lru_cache(KNOWN_NAMES)
def _parse(name: str) -> Nickname:
    emojis = [emoji for sequence in _SEQUENCE.findall(name) if (emoji := _qualified(sequence))]
    stand_in = next(chr(code) for code in _STAND_INS if chr(code) not in name)
    try:
        shown = _TO_SHOW.enforce(_replace_emojis(name, lambda emoji: stand_in))
        for emoji in emojis:
            shown = shown.replace(stand_in, emoji, 1)
        # Of the form to show, by which people sign in: a lunate sigma is shown as a usual one.
        key = _TO_COMPARE.enforce(_replace_emojis(shown, lambda emoji: _INVISIBLE.sub("", emoji)))
    except UnicodeEncodeError:
        raise NameRefused("name-invalid") from None
    return Nickname(shown, key)


def _replace_emojis(name: str, replace: Callable[[str], str]) -> str:
    return _SEQUENCE.sub(lambda found: replace(found[0]) if _qualified(found[0]) else found[0], name)


def _qualified(sequence: str) -> str:
    """Return the sequence as Unicode recommends it; empty if it is none."""
    try:
        return normalize_emoji(sequence.replace(TEXT_STYLE, ""))
    except ChatError:
        return ""
