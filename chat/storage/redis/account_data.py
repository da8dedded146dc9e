"""What accounts have read, and the levels of rooms they chose: kept for each, as several processes change it."""

from collections.abc import Mapping
from typing import Any

import orjson

from chat.storage.redis.engine.engine import Engine
from chat.storage.redis.sessions.session_files import SessionFiles, dumped

SHARED = ("storage-seen", "storage-levels")  # files, each with the values of all accounts


class AccountData:
    """The values by the name of their file and by account."""

    def __init__(self, engine: Engine, files: SessionFiles) -> None:
        self._engine = engine
        self._files = files
        self._values: dict[str, dict[str, bytes]] = {name: {} for name in SHARED}

    def restore(self) -> None:
        """Bring the files that the chat reads when it starts. Raises what is in `FAILURES`, or `OSError`."""
        for name in SHARED:
            found = self._engine.reader.connection.hgetall(self._engine.keys.session(name))
            kept = self._values[name] = {account.decode(): content for account, content in found.items()}
            values = {account: orjson.loads(content) for account, content in kept.items()}
            self._files.copy(name, orjson.dumps(values) if values else None)

    def replace(self, name: str, values: Mapping[str, Any]) -> dict[str, bytes]:
        """Take what a file has; return what is other than before, empty if it is gone, by account."""
        before, now = self._values[name], {account: dumped(value) for account, value in values.items()}
        self._values[name] = now
        found = {account: now.get(account, b"") for account in before.keys() | now.keys()}
        return {account: content for account, content in found.items() if content != before.get(account, b"")}

    def take(self, name: str, account: str, content: bytes) -> dict[str, Any]:
        """Take what another process has kept of an account, and return its values."""
        self._values[name][account] = content
        return {account: orjson.loads(content) if content else None}

    def contents(self, name: str) -> dict[str, bytes]:
        """Return what is kept or, before anything was read or saved, what the file has."""
        if not self._values[name]:
            self._values[name] = {account: dumped(value) for account, value in self._files.read(name).items()}
        return {account: content for account, content in self._values[name].items() if content}
