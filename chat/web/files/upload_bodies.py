"""The bodies of uploads."""

from collections.abc import AsyncIterator

from aiolimiter import AsyncLimiter
from fastapi import Request

SPEED = 25_000_000  # bytes per second: twenty people's 5 MB, read as fast as they came, delayed messages by 70 ms
AT_ONCE = 500_000  # bytes


class UploadBodies:
    """Reads uploads, all together no faster than `SPEED`: what is read takes time from everybody's messages."""

    def __init__(self) -> None:
        self._pace = AsyncLimiter(AT_ONCE, AT_ONCE / SPEED)

    async def read(self, request: Request) -> AsyncIterator[bytes]:
        """Yield the chunks of a body. Raises `ClientDisconnect`."""
        async for chunk in request.stream():
            if chunk:
                await self._pace.acquire(min(len(chunk), AT_ONCE))
                yield chunk
