"""A process that doesn't answer for a while."""

import signal
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def suspended(process: subprocess.Popen | None) -> Iterator[None]:
    """Suspend a process until the context ends."""
    assert process
    process.send_signal(signal.SIGSTOP)
    try:
        yield
    finally:
        process.send_signal(signal.SIGCONT)
