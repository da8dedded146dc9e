"""A history with its files as a zip, which is made while it is read: it is never whole, in memory or on the disk."""

import asyncio
import io
from collections import Counter
from collections.abc import AsyncGenerator, AsyncIterator, Awaitable, Callable, Iterable, Sequence
from contextlib import suppress
from dataclasses import replace
from datetime import datetime
from zipfile import ZIP_DEFLATED, ZIP_STORED, ZipFile, ZipInfo

from chat.domain.messages.attachment import Attachment, clean_file_name, numbered_name
from chat.domain.messages.message import Message
from chat.storage.file_store import StoredFile, begin_reading
from chat.text.export import as_text

CHUNK = 256_000  # bytes
HISTORY, FILES = "history.txt", "files/"
EARLIEST = (1980, 1, 1, 0, 0, 0)  # that a zip can have

Find = Callable[[str], Awaitable[StoredFile | None]]
"""Returns a file by its content, None once it was removed."""

InThread = Callable[[Iterable[str]], AsyncIterator[bytes]]
"""Renders a text without delaying the chat."""


async def archive(
    title: str, messages: Sequence[Message], find: Find, now: datetime, in_thread: InThread
) -> AsyncGenerator[bytes]:
    """Yield the zip piece by piece, without the pictures of links. Raises `OSError` if a file can't be read."""
    messages = _with_unique_names(messages)
    out = _Outlet()
    with ZipFile(out, "w") as target:
        async for entry, pieces in _entries(messages, find, _entry(HISTORY, now), in_thread(as_text(title, messages))):
            with target.open(entry, "w") as file:
                async for piece in pieces:
                    await asyncio.to_thread(file.write, piece)
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
    names = _Names()
    return [replace(message, attachments=tuple(map(names.named, message.attachments))) for message in messages]


class _Names:
    """Gives each file a name of its own. It goes on from the last number of a name: there may be thousands of it."""

    def __init__(self) -> None:
        self._taken: set[str] = set()
        self._numbers: Counter[str] = Counter()

    def named(self, attachment: Attachment) -> Attachment:
        if not attachment.content:
            return attachment
        name = own_name = clean_file_name(attachment.name)
        if name.casefold() in self._taken:
            first = numbered_name(own_name, 2).casefold()  # the same for long names with other ends
            while name.casefold() in self._taken:
                self._numbers[first] += 1
                name = numbered_name(own_name, 1 + self._numbers[first])
        self._taken.add(name.casefold())
        return replace(attachment, name=FILES + name)


async def _entries(
    messages: Iterable[Message], find: Find, history: ZipInfo, text: AsyncIterator[bytes]
) -> AsyncIterator[tuple[ZipInfo, AsyncIterator[bytes]]]:
    yield history, text
    for message in messages:
        for attachment in message.attachments:
            file = await find(attachment.content) if attachment.content else None
            if file:
                with suppress(FileNotFoundError):  # it was just removed
                    pieces = await begin_reading(file, slice(0, file.size))
                    yield _entry(attachment.name, message.at, attachment), pieces


def _entry(name: str, at: datetime, attachment: Attachment | None = None) -> ZipInfo:
    entry = ZipInfo(name, max(at.timetuple()[:6], EARLIEST))
    entry.file_size = attachment.size if attachment else 0
    is_compressed = attachment is not None and (attachment.is_picture or attachment.is_played)
    entry.compress_type = ZIP_STORED if is_compressed else ZIP_DEFLATED
    return entry
