"""The end of the process, told in advance: uvicorn closes all sockets before anybody is asked."""

import asyncio
import signal
from collections.abc import Callable
from types import FrameType


def announce_shutdown(announce: Callable[[], None], patience: float) -> None:
    """When the process is asked to end (SIGTERM), call `announce`, and let the end begin `patience` seconds later.

    To be called within the running event loop, when uvicorn has its own handler in place.
    """
    loop, end = asyncio.get_running_loop(), signal.getsignal(signal.SIGTERM)

    def begin(number: int, frame: FrameType | None) -> None:
        signal.signal(signal.SIGTERM, end)  # who asks again does not wait
        loop.call_soon_threadsafe(announce)
        if callable(end):
            loop.call_soon_threadsafe(loop.call_later, patience, end, number, frame)

    if callable(end):
        signal.signal(signal.SIGTERM, begin)
