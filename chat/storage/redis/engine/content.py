"""The content of the engine: reading it, and filling an empty one."""

import time
import zlib
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Protocol
from uuid import uuid4

import redis
from redis.exceptions import BusyLoadingError

from chat.storage.redis.engine.connection import script
from chat.storage.redis.engine.keys import Keys

FILL = script("fill")
FILLED_WITHIN = 2.0  # seconds
FILLING_SECONDS = 20  # after which another process may fill the engine, if one was killed meanwhile


@dataclass(frozen=True, slots=True)
class Snapshot:
    """The content of a file after event `number`, to fill an empty engine with."""

    name: str
    content: bytes
    number: int
    said_at: int | None = None


@dataclass(frozen=True, slots=True)
class Stored:
    """The stored data of a room, or of a kind of state: a snapshot, the lines since then, and the last number."""

    content: bytes
    lines: list[tuple[int, bytes]]
    number: int


Fill = Callable[[Any], None]
"""Writes into an empty engine, through the connection it gets."""


class Contents(Protocol):
    """A part of a chat that knows its whole content."""

    def contents(self) -> Fill:
        """Copy the content, and return what writes it, to be called by a thread."""


class BlockingAccess:
    """Reads and fills the engine by a connection that blocks: for threads, or before the event loop runs.

    Methods raise what is in `FAILURES`.
    """

    def __init__(self, connection: "redis.Redis", keys: Keys) -> None:
        self.connection: Any = connection
        self.keys = keys

    def epoch_and_time(self) -> tuple[str, float]:
        """Return the epoch, empty if there is none, and the time."""
        epoch: bytes = self.connection.get(self.keys.epoch) or b""
        seconds, microseconds = self.connection.time()
        return epoch.decode(), seconds + microseconds / 1e6

    def fill(self, parts: Iterable[Fill], process: str, pause: float = 0) -> str:
        """Write everything and only then the epoch, and return that.

        Other processes may do the same meanwhile: one of them sets the epoch, `pause` seconds later.
        """
        if known := self.epoch_and_time()[0]:
            return known
        is_first = self.connection.set(self.keys.filling, process, nx=True, ex=FILLING_SECONDS)
        for write in parts:
            write(self.connection)
        if not is_first:
            return self._wait_for_epoch()
        time.sleep(pause)
        with self.connection.pipeline(transaction=True) as commands:
            commands.set(self.keys.epoch, process + uuid4().hex, nx=True).get(self.keys.epoch)
            epoch: bytes = commands.delete(self.keys.filling).execute()[1]
        return epoch.decode()

    def _wait_for_epoch(self) -> str:
        deadline = time.monotonic() + FILLED_WITHIN
        while not (epoch := self.epoch_and_time()[0]):
            if time.monotonic() > deadline:
                raise BusyLoadingError
            time.sleep(0.05)
        return epoch

    def read(self, name: str) -> Stored:
        """Return what is stored under a name, as of one moment."""
        snapshot, events = self.keys.snapshot(name), self.keys.events(name)
        with self.connection.pipeline(transaction=True) as commands:
            commands.hmget(snapshot, "n", "content").xrange(events).hget(self.keys.last, name)
            (number, content), entries, last = commands.execute()
        since = int(number or 0)
        lines = [line for line in numbered_lines(entries) if line[0] > since]
        return Stored(unpacked(content or b""), lines, int(last or 0))

    def numbers(self) -> dict[str, int]:
        """Return the number of the last event under each name."""
        found = self.connection.hgetall(self.keys.last)
        return {name.decode(): int(number) for name, number in found.items()}

    def times(self) -> dict[str, datetime]:
        """Return when the last message in each room was written."""
        found = self.connection.hgetall(self.keys.said_at)
        return {name.decode(): _from_ms(ms) for name, ms in found.items()}

    def time(self, name: str) -> datetime | None:
        """Return when the last message in a room was written."""
        found = self.connection.hget(self.keys.said_at, name)
        return _from_ms(found) if found else None

    def settings(self, *names: str) -> dict[str, str]:
        """Return settings of the engine."""
        found: dict[str, str] = {}
        for name in names:
            found |= self.connection.config_get(name)
        return found

    def delete(self, names: Iterable[str]) -> None:
        """Remove everything stored under these names."""
        with self.connection.pipeline(transaction=True) as commands:
            for name in names:
                commands.delete(self.keys.snapshot(name), self.keys.events(name))
                commands.hdel(self.keys.last, name).hdel(self.keys.said_at, name)
            commands.execute()

    def write(self, connection: Any, snapshot: Snapshot) -> None:
        """Store a snapshot in an engine that is being filled, unless another process had more."""
        keys, name = self.keys, snapshot.name
        said_at = "" if snapshot.said_at is None else snapshot.said_at
        connection.register_script(FILL)(
            [keys.epoch, keys.last, keys.said_at, keys.events(name), keys.snapshot(name)],
            [name, snapshot.number, packed(snapshot.content), said_at],
        )

    def close(self) -> None:
        self.connection.close()


def numbered_lines(entries: Iterable[tuple[bytes, dict[bytes, bytes]]]) -> list[tuple[int, bytes]]:
    """Return the lines in entries of a stream, with their numbers."""
    return [(int(key.partition(b"-")[0]), fields[b"e"]) for key, fields in entries]


def _from_ms(ms: bytes) -> datetime:
    return datetime.fromtimestamp(int(ms) / 1000, UTC)


def packed(content: bytes) -> bytes:
    return zlib.compress(content)


def unpacked(content: bytes) -> bytes:
    """Return the content of a file. Raises `ValueError`."""
    try:
        return zlib.decompress(content) if content else b""
    except zlib.error as problem:
        raise ValueError(str(problem)) from None
