"""A broken or foreign `chat_log.json` is quarantined untouched, and the newest good backup is used."""

import json
from dataclasses import replace
from pathlib import Path

import pytest

from chat.domain.messages.events import ReactionAdded, numbered
from chat.storage.json_files.history.history_format import dump_event, parse_event, parse_log
from chat.storage.json_files.message_store import JsonMessageStore
from chat.storage.json_files.validation import Unreadable
from tests.storage.journaled import open_store, write
from tests.storage.samples import NOON, posted, texts

HALF = json.dumps({"version": 1, "messages": [{"id": "x"}]})
MESSAGE = '{"id": "message001", "room": "lobby", "author": "a", "name": "A", "text": "t", "at": "2026-05-01T12:30:15Z"'


def with_message(more: str) -> bytes:
    return f'{{"version": 3, "messages": [{MESSAGE}, {more}}}]}}'.encode()


BROKEN = {
    "empty": b"",
    "zeros": bytes(4096),
    "truncated": b'{\n  "version": 1,\n  "messages": [\n    {"id": "mess',
    "not json": b"Dear diary",
    "not utf-8": b'{"version": 1, "messages": [], "x": "\xff\xfe"}',
    "a list": b"[]",
    "null": b"null",
    "no version": b'{"messages": []}',
    "no messages": b'{"version": 1}',
    "half a message": HALF.encode(),
    "a file of another program with a version": b'{"version": "1.2.3", "name": "left-pad", "dependencies": {}}',
    "a file of another program with a number": b'{"version": 1, "name": "left-pad", "dependencies": {}}',
    "a file of another program with messages": b'{"version": 1, "messages": [], "contacts": ["Ann"]}',
    "mentions in a list": with_message('"mentions": ["ann"]'),
    "reactions without names": with_message('"reactions": {"\U0001f389": ["bob"]}'),
    "half a quote": with_message('"reply": {"id": "message000"}'),
    "edited never": with_message('"edited": "never"'),
    "an unknown kind": with_message('"kind": "sung"'),
    "a number as the topic": b'{"version": 3, "topic": 7, "messages": []}',
    "a number as the topic, version 2": b'{"version": 2, "topic": 7, "messages": []}',
    "the old name of a field": b'{"version": 3, "folded": 7, "messages": []}',
    "the name of a field in version 3": b'{"version": 4, "last": 7, "last_event": 7, "messages": []}',
    "no last number": b'{"version": 4, "messages": []}',
    "a negative last number": b'{"version": 4, "last": -1, "messages": []}',
    "a last number in quotes": b'{"version": 4, "last": "7", "messages": []}',
    "deep": b'{"version": 1, "messages": ' + b"[" * 100_000,
}
every_broken_file = pytest.mark.parametrize("content", BROKEN.values(), ids=BROKEN)


@every_broken_file
async def test_broken_or_foreign_file_is_quarantined_untouched(path: Path, content: bytes, limit: int):
    path.write_bytes(content)
    store = JsonMessageStore(path, limit)
    assert texts(store.load()) == []
    [quarantined] = path.parent.glob("*.corrupt-*")
    assert quarantined.read_bytes() == content
    assert (await store.check()).quarantined == quarantined.name
    await store.append([posted(1)])
    assert quarantined.read_bytes() == content


@every_broken_file
async def test_newest_good_backup_is_loaded(path: Path, content: bytes):
    await write(path, [posted(1), posted(2), posted(3)], 100)
    path.write_bytes(content)
    store = JsonMessageStore(path, 100)
    assert texts(store.load()) == ["Message 1", "Message 2"]
    assert (await store.check()).restored_from == "chat_log.json.backup-1"
    await store.close()
    assert texts(JsonMessageStore(path, 100).load()) == ["Message 1", "Message 2"]


async def test_backup_is_never_older_than_the_start_of_the_run(path: Path):
    await write(path, [posted(1)], 100)
    await write(path, [posted(2), posted(3)], 100)
    path.write_bytes(b"broken")
    path.with_name("chat_log.json.backup-1").write_bytes(b"broken")
    store = open_store(path, 100)
    assert (await store.check()).restored_from == "chat_log.json.backup-2"
    await store.close()
    assert texts(JsonMessageStore(path, 100).load()) == ["Message 1"]


HOSTILE = '"><img src=x onerror=alert(1)>'
FILE = {"content": "a" * 64, "name": "tea.txt", "type": "text/plain", "size": 3}
CHANGED = {
    "id": {"id": HOSTILE},
    "author": {"author": HOSTILE},
    "reaction": {"reactions": {HOSTILE: {"bob": "Bob"}}},
    "reactor": {"reactions": {"👍": {HOSTILE: "Bob"}}},
    "mention": {"mentions": {"Bob": HOSTILE}},
    "quoted id": {"reply": {"id": HOSTILE, "author": "bob", "name": "Bob", "text": "Hi"}},
    "first year": {"at": "0001-01-01T00:00:00+14:00"},
    "first year without a zone": {"at": "0001-01-01T00:00:00"},
    "last year": {"at": "9999-12-31T23:59:59-12:00"},
    "file outside its folder": {"attachments": [FILE | {"content": "../../accounts.json"}]},
    "file with a header in its type": {"attachments": [FILE | {"type": "text/plain\r\nSet-Cookie: a=b"}]},
    "placeholder with more than a picture": {"attachments": [FILE | {"placeholder": HOSTILE}]},
    "picture without a height": {"attachments": [FILE | {"width": 5}]},
    "file of a negative size": {"attachments": [FILE | {"size": -1}]},
    "preview of a script": {"link": "javascript:alert(1)", "preview": {"title": "Tea"}},
    "picture of a preview outside its folder": {"preview": {"title": "Tea", "picture": FILE | {"content": "../a"}}},
    "edited in the first year": {"edited": "0001-01-01T00:00:00Z"},
}


@pytest.mark.parametrize("change", CHANGED.values(), ids=CHANGED)
def test_changed_values_that_the_program_cannot_have_written_are_refused(change: dict[str, object]):
    message = {"id": "message01", "room": "lobby", "author": "ann", "name": "Ann", "text": "Hi", "at": str(NOON)}
    content = {"version": 6, "last": 1, "messages": [message | {"attachments": [FILE]}]}
    parse_log(json.dumps(content).encode())
    with pytest.raises(Unreadable):
        parse_log(json.dumps(content | {"messages": [message | change]}).encode())


@pytest.mark.parametrize("change", [{"emoji": HOSTILE}, {"member_id": HOSTILE}, {"message_id": HOSTILE}])
def test_changed_reactions_in_the_journal_are_refused(change: dict[str, str]):
    number, event = 1, ReactionAdded("lobby", "message01", "👍", "bob", "Bob")
    assert parse_event(dump_event(numbered(event, number))) == (number, event)
    with pytest.raises(Unreadable):
        parse_event(dump_event(numbered(replace(event, **change), number)))
