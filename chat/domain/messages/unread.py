"""The messages that one member has not read yet."""

from collections.abc import Iterable

from chat.domain.messages.mentions import is_addressed_to
from chat.domain.messages.message import Message


class Unread:
    """Counts messages by others that the member has not read, and how many of them are addressed to the member.

    The unread line goes above `first_unread_id`. It stays after everything was read, until the next unread message.
    """

    def __init__(self, member_id: str) -> None:
        self._member_id = member_id
        self.count = self.mention_count = 0
        self.first_unread_id: str | None = None

    def count_since(self, seen: int | None, newest_first: Iterable[Message]) -> None:
        """Start over with the messages after the number `seen`; for a newcomer (None) there are none."""
        self.mark_read()
        for message in newest_first if seen is not None else ():
            if message.number <= (seen or 0):
                break
            if message.author != self._member_id:
                self._count(message)
                self.first_unread_id = message.id

    def draw_line(self, message_id: str | None) -> None:
        """Put the unread line above a message, with nothing unread."""
        self.mark_read()
        self.first_unread_id = message_id

    def mark_unread(self, message_id: str, newest_first: Iterable[Message]) -> None:
        """Start over with a message, which may be the member's own, and those after it."""
        self.mark_read()
        for message in newest_first:
            if message.author != self._member_id:
                self._count(message)
            if message.id == message_id:
                break
        self.first_unread_id = message_id

    def add(self, message: Message) -> None:
        """Count a message that the member doesn't see."""
        if not self.count:
            self.first_unread_id = message.id
        self._count(message)

    def mark_read(self) -> None:
        self.count = self.mention_count = 0

    def mark_replied(self) -> None:
        """Remove the line too: a writing member is at the newest messages."""
        self.mark_read()
        self.first_unread_id = None

    def _count(self, message: Message) -> None:
        self.count += 1
        self.mention_count += is_addressed_to(message, self._member_id)
