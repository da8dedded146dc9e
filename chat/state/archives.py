"""A history with its files as a zip, which is made while it is read: it is never whole, in memory or on the disk."""

import io
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from zipfile import ZIP_DEFLATED, ZIP_STORED, ZipFile, ZipInfo

from chat.domain.messages.attachment import Attachment, clean_file_name, numbered_name
from chat.domain.messages.message import Message
from chat.text.export import as_text

CHUNK = 256_000  # bytes
HISTORY, FILES = "history.txt", "files/"
EARLIEST = (1980, 1, 1, 0, 0, 0)  # that a zip can have

Find = Callable[[str], Path | None]
"""Returns where a file is by its SHA-256, None once it was removed."""

Considerately = Callable[[Iterable[str]], Iterator[bytes]]


def archive(
    title: str, messages: Sequence[Message], find: Find, now: datetime, considerately: Considerately
) -> Iterator[bytes]:
    """Yield the zip piece by piece. Raises `OSError` if a file is removed while it is read."""
    messages = _with_unique_names(messages)
    out = _Outlet()
    with ZipFile(out, "w") as target:
        for entry, pieces in _entries(messages, find, _entry(HISTORY, now), considerately(as_text(title, messages))):
            with target.open(entry, "w") as file:
                for piece in pieces:
                    file.write(piece)
                    if out.size >= CHUNK:
                        yield out.take()
    yield out.take()


class _Outlet(io.RawIOBase):
    """A file that can only be written, and forgets what was taken out."""

    def __init__(self) -> None:
        self._content = bytearray()

    @property
    def size(self) -> int:
        return len(self._content)

    def writable(self) -> bool:
        return True

    def write(self, data: "bytes | bytearray | memoryview") -> int:  # type: ignore[override]
        self._content += data
        return len(data)

    def take(self) -> bytes:
        taken = bytes(self._content)
        self._content.clear()
        return taken


def _with_unique_names(messages: Sequence[Message]) -> list[Message]:
    """Return the messages with the names that their files have in the zip."""
    taken = set[str]()
    return [replace(message, attachments=_named(message.attachments, taken)) for message in messages]


def _named(attachments: Sequence[Attachment], taken: set[str]) -> tuple[Attachment, ...]:
    named = []
    for attachment in attachments:
        if not attachment.content:
            named.append(attachment)
            continue
        name = own_name = clean_file_name(attachment.name)
        number = 1
        while name.casefold() in taken:
            number += 1
            name = numbered_name(own_name, number)
        taken.add(name.casefold())
        named.append(replace(attachment, name=FILES + name))
    return tuple(named)


def _entries(
    messages: Iterable[Message], find: Find, history: ZipInfo, text: Iterable[bytes]
) -> Iterator[tuple[ZipInfo, Iterable[bytes]]]:
    yield history, text
    for message in messages:
        for attachment in message.attachments:
            path = find(attachment.content) if attachment.content else None
            if path:
                yield _entry(attachment.name, message.at, attachment), _pieces(path)


def _entry(name: str, at: datetime, attachment: Attachment | None = None) -> ZipInfo:
    entry = ZipInfo(name, max(at.timetuple()[:6], EARLIEST))
    entry.file_size = attachment.size if attachment else 0
    is_compressed = attachment is not None and (attachment.is_picture or attachment.is_played)
    entry.compress_type = ZIP_STORED if is_compressed else ZIP_DEFLATED
    return entry


def _pieces(path: Path) -> Iterator[bytes]:
    """Yield the content of a file, which isn't kept open for slow readers."""
    start = 0
    while True:
        with path.open("rb") as file:
            file.seek(start)
            piece = file.read(CHUNK)
        if not piece:
            return
        yield piece
        start += len(piece)
