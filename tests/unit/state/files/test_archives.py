"""A history with its files as a zip: made piece by piece, with names that every system can have beside each other."""

import io
from collections.abc import AsyncIterator, Awaitable, Callable, Iterable
from dataclasses import replace
from datetime import UTC, datetime
from hashlib import sha256
from pathlib import Path
from zipfile import ZIP_DEFLATED, ZIP_STORED, ZipFile

import pytest

from chat.domain.messages.attachment import NAME_LIMIT, Attachment, numbered_name
from chat.domain.messages.link_preview import LinkPreview
from chat.domain.messages.message import Message
from chat.state.files import archives
from chat.state.files.archives import CHUNK, Find, archive
from chat.storage.file_store import FilesUnreachable
from chat.storage.files_folder import FolderFile

NOON = datetime(2026, 5, 1, 12, tzinfo=UTC)
TEA, CUP = b"tea" * 1000, b"a cup"

Make = Callable[..., Awaitable[ZipFile]]


async def encode(pieces: Iterable[str]) -> AsyncIterator[bytes]:
    for piece in pieces:
        yield piece.encode()


def file(name: str, content: bytes = TEA, **fields: object) -> Attachment:
    return replace(Attachment(sha256(content).hexdigest(), name, "text/plain", len(content)), **fields)


def message(number: int, *attachments: Attachment) -> Message:
    return Message(f"message{number:02}", "lobby", "ann", "Ann", f"text {number}", NOON, attachments=attachments)


@pytest.fixture
def find(tmp_path: Path) -> Find:
    for content in TEA, CUP:
        (tmp_path / sha256(content).hexdigest()).write_bytes(content)

    async def found(content: str) -> FolderFile | None:
        path = tmp_path / content
        return FolderFile(path, path.stat().st_size) if path.exists() else None

    return found


@pytest.fixture
def make(find: Find) -> Make:
    async def zipped(*messages: Message) -> ZipFile:
        pieces = [piece async for piece in archive("My Chat", messages, find, NOON, encode)]
        return ZipFile(io.BytesIO(b"".join(pieces)))

    return zipped


async def test_files_are_beside_the_text_that_names_them(make: Make):
    cup = file("cup.png", CUP, type="image/png", width=1, height=1, alt="A cup")
    found = await make(message(1, file("tea.txt")), message(2), message(3, cup))
    assert found.testzip() is None
    assert found.namelist() == ["history.txt", "files/tea.txt", "files/cup.png"]
    lines = found.read("history.txt").decode().splitlines()
    assert lines[0] == "My Chat"
    assert [line.partition("Ann: ")[2] for line in lines[2:]] == [
        "text 1 [files/tea.txt]",
        "text 2",
        "text 3 [files/cup.png: A cup]",
    ]
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
async def test_names_are_unique_and_clean(make: Make, names: list[str], expected: list[str]):
    found = await make(*(message(number, file(name)) for number, name in enumerate(names)))
    assert found.namelist()[1:] == [f"files/{name}" for name in expected]


async def test_removed_files_are_left_out(make: Make):
    found = await make(
        message(1, file("gone.txt").removed(), file("vanished.txt", b"other")), message(2, file("gone.txt"))
    )
    assert found.namelist() == ["history.txt", "files/gone.txt"]
    assert "[gone.txt] [files/vanished.txt]" in found.read("history.txt").decode()


async def test_pictures_of_links_are_left_out(make: Make):
    preview = LinkPreview(
        "Cups", site="cups.example", picture=file("cup.png", CUP, type="image/png", width=1, height=1)
    )
    found = await make(replace(message(1, file("tea.txt")), preview=preview))
    assert found.namelist() == ["history.txt", "files/tea.txt"]


async def test_zip_is_never_whole(find: Find, tmp_path: Path):
    large = bytes(10 * CHUNK)
    (tmp_path / sha256(large).hexdigest()).write_bytes(large)
    pieces = archive("My Chat", [message(1, file("film.mp4", large, type="video/mp4"))], find, NOON, encode)
    sizes = [len(piece) async for piece in pieces]
    assert sum(sizes) > len(large)
    assert max(sizes) < 2 * CHUNK + 1000


async def test_zip_ends_with_an_error_if_a_file_cannot_be_read_to_its_end(find: Find):
    class Cut:
        size = 10 * CHUNK

        async def read(self, part: slice) -> AsyncIterator[bytes]:
            yield bytes(2 * CHUNK)
            raise FilesUnreachable

    async def find_cut(content: str) -> Cut:
        return Cut()

    pieces = archive("My Chat", [message(1, file("film.mp4", type="video/mp4"))], find_cut, NOON, encode)
    assert len(await anext(pieces)) > CHUNK
    with pytest.raises(FilesUnreachable):
        await anext(pieces)


@pytest.mark.parametrize(
    "names",
    [["tea.txt"] * 200, [f"{'x' * (NAME_LIMIT - 3)}{number:03}" for number in range(100) for _ in range(2)]],
    ids=["the same", "the same but for their ends, which numbers replace"],
)
async def test_many_names_take_no_longer_than_they_are_many(
    make: Make, names: list[str], monkeypatch: pytest.MonkeyPatch
):
    tried: list[str] = []

    def numbered(name: str, number: int) -> str:
        tried.append(numbered_name(name, number))
        return tried[-1]

    monkeypatch.setattr(archives, "numbered_name", numbered)
    found = await make(message(1, *map(file, names)))
    assert len(set(found.namelist())) == 1 + len(names)
    assert len(tried) <= 3 * len(names)
