"""Arguments of commands: somebody's name (with spaces or in quotes), a length of time, a number."""

import re
from collections.abc import Callable, Iterable
from datetime import timedelta

from chat.domain.errors import CommandRefused, NameRefused
from chat.domain.moderation.events import UserRef
from chat.domain.users import Nickname

WORDS_IN_A_NAME = 16
QUOTES = {'"': '"', "'": "'", "“": "”", "„": "“", "«": "»", "‘": "’"}
UNITS = {"s": 1, "m": 60, "h": 3600, "d": 86_400, "w": 604_800}

_LENGTH = re.compile(r"(\d{1,6})([smhdw])", re.IGNORECASE)
_NUMBER = re.compile(r"\d{1,6}")


def parse_member(text: str, people: Iterable[UserRef], nickname: Callable[[str], Nickname]) -> tuple[UserRef, str]:
    """Who is meant at the beginning of `text`, and what follows: the longest name that fits, whatever its case.

    Where two have the same name, the first of `people` is meant. Raises `CommandRefused` where it is nobody's name.
    """
    named: dict[str, UserRef] = {}
    for somebody in people:
        if key := _key(somebody.name, nickname):
            named.setdefault(key, somebody)
    text = text.strip()
    quoted = _quoted(text)
    ends = [word.end() for word in list(re.finditer(r"\S+", text))[:WORDS_IN_A_NAME]]
    attempts = [(text[:end], text[end:]) for end in reversed(ends)] + ([quoted] if quoted else [])
    for name, rest in attempts:
        for written in (name, name.removeprefix("@")):
            found = named.get(_key(written, nickname) or "")
            if found:
                return found, rest.strip()
    raise CommandRefused("nobody-called", name=(quoted[0] if quoted else text)[:32])


def parse_duration(text: str, unit: str = "") -> tuple[timedelta | None, str]:
    """The length of time at the beginning of `text` (`10m`, `2h`, `7d`), and what follows; None where there is none.

    A bare number counts as so many of `unit`, if that is given.
    """
    word, rest = _first(text)
    if unit and _NUMBER.fullmatch(word):
        word += unit
    found = _LENGTH.fullmatch(word)
    if not found:
        return None, text.strip()
    return timedelta(seconds=int(found[1]) * UNITS[found[2].lower()]), rest


def parse_number(text: str, default: int) -> int:
    """The number in `text`, `default` where it is empty; raises `CommandRefused`."""
    if not text.strip():
        return default
    if not _NUMBER.fullmatch(text.strip()):
        raise CommandRefused("number-wanted")
    return int(text)


def _first(text: str) -> tuple[str, str]:
    word, *rest = text.split(maxsplit=1) or [""]
    return word, "".join(rest)


def _quoted(text: str) -> tuple[str, str] | None:
    end = text.find(QUOTES[text[0]], 1) if text[:1] in QUOTES else -1
    return (text[1:end], text[end + 1 :]) if end > 0 else None


def _key(name: str, nickname: Callable[[str], Nickname]) -> str | None:
    try:
        return nickname(name).key
    except NameRefused:
        return None
