"""Histories of earlier versions are read with all fields and written as the newest."""

import json
import shutil
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from chat.domain.messages.attachment import Attachment
from chat.domain.messages.message import Kind, Message, Quote
from chat.storage.json_files.stores import json_stores
from tests.storage.samples import LINK, NOON, PICTURE, PREVIEW, posted, texts
from tests.storage.version_2 import FIXTURES, LONG, VERSION_2, at

MORNING = datetime(2026, 11, 29, 9, 0, 0, 123456, UTC)


def version_of(path: Path) -> int:
    return json.loads(path.read_bytes())["version"]


def quarantined_in(folder: Path) -> list[Path]:
    return list(folder.glob("*.corrupt-*"))


MESSAGES = [
    Message(
        "olgamessage1", "lobby", "olga", "Ольга", "Good morning! 🦊", at(44),
        reactions={"🎉": {"ben": "Ben", "sso-5f2c91": "Sam Sso"}, "👍🏽": {"eve": "Eve"}},
    ),
    Message(
        "benmessage01", "lobby", "ben", "Ben", "@Ольга good morning, @Ada too: made *two* teas", at(45),
        reply=Quote("olgamessage1", "olga", "Ольга", "Good morning! 🦊"),
        mentions={"Ольга": "olga", "Ada": "ada"}, edited=at(54),
    ),
    Message("benmessage02", "lobby", "ben", "Ben", "pours tea 👋🏽", at(46), Kind.ACTION),
    Message("sammessage01", "lobby", "sso-5f2c91", "Sam Sso", 'مرحبا 👩‍👩‍👧‍👦 "quoted" \\ <b>', at(48)),
    Message("trudymessage", "lobby", "trudy", "Trudy", "No tea is good tea", at(60)),
    Message(
        "trudymessag2", "lobby", "trudy", "Trudy", "Nobody likes you, @Ben", at(61),
        reply=Quote("benmessage01", "ben", "Ben", "@Ольга good morning, @Ada too: made *two* teas"),
        mentions={"Ben": "ben"},
    ),
    Message("cidmessage01", "lobby", "cid", "Cid", "I was here", at(62)),
    Message(
        "adamessage01", "lobby", "ada", "Ada", "@all tea time", at(63),
        reply=Quote("trudymessage", "trudy", "Trudy", "No tea is good tea"), mentions={"all": "all"},
    ),
]  # fmt: skip


@pytest.mark.parametrize("limit", [100, LONG], ids=("rewritten", "journal"))
def test_history_of_version_2_is_loaded_with_all_its_fields(data_folder: Path, limit: int):
    history = json_stores(data_folder, limit).messages.load()
    assert list(history) == MESSAGES
    assert history.topic == "Tea & cake"


@pytest.mark.parametrize("limit", [LONG, 100], ids=("journal next", "rewritten next"))
def test_journal_of_version_2_is_compacted_as_version_2_would(long_folder: Path, limit: int):
    content = json.loads((VERSION_2 / "long_history_compacted.json").read_bytes())
    history = json_stores(long_folder, limit).messages.load()
    assert [without_defaults(message) for message in history] == content["messages"][-limit:]
    assert history.topic == content["topic"] == "Long talks, short words"
    compacted = json.loads((long_folder / "chat_log.json").read_bytes())
    assert compacted["version"] == 6
    assert [row["number"] for row in compacted["messages"]] == [message.number for message in history]
    assert [without_number(row) for row in compacted["messages"]] == content["messages"][-limit:]
    assert not (long_folder / "chat_log.json.journal").exists()


def without_number(row: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in row.items() if name != "number"}


def without_defaults(message: Message) -> dict[str, Any]:
    """Return a message as JSON without empty fields."""
    row: dict[str, Any] = {
        name: getattr(message, name) for name in ("id", "room", "author", "name", "text", "mentions", "reactions")
    }
    row["at"] = message.at.isoformat().replace("+00:00", "Z")
    row["kind"] = "action" if message.kind is Kind.ACTION else ""
    row["edited"] = message.edited and message.edited.isoformat().replace("+00:00", "Z")
    quote = message.reply
    row["reply"] = quote and {"id": quote.id, "author": quote.author, "name": quote.name, "text": quote.text}
    return {name: value for name, value in row.items() if value}


async def test_journal_continues_after_the_events_of_version_2(long_folder: Path):
    store = json_stores(long_folder, LONG).messages
    history = store.load()
    before, last = list(history), history.last
    await store.append([posted(200)])
    [line] = map(json.loads, (long_folder / "chat_log.json.journal").read_bytes().splitlines())
    assert (line["n"], line["version"]) == (last + 1, 6)
    await store.close()
    again = json_stores(long_folder, LONG).messages.load()
    assert list(again) == [*before, posted(200).message]


def test_broken_line_in_a_journal_of_version_2_is_quarantined(long_folder: Path):
    journal = long_folder / "chat_log.json.journal"
    lines = journal.read_bytes().splitlines(keepends=True)
    broken = b"".join([*lines[:3], lines[3].replace(b'"kind"', b'"what"'), *lines[4:]])
    journal.write_bytes(broken)
    history = json_stores(long_folder, LONG).messages.load()
    assert texts(history)[-2:] == ["Message 121", "Message 122"]
    [quarantined] = quarantined_in(long_folder)
    assert quarantined.read_bytes() == broken


FIRST_VERSION = [
    Message(message_id, "lobby", author, name, text, NOON + timedelta(seconds=seconds), kind)
    for message_id, author, name, text, seconds, kind in (
        ("firstmessage0", "ann", "Ann", "Hällo, schöne Grüße!", 0, Kind.TEXT),
        ("firstmessage1", "bob", "Bøb", "winkt 👋🏽", 37, Kind.ACTION),
        ("firstmessage2", "leila", "ليلى", "مرحبا بالجميع، كيف الحال؟", 74, Kind.TEXT),
        ("firstmessage3", "ann", "Ann", '👩‍👩‍👧‍👦 🦊\n\n\tsecond line "quoted" \\ <b>', 110.876544, Kind.TEXT),
        ("firstmessage4", "bob", "Bøb", "@Ann https://example.org/?a=1&b=2 `code`", 148, Kind.TEXT),
    )
]


@pytest.mark.parametrize("limit", [100, LONG], ids=("rewritten", "journal"))
async def test_history_of_version_1_is_loaded_and_written_as_version_6(tmp_path: Path, limit: int):
    path = shutil.copy(FIXTURES / "chat_log_v1.json", tmp_path / "chat_log.json")
    store = json_stores(tmp_path, limit).messages
    assert list(store.load()) == FIRST_VERSION
    assert path.read_bytes() == (FIXTURES / "chat_log_v1.json").read_bytes()
    await store.append([posted(1)])
    await store.close()
    assert version_of(path) == 6
    assert list(json_stores(tmp_path, limit).messages.load()) == [*FIRST_VERSION, posted(1).message]


VERSION_4 = [
    Message(
        "annmessage01", "lobby", "ann", "Ann", "Good *morning*! 🦊", MORNING + timedelta(seconds=1),
        reactions={"🎉": {"ben": "Бен"}},
    ),
    Message(
        "benmessage01", "lobby", "ben", "Бен", "@Ann hello", MORNING + timedelta(seconds=2),
        mentions={"Ann": "ann"}, edited=MORNING + timedelta(seconds=6),
    ),
    Message(
        "cidmessage01", "lobby", "cid", "Cid", "pours tea", MORNING + timedelta(seconds=4), Kind.ACTION,
        Quote("annmessage01", "ann", "Ann", "Good *morning*! 🦊"),
    ),
]  # fmt: skip
"""The history of the folders in `version_4`, written by the program at commit d03293d."""


@pytest.mark.parametrize(("folder", "limit"), [("short", 100), ("long_history", LONG), ("long_history", 100)])
async def test_history_of_version_4_keeps_its_numbers_and_is_written_as_version_6(
    tmp_path: Path, folder: str, limit: int
):
    copy = shutil.copytree(FIXTURES / "version_4" / folder, tmp_path / "data")
    store = json_stores(copy, limit).messages
    history = store.load()
    assert list(history) == VERSION_4
    assert (history.topic, history.last, [message.number for message in history]) == ("Tea", 6, [1, 2, 4])
    await store.append([posted(1, "", attachments=(PICTURE,))])
    await store.close()
    assert version_of(copy / "chat_log.json") == 6
    again = json_stores(copy, limit).messages.load()
    assert list(again) == [*VERSION_4, posted(1, "", attachments=(PICTURE,)).message]
    assert again.last == 7


TEXT = Attachment("1b" * 32, "tea.txt", "text/plain", 3)
VERSION_5 = [
    Message(
        "annmessage01", "lobby", "ann", "Ann", "See https://example.org/tea, please", MORNING + timedelta(seconds=1),
        reactions={"🎉": {"ben": "Бен"}}, edited=MORNING + timedelta(seconds=4),
    ),
    Message(
        "benmessage01", "lobby", "ben", "Бен", "", MORNING + timedelta(seconds=2),
        attachments=(replace(PICTURE, alt="Two cups"), TEXT),
    ),
    Message(
        "cidmessage01", "lobby", "cid", "Cid", "Gone soon", MORNING + timedelta(seconds=5),
        reply=Quote("annmessage01", "ann", "Ann", "See https://example.org/tea, please"), attachments=(TEXT.removed(),),
    ),
]  # fmt: skip
"""The history of the folders in `version_5`, written by the program at commit ed6907c."""


@pytest.mark.parametrize(("folder", "limit"), [("short", 100), ("long_history", LONG), ("long_history", 100)])
async def test_history_of_version_5_keeps_its_files_and_is_written_as_version_6(
    tmp_path: Path, folder: str, limit: int
):
    copy = shutil.copytree(FIXTURES / "version_5" / folder, tmp_path / "data")
    store = json_stores(copy, limit).messages
    history = store.load()
    assert list(history) == VERSION_5
    assert (history.topic, history.last, [message.number for message in history]) == ("Tea", 8, [1, 2, 6])
    with_preview = posted(1, f"See {LINK}", link=LINK, preview=PREVIEW)
    await store.append([with_preview])
    await store.close()
    assert version_of(copy / "chat_log.json") == 6
    assert list(json_stores(copy, limit).messages.load()) == [*VERSION_5, with_preview.message]
