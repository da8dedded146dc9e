"""The bounded history: the last messages and the topic, changed by facts only."""

from collections.abc import Iterable, Iterator, Set
from dataclasses import replace

from chat.domain.events import (
    AuthorAnonymized,
    DurableEvent,
    HistoryCleared,
    MessageDeleted,
    MessageEdited,
    MessagePosted,
    Reacted,
    TopicChanged,
)
from chat.domain.messages.anonymization import anonymized, names, without_mentions
from chat.domain.messages.message import REACTIONS_LIMIT, Message


class History:
    """The last `limit` messages, oldest first, and the room's topic."""

    def __init__(self, limit: int, messages: Iterable[Message] = (), topic: str = "") -> None:
        self.limit = limit
        self.topic = topic
        self._messages: dict[str, Message] = {}
        self._cleared: HistoryCleared | None = None
        for message in messages:
            self._add(message)

    def __iter__(self) -> Iterator[Message]:
        return iter(self._messages.values())

    def __reversed__(self) -> Iterator[Message]:
        return reversed(self._messages.values())

    def __len__(self) -> int:
        return len(self._messages)

    def get(self, message_id: str) -> Message | None:
        """The message with this id, if it is still kept."""
        return self._messages.get(message_id)

    def copy(self) -> "History":
        """The same messages, to try a change on."""
        other = History(self.limit, topic=self.topic)
        other._messages = self._messages.copy()
        other._cleared = self._cleared
        return other

    def apply(self, event: DurableEvent) -> Set[str] | None:
        """Take in a fact: the ids of the messages that are new, changed or gone; None if the fact is not news."""
        match event:
            case MessagePosted(message=message):
                return self._add(self._quoting(message))
            case MessageEdited(message=message_id, text=text, mentions=mentions, at=at):
                known = self.get(message_id)
                if known is None or known.edited == at or known.text == text:
                    return None
                edited = replace(known, text=text, mentions=mentions, edited=at)
                return self._put(edited) | self._quote_anew(message_id, edited.quote.text)
            case MessageDeleted(message=message_id):
                # It may have been let go since this was decided; its words stand in the quotes yet.
                touched = {message_id} if self._messages.pop(message_id, None) else set[str]()
                return touched | self._quote_anew(message_id, "") or None
            case Reacted():
                return self._react(event)
            case TopicChanged(topic=topic):
                if self.topic == topic:
                    return None
                self.topic = topic
                return frozenset()
            case HistoryCleared():
                if self._cleared == event:
                    return None
                self._cleared = event
                gone = frozenset(self._messages)
                self._messages.clear()
                return gone
            case AuthorAnonymized():
                return self._anonymize(event) or None

    def _add(self, message: Message) -> Set[str] | None:
        if message.id in self._messages:
            return None
        self._messages[message.id] = message
        while len(self._messages) > self.limit:
            del self._messages[next(iter(self._messages))]
        return {message.id}

    def _quoting(self, message: Message) -> Message:
        if message.reply is None:
            return message
        original = self.get(message.reply.id)
        return replace(message, reply=replace(message.reply, text=original.quote.text if original else ""))

    def _put(self, message: Message) -> Set[str]:
        self._messages[message.id] = message
        return {message.id}

    def _quote_anew(self, message_id: str, text: str) -> Set[str]:
        replies = [m for m in self if m.reply and m.reply.id == message_id and m.reply.text != text]
        for message in replies:
            assert message.reply
            self._put(replace(message, reply=replace(message.reply, text=text)))
        return {message.id for message in replies}

    def _anonymize(self, event: AuthorAnonymized) -> Set[str]:
        before = self._messages
        called = set[str]().union(*(names(message, event.author) for message in self))
        self._messages = {key: anonymized(message, event) for key, message in before.items()}
        for message in self:
            quote = message.reply
            if quote is None:
                continue
            original = self.get(quote.id)
            if original is None:
                anew = without_mentions(quote, called, event.author)
            else:
                anew = replace(quote, text=original.quote.text) if original.text != before[quote.id].text else quote
            if anew != quote:
                self._put(replace(message, reply=anew))
        return {key for key, message in self._messages.items() if message is not before[key]}

    def _react(self, event: Reacted) -> Set[str] | None:
        message = self.get(event.message)
        if message is None or event.on == (event.member in message.reactions.get(event.emoji, {})):
            return None
        if event.emoji not in message.reactions and len(message.reactions) >= REACTIONS_LIMIT:
            return None  # several were decided at once
        by = {**message.reactions.get(event.emoji, {}), event.member: event.name}
        if not event.on:
            del by[event.member]
        reactions = {**message.reactions, event.emoji: by}
        return self._put(replace(message, reactions={emoji: by for emoji, by in reactions.items() if by}))
