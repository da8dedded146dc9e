"""Deleted, cleared and anonymized content is in no file once its event is stored."""

from dataclasses import replace
from pathlib import Path

import pytest

from chat.domain.messages.events import AuthorAnonymized, MessageEvent, MessagesPurged, TopicChanged
from chat.domain.users import UserRef
from chat.storage.json_files.message_store import JsonMessageStore
from tests.storage.journaled import append_each, open_store, write
from tests.storage.samples import ANN, BOB, CLEARED, NOON, deleted, edited, message_id, posted, reacted

ZELDA = UserRef("id-of-zelda", "Zelda")
PURGED = MessagesPurged("lobby", BOB, ANN, NOON, (message_id(1), message_id(2)))


def files_with(path: Path, word: bytes) -> list[str]:
    return [file.name for file in path.parent.iterdir() if word in file.read_bytes()]


@pytest.mark.parametrize("erasing", [CLEARED, deleted(1), PURGED], ids=("cleared", "deleted", "purged"))
async def test_erased_messages_are_in_no_file(path: Path, limit: int, erasing: MessageEvent):
    await write(path, [posted(1, "a secret"), posted(2)], limit)
    await write(path, [posted(3)], limit)
    store = open_store(path, limit)
    await append_each(store, [posted(4), posted(5), edited(1, "another secret"), posted(6)])
    assert files_with(path, b"secret")
    await store.append([erasing])
    assert files_with(path, b"secret") == []
    assert list(path.parent.glob("*.backup-*")) == []


async def test_anonymized_author_is_in_no_file(path: Path, limit: int):
    first = posted(1, author=ZELDA.id, name=ZELDA.name)
    await write(path, [first], limit)
    store = open_store(path, limit)
    await append_each(
        store,
        [
            reacted(1, "🎉", ZELDA),
            posted(2, reply=first.message.quote),
            TopicChanged("lobby", ZELDA, NOON, "Tea"),
            posted(3, "@Zelda Hi", mentions={"Zelda": ZELDA.id}),
        ],
    )
    await store.append([AuthorAnonymized("lobby", ZELDA.id, "x1y2", NOON)])
    assert files_with(path, b"elda") == []
    await store.close()
    assert [(message.author, message.name) for message in JsonMessageStore(path, limit).load()] == [
        ("x1y2", "Anonymous"),
        ("ann", "Ann"),
        ("ann", "Ann"),
    ]


async def test_quote_of_a_deleted_message_is_erased_with_it(path: Path, limit: int):
    store = open_store(path, limit)
    quote = posted(1, "a secret").message.quote
    await append_each(store, [posted(1, "a secret"), posted(2, reply=quote), deleted(1)])
    assert files_with(path, b"secret") == []
    await store.close()
    [answer] = JsonMessageStore(path, limit).load()
    assert answer.reply == replace(quote, text="")
