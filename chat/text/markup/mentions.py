"""Finds a message's mentions while it is parsed."""

import re
from collections.abc import Mapping
from dataclasses import dataclass

from chat.domain.messages.mentions import LINK_START, is_word_character

MAX_RENDERED_MENTIONS = 50


@dataclass(frozen=True, slots=True)
class Mentioned:
    """A mentioned member: the id (or "all"), and the current name."""

    id: str
    name: str


class MentionMatcher:
    """Matches the names that one message mentions; `left` is how many mentions it may still have."""

    def __init__(self, mentions: Mapping[str, Mentioned]) -> None:
        self.left = MAX_RENDERED_MENTIONS
        self._mentioned = {name.casefold(): mentioned for name, mentioned in mentions.items()}
        names = sorted(filter(None, mentions), key=len, reverse=True)
        self._pattern = re.compile(rf"(?:{'|'.join(map(re.escape, names)) or '(?!)'})(?!\w)", re.IGNORECASE)

    def match(self, text: str, position: int) -> tuple[str, Mentioned] | None:
        """Return the name after the "@" at `position`, as written, unless it is part of a word or a URL."""
        found = self._pattern.match(text, position + 1) if self.left > 0 else None
        if found is None or (found.end() < len(text) and is_word_character(text[found.end()])):
            return None
        if position > 0 and (text[position - 1] == "@" or is_word_character(text[position - 1])):
            return None
        word = 1 + max(text.rfind(space, 0, position) for space in " \t\n")
        if LINK_START.search(text, word, position):
            return None
        mentioned = self._mentioned.get(found[0].casefold())
        return (found[0], mentioned) if mentioned else None
