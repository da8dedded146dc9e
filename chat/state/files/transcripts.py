"""Histories as files to download: rendered once for all requests of the same one, and without delaying the chat."""

import asyncio
import gzip
import threading
import time
import weakref
from collections import Counter
from collections.abc import AsyncGenerator, AsyncIterator, Iterable, Iterator
from concurrent.futures import CancelledError, ThreadPoolExecutor
from contextlib import aclosing, nullcontext
from datetime import UTC, datetime
from itertools import islice
from tempfile import SpooledTemporaryFile
from typing import NamedTuple

from cachetools import LRUCache

from chat.domain.messages.events import MessageEvent
from chat.domain.messages.history import History
from chat.domain.rooms.events import RoomDeleted
from chat.domain.rooms.room import Room
from chat.state.files.archives import Find, archive
from chat.text.export import FORMATS

CHUNK = 64_000  # bytes
BATCH = 100  # messages that are rendered at once
IN_MEMORY = 1_000_000  # bytes of a transcript; larger ones are temporary files on the disk
MAX_KEPT = 8  # those asked for last
MAX_OPEN = 24  # versions, which exist while they are being read
PATIENCE = 10 * 60.0  # seconds that slow readers have, if others wait for a place
SLICE = 0.001  # seconds of rendering at a time
REST = 2  # times as long the thread pauses after each


class Key(NamedTuple):
    """The room and title of a transcript, its format (of `FORMATS`), and whether it is compressed by gzip."""

    room_id: str
    title: str
    suffix: str
    is_compressed: bool


class TooManyTranscripts(Exception):
    """Too many older versions are still being read."""


class TranscriptClosed(Exception):
    """A reader was too slow while others waited, or a file was removed during the download."""


class Transcript:
    """A rendered history. Its file is closed after the last reader. `addresses` are those of all its readers."""

    def __init__(self, file: "SpooledTemporaryFile[bytes]", threads: ThreadPoolExecutor) -> None:
        self.size = file.tell()
        self.made_at = time.monotonic()
        self.addresses = set[str]()
        self._file = file
        self._threads = threads
        self._lock = threading.Lock()
        weakref.finalize(self, file.close)

    async def chunks(self) -> AsyncIterator[bytes]:
        """Yield the content, as fast as it is taken. Raises `TranscriptClosed`."""
        for start in range(0, self.size, CHUNK):
            yield await asyncio.get_running_loop().run_in_executor(self._threads, self._read, start)

    def close(self) -> None:
        with self._lock:
            self._file.close()

    def _read(self, start: int) -> bytes:
        with self._lock:
            if self._file.closed:
                raise TranscriptClosed
            self._file.seek(start)
            return self._file.read(CHUNK)


class Transcripts:
    """Renders the histories of all rooms, one after another. Callers have checked access to the room.

    If too many versions are being read, the address with the most makes room, so that a few addresses can't block
    all others.
    """

    def __init__(self) -> None:
        self._waiting: dict[Key, asyncio.Task[Transcript]] = {}
        self._current: LRUCache[Key, asyncio.Task[Transcript]] = LRUCache(MAX_KEPT)
        self._open: weakref.WeakSet[Transcript] = weakref.WeakSet()
        self._turn = asyncio.Lock()
        self._threads = ThreadPoolExecutor(2, "transcripts")  # of their own; one renders at most
        self._is_closed = threading.Event()

    async def get(self, room: Room, title: str, suffix: str, *, compressed: bool, address: str = "") -> Transcript:
        """Return a room's history as it is now, for a reader at this address.

        Raises `TooManyTranscripts`, and `OSError` if the disk is full.
        """
        key = Key(room.id, title, suffix, compressed)
        task = self._current.get(key) or self._waiting.get(key)
        if task is None:
            if len(self._open) >= MAX_OPEN and not self._make_room(address):
                raise TooManyTranscripts
            task = self._waiting[key] = asyncio.create_task(self._render(key, room.conversation.history))
        transcript = await asyncio.shield(task)  # others wait for it, too
        transcript.addresses.add(address)
        return transcript

    async def archive(self, room: Room, title: str, find: Find) -> AsyncGenerator[bytes]:
        """Yield a room's history as it is now with its files, as a zip. Raises `TranscriptClosed`."""
        messages = list(room.conversation.history)
        try:
            async with aclosing(archive(title, messages, find, datetime.now(UTC), self._in_thread)) as pieces:
                async for piece in pieces:
                    yield piece
        except OSError:
            raise TranscriptClosed from None

    async def _in_thread(self, pieces: Iterable[str]) -> AsyncIterator[bytes]:
        encoded, loop = self._with_pauses(pieces), asyncio.get_running_loop()
        while batch := await loop.run_in_executor(self._threads, lambda: b"".join(islice(encoded, BATCH))):
            yield batch

    def forget(self, event: MessageEvent | RoomDeleted) -> None:
        """Forget a room's finished transcripts: its history has changed, or is gone.

        Those that are not rendered yet will have the change.
        """
        for key in [key for key in self._current if key.room_id == event.room_id]:
            del self._current[key]

    def close(self) -> None:
        self._is_closed.set()
        self._threads.shutdown(wait=False, cancel_futures=True)

    def _make_room(self, address: str) -> bool:
        """Close a version read for too long, or the oldest at the address with the most. Return whether there was one.

        That address must have more than `address` will have then.
        """
        current = {task.result() for task in self._current.values() if task.done()}  # failed ones are not kept
        older = sorted(self._open - current, key=lambda version: version.made_at)
        late = [version for version in older if time.monotonic() - version.made_at > PATIENCE]
        counts = Counter(found for version in older for found in version.addresses)
        busiest, count = max(counts.items(), key=lambda item: item[1], default=("", 0))
        its_own = [version for version in older if version.addresses == {busiest} and count > counts[address] + 1]
        closed = next(iter([*late, *its_own]), None)
        if closed is None:
            return False
        self._open.discard(closed)
        closed.close()
        return True

    async def _render(self, key: Key, history: History) -> Transcript:
        async with self._turn:
            self._current[key] = self._waiting.pop(key)
            messages = list(history)  # a copy: the history may change while the thread renders
            pieces = self._with_pauses(FORMATS[key.suffix].render(key.title, messages))
            try:
                file = await asyncio.get_running_loop().run_in_executor(
                    self._threads, _write, pieces, key.is_compressed
                )
            except BaseException:
                self._current.pop(key, None)
                raise
            transcript = Transcript(file, self._threads)
            self._open.add(transcript)
            return transcript

    def _with_pauses(self, pieces: Iterable[str]) -> Iterator[bytes]:
        """Encode the pieces, and pause so often that the event loop never waits long for the interpreter."""
        began = time.thread_time()
        for piece in pieces:
            yield piece.encode()
            if (took := time.thread_time() - began) > SLICE:
                if self._is_closed.wait(REST * took):
                    raise CancelledError
                began = time.thread_time()


def _write(pieces: Iterable[bytes], compressed: bool) -> "SpooledTemporaryFile[bytes]":
    file: SpooledTemporaryFile[bytes] = SpooledTemporaryFile(IN_MEMORY)  # noqa: SIM115 - the transcript closes it
    compressor = gzip.GzipFile(fileobj=file, mode="wb", compresslevel=1, mtime=0) if compressed else nullcontext(file)
    try:
        with compressor as out:
            for piece in pieces:  # not `writelines`, which only moves to the disk at the end
                out.write(piece)
    except BaseException:
        file.close()
        raise
    return file
