"""Searches messages regardless of case, accents and markup, and marks matches in the original text."""

import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from itertools import islice

from chat.domain.messages.message import Message
from chat.domain.messages.search_query import Query, parse_query
from chat.domain.text.folding import fold, folded_lengths

MAX_RESULTS = 50
MAX_MARKS = 100  # matches in one text
MAX_CACHED = 20_000  # texts: twice as many as a history can have
PADDING = "\u00ad"  # a soft hyphen, which `fold` drops

Span = tuple[int, int]


@dataclass(frozen=True, slots=True)
class TextForms:
    """The forms of a text that search needs, made by libraries that the domain doesn't know.

    `shown` hides markup and shows emoji for their shortcodes, padded with `PADDING` to the length of the text. `expand`
    replaces shortcodes alone.
    """

    shown: Callable[[str], str] = str
    expand: Callable[[str], str] = str
    has_link: Callable[[str], bool] = lambda text: "://" in text


@dataclass(frozen=True, slots=True)
class Hit:
    """A message that matches. `marks` are the first matching spans of its text, in order, not overlapping."""

    message: Message
    marks: tuple[Span, ...]


class SearchTexts(dict[str, str]):
    """Folded texts by the texts themselves: as typed and, after a line break, as shown if that differs.

    They are remembered, since folding takes longer than searching. Set `is_stale` when messages are gone: the next
    search forgets their texts.
    """

    def __init__(self, forms: TextForms) -> None:
        super().__init__()
        self.forms = forms
        self.is_stale = False
        self._has_link: dict[str, bool] = {}

    def has_link(self, text: str) -> bool:
        """Tell whether a text shows a link; remembered, since it is rendered to find out."""
        if text not in self._has_link:
            self._has_link[text] = self.forms.has_link(text)
        return self._has_link[text]

    def __missing__(self, text: str) -> str:
        if len(self) >= MAX_CACHED:
            self.keep([])
        shown = self.forms.shown(text)
        # Without padding, most texts are ASCII, which is folded faster.
        self[text] = folded = fold(text) if shown == text else f"{fold(text)}\n{fold(shown.replace(PADDING, ''))}"
        return folded

    def keep(self, messages: Iterable[Message]) -> None:
        """Forget all texts but those of these messages."""
        self.is_stale = False
        kept = {text: self[text] for message in messages if (text := message.searchable) in self}
        self._has_link = {text: has_link for text, has_link in self._has_link.items() if text in kept}
        self.clear()
        self.update(kept)


def search(
    messages: Iterable[Message], query: Query, limit: int = MAX_RESULTS, texts: SearchTexts | None = None
) -> list[Hit]:
    """Return the newest `limit` of a room's messages (given oldest first) with each word of the query in text or name.

    Words also match inside words; "quoted words" match as a phrase. Matches in the name are not marked.
    """
    texts = SearchTexts(TextForms()) if texts is None else texts  # an empty one is falsy
    messages = list(messages)
    if texts.is_stale:
        texts.keep(messages)
    return list(islice(_hits(reversed(messages), query, texts), limit))


def mark(text: str, query: object, forms: TextForms) -> tuple[Span, ...]:
    """Return the spans of a text that match a query which `search` accepted."""
    return _marks(text, parse_query(query, forms.expand), SearchTexts(forms))


def excerpt(hit: Hit, width: int = 160) -> list[tuple[str, bool]]:
    """Return about `width` characters around the first match, as pieces: text, and whether it matches. "…" is a cut."""
    text = re.sub(r"\s", " ", hit.message.searchable)
    start, end = _window(text, hit.marks[0] if hit.marks else (0, 0), width)
    pieces = [("…" if start else "", False)]
    position = start
    for first, last in hit.marks:
        if first < end:
            pieces += [(text[position:first], False), (text[first : min(last, end)], True)]
            position = min(last, end)
    pieces += [(text[position:end], False), ("…" if end < len(text) else "", False)]
    return _join(pieces)


def _hits(messages: Iterable[Message], query: Query, texts: SearchTexts) -> Iterator[Hit]:
    names, is_filtered = _Names(), query.has_filter
    for message in messages:
        if is_filtered and not query.admits(names[message.name], message.at):
            continue
        if (query.has_file and not message.attachments) or (query.has_picture and not message.has_picture):
            continue
        text = texts[message.searchable]
        for word in query.words:
            if word not in text and word not in names[message.name]:
                break
        else:
            if not query.has_link or texts.has_link(message.text):
                yield Hit(message, _marks(message.searchable, query, texts))


class _Names(dict[str, str]):
    """Names folded, each once."""

    def __missing__(self, name: str) -> str:
        self[name] = folded = fold(name)
        return folded


def _marks(text: str, query: Query, texts: SearchTexts) -> tuple[Span, ...]:
    if not query.words:
        return ()
    any_word = re.compile(f"(?=({'|'.join(map(re.escape, query.words))}))")  # finds overlapping ones too
    versions = zip((text, texts.forms.shown(text)), texts[text].split("\n"), strict=False)
    spans = [span for version, folded in versions for span in _spans(version, folded, any_word)]
    return tuple(_merge(sorted(spans)))


def _spans(text: str, folded: str, any_word: re.Pattern[str]) -> list[Span]:
    """Return the first matches in `text`; `folded` is without its padding."""
    spans = [match.span(1) for match in islice(any_word.finditer(folded), MAX_MARKS)]
    return spans if not spans or (text.isascii() and len(text) == len(folded)) else _trace_back(text, spans)


def _trace_back(text: str, spans: list[Span]) -> list[Span]:
    """Return the spans in `text` for those in the folded text, including accents that follow."""
    last = max(end for _, end in spans)
    positions = list[int]()  # of all characters that are not dropped
    owners = list[int]()  # for each folded character, the index of its position
    for position, length in enumerate(folded_lengths(text)):
        if length and len(owners) >= last:
            positions.append(position)
            break
        if length:
            owners += [len(positions)] * length
            positions.append(position)
    positions.append(len(text))
    return [(positions[owners[start]], positions[owners[end - 1] + 1]) for start, end in spans]


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
