"""Messages and events for the store tests."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

from chat.domain.messages.attachment import Attachment
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
from chat.domain.messages.history import History
from chat.domain.messages.link_preview import LinkPreview
from chat.domain.messages.message import Message
from chat.domain.users import UserRef

NOON = datetime(2026, 5, 1, 12, 30, 15, 123456, tzinfo=UTC)
ANN, BOB = UserRef("ann", "Ann"), UserRef("bob", "Bob")
PICTURE = Attachment("0af1" * 16, "tëa.png", "image/png", 1234, 40, 30, "UklGRg==", alt="A cup")
LINK = "https://example.org/tea?a=1&b='2'"
PREVIEW = LinkPreview("Teë", "A drink", "example.org", PICTURE)
CLEARED = HistoryCleared("lobby", ANN, NOON)


def later(seconds: float) -> datetime:
    return NOON + timedelta(seconds=seconds)


def message_id(number: int) -> str:
    return f"message{number:05}"


def posted(number: int, text: str | None = None, **fields: Any) -> MessagePosted:
    message = Message(message_id(number), "lobby", "ann", "Ann", f"Message {number}" if text is None else text, NOON)
    return MessagePosted("lobby", replace(message, **fields))


def edited(number: int, text: str, **mentions: str) -> MessageEdited:
    return MessageEdited("lobby", message_id(number), text, mentions, later(7.5))


def deleted(number: int) -> MessageDeleted:
    return MessageDeleted("lobby", ANN, ANN, NOON, message_id(number))


def reacted(number: int, emoji: str, member: UserRef = BOB) -> ReactionAdded:
    return ReactionAdded("lobby", message_id(number), emoji, member.id, member.name)


def unreacted(number: int, emoji: str, member: UserRef = BOB) -> ReactionRemoved:
    return ReactionRemoved("lobby", message_id(number), emoji, member.id)


LIFE: list[MessageEvent] = [
    posted(1, "Hällo 🦊"),
    posted(2, 'مرحبا "<b>"\\'),
    posted(3, "@Ann see above", reply=posted(2).message.quote, mentions={"Ann": "ann"}),
    reacted(1, "🎉"),
    reacted(1, "👍🏽"),
    reacted(1, "🎉", UserRef("cid", "Çid")),
    unreacted(1, "🎉"),
    edited(2, "changed, @all", all="all"),
    TopicChanged("lobby", ANN, later(8), "Tea, and cake"),
    posted(4),
    deleted(4),
    posted(5),
    posted(6),
    posted(7),
    MessagesPurged("lobby", BOB, ANN, later(8.5), (message_id(6), message_id(5))),
    AuthorAnonymized("lobby", "bob", "x1y2", later(9)),
    posted(8),
]
"""Every kind of event without files, but a cleared history. A file in `tests/fixtures/version_3` has them all."""

FILES: list[MessageEvent] = [
    posted(11, "", attachments=(PICTURE, replace(PICTURE, name="tea.txt", type="text/plain", width=0, height=0))),
    posted(12, "Look", attachments=(PICTURE,)),
    PictureDescribed("lobby", message_id(12), 0, "Two cups", later(8.1)),
    FilesRemoved("lobby", (message_id(12),), later(8.2)),
    MessagesPurged("lobby", BOB, ANN, later(9), (message_id(11),)),
]


PREVIEWS: list[MessageEvent] = [
    posted(13, f"See {LINK}", link=LINK),
    PreviewAdded("lobby", message_id(13), LINK, PREVIEW, later(9.1)),
    posted(14, "See example.org", link="http://example.org"),
    PreviewAdded("lobby", message_id(14), "http://example.org", LinkPreview("Example"), later(9.2)),
    PreviewRemoved("lobby", message_id(14), later(9.3)),
    MessageEdited("lobby", message_id(13), f"{LINK} now", {}, later(9.4), LINK),
]


def replayed(events: Iterable[MessageEvent], limit: int = 100) -> History:
    history = History(limit)
    for event in events:
        history.apply(event)
    return history


def texts(history: Iterable[Message]) -> list[str]:
    return [message.text for message in history]
