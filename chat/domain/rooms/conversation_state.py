"""A room's history, and the timeline that shows it."""

from datetime import timedelta

from chat.domain.errors import MessageRefused
from chat.domain.messages.anonymization import ANONYMOUS, anonymize
from chat.domain.messages.events import (
    AuthorAnonymized,
    HistoryCleared,
    MessageEdited,
    MessageEvent,
    MessagePosted,
    MessagesPurged,
    TopicChanged,
)
from chat.domain.messages.history import History
from chat.domain.messages.message import Message
from chat.domain.moderation.slow_mode import MAX_SLOW_MODE
from chat.domain.moderation.state import Moderation
from chat.domain.people.names import Names
from chat.domain.rooms.notices import HistoryClearedNotice, TopicChangedNotice
from chat.domain.rooms.posted_ids import PostedIds
from chat.domain.rooms.timeline import Timeline


class ConversationState:
    """The messages of a room. Only events change them."""

    def __init__(self, room_id: str, history: History, names: Names, moderation: Moderation) -> None:
        self.room_id = room_id
        self.names = names
        self.moderation = moderation
        self.history = history
        self.timeline = Timeline(history.limit, history)
        self.posted = PostedIds(history)
        self._remember_authors()

    def message(self, message_id: object, problem: str = "message-gone") -> Message:
        """Return the message with this id; raises `MessageRefused`."""
        found = self.history.get(message_id) if isinstance(message_id, str) else None
        if found is None:
            raise MessageRefused(problem)
        return found

    def apply(self, event: MessageEvent) -> bool:
        """Apply an event; applying it again changes nothing. Return whether anything changed."""
        forgotten = isinstance(event, AuthorAnonymized) and self._forget(event)
        touched = self.history.apply(event)
        if touched is None:
            return forgotten
        match event:
            case MessagePosted(message=message):
                self.posted.add(message)
                self.moderation.record_post(self.room_id, message.author, message.at)
            case MessageEdited(message_id=message_id, at=at) if edited := self.history.get(message_id):
                self.moderation.record_post(self.room_id, edited.author, at, is_edit=True)
            case TopicChanged(actor=actor, topic=topic, at=at):
                self.timeline.add(TopicChangedNotice(at, actor.name, topic))
            case HistoryCleared(actor=actor, at=at):
                self.timeline.clear()
                self.timeline.add(HistoryClearedNotice(at, actor.name))
                return True
        for message_id in touched:
            self.timeline.put(message_id, self.history.get(message_id))
        if isinstance(event, MessagesPurged):
            self.timeline.add(event)
        return True

    def reload(self, history: History) -> None:
        """Replace the history; notices stay."""
        gone = {message.id for message in self.history} - {message.id for message in history}
        self.history.restore(history)
        for message_id in gone:
            self.timeline.put(message_id, None)
        for message in history:
            self.timeline.put(message.id, message)
            self.posted.add(message)
        self._remember_authors()

    def _remember_authors(self) -> None:
        """Remember the authors' names and, for slow mode, the times of their last messages before a restart."""
        newest = next(reversed(self.history), None)
        for message in self.history:
            if message.name != ANONYMOUS:
                self.names.remember_author(message.author, message.name)
            if newest and newest.at - message.at < timedelta(seconds=MAX_SLOW_MODE):
                self.moderation.record_post(self.room_id, message.author, message.at)

    def _forget(self, event: AuthorAnonymized) -> bool:
        names = {message.name for message in self.history if message.author == event.author_id}
        name = self.names.forget(event.author_id)
        if self.timeline.last_evicted:
            self.timeline.last_evicted = anonymize(self.timeline.last_evicted, event)
        posted = self.posted.anonymize(event)
        return self.timeline.forget(event.author_id, names | {name or ""}) or name is not None or posted
