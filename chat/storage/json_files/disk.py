"""Making bytes and names durable."""

import errno
import os
from pathlib import Path

APPENDING = os.O_APPEND | os.O_CREAT | getattr(os, "O_BINARY", 0)
WITHOUT_SYNC = {errno.EINVAL, errno.ENOTSUP, errno.EOPNOTSUPP, errno.ENOSYS, errno.EBADF, errno.EACCES, errno.EPERM}


def write_all(descriptor: int, data: bytes) -> None:
    """Write all bytes and fsync. Raises `OSError`; then a part of them may be in the file."""
    # Unbuffered: a buffer would be flushed again on closing, after the caller truncated the file.
    rest = memoryview(data)
    while rest:
        rest = rest[os.write(descriptor, rest) :]
    os.fsync(descriptor)


def sync_folder(folder: Path) -> None:
    """Make the names in a folder durable: files created, renamed and removed.

    Windows and some network file systems can't do that, and do it by themselves.
    """
    try:
        descriptor = os.open(folder, os.O_RDONLY)
    except PermissionError:  # Windows opens no folders
        return
    try:
        os.fsync(descriptor)
    except OSError as problem:
        if problem.errno not in WITHOUT_SYNC:
            raise
    finally:
        os.close(descriptor)
