"""A bucket, with short timeouts. While its server is away, requests fail at once."""

import time
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

import obstore
import structlog
from obstore.exceptions import BaseError, PermissionDeniedError, UnauthenticatedError
from obstore.store import ObjectStore, S3Store

from chat.domain.errors import StartupError
from chat.storage.bucket.url import BucketUrl
from chat.storage.file_store import FilesUnreachable

if TYPE_CHECKING:
    from obstore.store import ClientConfig, RetryConfig, S3Config

QUICK, SLOW = timedelta(seconds=4), timedelta(seconds=20)  # for a request; slow ones send or copy whole files
CONNECT_TIMEOUT = timedelta(seconds=2)
PAUSE = 3.0  # seconds without a request after one that failed
PART = 5 * 1024 * 1024  # bytes of a file that are sent in one request; fewer are refused
PARTS_AT_ONCE = 2
PROBE = "probe"  # no room's id

T = TypeVar("T")

log = structlog.get_logger()


class Bucket:
    """Reads and writes objects. All methods raise `FilesUnreachable`, those about one object `FileNotFoundError`."""

    def __init__(self, quick: ObjectStore, slow: ObjectStore) -> None:
        self._quick = quick
        self._slow = slow
        self._is_up = True
        self._answered_at = 0.0
        self._paused_until = 0.0

    @classmethod
    def at(cls, url: BucketUrl) -> "Bucket":
        return cls(_connect(url, QUICK), _connect(url, SLOW))

    def verify(self) -> None:
        """Check whether objects can be written, listed and deleted. Raises `StartupError`, unless it may be later."""
        try:
            obstore.put(self._quick, PROBE, b"")
            next(iter(obstore.list(self._quick)), None)
            obstore.delete(self._quick, [PROBE])
        except (BaseError, FileNotFoundError) as problem:
            if is_permanent(problem):
                raise StartupError(f"CHAT_FILES_URL: {describe(problem)}") from None
            self._note_failure(problem)

    async def check(self) -> None:
        """Check whether the server answers, unless it has done so within the last seconds."""
        if not self._is_up or time.monotonic() - self._answered_at > PAUSE:
            try:
                await self.size(PROBE)
            except FileNotFoundError:
                self._note_answer()

    async def put(self, path: str, content: bytes | Path) -> None:
        """Write an object durably."""
        await self.check()
        await self._ask(
            lambda: obstore.put_async(self._slow, path, content, chunk_size=PART, max_concurrency=PARTS_AT_ONCE),
            may_be_missing=False,
        )

    async def read(self, path: str, part: slice) -> bytes:
        found = await self._ask(lambda: obstore.get_range_async(self._quick, path, start=part.start, end=part.stop))
        return bytes(found)

    async def size(self, path: str) -> int:
        return (await self._ask(lambda: obstore.head_async(self._quick, path)))["size"]

    async def copy(self, source: str, target: str) -> None:
        await self.check()
        await self._ask(lambda: obstore.copy_async(self._slow, source, target))

    async def delete(self, paths: Sequence[str]) -> None:
        """Delete objects; it is fine if there are none."""
        await self._ask(lambda: obstore.delete_async(self._quick, paths), may_be_missing=False)

    async def every(self) -> AsyncIterator[tuple[str, int, float]]:
        """Return the path, the size and the time (POSIX) of all objects."""
        pages = obstore.list(self._quick)
        while page := await self._ask(lambda: anext(pages, None), may_be_missing=False):
            for found in page:
                yield found["path"], found["size"], found["last_modified"].timestamp()

    async def _ask(self, request: Callable[[], Awaitable[T]], *, may_be_missing: bool = True) -> T:
        if time.monotonic() < self._paused_until:
            raise FilesUnreachable("it didn't answer")
        try:
            answer = await request()
        except (BaseError, FileNotFoundError) as problem:
            if may_be_missing and isinstance(problem, FileNotFoundError):
                self._note_answer()
                raise FileNotFoundError from None  # its text has the URL
            self._note_failure(problem)
            raise FilesUnreachable(describe(problem)) from None
        self._note_answer()
        return answer

    def _note_answer(self) -> None:
        self._answered_at = time.monotonic()
        if not self._is_up:
            self._is_up, self._paused_until = True, 0.0
            log.info("files can be reached again")

    def _note_failure(self, problem: Exception) -> None:
        self._paused_until = time.monotonic() + PAUSE
        if self._is_up:
            self._is_up = False
            log.error("files can't be reached", problem=describe(problem))


def describe(problem: Exception) -> str:
    """Return what is wrong, for the log and the operator, without the URL's parts."""
    match problem:
        case FileNotFoundError():
            return "there is no such bucket"
        case PermissionDeniedError() | UnauthenticatedError():
            return "the server refuses the key, or what it may do"
    return "the server doesn't answer, or fails"


def is_permanent(problem: Exception) -> bool:
    return isinstance(problem, FileNotFoundError | PermissionDeniedError | UnauthenticatedError)


def _connect(url: BucketUrl, timeout: timedelta) -> S3Store:
    given = {"endpoint": url.endpoint, "region": url.region, "access_key_id": url.key, "secret_access_key": url.secret}
    config: S3Config = {name: value for name, value in given.items() if value}  # type: ignore[assignment]
    # Not all servers delete several objects by one request.
    config["disable_bulk_delete"] = True
    client: ClientConfig = {
        "timeout": timeout,
        "connect_timeout": CONNECT_TIMEOUT,
        "allow_http": url.endpoint.startswith("http://"),
    }
    retry: RetryConfig = {"max_retries": 2, "retry_timeout": QUICK}
    return S3Store(url.bucket, prefix=url.prefix or None, config=config, client_options=client, retry_config=retry)
