"""The journal: facts that are not in `chat_log.json` yet, one in a line, numbered."""

import os
from collections.abc import Iterable
from contextlib import suppress
from pathlib import Path

import structlog

from chat.domain.errors import StartupError
from chat.domain.events import DurableEvent
from chat.storage.json_files.atomic_file import AtomicFile, Unreadable
from chat.storage.json_files.history_format import dump_event, parse_event

ROOM_TO_PROBE = 4096

Numbered = tuple[int, DurableEvent]

log = structlog.get_logger()


class ExternallyModified(Exception):
    """Another program has changed or removed the journal: what was in it must be written elsewhere."""


class Journal(AtomicFile):
    """A file that grows by lines; each append is one write and one fsync."""

    def __init__(self, path: Path) -> None:
        super().__init__(path, keeps_backups=False)
        self._lines: list[tuple[int, int]] = []  # the number and the length of each
        self._broken = ""

    @property
    def exists(self) -> bool:
        """Whether there is a file."""
        return self._identity() is not None

    def load(self) -> list[Numbered]:
        """The facts up to the first broken line, oldest first. Changes nothing; `empty` it when they are in the file.

        Raises `OSError`, and `StartupError` for facts that this program does not know.
        """
        events: list[Numbered] = []
        if not self.exists:
            return events
        *lines, torn = self.path.read_bytes().split(b"\n")
        self._ours = self._identity()
        for place, line in enumerate(lines, 1):
            try:
                events.append(parse_event(line))
            except Unreadable as problem:
                self._broken = f"line {place}: {problem}"
                return events
            except StartupError as problem:
                raise StartupError(f"{self.path.name}, line {place}: {problem}") from None
        if torn:
            log.warning("journal ends within a line, which is dropped", file=self.path.name, length=len(torn))
        return events

    def append(self, events: Iterable[Numbered]) -> None:
        """Add facts, durably. Raises `OSError`, and then none of them is in the file; or `ExternallyModified`."""
        if self._identity() != self._ours:
            self._keep_what_others_wrote()
            raise ExternallyModified
        lines = [(number, dump_event(number, event)) for number, event in events]
        descriptor = os.open(self.path, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o666)
        try:
            self._write_all(descriptor, b"".join(line for _, line in lines))
        except OSError:
            with suppress(OSError):  # where even this fails, the next append finds the file disturbed
                self._cut_back(descriptor)
            raise
        finally:
            os.close(descriptor)
        self._lines += [(number, len(line)) for number, line in lines]

    def drop(self, number: int) -> None:
        """Let go of the facts up to `number`. Raises `OSError`."""
        kept = [(other, length) for other, length in self._lines if other > number]
        if not kept:
            self.empty()
        elif self._identity() == self._ours:
            self.write([self.path.read_bytes()[-sum(length for _, length in kept) :]])
            self._lines = kept

    def empty(self) -> None:
        """Let go of everything; a file with a broken line is kept aside. Raises `OSError`."""
        if self._broken:
            self.quarantine(self._broken)
            self._broken = ""
        self._keep_what_others_wrote()
        for left in (self.path, self._beside(".tmp")):
            left.unlink(missing_ok=True)
        self._ours = None
        self._lines = []
        self._sync_folder()

    def check(self) -> None:
        """Find out whether facts could be added, changing nothing. Raises `OSError`."""
        self.probe([bytes(ROOM_TO_PROBE)])

    def _write_all(self, descriptor: int, data: bytes) -> None:
        # Not through a buffer, which would be written again on closing, behind what was cut back.
        rest = memoryview(data)
        while rest:
            rest = rest[os.write(descriptor, rest) :]
        os.fsync(descriptor)
        if self._ours is None:
            self._sync_folder()
        self._ours = self._identity()

    def _cut_back(self, descriptor: int) -> None:
        if self._ours is None:
            self.path.unlink()
            return
        _, size, _ = self._ours
        os.ftruncate(descriptor, size)
        os.fsync(descriptor)
        self._ours = self._identity()
