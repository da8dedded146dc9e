"""Parsing of command arguments: a member's name (with spaces or in quotes), a duration, a number."""

import re
from collections.abc import Callable, Iterable
from contextlib import suppress
from datetime import timedelta

from chat.domain.errors import CommandRefused, NameRefused
from chat.domain.messages.mentions import SIGNS
from chat.domain.rooms.moderation.sanction_decisions import MAX_DURATION
from chat.domain.users import Nickname, UserRef

MAX_WORDS_IN_NAME = 16
QUOTES = {'"': '"', "'": "'", "“": "”", "„": "“", "«": "»", "‘": "’"}
UNITS = {"s": 1, "m": 60, "h": 3600, "d": 86_400, "w": 604_800}

_DURATION = re.compile(r"(\d{1,6})([smhdw])", re.IGNORECASE)
_NUMBER = re.compile(r"\d{1,6}")


def parse_member(
    text: str, people: Iterable[UserRef], parse_nickname: Callable[[str], Nickname]
) -> tuple[UserRef, str]:
    """Return the member named at the beginning of `text`, and the rest. The longest matching name wins.

    Case is ignored; the first of several people with the same name wins. Raises `CommandRefused` if no name matches.
    """
    named: dict[str, UserRef] = {}
    for user in people:
        if key := _key(user.name, parse_nickname):
            named.setdefault(key, user)
    text = text.strip()
    quoted = _quoted(text)
    ends = [word.end() for word in list(re.finditer(r"\S+", text))[:MAX_WORDS_IN_NAME]]
    attempts = [(text[:end], text[end:]) for end in reversed(ends)] + ([quoted] if quoted else [])
    for name, rest in attempts:
        for written in (name, name[1:] if name.startswith(tuple(SIGNS)) else name):
            found = named.get(_key(written, parse_nickname) or "")
            if found:
                return found, rest.strip()
    raise CommandRefused("nobody-called", name=(quoted[0] if quoted else text)[:32])


def parse_members(
    text: str, people: Iterable[UserRef], parse_nickname: Callable[[str], Nickname]
) -> tuple[list[UserRef], str]:
    """Return the members named at the beginning of `text`, all but the first after an `@`, and the rest.

    Raises `CommandRefused` if nobody is named.
    """
    people = list(people)
    target, rest = parse_member(text, people, parse_nickname)
    found = [target]
    with suppress(CommandRefused):  # the text begins with a mention of someone else
        while rest.startswith(tuple(SIGNS)):
            target, rest = parse_member(rest, people, parse_nickname)
            found.append(target)
    return found, rest


def parse_duration(text: str, unit: str = "") -> tuple[timedelta | None, str]:
    """Return the duration at the beginning of `text` (`10m`, `2h`, `7d`), or None, and the rest.

    A number without a unit is in `unit`, if that is given.
    """
    word, rest = _first(text)
    if unit and _NUMBER.fullmatch(word):
        word += unit
    found = _DURATION.fullmatch(word)
    if not found:
        return None, text.strip()
    return timedelta(seconds=int(found[1]) * UNITS[found[2].lower()]), rest


def parse_whole_duration(text: object) -> timedelta:
    """Return the duration in `text`; raises `CommandRefused` if it contains anything else."""
    duration, rest = parse_duration(text) if isinstance(text, str) else (None, "")
    if duration is None or rest:
        raise CommandRefused("duration-range", limit=MAX_DURATION.days)
    return duration


def parse_number(text: str, default: int) -> int:
    """Return the number in `text`, or `default` if it is empty; raises `CommandRefused`."""
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


def _key(name: str, parse_nickname: Callable[[str], Nickname]) -> str | None:
    try:
        return parse_nickname(name).key
    except NameRefused:
        return None
