"""Warns at the start about data that the engine may lose."""

import structlog

from chat.storage.redis.engine.connection import FAILURES
from chat.storage.redis.engine.content import BlockingAccess

log = structlog.get_logger()


def warn_of_losses(blocking: BlockingAccess) -> None:
    """Log a warning if the engine may lose what it has confirmed. Users without `+config` can't find that out."""
    try:
        found = blocking.settings("appendonly", "appendfsync", "maxmemory", "maxmemory-policy")
    except FAILURES:
        return
    if found.get("appendonly") == "no":
        log.warning("engine keeps nothing on a disk: after its restart, it has what the running chat knows")
    elif found.get("appendfsync") != "always":
        log.warning("engine may lose the last second if it crashes", appendfsync=found.get("appendfsync"))
    if found.get("maxmemory") != "0" and found.get("maxmemory-policy") != "noeviction":
        log.warning("engine drops data when it is full", maxmemory_policy=found.get("maxmemory-policy"))
