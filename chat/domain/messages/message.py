"""Messages: what they are, and which texts can be one."""

import re
import unicodedata
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum

from chat.domain.errors import TextRefused

TEXT_LIMIT = 4000
QUOTE_LIMIT = 200
REACTIONS_LIMIT = 20
GROUP_WITHIN = timedelta(minutes=5)
GAP_AFTER = timedelta(hours=1)

# Letters that look blank, though Unicode counts them as visible.
BLANKS = frozenset("\u115f\u1160\u2800\u3164\uffa0")

_KEY = re.compile(r"[a-z0-9]{8,24}")


class Kind(StrEnum):
    """How a message is meant: said, or done (`/me waves`)."""

    TEXT = "text"
    ACTION = "action"


@dataclass(frozen=True, slots=True)
class Quote:
    """What a reply answers: a message's id, its author's id and name, and how it begins; no text once it is deleted."""

    id: str
    author: str
    name: str
    text: str = ""


@dataclass(frozen=True, slots=True)
class Message:
    """One message. `author` is a member's id, `name` what they were called then, `at` is in UTC.

    `mentions` maps names as written after `@` to members' ids (or `all`), `reactions` each emoji to those who gave it
    (ids and names). Both are never changed in place.
    """

    id: str
    room: str
    author: str
    name: str
    text: str
    at: datetime
    kind: Kind = Kind.TEXT
    reply: Quote | None = None
    mentions: dict[str, str] = field(default_factory=dict)
    reactions: dict[str, dict[str, str]] = field(default_factory=dict)
    edited: datetime | None = None

    @property
    def quote(self) -> Quote:
        """This message as a reply quotes it."""
        return Quote(self.id, self.author, self.name, self.text[:QUOTE_LIMIT])

    def continues(self, before: "Message") -> bool:
        """Whether this belongs to the same run of messages: same author and name, no reply, within five minutes."""
        return (
            self.reply is None
            and before.author == self.author
            and before.name == self.name
            and before.kind is self.kind is Kind.TEXT
            and self.at - before.at <= GROUP_WITHIN
        )


def clean_text(text: object, limit: int = TEXT_LIMIT) -> str:
    """The text as it will be kept: as typed, less control characters and outer blank lines.

    Raises `TextRefused` for anything that is not text, is blank, or is longer than `limit` characters.
    """
    if not isinstance(text, str):
        raise TextRefused("text-empty")
    lines = text.replace("\r\n", "\n").replace("\r", "\n")
    kept = "".join(c for c in lines if c in "\n\t" or unicodedata.category(c) not in {"Cc", "Cs"})
    kept = re.sub(r"\A(\s*\n)+", "", kept).rstrip()
    if not any(map(is_visible, kept)):
        raise TextRefused("text-empty")
    if len(kept) > limit:
        raise TextRefused("text-too-long", limit=limit, length=len(kept))
    return kept


def is_visible(character: str) -> bool:
    """Whether people see something: no space, control, format or combining character, and no blank letter."""
    return unicodedata.category(character)[0] not in "ZCM" and character not in BLANKS


def is_message_id(key: object) -> bool:
    """Whether `key` can be a message's id: 8 to 24 lower-case letters and digits."""
    return isinstance(key, str) and _KEY.fullmatch(key) is not None
