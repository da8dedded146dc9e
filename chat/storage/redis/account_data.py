"""Read marks and notification levels of accounts: stored for each account, as several processes change them."""

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
        """Write the files that the chat reads when it starts. Raises what is in `FAILURES`, or `OSError`."""
        for name in SHARED:
            found = self._engine.blocking.connection.hgetall(self._engine.keys.session(name))
            kept = self._values[name] = {account.decode(): content for account, content in found.items()}
            values = {account: orjson.loads(content) for account, content in kept.items()}
            self._files.copy(name, orjson.dumps(values) if values else None)

    def replace(self, name: str, values: Mapping[str, Any]) -> dict[str, bytes]:
        """Replace all values of a file; return the changed ones by account, empty if removed."""
        before, now = self._values[name], {account: dumped(value) for account, value in values.items()}
        self._values[name] = now
        found = {account: now.get(account, b"") for account in before.keys() | now.keys()}
        return {account: content for account, content in found.items() if content != before.get(account, b"")}

    def differing(self, name: str, found: Mapping[bytes, bytes]) -> list[tuple[str, bytes]]:
        """Return the accounts with other values than these, and the latter, empty if there are none."""
        known, now = self._values[name], {account.decode(): content for account, content in found.items()}
        every = {account: now.get(account, b"") for account in known.keys() | now.keys()}
        return [(account, content) for account, content in every.items() if content != known.get(account, b"")]

    def take(self, name: str, account: str, content: bytes) -> dict[str, Any]:
        """Apply the values of an account that another process has stored, and return them."""
        self._values[name][account] = content
        return {account: orjson.loads(content) if content else None}

    def contents(self, name: str) -> dict[str, bytes]:
        """Return the stored values or, before anything was read or saved, those of the file."""
        if not self._values[name]:
            self._values[name] = {account: dumped(value) for account, value in self._files.read(name).items()}
        return {account: content for account, content in self._values[name].items() if content}
