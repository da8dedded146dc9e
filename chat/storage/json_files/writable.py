"""Notes whether the files of a store can be written."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import structlog

from chat.storage.status import StoreStatus

log = structlog.get_logger()


@contextmanager
def noting_writes(status: StoreStatus, what: str, path: Path) -> Iterator[None]:
    """Note in `status` whether the writes in this context work, and log when that changes; `what` is for the log.

    Their `OSError` is raised again.
    """
    try:
        yield
    except OSError as problem:
        if status.writable:
            log.error(f"{what} can't be written", file=str(path), problem=str(problem))
        status.writable = False
        raise
    if not status.writable:
        log.info(f"{what} can be written again", file=str(path))
    status.writable = True
