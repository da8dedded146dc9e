"""The query of a search: words, quoted phrases and filters."""

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from chat.domain.errors import ChatError
from chat.domain.text.folding import fold

QUERY_LIMIT = 200

Name = tuple[str, bool]

_QUOTES = '"“”„‟«»＂'
_UNQUOTED = str.maketrans("", "", _QUOTES + "״")  # the last one is folded to a quote
_TERM = re.compile(f"(?:(from|in|before|after|has):)?(?:[{_QUOTES}]([^{_QUOTES}]*)[{_QUOTES}]?|([^\\s{_QUOTES}]+))")
_DATE = re.compile(r"(\d{4})(?:[-/.](\d{1,2})(?:[-/.](\d{1,2}))?)?")
_LINK = re.compile("links?|urls?")
_FILE = re.compile("files?|attachments?")
_PICTURE = re.compile("images?|pictures?|photos?")


@dataclass(frozen=True, slots=True)
class Query:
    """Folded words, longest first, and filters. Times are in UTC; the days or months named are left out.

    `authors` and `rooms` are names in full, or else beginnings of a name's words; `#` or `@` may precede a room.
    """

    words: tuple[str, ...]
    authors: tuple[Name, ...] = ()
    rooms: tuple[Name, ...] = ()
    before: datetime | None = None
    after: datetime | None = None
    has_link: bool = False
    has_file: bool = False
    has_picture: bool = False

    @property
    def has_filter(self) -> bool:
        """Whether `admits` may refuse a message."""
        return bool(self.authors or self.before or self.after)

    def admits(self, folded_name: str, at: datetime) -> bool:
        """Tell whether a message by an author of this name, at this time, passes the filters."""
        if (self.before and at >= self.before) or (self.after and at < self.after):
            return False
        return not self.authors or _is_any(folded_name, self.authors)

    def admits_room(self, names: Iterable[str]) -> bool:
        """Tell whether to search a room: `names` are its own after `#`, or those of the people in it after `@`."""
        if not self.rooms:
            return True
        folded = [fold(name) for name in names]
        return any(_is_any(name, self.rooms) or _is_any(name[1:], self.rooms) for name in folded)


def parse_query(query: object, expand: Callable[[str], str] = str) -> Query:
    """Parse what was typed; `expand` replaces shortcodes by emoji.

    `from:NAME` (or `from:"FULL NAME"`), `in:ROOM`, `in:@NAME`, `before:DATE`, `after:DATE` (2026-05-31, 2026-05 or
    2026), `has:link`, `has:file` and `has:image` are filters; one that can't be understood is a word. Raises
    `ChatError`: `search-empty` if nothing is sought, `search-too-long` if the query exceeds 200 characters.
    """
    if not isinstance(query, str):
        raise ChatError("search-empty")
    if len(query) > QUERY_LIMIT:
        raise ChatError("search-too-long", limit=QUERY_LIMIT)
    words, authors, rooms = set[str](), list[Name](), list[Name]()
    befores, afters = list[datetime](), list[datetime]()
    has_link = has_file = has_picture = False
    for key, phrase, plain in _TERM.findall(fold(query)):
        value = " ".join((phrase or plain).split())
        match key, value, _period(value):
            case "from", name, _ if name.removeprefix("@"):
                authors.append((name.removeprefix("@"), bool(phrase)))
            case "in", name, _ if name.strip("#@"):
                rooms.append((name, bool(phrase)))
            case "before", _, (start, _):
                befores.append(start)
            case "after", _, (_, end):
                afters.append(end)
            case "has", kind, _ if _LINK.fullmatch(kind):
                has_link = True
            case "has", kind, _ if _FILE.fullmatch(kind):
                has_file = True
            case "has", kind, _ if _PICTURE.fullmatch(kind):
                has_picture = True
            case _:
                words.add(_folded(f"{key}:{value}" if key else value, expand))
    words.discard("")
    if not (words or authors or rooms or befores or afters or has_link or has_file or has_picture):
        raise ChatError("search-empty")
    # The longest is the rarest, and is the one to mark if several match at one place.
    by_length = tuple(sorted(words, key=lambda word: (-len(word), word)))
    before, after = min(befores, default=None), max(afters, default=None)
    return Query(by_length, tuple(authors), tuple(rooms), before, after, has_link, has_file, has_picture)


def _is_any(folded_name: str, names: Iterable[Name]) -> bool:
    plain = _without_quotes(folded_name)
    return any(name == plain or (not is_full and f" {name}" in f" {plain}") for name, is_full in names)


def query_by_author(names: Iterable[str]) -> str:
    """Return the query for all messages by an author of these names, as many of them as fit."""
    query = ""
    for name in names:
        longer = f'{query} from:"{_without_quotes(name)}"'.lstrip()
        query = longer if len(longer) <= QUERY_LIMIT else query
    return query


def query_in(name: str) -> str:
    """Return the filter for messages in a room of this name, with its sign."""
    plain = _without_quotes(name)
    return f'in:"{plain}"' if " " in plain else f"in:{plain}"


def _without_quotes(name: str) -> str:
    """Return the name without quotes, which a quoted phrase can't contain."""
    return " ".join(name.translate(_UNQUOTED).split())


def _folded(word: str, expand: Callable[[str], str]) -> str:
    return " ".join(fold(expand(word)).split())


def _period(value: str) -> tuple[datetime, datetime] | None:
    """Return the start of the day, month or year in `value`, and its end; None if it is none."""
    found = _DATE.fullmatch(value)
    if not found:
        return None
    year, month, day = (int(number) if number else None for number in found.groups())
    assert year is not None
    try:
        start = datetime(year, month or 1, day or 1, tzinfo=UTC)
        if day:
            return start, start + timedelta(days=1)
        if month:
            return start, datetime(year + month // 12, month % 12 + 1, 1, tzinfo=UTC)
        return start, datetime(year + 1, 1, 1, tzinfo=UTC)
    except (ValueError, OverflowError):
        return None
