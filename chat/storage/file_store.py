"""The contract of stores of files."""

from collections.abc import AsyncIterator, Collection, Iterable, Set
from pathlib import Path
from typing import Protocol

from chat.domain.messages.attachment import Attachment, Upload


class FilesUnreachable(OSError):
    """The server that keeps files doesn't answer, or refuses."""


class StoredFile(Protocol):
    """A file of a message, to be read."""

    @property
    def size(self) -> int: ...

    def read(self, part: slice) -> AsyncIterator[bytes]:
        """Return a part of the file, in pieces. Raises `OSError`; before the first piece, `FileNotFoundError`."""


async def begin_reading(file: StoredFile, part: slice) -> AsyncIterator[bytes]:
    """Read the first piece of a part, and return all its pieces.

    So problems show before anything is sent. Raises `OSError`, such as `FileNotFoundError`.
    """
    pieces = file.read(part)
    first = await anext(pieces, b"")
    return _following(first, pieces)


async def _following(first: bytes, pieces: AsyncIterator[bytes]) -> AsyncIterator[bytes]:
    yield first
    async for piece in pieces:
        yield piece


class FileStore(Protocol):
    """Keeps the bytes of files: those that were uploaded, and those of messages, for each room by their `content`.

    A picture has a small one beside it. Another store keeps the pictures of people, by their ids in place of rooms'.
    All methods that wait raise `OSError`, such as `FilesUnreachable`.
    """

    @property
    def total(self) -> int:
        """The size of all files of messages, in bytes."""

    @property
    def rooms(self) -> Collection[str]:
        """The ids of all rooms that may have files."""

    def open(self) -> None:
        """Drop uploads that a former process left in the folder. Raises `StartupError`."""

    async def receive(self, upload_id: str, chunks: AsyncIterator[bytes]) -> tuple[str, int]:
        """Write an upload durably, and return its SHA-256 and size; nothing is left of one that fails."""

    def upload_path(self, upload_id: str) -> Path:
        """Return the path of an upload."""

    def small_path(self, upload_id: str) -> Path:
        """Return the path of the small picture of an upload, whether it exists or not."""

    async def replace_upload(self, upload_id: str, remade: Path) -> None:
        """Put a file that was made of an upload in its place."""

    async def share_upload(self, upload: Upload) -> Upload:
        """Let all processes of the chat find an upload. Its content may have another name then."""

    async def find_upload(self, upload_id: str) -> Upload | None:
        """Return an upload that another process has received."""

    async def drop_upload(self, upload_id: str) -> None:
        """Remove an upload."""

    async def keep(self, upload_id: str, room_id: str, content: str) -> None:
        """Make an upload durably a file of a room. It also remains an upload."""

    def note(self, room_id: str, attachments: Iterable[Attachment]) -> None:
        """Note the files of a message, which another process may have stored."""

    async def refresh(self) -> None:
        """Read the list of files again, if other processes may store files, too."""

    def contents(self, room_id: str) -> Set[str]:
        """Return the files of a room, but for those that another process may be storing for a message."""

    def newest(self, room_id: str) -> str:
        """Return the file of a room that was stored last, empty if there is none."""

    async def find(self, room_id: str, content: str, *, small: bool = False) -> StoredFile | None:
        """Return a file of a room."""

    def oldest(self, besides: Collection[str] = ()) -> tuple[str, str] | None:
        """Return the room and the content of the oldest file, `besides` those of some rooms."""

    async def remove(self, room_id: str, contents: Collection[str]) -> None:
        """Remove files of a room."""
