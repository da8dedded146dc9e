"""A broken or foreign `chat_log.json` is quarantined untouched, and the newest good backup is used."""

import json
from pathlib import Path

import pytest

from chat.storage.json_files.message_store import JsonMessageStore
from tests.storage.journaled import open_store, write
from tests.storage.samples import posted, texts

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
