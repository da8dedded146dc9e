"""Removes the files of sessions that are no longer needed."""

import json
from collections.abc import Iterable
from contextlib import suppress
from datetime import timedelta
from pathlib import Path

import structlog

from chat.storage.session_lifetime import EXPIRED_AFTER, LEFT_AFTER, session_lifetime

log = structlog.get_logger()


def remove_old_sessions(folder: Path, now: float) -> None:
    """Remove files by the time of their last change, also half-written ones; `now` in seconds since the epoch."""
    removed = [path for path in folder.glob("storage-user-*.json*") if _is_over(path, now) and _remove(path)]
    if removed:
        log.info("removed the files of old sessions", count=len(removed))


def _is_over(path: Path, now: float) -> bool:
    with suppress(OSError, ValueError):
        age = timedelta(seconds=now - path.stat().st_mtime)
        return age > EXPIRED_AFTER or (age > LEFT_AFTER and age > session_lifetime(_keys(path)))
    return False


def _keys(path: Path) -> set[str]:
    found = json.loads(path.read_text(encoding="utf-8"))
    return set(found if isinstance(found, Iterable) else ())


def _remove(path: Path) -> bool:
    with suppress(OSError):
        path.unlink()
        return True
    return False
