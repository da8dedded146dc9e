"""The bounded history: the last messages and the topic, changed only by events."""

from collections.abc import Collection, Iterable, Iterator, Set
from dataclasses import replace

from chat.domain.messages.anonymization import anonymize_all
from chat.domain.messages.events import (
    AuthorAnonymized,
    FilesRemoved,
    HistoryCleared,
    MessageDeleted,
    MessageEdited,
    MessageEvent,
    MessagePosted,
    MessagesPurged,
    PictureDescribed,
    PreviewAdded,
    PreviewRemoved,
    ReactionAdded,
    ReactionRemoved,
    TopicChanged,
)
from chat.domain.messages.message import Message
from chat.domain.messages.message_index import MessageIndex


class History:
    """The last `limit` messages, oldest first, the room's topic, and the number of the last event."""

    def __init__(self, limit: int, messages: Iterable[Message] = (), topic: str = "", last: int = 0) -> None:
        self.limit = limit
        self.topic = topic
        self.last = last
        self._messages = MessageIndex()
        self._cleared: HistoryCleared | None = None
        for message in messages:
            self._add(message)
            self.last = max(self.last, message.number)  # a file that was edited may say less

    def __iter__(self) -> Iterator[Message]:
        return iter(self._messages)

    def __reversed__(self) -> Iterator[Message]:
        return reversed(self._messages)

    def __len__(self) -> int:
        return len(self._messages)

    @property
    def authors(self) -> Collection[str]:
        """The ids of all authors, by their first message."""
        return self._messages.authors.keys()

    @property
    def contents(self) -> Set[str]:
        """The SHA-256 of each file of a message."""
        return self._messages.contents.keys()

    def get(self, message_id: str) -> Message | None:
        return self._messages.get(message_id)

    def copy(self) -> "History":
        """Return a copy for trying out a change."""
        other = History(self.limit)
        other.restore(self)
        return other

    def restore(self, other: "History") -> None:
        """Replace everything by the content of another history."""
        self.topic, self.last = other.topic, other.last
        self._messages, self._cleared = other._messages.copy(), other._cleared

    def apply(self, event: MessageEvent) -> Set[str] | None:
        """Apply an event. Return the ids of messages added, changed or removed; None if nothing changed.

        A numbered event that was applied before changes nothing.
        """
        if 0 < event.number <= self.last:
            return None
        self.last = max(self.last, event.number)
        match event:
            case MessagePosted(message=message):
                return self._add(self._with_quote(message))
            case MessageEdited():
                return self._edit(event)
            case MessageDeleted(message_id=message_id):
                return self._delete(message_id) or None
            case MessagesPurged(message_ids=message_ids):
                return set[str]().union(*map(self._delete, message_ids)) or None
            case ReactionAdded():
                return self._react(event)
            case ReactionRemoved():
                return self._unreact(event)
            case TopicChanged(topic=topic):
                if self.topic == topic:
                    return None
                self.topic = topic
                return frozenset()
            case HistoryCleared():
                return self._clear(event)
            case AuthorAnonymized():
                return anonymize_all(self._messages, event) or None
            case PictureDescribed():
                return self._describe(event)
            case FilesRemoved(message_ids=message_ids):
                return set[str]().union(*map(self._remove_files, message_ids)) or None
            case PreviewAdded():
                return self._add_preview(event)
            case PreviewRemoved(message_id=message_id):
                return self._remove_preview(message_id)

    def _add(self, message: Message) -> Set[str] | None:
        if self.get(message.id):
            return None
        self._messages.put(message)
        while len(self._messages) > self.limit:
            self._messages.remove_oldest()
        return {message.id}

    def _with_quote(self, message: Message) -> Message:
        """Fill in the current start of the quoted message: it may have been edited since the reply was decided."""
        if message.reply is None:
            return message
        original = self.get(message.reply.id)
        return replace(message, reply=replace(message.reply, text=original.quote.text if original else ""))

    def _edit(self, event: MessageEdited) -> Set[str] | None:
        known = self.get(event.message_id)
        if known is None or known.edited == event.at or known.text == event.text:
            return None
        preview = known.preview if known.link == event.link else None
        edited = replace(known, text=event.text, mentions=event.mentions, edited=event.at, link=event.link)
        return self._put_quoted(replace(edited, preview=preview))

    def _delete(self, message_id: str) -> Set[str]:
        # The message may have been evicted since this was decided; quotes still contain its text.
        touched = {message_id} if self._messages.remove(message_id) else set[str]()
        return touched | self._messages.update_quotes(message_id, "")

    def _describe(self, event: PictureDescribed) -> Set[str] | None:
        known = self.get(event.message_id)
        if known is None or not 0 <= event.position < len(known.attachments):
            return None
        described = known.described(event.position, event.alt)
        return self._put_quoted(described) if described != known else None

    def _remove_files(self, message_id: str) -> Set[str]:
        message = self.get(message_id)
        if message is None or not message.contents:
            return set()
        return self._put_quoted(message.without_files())

    def _add_preview(self, event: PreviewAdded) -> Set[str] | None:
        known = self.get(event.message_id)
        if known is None or known.preview or known.link != event.link:  # edited meanwhile
            return None
        return self._messages.put(replace(known, preview=event.preview))

    def _remove_preview(self, message_id: str) -> Set[str] | None:
        known = self.get(message_id)
        return self._messages.put(replace(known, preview=None)) if known and known.preview else None

    def _react(self, event: ReactionAdded) -> Set[str] | None:
        message = self.get(event.message_id)
        # Several reactions may have been decided at once.
        if message is None or message.has_reaction(event.emoji, event.member_id) or message.is_full(event.emoji):
            return None
        return self._messages.put(message.with_reaction(event.emoji, event.member_id, event.name))

    def _unreact(self, event: ReactionRemoved) -> Set[str] | None:
        message = self.get(event.message_id)
        if message is None or not message.has_reaction(event.emoji, event.member_id):
            return None
        return self._messages.put(message.without_reaction(event.emoji, event.member_id))

    def _clear(self, event: HistoryCleared) -> Set[str] | None:
        if self._cleared == event:
            return None
        self._cleared = event
        gone = self._messages.ids
        self._messages = MessageIndex()
        return gone

    def _put_quoted(self, message: Message) -> Set[str]:
        """Replace a message, and the start of it that replies quote."""
        return self._messages.put(message) | self._messages.update_quotes(message.id, message.quote.text)
