"""A history with its files as a zip: made piece by piece, with names that every system can have beside each other."""

import io
from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from datetime import UTC, datetime
from hashlib import sha256
from pathlib import Path
from zipfile import ZIP_DEFLATED, ZIP_STORED, ZipFile

import pytest

from chat.domain.messages.attachment import NAME_LIMIT, Attachment
from chat.domain.messages.message import Message
from chat.state.archives import CHUNK, archive

NOON = datetime(2026, 5, 1, 12, tzinfo=UTC)
TEA, CUP = b"tea" * 1000, b"a cup"

Make = Callable[..., ZipFile]


def encode(pieces: Iterable[str]) -> Iterator[bytes]:
    return (piece.encode() for piece in pieces)


def file(name: str, content: bytes = TEA, **fields: object) -> Attachment:
    return replace(Attachment(sha256(content).hexdigest(), name, "text/plain", len(content)), **fields)


def message(number: int, *attachments: Attachment) -> Message:
    return Message(f"message{number:02}", "lobby", "ann", "Ann", f"text {number}", NOON, attachments=attachments)


@pytest.fixture
def find(tmp_path: Path) -> Callable[[str], Path | None]:
    for content in TEA, CUP:
        (tmp_path / sha256(content).hexdigest()).write_bytes(content)

    def found(content: str) -> Path | None:
        path = tmp_path / content
        return path if path.exists() else None

    return found


@pytest.fixture
def make(find: Callable) -> Make:
    def zipped(*messages: Message) -> ZipFile:
        pieces = archive("My Chat", messages, find, NOON, encode)
        return ZipFile(io.BytesIO(b"".join(pieces)))

    return zipped


def test_files_are_beside_the_text_that_names_them(make: Make):
    cup = file("cup.png", CUP, type="image/png", width=1, height=1, alt="A cup")
    found = make(message(1, file("tea.txt")), message(2), message(3, cup))
    assert found.testzip() is None
    assert found.namelist() == ["history.txt", "files/tea.txt", "files/cup.png"]
    lines = found.read("history.txt").decode().splitlines()
    assert lines[0] == "My Chat"
    assert [line.partition("Ann: ")[2] for line in lines[2:]] == [
        "text 1 [files/tea.txt]", "text 2", "text 3 [files/cup.png: A cup]"
    ]  # fmt: skip
    assert (found.read("files/tea.txt"), found.read("files/cup.png")) == (TEA, CUP)
    tea, picture = found.getinfo("files/tea.txt"), found.getinfo("files/cup.png")
    assert (tea.compress_type, picture.compress_type) == (ZIP_DEFLATED, ZIP_STORED)
    assert tea.date_time == (2026, 5, 1, 12, 0, 0)


NAMES = {
    "the same": (["tea.txt", "tea.txt", "tea.txt"], ["tea.txt", "tea (2).txt", "tea (3).txt"]),
    "in another case": (["Tea.txt", "TEA.TXT"], ["Tea.txt", "TEA (2).TXT"]),
    "taken by a number": (["tea.txt", "tea (2).txt", "tea.txt"], ["tea.txt", "tea (2).txt", "tea (3).txt"]),
    "without an extension": (["tea", "tea"], ["tea", "tea (2)"]),
    "of any letters": (["größe 🦊.txt", "größe 🦊.txt"], ["größe 🦊.txt", "größe 🦊 (2).txt"]),
    "elsewhere": (["../../etc/passwd", "C:\\tea.txt", "a\0b\u202etxt.exe"], ["passwd", "tea.txt", "abtxt.exe"]),
    "long": (["x" * NAME_LIMIT, "x" * NAME_LIMIT], ["x" * NAME_LIMIT, "x" * (NAME_LIMIT - 4) + " (2)"]),
}


@pytest.mark.parametrize(("names", "expected"), NAMES.values(), ids=NAMES)
def test_names_are_unique_and_clean(make: Make, names: list[str], expected: list[str]):
    found = make(*(message(number, file(name)) for number, name in enumerate(names)))
    assert found.namelist()[1:] == [f"files/{name}" for name in expected]


def test_removed_files_are_left_out(make: Make):
    found = make(message(1, file("gone.txt").removed(), file("vanished.txt", b"other")), message(2, file("gone.txt")))
    assert found.namelist() == ["history.txt", "files/gone.txt"]
    assert "[gone.txt] [files/vanished.txt]" in found.read("history.txt").decode()


def test_zip_is_never_whole_and_no_file_stays_open(find: Callable, tmp_path: Path):
    large = bytes(10 * CHUNK)
    path = tmp_path / sha256(large).hexdigest()
    path.write_bytes(large)
    stored = file("film.mp4", large, type="video/mp4")
    pieces = archive("My Chat", [message(1, stored), message(2, stored)], find, NOON, encode)
    sizes = [len(next(pieces)) for _ in range(5)]
    assert max(sizes) < 2 * CHUNK + 1000
    path.unlink()
    with pytest.raises(FileNotFoundError):
        b"".join(pieces)
