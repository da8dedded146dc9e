"""A journal: numbered events that are not in the file beside it yet, one per line."""

import os
from collections.abc import Callable, Sequence
from contextlib import suppress
from pathlib import Path
from typing import TypeVar

import structlog

from chat.domain.errors import StartupError
from chat.storage.json_files.disk.atomic_file import AtomicFile
from chat.storage.json_files.disk.disk import open_to_append, read_file, sync_folder, write_all
from chat.storage.json_files.validation import Unreadable, in_utf8

PROBE_SIZE = 4096

E = TypeVar("E")

log = structlog.get_logger()


class ExternallyModified(Exception):
    """Another program changed or removed the journal. All events must be written elsewhere, and then it be emptied."""


class Journal(AtomicFile):
    """A file of lines; each append is one write and one fsync."""

    def __init__(self, path: Path) -> None:
        super().__init__(path, keeps_backups=False)
        self.path = path  # not resolved: it is beside the file that a link leads to, and no link itself
        self._temporary = path.with_name(f"{path.name}.tmp")
        self._lines: list[tuple[int, int]] = []  # number and length of each line
        self._broken = ""

    @property
    def exists(self) -> bool:
        return self._identity() is not None

    def load(self, parse: Callable[[bytes], E]) -> list[E]:
        """Return the parsed lines up to the first broken one, oldest first; changes nothing.

        Raises `OSError`, and `StartupError` for events that this program does not know.
        """
        events: list[E] = []
        if not self.exists:
            return events
        *lines, torn = in_utf8(read_file(self.path)).split(b"\n")
        self._own_identity = self._identity()
        for place, line in enumerate(lines, 1):
            try:
                events.append(parse(line))
            except Unreadable as problem:
                self._broken = f"line {place}: {problem}"
                return events
            except StartupError as problem:
                raise StartupError(f"{self.path.name}, line {place}: {problem}") from None
        if torn:
            log.warning("journal ends in the middle of a line, which is dropped", file=self.path.name, length=len(torn))
        return events

    def append(self, lines: Sequence[tuple[int, bytes]]) -> None:
        """Append lines durably, each with the number of its event.

        Raises `OSError` or `ExternallyModified`; then none of them is in the file.
        """
        if self.is_changed:
            raise ExternallyModified
        descriptor = open_to_append(self.path)
        try:
            write_all(descriptor, b"".join(line for _, line in lines))
            if self._own_identity is None:
                sync_folder(self.path.parent)
            self._own_identity = self._identity()
        except OSError:
            with suppress(OSError):  # if this fails too, the next append finds the file modified
                self._cut_back(descriptor)
            raise
        finally:
            os.close(descriptor)
        self._lines += [(number, len(line)) for number, line in lines]

    def drop(self, number: int) -> None:
        """Remove the events up to `number`. Raises `OSError`."""
        kept = [(other, length) for other, length in self._lines if other > number]
        if not kept:
            self.empty()
        elif self._identity() == self._own_identity:
            self.write([read_file(self.path)[-sum(length for _, length in kept) :]])
            self._lines = kept

    def empty(self) -> None:
        """Remove all events; a file with a broken line is quarantined. Raises `OSError`."""
        if self._broken:
            self.quarantine(self._broken)
            self._broken = ""
        self._preserve_external_changes()
        for left in (self.path, self._temporary):
            left.unlink(missing_ok=True)
        self._own_identity = None
        self._lines = []
        sync_folder(self.path.parent)

    def check(self) -> None:
        """Check whether events could be appended, changing nothing. Raises `OSError`."""
        self.probe([bytes(PROBE_SIZE)])
        if self.exists:
            os.close(open_to_append(self.path))

    def _cut_back(self, descriptor: int) -> None:
        if self._own_identity is None:
            self.path.unlink()
            return
        _, size, _ = self._own_identity
        os.ftruncate(descriptor, size)
        os.fsync(descriptor)
        self._own_identity = self._identity()
