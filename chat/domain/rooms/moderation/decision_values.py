"""Values in moderation actions that come from a browser unchecked."""

from chat.domain.errors import CommandRefused, TextRefused
from chat.domain.text.cleaning import clean_text, is_visible, without_tricks

REASON_LIMIT = 200


def parse_reason(text: object) -> str:
    """Return a reason on one line, or an empty string. Raises `TextRefused` if it is too long."""
    return parse_line(text, REASON_LIMIT, "reason-too-long")


def parse_line(text: object, limit: int, problem: str = "line-too-long") -> str:
    """Return a text on one line, or an empty string. Raises `TextRefused` with `problem` if it is too long."""
    text = without_tricks(text) if isinstance(text, str) else ""
    if not any(map(is_visible, text)):
        return ""
    line = " ".join(clean_text(text).split())
    if len(line) > limit:
        raise TextRefused(problem, limit=limit)
    return line


def check_text(value: object) -> str:
    """Return the text without surrounding white space; raises `TextRefused` if it is not a text."""
    if not isinstance(value, str):
        raise TextRefused("text-empty")
    return value.strip()


def check_number(value: object) -> int:
    if isinstance(value, bool) or not isinstance(value, int):
        raise CommandRefused("number-wanted")
    return value
