"""Search in messages, blind to case and accents; what matched is marked in the text as it was written."""

import re
from collections.abc import Iterable, Iterator, Reversible
from dataclasses import dataclass
from itertools import islice

from chat.domain.errors import ChatError
from chat.domain.messages.message import Message
from chat.domain.text.folding import fold

QUERY_LIMIT = 200
ENOUGH = 50
"""As many results as are worth going through."""

Span = tuple[int, int]

_QUOTES = '"“”„«»'
_WORD = re.compile(f"[{_QUOTES}]([^{_QUOTES}]*)|([^\\s{_QUOTES}]+)")


@dataclass(frozen=True, slots=True)
class Hit:
    """A message that was found. `marks` are the spans of its text that match, in order, not overlapping."""

    message: Message
    marks: tuple[Span, ...]


def search(messages: Iterable[Message], query: object, limit: int = ENOUGH) -> list[Hit]:
    """The newest `limit` of `messages` (given oldest first) that have every word of `query` in text or author's name.

    Words are found inside of words; "quoted ones" belong together. What is in the name only is not marked.
    Raises `ChatError`: `search-empty` without a word to look for, `search-too-long` above 200 characters.
    """
    words = _words(query)
    newest_first = reversed(messages if isinstance(messages, Reversible) else list(messages))
    return list(islice(_hits(newest_first, words), limit))


def excerpt(hit: Hit, width: int = 160) -> list[tuple[str, bool]]:
    """Some `width` characters around the first match in pieces, each with whether it is one; "…" where it is cut."""
    text = re.sub(r"\s", " ", hit.message.text)
    start, end = _window(text, hit.marks[0] if hit.marks else (0, 0), width)
    pieces = [("…" if start else "", False)]
    at = start
    for first, last in hit.marks:
        if first < end:
            pieces += [(text[at:first], False), (text[first : min(last, end)], True)]
            at = min(last, end)
    pieces += [(text[at:end], False), ("…" if end < len(text) else "", False)]
    return _joined(pieces)


def _words(query: object) -> list[str]:
    if not isinstance(query, str):
        raise ChatError("search-empty")
    if len(query) > QUERY_LIMIT:
        raise ChatError("search-too-long", limit=QUERY_LIMIT)
    words = {" ".join(fold(phrase or word).split()) for phrase, word in _WORD.findall(query)} - {""}
    if not words:
        raise ChatError("search-empty")
    # The longest is the least likely, and of several at one place it is the one to mark.
    return sorted(words, key=lambda word: (-len(word), word))


def _hits(messages: Iterable[Message], words: list[str]) -> Iterator[Hit]:
    anywhere = re.compile(f"(?=({'|'.join(map(re.escape, words))}))")  # also where they overlap
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
            found = [match.span(1) for match in anywhere.finditer(text)]
            yield Hit(message, tuple(_apart(found if message.text.isascii() else _traced(message.text, found))))


def _traced(text: str, spans: list[Span]) -> list[Span]:
    """Where spans of the folded text are in `text` itself, together with the accents that follow."""
    lengths = [len(fold(character)) for character in text]
    origins = [at for at, length in enumerate(lengths) for _ in range(length)]
    return [(origins[start], _past_accents(lengths, origins[end - 1] + 1)) for start, end in spans]


def _past_accents(lengths: list[int], end: int) -> int:
    while end < len(lengths) and lengths[end] == 0:
        end += 1
    return end


def _apart(spans: list[Span]) -> list[Span]:
    apart: list[Span] = []
    for start, end in spans:
        if apart and start <= apart[-1][1]:
            apart[-1] = (apart[-1][0], max(end, apart[-1][1]))
        else:
            apart.append((start, end))
    return apart


def _window(text: str, mark: Span, width: int) -> Span:
    """Where to cut: a third of it stands before the mark, and words stay whole if they end near."""
    if len(text) <= width:
        return 0, len(text)
    start = max(0, min(mark[0] - width // 3, len(text) - width))
    end = start + width
    if start and (space := text.find(" ", start - 1, min(start + width // 8, mark[0]))) >= 0:
        start = space + 1
    if end < len(text) and (space := text.rfind(" ", max(end - width // 8, mark[1]), end + 1)) >= 0:
        end = space
    return start, end


def _joined(pieces: list[tuple[str, bool]]) -> list[tuple[str, bool]]:
    joined: list[tuple[str, bool]] = []
    for text, matches in filter(lambda piece: piece[0], pieces):
        if joined and joined[-1][1] is matches:
            joined[-1] = (joined[-1][0] + text, matches)
        else:
            joined.append((text, matches))
    return joined
