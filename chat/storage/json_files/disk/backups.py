"""The backups beside a file."""

import os
from contextlib import suppress
from pathlib import Path

import structlog

from chat.storage.json_files.disk.disk import read_file, write_new_file

log = structlog.get_logger()


class Backups:
    """`NAME.backup-1`, the latest, and `NAME.backup-2`, the content at start.

    With `is_mirror`, the latest is a copy of the file as it is; otherwise it is the file before its last write. A disk
    that can't keep them doesn't stop the chat.
    """

    def __init__(self, path: Path, *, is_mirror: bool) -> None:
        self._path = path
        self._is_mirror = is_mirror
        self._latest = path.with_name(f"{path.name}.backup-1")
        self._at_start = path.with_name(f"{path.name}.backup-2")
        self._temporary = path.with_name(f"{path.name}.link")

    def newest_first(self) -> list[Path]:
        found = [backup for backup in (self._latest, self._at_start) if os.path.lexists(backup)]
        return sorted(found, key=lambda backup: backup.lstat().st_mtime_ns, reverse=True)

    def at_start(self, content: bytes) -> None:
        """Back up the content that was found at start. A mirror that differs, as the file was changed, is kept."""
        if self._is_mirror and self._differs(content):
            with suppress(OSError):
                self._latest.replace(self._at_start)
            log.warning("file differs from its latest backup", file=self._path.name, kept_as=self._at_start.name)
        else:
            self._copy_to(self._at_start)
        self.after_write()

    def before_write(self) -> None:
        """Back up the file, which is about to be replaced: a hard link costs no copy."""
        if self._is_mirror:
            return
        with suppress(OSError):
            try:
                os.link(self._path, self._temporary)
            except FileExistsError:  # of a process that was killed, or as `replace` does nothing to names of one file
                self._temporary.unlink()
                os.link(self._path, self._temporary)
            self._temporary.replace(self._latest)

    def after_write(self) -> None:
        if self._is_mirror:
            self._copy_to(self._latest)

    def drop(self) -> None:
        """Delete the backups. Raises `OSError`."""
        for backup in (self._latest, self._at_start, self._temporary):
            backup.unlink(missing_ok=True)

    def _differs(self, content: bytes) -> bool:
        with suppress(OSError):
            return read_file(self._latest) != content
        return False

    def _copy_to(self, backup: Path) -> None:
        # Not a link: what changes or truncates the file in place must not change the backup. Not synced: after a power
        # cut the file itself, which is, becomes the backup.
        try:
            write_new_file(self._temporary, [read_file(self._path)], is_synced=False)
            at = self._path.stat().st_mtime_ns
            os.utime(self._temporary, ns=(at, at))
            self._temporary.replace(backup)
        except OSError as problem:
            log.warning("backup can't be written", backup=backup.name, problem=str(problem))
