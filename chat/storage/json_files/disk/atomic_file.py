"""A file that survives a crash at any moment, keeps backups, and never overwrites changes by another program."""

import errno
import os
from collections.abc import Callable, Iterable
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path
from typing import TypeVar

import structlog

from chat.domain.errors import StartupError
from chat.storage.json_files.disk.backups import Backups
from chat.storage.json_files.disk.disk import read_file, sync_folder, write_new_file
from chat.storage.json_files.validation import Unreadable

Content = TypeVar("Content")

log = structlog.get_logger()


class AtomicFile:
    """One file, written whole: temporary file, fsync, `os.replace`, fsync of the folder. Only its owner may read it.

    `quarantined` and `restored_from` name the files that `adopt` had to move away or fall back to, `changed` the last
    one that another program had changed.
    """

    def __init__(self, path: Path, *, keeps_backups: bool = True, mirrors: bool = False) -> None:
        self.path = Path(os.path.realpath(path))
        self.quarantined: str | None = None
        self.restored_from: str | None = None
        self.changed: str | None = None
        self._temporary = self.path.with_name(f"{self.path.name}.tmp")
        self._backups = Backups(self.path, is_mirror=mirrors) if keeps_backups else None
        self._own_identity: tuple[int, int, int] | None = None
        self._good: Path | None = None
        self._unreadable: dict[Path, str] = {}

    def read(self, parse: Callable[[bytes], Content]) -> Content | None:
        """Return the parsed file or, if it is missing or broken, the newest good backup. Changes nothing.

        None if there is neither a file nor a backup. Raises `Unreadable` if there is nothing good, `StartupError` for a
        newer version, and `OSError`.
        """
        self._good, self._unreadable = None, {}
        for path in (self.path, *(self._backups.newest_first() if self._backups else ())):
            try:
                content = parse(read_file(path))
            except FileNotFoundError:
                continue
            except Unreadable as problem:
                self._unreadable[path] = str(problem)
            except StartupError as problem:
                raise StartupError(str(problem) if path == self.path else f"{path.name}: {problem}") from None
            else:
                self._good = path
                return content
        if self._unreadable:
            path, why = next(iter(self._unreadable.items()))
            raise Unreadable(why if path == self.path else f"it is missing, and in {path.name}, {why}")
        return None

    def adopt(self) -> None:
        """After `read`: quarantine the files that are broken, and back up the good one. Raises `OSError`."""
        for path, problem in self._unreadable.items():
            self.quarantine(problem, path)
        if self._good == self.path:
            self._own_identity = self._identity()
            if self._backups:
                self._backups.at_start(read_file(self.path))
        elif self._good:
            self.restored_from = self._good.name
            log.warning("file restored from a backup", file=self.path.name, backup=self.restored_from)

    @property
    def is_changed(self) -> bool:
        """Whether another program changed, replaced or deleted the file. Raises `OSError`."""
        return self._identity() != self._own_identity

    @property
    def size(self) -> int:
        """The size of the file as it was last read or written."""
        return self._own_identity[1] if self._own_identity else 0

    def write(self, chunks: Iterable[bytes], *, drop_backups: bool = False) -> None:
        """Replace the content durably. Raises `OSError`; then the old content is untouched.

        `drop_backups` also deletes the backups, so that deleted content can't come back. A crash leaves either the old
        content, or the new one and nothing of the old.
        """
        write_new_file(self._temporary, chunks)
        try:
            self._preserve_external_changes()
            if self._backups and drop_backups:
                self._backups.drop()
            elif self._backups:
                self._backups.before_write()
            self._replace()
        except OSError:
            with suppress(OSError):
                self._temporary.unlink()
            raise
        self._own_identity = self._identity()
        sync_folder(self.path.parent)
        if self._backups:
            self._backups.after_write()

    def probe(self, chunks: Iterable[bytes]) -> None:
        """Check whether `write(chunks)` would work, changing nothing. Raises `OSError`."""
        write_new_file(self._temporary, chunks)
        self._temporary.unlink()

    def check_replaceable(self) -> None:
        """Replace the file by a copy of itself, to see whether that works. Raises `OSError`."""
        before = self._identity()
        if before is None or before != self._own_identity:
            return
        write_new_file(self._temporary, [read_file(self.path)])
        try:
            os.utime(self._temporary, ns=(before[2], before[2]))
            self._replace()
        except OSError:
            with suppress(OSError):
                self._temporary.unlink()
            raise
        self._own_identity = self._identity()

    def quarantine(self, problem: str, path: Path | None = None) -> None:
        """Rename the broken file, or a broken backup; `quarantined` has the new name. Raises `OSError`."""
        broken = path or self.path
        kept = _move_away(broken, "corrupt").name
        if broken == self.path:
            self._own_identity = None
        self.quarantined = f"{self.quarantined}, {kept}" if self.quarantined else kept
        log.error("file is broken", file=broken.name, kept_as=kept, problem=problem)

    def _replace(self) -> None:
        try:
            self._temporary.replace(self.path)
        except OSError as problem:
            if problem.errno in {errno.EBUSY, errno.EXDEV}:
                raise OSError(problem.errno, "it is mounted on its own: mount its folder instead") from None
            raise

    def _preserve_external_changes(self) -> None:
        if not self.is_changed:
            return
        if self._identity() is None:
            log.warning("file was deleted by another program", file=self.path.name)
            return
        self.changed = _move_away(self.path, "changed").name
        log.warning("file was changed by another program", file=self.path.name, kept_as=self.changed)

    def _identity(self) -> tuple[int, int, int] | None:
        try:
            found = self.path.lstat()
        except FileNotFoundError:
            return None
        return found.st_ino, found.st_size, found.st_mtime_ns


def _move_away(path: Path, reason: str) -> Path:
    stamp = datetime.now(UTC).strftime("%Y%m%dT%H%M%SZ")
    target, number = path.with_name(f"{path.name}.{reason}-{stamp}"), 1
    while os.path.lexists(target):
        number += 1
        target = path.with_name(f"{path.name}.{reason}-{stamp}-{number}")
    path.rename(target)
    return target
