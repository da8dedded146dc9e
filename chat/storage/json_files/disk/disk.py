"""Reading and creating files without following links, and making bytes and names durable."""

import errno
import os
import stat
import time
from collections.abc import Iterable, Iterator
from contextlib import suppress
from pathlib import Path

from chat.domain.errors import StartupError

PRIVATE = 0o600  # only the owner may read and write
_BINARY, _NO_LINKS = getattr(os, "O_BINARY", 0), getattr(os, "O_NOFOLLOW", 0)
APPENDING = os.O_APPEND | os.O_CREAT | _NO_LINKS | _BINARY
_CREATING = os.O_WRONLY | os.O_CREAT | os.O_EXCL | _NO_LINKS | _BINARY
_READING = os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | _NO_LINKS | _BINARY  # a pipe would block
WITHOUT_SYNC = {errno.EINVAL, errno.ENOTSUP, errno.EOPNOTSUPP, errno.ENOSYS, errno.EBADF, errno.EACCES, errno.EPERM}


def unusable(path: Path, problem: OSError) -> StartupError:
    """Return the line for the operator about a file that can't be read or written."""
    return StartupError(f"{problem.filename or path} can't be used: {problem.strerror or problem}")


def read_file(path: Path, size: int = -1) -> bytes:
    """Return the content of a file, or its first `size` bytes.

    Raises `OSError`, also for a symbolic link, a folder or a pipe.
    """
    descriptor = _open(path, _READING)
    if not stat.S_ISREG(os.fstat(descriptor).st_mode):
        os.close(descriptor)
        raise OSError(errno.EINVAL, "it is not a file", str(path))
    with os.fdopen(descriptor, "rb") as file:
        return file.read(size)


def write_new_file(path: Path, chunks: Iterable[bytes], *, is_synced: bool = True) -> None:
    """Create a file, which replaces a leftover or a link of this name. Raises `OSError`; then there is none.

    The mode is set when it is created: another program could open it before a `chmod`, and read everything.
    """
    descriptor = _create(path)
    try:
        try:
            for chunk in chunks:
                _write(descriptor, chunk)
            if is_synced:
                os.fsync(descriptor)
        finally:
            os.close(descriptor)
    except BaseException:
        with suppress(OSError):
            path.unlink()
        raise


def open_to_append(path: Path, flags: int = os.O_WRONLY) -> int:
    """Return the descriptor of a file to append to; it is created if there is none. Raises `OSError`."""
    return _open(path, flags | APPENDING)


def make_private_folder(path: Path) -> None:
    """Create a folder in which only its owner can plant anything. Raises `OSError`."""
    path.mkdir(mode=0o700, exist_ok=True)
    with suppress(OSError):  # some network file systems refuse
        path.chmod(0o700)


def write_all(descriptor: int, data: bytes) -> None:
    """Write all bytes and fsync. Raises `OSError`; then a part of them may be in the file."""
    # Unbuffered: a buffer would be flushed again on closing, after the caller truncated the file.
    _write(descriptor, data)
    os.fsync(descriptor)


def yielding_gil(chunks: Iterable[bytes]) -> Iterator[bytes]:
    """Let other threads run between chunks that take time to compute."""
    # A computing thread keeps the GIL for 5 ms (`sys.getswitchinterval`); sleeping releases it at once.
    for chunk in chunks:
        yield chunk
        time.sleep(0)


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


def _create(path: Path) -> int:
    try:
        return os.open(path, _CREATING, PRIVATE)
    except FileExistsError:
        path.unlink()
        return os.open(path, _CREATING, PRIVATE)


def _write(descriptor: int, data: bytes) -> None:
    rest = memoryview(data)
    while rest:
        rest = rest[os.write(descriptor, rest) :]


def _open(path: Path, flags: int) -> int:
    try:
        return os.open(path, flags, PRIVATE)
    except OSError as problem:
        if problem.errno == errno.ELOOP:
            raise OSError(errno.ELOOP, "it is a symbolic link", str(path)) from None
        raise
