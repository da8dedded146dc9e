"""What is said in a room: decides what may be said and changed (returning facts, or raising), and applies the facts."""

from dataclasses import replace
from datetime import datetime

from chat.domain.errors import MessageRefused, NotAllowed, TextRefused
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
from chat.domain.messages import mentions
from chat.domain.messages.anonymization import anonymized
from chat.domain.messages.history import History
from chat.domain.messages.message import REACTIONS_LIMIT, Kind, Message, clean_text
from chat.domain.moderation.state import Moderation
from chat.domain.permissions import Permission, can_delete, can_edit, has_permission, require
from chat.domain.rooms.timeline import HistoryClearedNotice, Timeline, TopicChangedNotice
from chat.domain.users import Member, Role

TOPIC_LIMIT = 120
MAX_REMEMBERED = 10_000


class Conversation:
    """The history of a room and the timeline that shows it. Decisions change nothing; `apply` does."""

    def __init__(self, room: str, history: History, moderation: Moderation | None = None) -> None:
        self.room = room
        self.moderation = moderation or Moderation()
        self.history = history
        self.timeline = Timeline(history.limit, history)
        self._names: dict[str, str] = {}
        self._said: dict[str, str] = {}
        for message in history:
            self.remember_name(message.author, message.name)
            _remember(self._said, message.id, message.author)

    def remember_name(self, member_id: str, name: str) -> None:
        """Remember what somebody is called now, for mentions of them."""
        self._names.pop(member_id, None)
        _remember(self._names, member_id, name)

    def name_of(self, member_id: str) -> str | None:
        """What somebody was called last, if that is known."""
        return self._names.get(member_id)

    def text_with_current_names(self, message: Message) -> str:
        """The text of a message, with those it mentions called as they are now."""
        names = {who: name for who in message.mentions.values() if (name := self.name_of(who))}
        return mentions.rename(message.text, message.mentions, names) if names else message.text

    def has_posted(self, member_id: str, message_id: str) -> bool:
        """Whether the member's message with this id was posted: then it is only being sent again."""
        own = (message_id, f"{message_id}-{member_id}")
        kept = any((known := self.history.get(key)) and known.author == member_id for key in own)
        return kept or any(self._said.get(key) == member_id for key in own)

    # Decisions.

    def post(
        self,
        member: Member,
        text: object,
        message_id: str,
        now: datetime,
        *,
        kind: Kind = Kind.TEXT,
        reply_to: str | None = None,
    ) -> MessagePosted:
        """The member says something, perhaps as a reply; raises `TextRefused`, `MessageRefused`, `SpeechRefused`.

        An id of theirs that is in the history is the same message sent again: the fact of then is returned.
        """
        known = self.history.get(message_id)
        if known and known.author == member.id:
            return MessagePosted(self.room, known)
        if known:
            message_id = f"{message_id}-{member.id}"  # somebody else had the same idea of a unique id
        # How the original begins is filled in by the history: until then it may be edited or deleted.
        quote = replace(self.message(reply_to, "reply-gone").quote, text="") if reply_to else None
        text = clean_text(text)
        self.moderation.check_can_post(member, now, text)
        self.moderation.check_slow_mode(member, now)
        found = self._mentions(member, text)
        return MessagePosted(
            self.room, Message(message_id, self.room, member.id, member.name, text, now, kind, quote, found)
        )

    def edit(self, member: Member, message_id: object, text: object, now: datetime) -> MessageEdited:
        """The author gives a message another text; raises `TextRefused`, `MessageRefused`, `SpeechRefused`."""
        message = self.message(message_id)
        if not can_edit(member, message):
            raise MessageRefused("message-foreign")
        text = clean_text(text)
        self.moderation.check_can_post(member, now, text)
        return MessageEdited(self.room, message.id, text, self._mentions(member, text), now)

    def delete(self, member: Member, message_id: object, author: Role = Role.GUEST) -> MessageDeleted:
        """The author, or a moderator above them (`author` is their role), takes a message away.

        Raises `MessageRefused`, `NotAllowed`.
        """
        message = self.message(message_id)
        if not can_delete(member, message, author):
            if has_permission(member.role, Permission.DELETE_ANY):
                raise NotAllowed("not-above")
            raise MessageRefused("message-foreign")
        return MessageDeleted(self.room, message.id, member.id)

    def react(self, member: Member, message_id: object, emoji: str) -> Reacted:
        """The member puts `emoji` (a checked one) to a message, or takes it back; raises `MessageRefused`."""
        message = self.message(message_id)
        if emoji not in message.reactions and len(message.reactions) >= REACTIONS_LIMIT:
            raise MessageRefused("reactions-full", limit=REACTIONS_LIMIT)
        on = member.id not in message.reactions.get(emoji, {})
        return Reacted(self.room, message.id, emoji, member.id, member.name, on)

    def change_topic(self, member: Member, topic: str, now: datetime) -> TopicChanged:
        """An admin says what the room is about, `-` for nothing; raises `NotAllowed`, `TextRefused`."""
        require(member.role, Permission.CHANGE_TOPIC)
        if topic == "-":
            return TopicChanged(self.room, "", member.id, member.name, now)
        topic = " ".join(clean_text(topic).split())
        if len(topic) > TOPIC_LIMIT:
            raise TextRefused("topic-too-long", limit=TOPIC_LIMIT)
        return TopicChanged(self.room, topic, member.id, member.name, now)

    def clear(self, member: Member, now: datetime) -> HistoryCleared:
        """An admin wipes the history; raises `NotAllowed` for everybody else."""
        require(member.role, Permission.CLEAR_HISTORY)
        return HistoryCleared(self.room, member.id, member.name, now)

    def anonymize(self, author: str, pseudonym: str, now: datetime) -> AuthorAnonymized:
        """What the author said stays, but as by `pseudonym`, a new random id."""
        return AuthorAnonymized(self.room, author, pseudonym, now)

    def message(self, message_id: object, problem: str = "message-gone") -> Message:
        """The message with this id; raises `MessageRefused`."""
        found = self.history.get(message_id) if isinstance(message_id, str) else None
        if found is None:
            raise MessageRefused(problem)
        return found

    def _mentions(self, member: Member, text: str) -> dict[str, str]:
        if "@" not in text:
            return {}
        return mentions.find(
            text, self._names, can_mention_everyone=has_permission(member.role, Permission.MENTION_EVERYONE)
        )

    # Facts.

    def apply(self, event: DurableEvent) -> bool:
        """Take in a fact; the same one again changes nothing. Returns whether something is new."""
        forgotten = isinstance(event, AuthorAnonymized) and self._forget(event)
        touched = self.history.apply(event)
        if touched is None:
            return forgotten
        match event:
            case MessagePosted(message=message):
                _remember(self._said, message.id, message.author)
            case TopicChanged(name=name, topic=topic, at=at):
                self.timeline.add(TopicChangedNotice(at, name, topic))
            case HistoryCleared(name=name, at=at):
                self.timeline.clear()
                self.timeline.add(HistoryClearedNotice(at, name))
                return True
        for message_id in touched:
            self.timeline.put(message_id, self.history.get(message_id))
        return True

    def _forget(self, event: AuthorAnonymized) -> bool:
        called = {message.name for message in self.history if message.author == event.author}
        name = self._names.pop(event.author, None)
        if self.timeline.last_evicted:
            self.timeline.last_evicted = anonymized(self.timeline.last_evicted, event)
        self._said = {key: event.pseudonym if who == event.author else who for key, who in self._said.items()}
        return self.timeline.forget(event.author, called | {name or ""}) or name is not None


def _remember(known: dict[str, str], key: str, value: str) -> None:
    known[key] = value
    if len(known) > MAX_REMEMBERED:
        del known[next(iter(known))]
