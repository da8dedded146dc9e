"""The bounded history: the last messages and the topic, changed only by events."""

from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Set
from dataclasses import replace

from chat.domain.messages.anonymization import anonymize, names_in, without_mentions
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
from chat.domain.messages.message import REACTIONS_LIMIT, Message


class History:
    """The last `limit` messages, oldest first, the room's topic, and the number of the last event."""

    def __init__(self, limit: int, messages: Iterable[Message] = (), topic: str = "", last: int = 0) -> None:
        self.limit = limit
        self.topic = topic
        self.last = last
        self._messages: dict[str, Message] = {}
        self._authors: Counter[str] = Counter()
        self._contents: Counter[str] = Counter()
        self._cleared: HistoryCleared | None = None
        for message in messages:
            self._add(message)
            self.last = max(self.last, message.number)  # a file that was edited may say less

    def __iter__(self) -> Iterator[Message]:
        return iter(self._messages.values())

    def __reversed__(self) -> Iterator[Message]:
        return reversed(self._messages.values())

    def __len__(self) -> int:
        return len(self._messages)

    @property
    def authors(self) -> Collection[str]:
        """The ids of all authors, by their first message."""
        return self._authors.keys()

    @property
    def contents(self) -> Set[str]:
        """The SHA-256 of each file of a message."""
        return self._contents.keys()

    def get(self, message_id: str) -> Message | None:
        return self._messages.get(message_id)

    def copy(self) -> "History":
        """Return a copy for trying out a change."""
        other = History(self.limit, topic=self.topic, last=self.last)
        other._messages = self._messages.copy()
        other._authors = self._authors.copy()
        other._contents = self._contents.copy()
        other._cleared = self._cleared
        return other

    def restore(self, other: "History") -> None:
        """Take what another history has in place of everything."""
        self.topic, self.last = other.topic, other.last
        self._messages, self._authors = other._messages.copy(), other._authors.copy()
        self._contents, self._cleared = other._contents.copy(), other._cleared

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
                return self._anonymize(event) or None
            case PictureDescribed():
                return self._describe(event)
            case FilesRemoved(message_ids=message_ids):
                return set[str]().union(*map(self._remove_files, message_ids)) or None
            case PreviewAdded():
                return self._add_preview(event)
            case PreviewRemoved(message_id=message_id):
                return self._remove_preview(message_id)

    def _add(self, message: Message) -> Set[str] | None:
        if message.id in self._messages:
            return None
        self._messages[message.id] = message
        self._authors[message.author] += 1
        self._contents.update(message.contents)
        while len(self._messages) > self.limit:
            self._remove(next(iter(self._messages)))
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
        return self._swap(known, replace(edited, preview=preview)) | self._update_quotes(known.id, edited.quote.text)

    def _delete(self, message_id: str) -> Set[str]:
        # The message may have been evicted since this was decided; quotes still contain its text.
        touched = {message_id} if self._remove(message_id) else set[str]()
        return touched | self._update_quotes(message_id, "")

    def _remove(self, message_id: str) -> bool:
        message = self._messages.pop(message_id, None)
        if message is None:
            return False
        self._authors[message.author] -= 1
        if not self._authors[message.author]:
            del self._authors[message.author]
        self._forget_contents(message)
        return True

    def _forget_contents(self, message: Message) -> None:
        for content in message.contents:
            self._contents[content] -= 1
            if not self._contents[content]:
                del self._contents[content]

    def _describe(self, event: PictureDescribed) -> Set[str] | None:
        known = self.get(event.message_id)
        if known is None or not 0 <= event.position < len(known.attachments):
            return None
        described = known.described(event.position, event.alt)
        if described == known:
            return None
        return self._put(described) | self._update_quotes(described.id, described.quote.text)

    def _remove_files(self, message_id: str) -> Set[str]:
        message = self.get(message_id)
        if message is None or not message.contents:
            return set()
        left = message.without_files()
        return self._swap(message, left) | self._update_quotes(left.id, left.quote.text)

    def _add_preview(self, event: PreviewAdded) -> Set[str] | None:
        known = self.get(event.message_id)
        if known is None or known.preview or known.link != event.link:  # edited meanwhile
            return None
        return self._swap(known, replace(known, preview=event.preview))

    def _remove_preview(self, message_id: str) -> Set[str] | None:
        known = self.get(message_id)
        return self._swap(known, replace(known, preview=None)) if known and known.preview else None

    def _react(self, event: ReactionAdded) -> Set[str] | None:
        message = self.get(event.message_id)
        if message is None or event.member_id in message.reactions.get(event.emoji, {}):
            return None
        if event.emoji not in message.reactions and len(message.reactions) >= REACTIONS_LIMIT:
            return None  # several were decided at once
        names = {**message.reactions.get(event.emoji, {}), event.member_id: event.name}
        return self._put(replace(message, reactions={**message.reactions, event.emoji: names}))

    def _unreact(self, event: ReactionRemoved) -> Set[str] | None:
        message = self.get(event.message_id)
        if message is None or event.member_id not in message.reactions.get(event.emoji, {}):
            return None
        names = {key: name for key, name in message.reactions[event.emoji].items() if key != event.member_id}
        reactions = {**message.reactions, event.emoji: names}
        return self._put(replace(message, reactions={emoji: names for emoji, names in reactions.items() if names}))

    def _clear(self, event: HistoryCleared) -> Set[str] | None:
        if self._cleared == event:
            return None
        self._cleared = event
        gone = frozenset(self._messages)
        self._messages.clear()
        self._authors.clear()
        self._contents.clear()
        return gone

    def _swap(self, before: Message, after: Message) -> Set[str]:
        """Replace a message by one with other files."""
        self._forget_contents(before)
        self._contents.update(after.contents)
        return self._put(after)

    def _put(self, message: Message) -> Set[str]:
        self._messages[message.id] = message
        return {message.id}

    def _update_quotes(self, message_id: str, text: str) -> Set[str]:
        replies = [m for m in self if m.reply and m.reply.id == message_id and m.reply.text != text]
        for message in replies:
            assert message.reply
            self._put(replace(message, reply=replace(message.reply, text=text)))
        return {message.id for message in replies}

    def _anonymize(self, event: AuthorAnonymized) -> Set[str]:
        before = self._messages
        names = set[str]().union(*(names_in(message, event.author_id) for message in self))
        self._messages = {key: anonymize(message, event) for key, message in before.items()}
        self._authors = Counter(message.author for message in self)
        self._contents = Counter(content for message in self for content in message.contents)
        for message in self:
            quote = message.reply
            if quote is None:
                continue
            original = self.get(quote.id)
            if original is None:
                updated = without_mentions(quote, names, event.author_id)
            else:
                has_changed = original.excerpt != before[quote.id].excerpt
                updated = replace(quote, text=original.quote.text) if has_changed else quote
            if updated != quote:
                self._put(replace(message, reply=updated))
        return {key for key, message in self._messages.items() if message is not before[key]}
