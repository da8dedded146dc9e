"""Removes the files of sessions that are no longer needed."""

import json
from collections.abc import Iterable
from contextlib import suppress
from datetime import timedelta
from pathlib import Path

import structlog

LEFT_AFTER = timedelta(days=30)  # someone who left that long ago isn't offered to come back
EXPIRED_AFTER = timedelta(days=365)  # the age at which browsers drop the cookie
NEEDED = {"member", "mark"}  # `mark`, of version 0.1.0, is what sanctions go by

log = structlog.get_logger()


def remove_old_sessions(folder: Path, now: float) -> None:
    """Remove files by the time of their last change; `now` in seconds since the epoch."""
    removed = [path for path in folder.glob("storage-user-*.json") if _is_over(path, now) and _remove(path)]
    if removed:
        log.info("removed the files of old sessions", count=len(removed))


def _is_over(path: Path, now: float) -> bool:
    with suppress(OSError, ValueError):
        age = timedelta(seconds=now - path.stat().st_mtime)
        return age > EXPIRED_AFTER or (age > LEFT_AFTER and not NEEDED & _keys(path))
    return False


def _keys(path: Path) -> set[str]:
    found = json.loads(path.read_text(encoding="utf-8"))
    return set(found if isinstance(found, Iterable) else ())


def _remove(path: Path) -> bool:
    with suppress(OSError):
        path.unlink()
        return True
    return False
