"""How much may be sent: the operator's limits, and what each person has sent within a day."""

import time
from collections.abc import AsyncIterator, Set
from dataclasses import dataclass

from cachetools import FIFOCache

from chat.domain.client_identity import personal_identifiers, shared_identifiers
from chat.domain.errors import FileRefused
from chat.state.rate_limits import SHARED_ADDRESS_FACTOR

DAY = 24 * 60 * 60.0
MAX_REMEMBERED = 50_000


@dataclass(frozen=True, slots=True)
class UploadLimits:
    """In bytes: of one file, of a person within a day, and of all files together."""

    file: int = 25_000_000
    quota: int = 250_000_000
    total: int = 2_000_000_000


class UploadQuota:
    """Counts bytes by every identifier of a person: id, session and, more generously, address."""

    def __init__(self, limits: UploadLimits) -> None:
        self._file = limits.file
        self._limit = limits.quota
        self._sent: FIFOCache[str, tuple[float, int]] = FIFOCache(MAX_REMEMBERED)

    def count(self, identifiers: Set[str], size: int) -> None:
        """Count bytes, or give some back that came to nothing. Raises `FileRefused` if there were too many."""
        limits = dict.fromkeys(personal_identifiers(identifiers), self._limit)
        limits |= dict.fromkeys(shared_identifiers(identifiers), self._limit * SHARED_ADDRESS_FACTOR)
        sent = {key: self._within_a_day(key) for key in limits}
        if size > 0 and any(sent[key][1] + size > limit for key, limit in limits.items()):
            raise FileRefused("upload-quota", size=self._limit)
        for key, (since, before) in sent.items():
            self._sent[key] = (since, max(0, before + size))

    async def counted(self, chunks: AsyncIterator[bytes], identifiers: Set[str]) -> AsyncIterator[bytes]:
        """Pass on a file that comes in, and count it. Raises `FileRefused` for too much."""
        size = 0
        try:
            async for chunk in chunks:
                size += len(chunk)
                if size > self._file:
                    raise FileRefused("file-too-large", size=self._file)
                self.count(identifiers, len(chunk))
                yield chunk
        except FileRefused:
            raise
        except Exception:  # the line was cut: what is sent again counts again
            self.count(identifiers, -size)
            raise

    def _within_a_day(self, key: str) -> tuple[float, int]:
        since, sent = self._sent.get(key, (0.0, 0))
        now = time.monotonic()
        return (since, sent) if sent and now - since < DAY else (now, 0)
