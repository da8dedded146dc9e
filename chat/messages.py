"""Messages and the bounded history that keeps the last of them."""

import re
import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from chat.errors import TextRefused

TEXT_LIMIT = 4000
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
class Message:
    """One message. `author` is a member's id, `name` what they were called then, `at` is in UTC."""

    id: str
    room: str
    author: str
    name: str
    text: str
    at: datetime
    kind: Kind = Kind.TEXT

    def continues(self, before: "Message") -> bool:
        """Whether this belongs to the same run of messages: same author and name, within five minutes."""
        return (
            before.author == self.author
            and before.name == self.name
            and before.kind is self.kind is Kind.TEXT
            and self.at - before.at <= GROUP_WITHIN
        )


def clean_text(text: object) -> str:
    """The text as it will be kept: as typed, less control characters and outer blank lines.

    Raises `TextRefused` for anything that is not text, is blank, or is longer than 4,000 characters.
    """
    if not isinstance(text, str):
        raise TextRefused("text-empty")
    lines = text.replace("\r\n", "\n").replace("\r", "\n")
    kept = "".join(c for c in lines if c in "\n\t" or unicodedata.category(c) not in {"Cc", "Cs"})
    kept = re.sub(r"\A(\s*\n)+", "", kept).rstrip()
    if not any(map(is_visible, kept)):
        raise TextRefused("text-empty")
    if len(kept) > TEXT_LIMIT:
        raise TextRefused("text-too-long", limit=TEXT_LIMIT, length=len(kept))
    return kept


def is_visible(character: str) -> bool:
    """Whether people see something: no space, control, format or combining character, and no blank letter."""
    return unicodedata.category(character)[0] not in "ZCM" and character not in BLANKS


def is_message_id(key: object) -> bool:
    """Whether `key` can be a message's id: 8 to 24 lower-case letters and digits."""
    return isinstance(key, str) and _KEY.fullmatch(key) is not None


class History:
    """The last `limit` messages, oldest first. Adding the same id again changes nothing."""

    def __init__(self, limit: int, messages: Iterable[Message] = ()) -> None:
        self.limit = limit
        self._messages: dict[str, Message] = {}
        for message in messages:
            self.add(message)

    def __iter__(self) -> Iterator[Message]:
        return iter(self._messages.values())

    def __len__(self) -> int:
        return len(self._messages)

    def get(self, message_id: str) -> Message | None:
        """The message with this id, if it is still kept."""
        return self._messages.get(message_id)

    def add(self, message: Message) -> None:
        """Keep `message`, letting go of the oldest beyond the limit."""
        self._messages.setdefault(message.id, message)
        while len(self._messages) > self.limit:
            del self._messages[next(iter(self._messages))]

    def clear(self) -> None:
        """Forget everything."""
        self._messages.clear()

    def copy(self) -> "History":
        """The same messages, to try a change on."""
        return History(self.limit, self)
