"""Links to rooms in messages: `#slug` names a public room."""

import re
from collections.abc import Callable, Iterator

from chat.domain.messages.mentions import is_in_link
from chat.domain.rooms.directory.directory import RoomDirectory
from chat.domain.text.words import is_unspaced, is_word_character

SIGNS = "#＃"  # the last one is typed in Chinese, Japanese and Korean
MAX_LINKS = 20

_SIGN = re.compile(f"[{SIGNS}]")
_SLUG = re.compile(r"\w[\w-]{0,59}")


def find(text: str, directory: RoomDirectory) -> dict[str, str]:
    """Find links to rooms: each slug as written after "#", with the room's present slug; at most 20.

    Only public rooms are linked: a message looks the same to all its readers.
    """
    found: dict[str, str] = {}
    for sign in _SIGN.finditer(text):
        if written := slug_at(text, sign.start(), lambda slug: directory.public_slug(slug) is not None):
            found[written] = directory.public_slug(written) or ""
        if len(found) >= MAX_LINKS:
            break
    return found


def has_sign(text: str) -> bool:
    return any(sign in text for sign in SIGNS)


def slug_at(text: str, sign: int, is_slug: Callable[[str], bool]) -> str:
    """Return the slug after the sign at a position, as written; empty if there is none, or it is in a word or link."""
    word = _SLUG.match(text, sign + 1)
    if word is None or not _can_begin(text, sign) or is_in_link(text, sign):
        return ""
    return next(filter(is_slug, _candidates(word[0])), "")


def _can_begin(text: str, sign: int) -> bool:
    before = text[sign - 1 : sign]
    if not before or before in f"{SIGNS}&/":
        return not before
    return not is_word_character(before) or is_unspaced(before)


def _candidates(word: str) -> Iterator[str]:
    """Yield the word, and how much of it a slug can be: without hyphens at its end, or before unspaced script."""
    yield word
    for end in range(len(word) - 1, 0, -1):
        if not word[end:].strip("-_") or is_unspaced(word[end]) or is_unspaced(word[end - 1]):
            yield word[:end]
