"""Two connections to the engine: one that threads wait for, to read, and one of the event loop, to write."""

import ssl
from collections.abc import Callable
from pathlib import Path
from typing import Any

import redis.asyncio
from redis.backoff import NoBackoff
from redis.exceptions import (
    AuthenticationError,
    AuthorizationError,
    BusyLoadingError,
    ConnectionError,
    NoPermissionError,
    OutOfMemoryError,
    ReadOnlyError,
    RedisError,
    ResponseError,
    TimeoutError,
)
from redis.retry import Retry

from chat.domain.errors import StartupError

FAILURES = (RedisError, OSError)  # asyncio's and Python's own timeout is an `OSError`
LASTING = (AuthenticationError, AuthorizationError)  # redis-py takes them for failed connections
UNTRUSTED = ssl.SSLCertVerificationError  # so does it with these
CONNECT_TIMEOUT = 2.0  # seconds
FULL = "it is full"
READ_TIMEOUT = 5.0  # seconds; what is appended has a deadline of its own

_SCRIPTS = Path(__file__).parent / "scripts"


def connect_blocking(url: str) -> "redis.Redis":
    """Return a connection for threads. Raises `StartupError`."""
    return redis.Redis(connection_pool=_pool(redis.BlockingConnectionPool, url, Retry(NoBackoff(), 0)))


def connect_async(url: str) -> "redis.asyncio.Redis":
    """Return a connection for the event loop. Raises `StartupError`."""
    retry = redis.asyncio.retry.Retry(NoBackoff(), 0)
    return redis.asyncio.Redis(connection_pool=_pool(redis.asyncio.BlockingConnectionPool, url, retry))


def script(name: str) -> str:
    return (_SCRIPTS / f"{name}.lua").read_text(encoding="utf-8")


def is_temporary(problem: BaseException) -> bool:
    """Tell whether trying again may help."""
    temporary = (ConnectionError, TimeoutError, BusyLoadingError, ReadOnlyError, OSError)
    return (
        isinstance(problem, temporary)
        and not isinstance(problem, LASTING)
        and not isinstance(_cause(problem), UNTRUSTED)
    )


def describe(problem: BaseException) -> str:
    """Return what is wrong, for the log and the operator, without the URL's parts."""
    match problem:
        case BusyLoadingError():
            return "it is still loading its data"
        case OutOfMemoryError():
            return FULL
        case ResponseError() if "OOM" in str(problem):  # from a script, before Redis 7
            return FULL
        case NoPermissionError():
            return "its user may not do this"
        case AuthenticationError():
            return "it refuses the user or the password"
        case ReadOnlyError():
            return "it is a replica, which can only be read"
        case TimeoutError() | OSError(errno=None):
            return "it doesn't answer"
        case ConnectionError():
            cause = _cause(problem)
            if isinstance(cause, UNTRUSTED):
                return f"its certificate isn't trusted ({cause.verify_message.partition(',')[0]})"
            return f"no connection ({getattr(cause, 'strerror', None) or 'it was closed'})"
        case OSError():
            return f"no connection ({problem.strerror})"
    return f"{type(problem).__name__}: {str(problem)[:100]}"


def _cause(problem: BaseException) -> BaseException | None:
    return problem.__cause__ or problem.__context__


def _pool(kind: Callable[..., Any], url: str, retry: Any) -> Any:
    try:
        # redis-py's own retries would post twice.
        pool = kind.from_url(  # type: ignore[attr-defined]
            url,
            max_connections=1,
            timeout=READ_TIMEOUT,
            socket_timeout=READ_TIMEOUT,
            socket_connect_timeout=CONNECT_TIMEOUT,
            health_check_interval=0,
            retry=retry,
        )
        pool.connection_class(**pool.connection_kwargs)  # checks the options, and connects to nothing
    except (ValueError, TypeError):  # their texts have parts of the URL
        raise StartupError("CHAT_REDIS_URL: this URL has an option that redis-py doesn't know") from None
    return pool
