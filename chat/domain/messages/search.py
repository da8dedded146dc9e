"""Searches messages regardless of case and accents, and marks matches in the original text."""

import re
from collections.abc import Iterable, Iterator, Reversible
from dataclasses import dataclass
from itertools import islice

from chat.domain.errors import ChatError
from chat.domain.messages.message import Message
from chat.domain.text.folding import fold

QUERY_LIMIT = 200
MAX_RESULTS = 50

Span = tuple[int, int]

_QUOTES = '"“”„«»'
_WORD = re.compile(f"[{_QUOTES}]([^{_QUOTES}]*)|([^\\s{_QUOTES}]+)")


@dataclass(frozen=True, slots=True)
class Hit:
    """A message that matches. `marks` are the matching spans of its text, in order, not overlapping."""

    message: Message
    marks: tuple[Span, ...]


def search(messages: Iterable[Message], query: object, limit: int = MAX_RESULTS) -> list[Hit]:
    """Return the newest `limit` of `messages` (given oldest first) with each word of `query` in the text or name.

    Words also match inside words; "quoted words" match as a phrase. Matches in the name are not marked. Raises
    `ChatError`: `search-empty` if the query has no word, `search-too-long` if it exceeds 200 characters.
    """
    words = _words(query)
    newest_first = reversed(messages if isinstance(messages, Reversible) else list(messages))
    return list(islice(_hits(newest_first, words), limit))


def excerpt(hit: Hit, width: int = 160) -> list[tuple[str, bool]]:
    """Return about `width` characters around the first match, as pieces: text, and whether it matches. "…" is a cut."""
    text = re.sub(r"\s", " ", hit.message.text)
    start, end = _window(text, hit.marks[0] if hit.marks else (0, 0), width)
    pieces = [("…" if start else "", False)]
    position = start
    for first, last in hit.marks:
        if first < end:
            pieces += [(text[position:first], False), (text[first : min(last, end)], True)]
            position = min(last, end)
    pieces += [(text[position:end], False), ("…" if end < len(text) else "", False)]
    return _join(pieces)


def _words(query: object) -> list[str]:
    if not isinstance(query, str):
        raise ChatError("search-empty")
    if len(query) > QUERY_LIMIT:
        raise ChatError("search-too-long", limit=QUERY_LIMIT)
    words = {" ".join(fold(phrase or word).split()) for phrase, word in _WORD.findall(query)} - {""}
    if not words:
        raise ChatError("search-empty")
    # The longest is the rarest, and is the one to mark if several match at one place.
    return sorted(words, key=lambda word: (-len(word), word))


def _hits(messages: Iterable[Message], words: list[str]) -> Iterator[Hit]:
    any_word = re.compile(f"(?=({'|'.join(map(re.escape, words))}))")  # finds overlapping ones too
    names: dict[str, str] = {}
    for message in messages:
        text = fold(message.text)
        for word in words:
            if word not in text:
                if message.name not in names:
                    names[message.name] = fold(message.name)
                if word not in names[message.name]:
                    break
        else:
            spans = [match.span(1) for match in any_word.finditer(text)]
            spans = spans if message.text.isascii() else _trace_back(message.text, spans)
            yield Hit(message, tuple(_merge(spans)))


def _trace_back(text: str, spans: list[Span]) -> list[Span]:
    """Return the spans in `text` for those in the folded text, including accents that follow."""
    lengths = [len(fold(character)) for character in text]
    origins = [position for position, length in enumerate(lengths) for _ in range(length)]
    return [(origins[start], _past_accents(lengths, origins[end - 1] + 1)) for start, end in spans]


def _past_accents(lengths: list[int], end: int) -> int:
    while end < len(lengths) and lengths[end] == 0:
        end += 1
    return end


def _merge(spans: list[Span]) -> list[Span]:
    merged: list[Span] = []
    for start, end in spans:
        if merged and start <= merged[-1][1]:
            merged[-1] = (merged[-1][0], max(end, merged[-1][1]))
        else:
            merged.append((start, end))
    return merged


def _window(text: str, mark: Span, width: int) -> Span:
    """Return the span to show: a third of it precedes the mark, and words stay whole if they end nearby."""
    if len(text) <= width:
        return 0, len(text)
    start = max(0, min(mark[0] - width // 3, len(text) - width))
    end = start + width
    if start and (space := text.find(" ", start - 1, min(start + width // 8, mark[0]))) >= 0:
        start = space + 1
    if end < len(text) and (space := text.rfind(" ", max(end - width // 8, mark[1]), end + 1)) >= 0:
        end = space
    return start, end


def _join(pieces: list[tuple[str, bool]]) -> list[tuple[str, bool]]:
    joined: list[tuple[str, bool]] = []
    for text, matches in filter(lambda piece: piece[0], pieces):
        if joined and joined[-1][1] is matches:
            joined[-1] = (joined[-1][0] + text, matches)
        else:
            joined.append((text, matches))
    return joined
