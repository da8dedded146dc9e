"""What one person has not seen yet."""

from collections.abc import Iterable
from datetime import datetime

from chat.domain.accounts.preferences import is_addressed_to
from chat.domain.messages.message import Message


class Unread:
    """How many messages of others a viewer has not seen (`count`), how many of these speak to them (`mention_count`), and the
    first of them, where the line goes (`first_unread_id`).

    The line stays when everything has been seen, until the next message that is not.
    """

    def __init__(self, viewer: str) -> None:
        self._viewer = viewer
        self.count = self.mention_count = 0
        self.first_unread_id: str | None = None

    def since(self, seen: datetime | None, newest_first: Iterable[Message]) -> None:
        """Begin with what came after `seen`; a newcomer (None) has missed nothing."""
        self.mark_read()
        for message in newest_first:
            if seen is None or message.at <= seen or message.author == self._viewer:
                break
            self._count(message)
            self.first_unread_id = message.id

    def add(self, message: Message) -> None:
        """A message has come that the viewer does not see."""
        if not self.count:
            self.first_unread_id = message.id
        self._count(message)

    def mark_read(self) -> None:
        """The viewer has seen everything."""
        self.count = self.mention_count = 0

    def mark_replied(self) -> None:
        """The viewer has said something: they are where the newest is."""
        self.mark_read()
        self.first_unread_id = None

    def _count(self, message: Message) -> None:
        self.count += 1
        self.mention_count += is_addressed_to(message, self._viewer)
