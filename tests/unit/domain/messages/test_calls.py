"""The calls in a room: mentions, replies, and in a direct room every message."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from chat.domain.messages.calls import MAX_CALLS, ReadMark, RoomCalls
from chat.domain.messages.events import (
    AuthorAnonymized,
    HistoryCleared,
    MessageDeleted,
    MessageEdited,
    MessageEvent,
    MessagePosted,
    MessagesPurged,
    ReactionAdded,
    numbered,
)
from chat.domain.messages.history import History
from chat.domain.messages.message import Message
from chat.domain.users import UserRef

NOON = datetime(2026, 5, 1, 12, tzinfo=UTC)
ANN, BOB = UserRef("ann", "Ann"), UserRef("bob", "Bob")
PLAIN = Message("message00", "tea", "bob", "Bob", "Hello", NOON)


class Tea:
    """A room with its calls, which are followed and, to compare, read again."""

    def __init__(self, limit: int = 1000, *, is_direct: bool = False) -> None:
        self._is_direct = is_direct
        self._numbers: Iterator[int] = iter(range(1, 10_000))
        self.history = History(limit)
        self.calls = RoomCalls(self.history, is_direct=is_direct)

    def tell(self, event: MessageEvent) -> None:
        stored = numbered(event, next(self._numbers))
        self.history.apply(stored)
        self.calls.apply(stored, self.history)

    def post(self, author: str = "bob", *mentions: str, reply_to: str = "") -> str:
        message_id = f"message{len(self.history):02}{author}"
        at = NOON + timedelta(minutes=len(self.history))
        message = replace(PLAIN, id=message_id, author=author, at=at, mentions={name: name for name in mentions})
        if reply_to:
            original = self.history.get(reply_to)
            assert original
            message = replace(message, reply=original.quote)
        self.tell(MessagePosted("tea", message))
        return message_id

    def unread(self, member_id: str = "ann", mark: ReadMark = 0) -> list[str]:
        found = [call.message_id for call in self.calls.unread(member_id, mark)]
        again = RoomCalls(self.history, is_direct=self._is_direct)
        assert sorted(found) == sorted(call.message_id for call in again.unread(member_id, mark))
        assert self.calls.is_read(mark) == again.is_read(mark)
        return found


@pytest.fixture
def tea() -> Tea:
    return Tea()


def test_mentions_and_replies_call_and_others_do_not(tea: Tea):
    own = tea.post("ann")
    called = [tea.post("bob", "ann"), tea.post("cid", "all"), tea.post("bob", "cid", reply_to=own)]
    tea.post("bob")
    tea.post("ann", "ann", "all")
    tea.post("ann", reply_to=own)
    assert tea.unread("ann") == called
    assert [call.message_id for call in tea.calls.of("ann")] == called


def test_every_message_in_a_direct_room_calls_the_others():
    room = Tea(is_direct=True)
    plain, mention = room.post("bob"), room.post("bob", "ann")
    assert (room.unread("ann"), room.unread("bob")) == ([plain, mention], [])
    assert [call.message_id for call in room.calls.of("ann")] == [mention]


def test_read_messages_are_no_calls(tea: Tea):
    first, second = tea.post("bob", "ann"), tea.post("bob", "ann")
    marks = [None, 0, 1, 2, NOON - timedelta(1), NOON, NOON + timedelta(minutes=1)]
    both = [first, second]
    assert [tea.unread("ann", mark) for mark in marks] == [both, both, [second], [], both, [second], []]


@pytest.mark.parametrize(
    ("event", "left"),
    [
        (MessageDeleted("tea", BOB, BOB, NOON, "message01bob"), 1),
        (MessageDeleted("tea", BOB, BOB, NOON, "message00bob"), 2),
        (MessagesPurged("tea", ANN, BOB, NOON, ("message01bob", "message02bob")), 0),
        (HistoryCleared("tea", ANN, NOON), 0),
        (MessageEdited("tea", "message01bob", "@Cid", {"Cid": "cid"}, NOON), 1),
        (MessageEdited("tea", "message01bob", "@Ann?", {"Ann": "ann"}, NOON), 2),
        (MessageEdited("tea", "message00bob", "@Ann!", {"Ann": "ann"}, NOON), 3),
        (MessageEdited("tea", "message99bob", "@Ann!", {"Ann": "ann"}, NOON), 2),
        (ReactionAdded("tea", "message01bob", "👍", "ann", "Ann"), 2),
        (AuthorAnonymized("tea", "ann", "nobody", NOON), 0),
        (AuthorAnonymized("tea", "bob", "nobody", NOON), 2),
    ],
)
def test_changes_take_calls_back_or_add_them(tea: Tea, event: MessageEvent, left: int):
    for mentions in (), ("ann",), ("ann",):
        tea.post("bob", *mentions)
    tea.tell(event)
    assert len(tea.unread("ann")) == left


@pytest.mark.parametrize(("deleted", "is_read"), [("message02bob", True), ("message01bob", False)])
def test_room_is_read_again_once_its_newest_message_is_deleted(tea: Tea, deleted: str, is_read: bool):
    for _ in range(3):
        tea.post("bob")
    tea.tell(ReactionAdded("tea", "message00bob", "👍", "ann", "Ann"))
    assert (tea.calls.is_read(2), tea.calls.is_read(3)) == (False, True)
    tea.tell(MessageDeleted("tea", BOB, BOB, NOON, deleted))
    assert tea.calls.is_read(2) is is_read


def test_evicted_messages_call_no_longer():
    room = Tea(limit=2)
    ids = [room.post(author, "ann") for author in ("bob", "cid", "dan")]
    assert room.unread("ann") == ids[1:]


def test_newest_calls_are_kept():
    room = Tea()
    for number in range(MAX_CALLS + 5):
        room.post(f"bob{number}", "ann")
    assert [call.number for call in room.calls.of("ann")] == list(range(6, MAX_CALLS + 6))
