"""Finds a message's mentions while it is parsed."""

from collections.abc import Mapping
from dataclasses import dataclass

from chat.domain.messages.mentions import can_begin, is_in_link
from chat.domain.text.words import can_end

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
        self._mentioned = {name.casefold(): mentioned for name, mentioned in mentions.items() if name}
        self._lengths = sorted({len(name) for name in mentions if name}, reverse=True)

    def match(self, text: str, position: int) -> tuple[str, Mentioned] | None:
        """Return the name after the "@" at `position`, as written, unless it is part of a word or a URL."""
        if self.left <= 0 or not can_begin(text, position):
            return None
        start = position + 1
        for end in (start + length for length in self._lengths if start + length <= len(text)):
            mentioned = self._mentioned.get(text[start:end].casefold())
            if mentioned and can_end(text, end):
                return None if is_in_link(text, position) else (text[start:end], mentioned)
        return None
