"""What one person has not seen yet."""

from collections.abc import Iterable
from datetime import datetime

from chat.domain.accounts.preferences import speaks_to
from chat.domain.messages.message import Message


class Unread:
    """How many messages of others a viewer has not seen (`count`), how many of these speak to them (`calls`), and the
    first of them, where the line goes (`line`).

    The line stays when everything has been seen, until the next message that is not.
    """

    def __init__(self, viewer: str) -> None:
        self._viewer = viewer
        self.count = self.calls = 0
        self.line: str | None = None

    def since(self, seen: datetime | None, newest_first: Iterable[Message]) -> None:
        """Begin with what came after `seen`; a newcomer (None) has missed nothing."""
        self.see()
        for message in newest_first:
            if seen is None or message.at <= seen or message.author == self._viewer:
                break
            self._count(message)
            self.line = message.id

    def miss(self, message: Message) -> None:
        """A message has come that the viewer does not see."""
        if not self.count:
            self.line = message.id
        self._count(message)

    def see(self) -> None:
        """The viewer has seen everything."""
        self.count = self.calls = 0

    def speak(self) -> None:
        """The viewer has said something: they are where the newest is."""
        self.see()
        self.line = None

    def _count(self, message: Message) -> None:
        self.count += 1
        self.calls += speaks_to(message, self._viewer)
