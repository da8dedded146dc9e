"""Making bytes and names durable."""

import os
from pathlib import Path


def write_all(descriptor: int, data: bytes) -> None:
    """Write all bytes and fsync. Raises `OSError`; then a part of them may be in the file."""
    # Unbuffered: a buffer would be flushed again on closing, after the caller truncated the file.
    rest = memoryview(data)
    while rest:
        rest = rest[os.write(descriptor, rest) :]
    os.fsync(descriptor)


def sync_folder(folder: Path) -> None:
    """Make the names in a folder durable: files created, renamed and removed."""
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
