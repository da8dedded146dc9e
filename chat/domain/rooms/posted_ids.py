"""Recognises messages that are sent again, even if they were deleted since."""

from cachetools import FIFOCache

from chat.domain.messages.events import AuthorAnonymized
from chat.domain.messages.history import History
from chat.domain.messages.message import Message

MAX_REMEMBERED = 10_000


class PostedIds:
    """The authors of a room's last messages by message id."""

    def __init__(self, history: History) -> None:
        self._history = history
        self._authors: FIFOCache[str, str] = FIFOCache(MAX_REMEMBERED)
        for message in history:
            self.add(message)

    def add(self, message: Message) -> None:
        self._authors[message.id] = message.author

    def has(self, member_id: str, message_id: str) -> bool:
        """Tell whether the member already posted a message with this id."""
        own = (message_id, own_id(message_id, member_id))
        is_kept = any((known := self._history.get(key)) and known.author == member_id for key in own)
        return is_kept or any(self._authors.get(key) == member_id for key in own)

    def anonymize(self, event: AuthorAnonymized) -> bool:
        """Replace an author by their pseudonym. Return whether anything changed."""
        own = [message_id for message_id, author in self._authors.items() if author == event.author_id]
        self._authors.update(dict.fromkeys(own, event.pseudonym))
        return bool(own)


def own_id(message_id: str, member_id: str) -> str:
    """Return the id of a member's message if another member's client made the same id."""
    return f"{message_id}-{member_id}"
