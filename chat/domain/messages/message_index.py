"""The messages of a history, with counts of their authors and files."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import replace

from chat.domain.messages.message import Message


class MessageIndex:
    """Messages by id, oldest first. `authors` and `contents` count the authors' ids, and the files by SHA-256."""

    def __init__(self) -> None:
        self.authors: Counter[str] = Counter()
        self.contents: Counter[str] = Counter()
        self._messages: dict[str, Message] = {}

    def __iter__(self) -> Iterator[Message]:
        return iter(self._messages.values())

    def __reversed__(self) -> Iterator[Message]:
        return reversed(self._messages.values())

    def __len__(self) -> int:
        return len(self._messages)

    @property
    def ids(self) -> frozenset[str]:
        return frozenset(self._messages)

    def get(self, message_id: str) -> Message | None:
        return self._messages.get(message_id)

    def copy(self) -> "MessageIndex":
        other = MessageIndex()
        other.authors, other.contents = self.authors.copy(), self.contents.copy()
        other._messages = self._messages.copy()
        return other

    def put(self, message: Message) -> set[str]:
        """Append a message, or replace it in place. Return the ids of what changed: its own."""
        known = self._messages.get(message.id)
        self._messages[message.id] = message
        self.authors[message.author] += 1
        self.contents.update(message.contents)
        if known is not None:
            self._count_out(known)
        return {message.id}

    def remove(self, message_id: str) -> bool:
        """Remove a message. Return whether it was there."""
        message = self._messages.pop(message_id, None)
        if message is None:
            return False
        self._count_out(message)
        return True

    def remove_oldest(self) -> None:
        self.remove(next(iter(self._messages)))

    def update_quotes(self, message_id: str, text: str) -> set[str]:
        """Set the quoted text in all replies to a message. Return the ids of those that changed."""
        replies = [m for m in self if m.reply and m.reply.id == message_id and m.reply.text != text]
        for message in replies:
            assert message.reply
            self.put(replace(message, reply=replace(message.reply, text=text)))
        return {message.id for message in replies}

    def _count_out(self, message: Message) -> None:
        self.authors[message.author] -= 1
        if not self.authors[message.author]:
            del self.authors[message.author]
        for content in message.contents:
            self.contents[content] -= 1
            if not self.contents[content]:
                del self.contents[content]
