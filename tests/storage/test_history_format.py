"""Events as journal lines, in the current version and in version 2."""

import json
from datetime import timedelta
from types import SimpleNamespace
from typing import get_args

import pytest

from chat.domain.messages.events import (
    AuthorAnonymized,
    HistoryCleared,
    MessageDeleted,
    MessageEdited,
    MessageEvent,
    MessagePosted,
    ReactionAdded,
    ReactionRemoved,
    TopicChanged,
    numbered,
)
from chat.domain.messages.history import History
from chat.domain.messages.message import Kind, Message, Quote
from chat.domain.users import UserRef
from chat.storage.json_files.history import history_format
from chat.storage.json_files.history.history_format import (
    MESSAGES_PER_CHUNK,
    LogDumper,
    dump_event,
    dump_log,
    parse_event,
    parse_log,
)
from chat.storage.json_files.validation import Unreadable
from tests.storage.samples import ANN, CLEARED, FILES, LIFE, NOON, PREVIEWS, message_id, posted, reacted

FULL = Message(
    "message001",
    "lobby",
    "ann",
    "Änn",
    'مرحبا 🦊\n\t"<b>"\\\u2028@Bob',
    NOON,
    Kind.ACTION,
    Quote("message000", "bob", "Bob", "what?"),
    {"Bob": "bob"},
    {"👍🏽": {"bob": "Bob"}},
    NOON + timedelta(seconds=1),
)
EVENTS: list[MessageEvent] = [MessagePosted("lobby", FULL), *LIFE, *FILES, *PREVIEWS, CLEARED]
every_event = pytest.mark.parametrize("event", EVENTS, ids=lambda event: type(event).__name__)


def test_line_is_readable_and_names_its_kind():
    line = dump_event(numbered(posted(1), 17)).decode()
    assert line.startswith(
        '{"n":17,"version":6,"kind":"MessagePosted","room_id":"lobby","message":{"id":"message00001"'
    )
    assert line.endswith("}\n")
    assert json.loads(line)["message"]["at"] == "2026-05-01T12:30:15.123456Z"
    assert "مرحبا 🦊" in dump_event(MessagePosted("lobby", FULL)).decode()


@every_event
def test_event_survives_a_round_trip(event: MessageEvent):
    line = dump_event(numbered(event, 5))
    assert line.count(b"\n") == 1
    number, found = parse_event(line)
    assert (number, found, found.number) == (5, event, 5)
    assert not isinstance(found, MessagePosted) or found.message.number == 5


def test_every_kind_of_event_is_in_the_sample():
    assert {type(event) for event in EVENTS} == set(get_args(MessageEvent))


@every_event
def test_times_are_read_in_utc(event: MessageEvent):
    line = dump_event(numbered(event, 5)).replace(b"T12:30:", b"T14:30:").replace(b'Z"', b'+02:00"')
    assert parse_event(line) == (5, event)
    found = parse_event(line.replace(b"+02:00", b""))[1]
    at = found.message.at if isinstance(found, MessagePosted) else getattr(found, "at", NOON)
    assert at.utcoffset() == timedelta(0)


def test_long_history_is_dumped_in_chunks():
    history = History(10_000, (posted(number).message for number in range(10_000)))
    assert max(chunk.count(b'"id"') for chunk in dump_log(history)) == MESSAGES_PER_CHUNK


def test_content_is_the_same_whatever_was_dumped_before():
    history, dumper = History(3), LogDumper()
    for number, event in enumerate(EVENTS, 1):
        history.apply(numbered(event, number))
        content = b"".join(dumper.dump(history))
        assert content == b"".join(dump_log(history))
        assert parse_log(content).messages == list(history)


def test_only_changed_messages_are_dumped_again(monkeypatch: pytest.MonkeyPatch):
    history, dumper = History(3, (posted(number).message for number in range(3))), LogDumper()
    list(dumper.dump(history))
    history.apply(reacted(1, "🎉"))
    history.apply(posted(3))
    dumped: list[Message] = []

    def dump_json(message: Message, **_options: object) -> bytes:
        dumped.append(message)
        return b"{}"

    monkeypatch.setattr(history_format, "_MESSAGES", SimpleNamespace(dump_json=dump_json))
    list(dumper.dump(history))
    assert [message.id for message in dumped] == [message_id(1), message_id(3)]


VERSION_2: dict[str, tuple[dict[str, object], MessageEvent]] = {
    "MessagePosted": ({"message": {
        "id": "message001", "room": "lobby", "author": "ann", "name": "Ann", "text": "Hi", "at": NOON.isoformat(),
    }}, MessagePosted("lobby", Message("message001", "lobby", "ann", "Ann", "Hi", NOON))),
    "MessageEdited": (
        {"message": "message001", "text": "Ho", "mentions": {"Bob": "bob"}, "at": NOON.isoformat()},
        MessageEdited("lobby", "message001", "Ho", {"Bob": "bob"}, NOON),
    ),
    "Reacted on": (
        {"message": "message001", "emoji": "🎉", "member": "bob", "name": "Bob", "on": True},
        ReactionAdded("lobby", "message001", "🎉", "bob", "Bob"),
    ),
    "Reacted off": (
        {"message": "message001", "emoji": "🎉", "member": "bob", "name": "Bob", "on": False},
        ReactionRemoved("lobby", "message001", "🎉", "bob"),
    ),
    "TopicChanged": (
        {"topic": "Tea", "by": "ann", "name": "Ann", "at": NOON.isoformat()},
        TopicChanged("lobby", ANN, NOON, "Tea"),
    ),
    "HistoryCleared": (
        {"by": "ann", "name": "Ann", "at": NOON.isoformat()},
        HistoryCleared("lobby", ANN, NOON),
    ),
    "AuthorAnonymised": (
        {"author": "ann", "alias": "x1y2", "at": NOON.isoformat()},
        AuthorAnonymized("lobby", "ann", "x1y2", NOON),
    ),
}  # fmt: skip


def line_of_version_2(kind: str, content: dict[str, object]) -> bytes:
    return json.dumps({"n": 7, "version": 2, "kind": kind.split(maxsplit=1)[0], "room": "lobby", **content}).encode()


@pytest.mark.parametrize("kind", VERSION_2)
def test_line_of_version_2_is_read_as_its_event(kind: str):
    content, event = VERSION_2[kind]
    assert parse_event(line_of_version_2(kind, content)) == (7, event)


def test_deletion_of_version_2_is_read_without_a_time_and_names():
    number, event = parse_event(line_of_version_2("MessageDeleted", {"message": "message001", "by": "ann"}))
    assert number == 7
    assert isinstance(event, MessageDeleted)
    assert (event.room_id, event.message_id, event.actor) == ("lobby", "message001", UserRef("ann", ""))


@pytest.mark.parametrize(
    ("kind", "missing"), [(kind, field) for kind, (content, _) in VERSION_2.items() for field in content]
)
def test_line_of_version_2_without_a_field_is_unreadable(kind: str, missing: str):
    content = {field: value for field, value in VERSION_2[kind][0].items() if field != missing}
    if (kind, missing) == ("Reacted off", "name"):
        assert parse_event(line_of_version_2(kind, content))  # the name is ignored
        return
    with pytest.raises(Unreadable):
        parse_event(line_of_version_2(kind, content))
