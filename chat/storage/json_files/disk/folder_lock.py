"""The lock of a data folder: one process at a time."""

import os
from pathlib import Path

from filelock import FileLock, Timeout

from chat.domain.errors import StartupError
from chat.storage.json_files.disk.disk import open_to_append, unusable
from chat.storage.json_files.stores import HISTORY


class FolderInUse(StartupError):
    """Another process holds the lock."""


class FolderLock:
    """Acquire it before anything in the folder is read or created. The lock ends with the process, even after a crash.

    Folders whose histories are links to the same file have the same lock.
    """

    def __init__(self, folder: Path) -> None:
        self._history = Path(os.path.realpath(folder / HISTORY))
        self._folder = folder
        self._lock = FileLock(f"{self._history}.lock")

    def acquire(self) -> None:
        """Create the folder if necessary, and lock it. Raises `FolderInUse`, or `StartupError` if it can't be used."""
        try:
            self._folder.mkdir(parents=True, exist_ok=True)
            # `FileLock` would take a file that can't be created for one that another process has just removed.
            os.close(open_to_append(Path(self._lock.lock_file), os.O_RDWR))
            self._lock.acquire(timeout=0)
        except Timeout:
            raise FolderInUse(f"CHAT_DATA_DIR: {self._history} is in use by another process") from None
        except (FileExistsError, NotADirectoryError):
            raise StartupError(f"CHAT_DATA_DIR: {self._folder} is not a folder") from None
        except FileNotFoundError:
            raise StartupError(f"CHAT_DATA_DIR: no file can be created in {self._history.parent}") from None
        except OSError as problem:
            raise StartupError(f"CHAT_DATA_DIR: {unusable(self._folder, problem)}") from None

    def release(self) -> None:
        self._lock.release()
