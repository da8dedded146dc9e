"""The audit log on disk: `audit.jsonl`, one line an act. It only grows; each line is on disk before the act is told."""

import os
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

from pydantic import TypeAdapter, ValidationError

from chat.domain.audit import Entry

_ENTRY = TypeAdapter(Entry)


class AuditLog:
    """One file for its owner's eyes only (0600). What is in it is never changed."""

    def __init__(self, path: Path) -> None:
        self.path = path.resolve()

    def append(self, entry: Entry) -> None:
        """Add a line, durably. Raises `OSError`, and then it is not there."""
        is_new = not self.path.exists()
        descriptor = os.open(self.path, os.O_RDWR | os.O_APPEND | os.O_CREAT, 0o600)
        try:
            size = os.fstat(descriptor).st_size
            # What a crash tore off stays, as a line of its own.
            torn = size > 0 and os.pread(descriptor, 1, size - 1) != b"\n"
            self._write(descriptor, b"\n" * torn + _ENTRY.dump_json(entry, exclude_defaults=True) + b"\n", size)
        finally:
            os.close(descriptor)
        if is_new:
            self._sync_folder()

    def content(self) -> bytes:
        """The whole file, to download. Raises `OSError`."""
        with suppress(FileNotFoundError):
            return self.path.read_bytes()
        return b""

    def latest(self, count: int = 200) -> list[Entry]:
        """The last entries, newest first; lines that are none are left out. Raises `OSError`."""
        return list(self._entries(self.content().splitlines()[-count:]))[::-1]

    def _entries(self, lines: list[bytes]) -> Iterator[Entry]:
        for line in lines:
            with suppress(ValidationError):
                yield _ENTRY.validate_json(line)

    def _write(self, descriptor: int, line: bytes, size: int) -> None:
        try:
            rest = memoryview(line)
            while rest:
                rest = rest[os.write(descriptor, rest) :]
            os.fsync(descriptor)
        except OSError:
            with suppress(OSError):
                os.ftruncate(descriptor, size)
            raise

    def _sync_folder(self) -> None:
        folder = os.open(self.path.parent, os.O_RDONLY)
        try:
            os.fsync(folder)
        finally:
            os.close(folder)
