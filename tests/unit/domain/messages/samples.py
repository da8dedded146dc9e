"""Messages and events for the tests of the history."""

from datetime import UTC, datetime, timedelta

from chat.domain.messages.attachment import Attachment
from chat.domain.messages.events import (
    AuthorAnonymized,
    HistoryCleared,
    MessageDeleted,
    MessageEdited,
    MessageEvent,
    MessagePosted,
    MessagesPurged,
    PreviewAdded,
    PreviewRemoved,
    ReactionAdded,
    ReactionRemoved,
    TopicChanged,
)
from chat.domain.messages.history import History
from chat.domain.messages.link_preview import LinkPreview
from chat.domain.messages.message import Message, Quote
from chat.domain.users import UserRef

NOON = datetime(2026, 5, 1, 12, tzinfo=UTC)
ANN = UserRef("ann", "Ann")
ROOM = "lobby"


def after(seconds: int) -> datetime:
    return NOON + timedelta(seconds=seconds)


def message_id(number: int) -> str:
    return f"message{number:02}"


def message(number: int, reply: Quote | None = None, link: str = "") -> Message:
    return Message(message_id(number), ROOM, "ann", "Ann", f"Message {number}", after(number), reply=reply, link=link)


def posted(number: int, reply: Quote | None = None, link: str = "") -> MessagePosted:
    return MessagePosted(ROOM, message(number, reply, link))


def edited(
    number: int, text: str, at: int = 60, mentions: dict[str, str] | None = None, link: str = ""
) -> MessageEdited:
    return MessageEdited(ROOM, message_id(number), text, mentions or {}, after(at), link)


def preview_added(number: int, link: str, picture: Attachment | None = None) -> PreviewAdded:
    return PreviewAdded(ROOM, message_id(number), link, LinkPreview(link, picture=picture), after(60))


def preview_removed(number: int) -> PreviewRemoved:
    return PreviewRemoved(ROOM, message_id(number), after(60))


def deleted(number: int) -> MessageDeleted:
    return MessageDeleted(ROOM, ANN, ANN, after(60), message_id(number))


def purged(*numbers: int) -> MessagesPurged:
    return MessagesPurged(ROOM, UserRef("mod", "Mod"), ANN, after(60), tuple(map(message_id, numbers)))


def reaction_added(number: int, emoji: str = "🎉", member: str = "bob") -> ReactionAdded:
    return ReactionAdded(ROOM, message_id(number), emoji, member, member.title())


def reaction_removed(number: int, emoji: str = "🎉", member: str = "bob") -> ReactionRemoved:
    return ReactionRemoved(ROOM, message_id(number), emoji, member)


def topic_changed(topic: str, at: int = 60) -> TopicChanged:
    return TopicChanged(ROOM, ANN, after(at), topic)


def cleared(at: int = 60) -> HistoryCleared:
    return HistoryCleared(ROOM, ANN, after(at))


def anonymized(author: str = "ann", pseudonym: str = "x1y2", at: int = 60) -> AuthorAnonymized:
    return AuthorAnonymized(ROOM, author, pseudonym, after(at))


def history_of(*events: MessageEvent, limit: int = 10) -> History:
    history = History(limit)
    for event in events:
        history.apply(event)
    return history


def get(history: History, number: int) -> Message:
    found = history.get(message_id(number))
    assert found
    return found


def quoted(history: History, number: int) -> str:
    """Return the text that a reply quotes."""
    reply = get(history, number).reply
    assert reply
    return reply.text


def content(history: History) -> tuple[str, list[Message]]:
    return history.topic, list(history)
