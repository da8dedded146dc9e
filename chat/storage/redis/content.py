"""Reading what is in the engine, and filling an empty one; to be called by threads, or before the event loop runs."""

import zlib
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Protocol

import redis
from redis.exceptions import BusyLoadingError

from chat.storage.redis.keys import Keys

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
    """What the engine has of a room, or of a kind of state: a snapshot, the lines since then, and the last number."""

    content: bytes
    lines: list[tuple[int, bytes]]
    number: int


Fill = Callable[[Any], None]
"""Writes into an empty engine, through the connection it gets."""


class Contents(Protocol):
    """A part of a chat that knows its whole content."""

    def contents(self) -> Fill:
        """Copy the content, and return what writes it, to be called by a thread."""


class Reader:
    """The connection for threads. Methods raise what is in `FAILURES`."""

    def __init__(self, connection: "redis.Redis", keys: Keys) -> None:
        self.connection: Any = connection
        self.keys = keys

    def take_over(self, token: str) -> tuple[str, float]:
        """Let only the process with this token write; return the epoch, empty if there is none, and the time."""
        epoch = self.connection.get(self.keys.epoch)
        if epoch:
            self.connection.set(self.keys.writer, token)
        seconds, microseconds = self.connection.time()
        return (epoch or b"").decode(), seconds + microseconds / 1e6

    def fill(self, parts: Iterable[Fill], epoch: str, token: str) -> str:
        """Write everything and only then the epoch; return it, or that of a process that was faster."""
        if not self.connection.set(self.keys.filling, token, nx=True, ex=FILLING_SECONDS):
            raise BusyLoadingError
        known: bytes = self.connection.get(self.keys.epoch) or b""
        if not known:
            for write in parts:
                write(self.connection)
        with self.connection.pipeline(transaction=True) as commands:
            if not known:
                commands.set(self.keys.epoch, epoch).set(self.keys.writer, token)
            commands.delete(self.keys.filling).execute()
        return known.decode() or epoch

    def read(self, name: str) -> Stored:
        """Return what is stored under a name, as of one moment."""
        snapshot, events = self.keys.snapshot(name), self.keys.events(name)
        with self.connection.pipeline(transaction=True) as commands:
            commands.hmget(snapshot, "n", "content").xrange(events).hget(self.keys.last, name)
            (number, content), entries, last = commands.execute()
        lines = [(int(key.partition(b"-")[0]), fields[b"e"]) for key, fields in entries]
        since = int(number or 0)
        return Stored(unpacked(content or b""), [line for line in lines if line[0] > since], int(last or 0))

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

    def delete(self, names: Iterable[str]) -> None:
        """Remove everything stored under these names."""
        with self.connection.pipeline(transaction=True) as commands:
            for name in names:
                commands.delete(self.keys.snapshot(name), self.keys.events(name))
                commands.hdel(self.keys.last, name).hdel(self.keys.said_at, name)
            commands.execute()

    def write(self, connection: Any, snapshot: Snapshot) -> None:
        """Store a snapshot in place of what is under its name."""
        with connection.pipeline(transaction=True) as commands:
            commands.delete(self.keys.events(snapshot.name))
            fields = {"n": snapshot.number, "content": packed(snapshot.content)}
            commands.hset(self.keys.snapshot(snapshot.name), mapping=fields)
            commands.hset(self.keys.last, snapshot.name, snapshot.number)
            if snapshot.said_at is not None:
                commands.hset(self.keys.said_at, snapshot.name, snapshot.said_at)
            commands.execute()

    def close(self) -> None:
        self.connection.close()


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
