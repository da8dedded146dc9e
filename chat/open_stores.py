"""Opens the stores that the settings choose: files or an engine, and for uploads a folder or a bucket."""

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import structlog

from chat.config.settings import Settings
from chat.storage.file_store import FileStore
from chat.storage.files_folder import FilesFolder
from chat.storage.json_files.stores import json_stores
from chat.storage.stores import Stores

if TYPE_CHECKING:
    from chat.storage.redis.stores import Backend


IN_BUCKET = {"files": "", "avatars": "avatars"}
"""The folders in the data folder, and where they are in a bucket."""

log = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class OpenedStores:
    """The stores; with `CHAT_REDIS_URL` also the engine they are in."""

    stores: Stores
    engine: "Backend | None" = None


def open_stores(settings: Settings) -> OpenedStores:
    """Open the stores, in a data folder that is locked. Raises `StartupError`."""
    files, avatars = (_open_files(settings, name) for name in IN_BUCKET)
    if settings.redis_url is None:
        stores = json_stores(settings.data_dir, settings.history_limit)
        return OpenedStores(replace(stores, files=files, avatars=avatars))
    from chat.storage.redis.stores import Backend  # noqa: PLC0415 - redis-py takes 11 MB and 0.4 s

    engine = Backend(
        settings.redis_url.get_secret_value(),
        settings.redis_prefix,
        settings.data_dir,
        settings.sessions_dir,
        settings.history_limit,
    )
    return OpenedStores(replace(engine.stores, files=files, avatars=avatars), engine)


def _open_files(settings: Settings, name: str) -> FileStore | None:
    """Return the store of the files in messages, or of the pictures of people, which are beside them."""
    folder = settings.data_dir / name
    if settings.uploads == "off":
        return None
    if settings.files_url:
        from chat.storage.bucket.files import FilesBucket  # noqa: PLC0415 - only this needs obstore

        return FilesBucket.at(settings.files_url.get_secret_value(), folder, IN_BUCKET[name])
    if settings.redis_url:
        log.info("there is no place for uploads: with CHAT_REDIS_URL, they need CHAT_FILES_URL", uploads=name)
        return None
    return FilesFolder(folder)
