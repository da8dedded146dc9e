"""A file that survives a crash at any moment, keeps backups, and never overwrites changes by another program."""

import errno
import os
from collections.abc import Callable, Iterable
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path
from typing import TypeVar

import structlog

from chat.storage.json_files.disk import sync_folder
from chat.storage.json_files.validation import Unreadable

Content = TypeVar("Content")

log = structlog.get_logger()


class AtomicFile:
    """One file, written whole: temporary file, fsync, `os.replace`, fsync of the folder.

    `NAME.backup-1` is the content before the last write, `NAME.backup-2` the content at start, unless `keeps_backups`
    is false. All files have the permissions `mode`, if given. `quarantined` and `restored_from` name the files
    that reading had to move away or fall back to.
    """

    def __init__(self, path: Path, *, keeps_backups: bool = True, mode: int | None = None) -> None:
        self.path = path.resolve()
        self._mode = mode
        self.backups = [self._beside(".backup-1"), self._beside(".backup-2")] if keeps_backups else []
        self.quarantined: str | None = None
        self.restored_from: str | None = None
        self._own_identity: tuple[int, int, int] | None = None

    def read(self, parse: Callable[[bytes], Content]) -> Content | None:
        """Return the parsed file, or the newest good backup if `parse` raises `Unreadable`.

        None if there is no file, or nothing good. A broken file is quarantined, never lost. Raises `OSError`.
        """
        try:
            if self._mode is not None:
                self.path.chmod(self._mode)
            data = self.path.read_bytes()
        except FileNotFoundError:
            return None
        try:
            content = parse(data)
        except Unreadable as problem:
            self.quarantine(str(problem))
            return self._restore(parse)
        self._own_identity = self._identity()
        if self.backups:
            self._back_up(self.backups[1])
        return content

    def write(self, chunks: Iterable[bytes], *, drop_backups: bool = False) -> None:
        """Replace the content durably. Raises `OSError`; then the old content is untouched.

        `drop_backups` also deletes the backups, so that deleted content can't come back. A crash leaves either the old
        content, or the new one and nothing of the old.
        """
        temporary = self._write_temporary(chunks)
        try:
            self._preserve_external_changes()
            if drop_backups:
                self._drop_backups()
            elif self.backups:
                self._back_up(self.backups[0])
            self._replace(temporary)
        except OSError:
            with suppress(OSError):
                temporary.unlink()
            raise
        self._own_identity = self._identity()
        sync_folder(self.path.parent)

    def probe(self, chunks: Iterable[bytes]) -> None:
        """Check whether `write(chunks)` would work, changing nothing. Raises `OSError`."""
        self._write_temporary(chunks).unlink()

    def check_replaceable(self) -> None:
        """Replace the file by a copy of itself, to see whether that works. Raises `OSError`."""
        before = self._identity()
        if before is None or before != self._own_identity:
            return
        temporary = self._write_temporary([self.path.read_bytes()])
        try:
            os.utime(temporary, ns=(before[2], before[2]))
            self._replace(temporary)
        except OSError:
            with suppress(OSError):
                temporary.unlink()
            raise
        self._own_identity = self._identity()

    def quarantine(self, problem: str) -> None:
        """Rename a broken file; the new name is in `quarantined`. Raises `OSError`."""
        self.quarantined = self._move_away("corrupt").name
        log.error("file is broken", file=self.path.name, kept_as=self.quarantined, problem=problem)

    def _restore(self, parse: Callable[[bytes], Content]) -> Content | None:
        found = [(backup.stat().st_mtime_ns, backup) for backup in self.backups if backup.exists()]
        for _, backup in sorted(found, reverse=True):
            with suppress(OSError, Unreadable):
                content = parse(backup.read_bytes())
                self.restored_from = backup.name
                log.warning("file restored from a backup", backup=backup.name)
                return content
        return None

    def _write_temporary(self, chunks: Iterable[bytes]) -> Path:
        temporary = self._beside(".tmp")
        if self._mode is not None:  # immediately: a program that opened it before `chmod` could read everything
            temporary.unlink(missing_ok=True)
            temporary.touch(self._mode, exist_ok=False)
        try:
            with temporary.open("wb") as file:
                file.writelines(chunks)
                file.flush()
                os.fsync(file.fileno())
        except BaseException:
            with suppress(OSError):
                temporary.unlink()
            raise
        return temporary

    def _replace(self, temporary: Path) -> None:
        try:
            temporary.replace(self.path)
        except OSError as problem:
            if problem.errno in {errno.EBUSY, errno.EXDEV}:
                raise OSError(problem.errno, "it is mounted on its own: mount its folder instead") from None
            raise

    def _back_up(self, backup: Path) -> None:
        # A hard link costs no copy; a disk without links goes without a backup.
        link = self._beside(".link")
        with suppress(OSError):
            link.unlink(missing_ok=True)
            os.link(self.path, link)
            link.replace(backup)
            link.unlink(missing_ok=True)  # `replace` does nothing if both names are the same file

    def _drop_backups(self) -> None:
        for backup in (*self.backups, self._beside(".link")):
            backup.unlink(missing_ok=True)

    def _preserve_external_changes(self) -> None:
        if self._identity() not in (None, self._own_identity):
            kept = self._move_away("changed")
            log.warning("file was changed by another program", file=self.path.name, kept_as=kept.name)

    def _move_away(self, reason: str) -> Path:
        stamp = datetime.now(UTC).strftime("%Y%m%dT%H%M%SZ")
        target, number = self._beside(f".{reason}-{stamp}"), 1
        while target.exists():
            number += 1
            target = self._beside(f".{reason}-{stamp}-{number}")
        self.path.rename(target)
        return target

    def _identity(self) -> tuple[int, int, int] | None:
        try:
            stat = self.path.stat()
        except FileNotFoundError:
            return None
        return stat.st_ino, stat.st_size, stat.st_mtime_ns

    def _beside(self, suffix: str) -> Path:
        return self.path.with_name(self.path.name + suffix)
