"""The files of sessions, which NiceGUI reads and writes."""

from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any

import orjson

from chat.storage.json_files.disk.disk import write_new_file

OF_BROWSERS = "storage-user-"


class SessionFiles:
    """The folder `.nicegui`. Methods raise `OSError`."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def copy(self, name: str, content: bytes | None) -> None:
        """Replace a file by the content that the engine has."""
        path = self._path(name)
        if content:
            write_new_file(path, [content], is_synced=False)
        else:
            path.unlink(missing_ok=True)

    def read(self, name: str) -> dict[str, Any]:
        """Return the values in a file, none if there is no such file."""
        path = self._path(name)
        return parsed(path.read_bytes()) if path.exists() else {}

    def of_browsers(self) -> Iterator[tuple[str, bytes]]:
        """Return the name and the content of each session."""
        for path in self._of_browsers():
            yield path.stem, path.read_bytes()

    def older_than(self, time: float) -> list[str]:
        """Return the names of the sessions that were last written before a time."""
        return [path.stem for path in self._of_browsers() if path.stat().st_mtime < time]

    def _of_browsers(self) -> Iterator[Path]:
        return self.folder.glob(f"{OF_BROWSERS}*.json")

    def _path(self, name: str) -> Path:
        return self.folder / f"{name}.json"


def dumped(value: object) -> bytes:
    return orjson.dumps(value, option=orjson.OPT_SORT_KEYS)


def parsed(content: bytes) -> dict[str, Any]:
    with suppress(orjson.JSONDecodeError):
        found = orjson.loads(content)
        if isinstance(found, dict):
            return found
    return {}
