"""The stores that the settings choose: files, or an engine."""

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import structlog

from chat.settings import Settings
from chat.storage.base import Stores
from chat.storage.json_files.stores import json_stores

if TYPE_CHECKING:
    from chat.storage.redis.stores import Backend


log = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class OpenedStores:
    """The stores; with `CHAT_REDIS_URL` also the engine they are in."""

    stores: Stores
    engine: "Backend | None" = None


def open_stores(settings: Settings) -> OpenedStores:
    """Open the stores, in a data folder that is locked. Raises `StartupError`."""
    if settings.redis_url and settings.uploads == "on":
        log.info("files can't be sent: they need a disk, in place of CHAT_REDIS_URL")
    if settings.redis_url is None:
        stores = json_stores(settings.data_dir, settings.history_limit)
        return OpenedStores(stores if settings.uploads == "on" else replace(stores, files=None, avatars=None))
    from chat.storage.redis.stores import Backend  # noqa: PLC0415 - redis-py takes 11 MB and 0.4 s

    engine = Backend(
        settings.redis_url.get_secret_value(),
        settings.redis_prefix,
        settings.data_dir,
        settings.sessions_dir,
        settings.history_limit,
    )
    return OpenedStores(engine.stores, engine)
