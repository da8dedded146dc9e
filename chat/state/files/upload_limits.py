"""Limits on uploads: the operator's, and the daily quota of each person."""

import time
from collections.abc import AsyncIterator, Iterable, Set
from dataclasses import dataclass
from itertools import islice

import orjson
from cachetools import FIFOCache

from chat.domain.client_identity import personal_identifiers, shared_identifiers
from chat.domain.errors import FileRefused
from chat.state.rate_limits import SHARED_ADDRESS_FACTOR
from chat.storage.peers import Peer, Peers

DAY = 24 * 60 * 60.0
MAX_REMEMBERED = 50_000
TOPIC = "uploads"


@dataclass(frozen=True, slots=True)
class UploadLimits:
    """In bytes: of one file, of a person within a day, and of all files together."""

    file: int = 25_000_000
    quota: int = 250_000_000
    total: int = 2_000_000_000


class UploadQuota(Peer):
    """Counts bytes by every identifier of a person: id, session and, more generously, address.

    Each upload is counted in other processes, too, once it is complete.
    """

    def __init__(self, limits: UploadLimits, peers: Peers | None = None) -> None:
        self._file = limits.file
        self._limit = limits.quota
        self._sent: FIFOCache[str, tuple[float, int]] = FIFOCache(MAX_REMEMBERED)
        self._peers = peers
        if peers:
            peers.add(TOPIC, self)

    def count(self, identifiers: Set[str], size: int) -> None:
        """Count bytes, or with a negative size undo that. Raises `FileRefused` if there were too many."""
        limits = dict.fromkeys(personal_identifiers(identifiers), self._limit)
        limits |= dict.fromkeys(shared_identifiers(identifiers), self._limit * SHARED_ADDRESS_FACTOR)
        if size > 0 and any(self._within_a_day(key)[1] + size > limit for key, limit in limits.items()):
            raise FileRefused("upload-quota", size=self._limit)
        self._add(limits, size)

    async def counted(self, chunks: AsyncIterator[bytes], identifiers: Set[str]) -> AsyncIterator[bytes]:
        """Yield the chunks of an upload, and count them. Raises `FileRefused` if they are too many."""
        size = 0
        try:
            async for chunk in chunks:
                size += len(chunk)
                if size > self._file:
                    raise FileRefused("file-too-large", size=self._file)
                self.count(identifiers, len(chunk))
                yield chunk
            self._tell(identifiers, size)
        except FileRefused:
            raise
        except Exception:  # the connection was lost: a retry counts again
            self.count(identifiers, -size)
            raise

    def on_broadcast(self, process: str, note: bytes) -> None:
        """Count an upload at another process."""
        self._add(*orjson.loads(note))

    def _add(self, keys: Iterable[str], size: int) -> None:
        for key in keys:
            since, before = self._within_a_day(key)
            self._sent[key] = (since, max(0, before + size))

    def _tell(self, identifiers: Set[str], size: int) -> None:
        """Have other processes count an upload."""
        if self._peers:
            keys = [*personal_identifiers(identifiers), *shared_identifiers(identifiers)]
            self._peers.broadcast(TOPIC, orjson.dumps([keys, size]))

    def _within_a_day(self, key: str) -> tuple[float, int]:
        since, sent = self._sent.get(key, (0.0, 0))
        now = time.monotonic()
        return (since, sent) if sent and now - since < DAY else (now, 0)


class UploadsByPerson:
    """Which uploads wait for their message, by every identifier of those who sent them.

    `limit` is for each id and session, and 20 times as many for an address: one client may come as many guests.
    """

    def __init__(self, limit: int) -> None:
        self._limit = limit
        self._by_key: dict[str, dict[str, None]] = {}
        self._keys: dict[str, Set[str]] = {}

    def add(self, upload_id: str, identifiers: Set[str]) -> list[str]:
        """Note an upload; return the oldest ones that are too many now."""
        shared = shared_identifiers(identifiers)
        self._keys[upload_id] = identifiers
        too_many: dict[str, None] = {}
        for key in identifiers:
            kept = self._by_key.setdefault(key, {})
            kept[upload_id] = None
            limit = self._limit * SHARED_ADDRESS_FACTOR if key in shared else self._limit
            too_many |= dict.fromkeys(islice(kept, max(0, len(kept) - limit)))
        return list(too_many)

    def discard(self, upload_id: str) -> None:
        for key in self._keys.pop(upload_id, ()):
            del self._by_key[key][upload_id]
            if not self._by_key[key]:
                del self._by_key[key]
