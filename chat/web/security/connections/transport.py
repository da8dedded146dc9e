"""Operations that ASGI lacks on the connection below a WebSocket; implemented by `chat.framework.uvicorn_transport`."""

from typing import Protocol


class Transport(Protocol):
    """The connection below a WebSocket."""

    @property
    def is_clear(self) -> bool:
        """Whether a frame can be written immediately."""

    @property
    def is_full(self) -> bool:
        """Whether more is waiting for the client than the transport buffers."""

    @property
    def unsent(self) -> int:
        """Bytes written that the client hasn't taken yet."""

    def write(self, text: str) -> None:
        """Write a text frame; only while `is_clear`."""

    def abort(self) -> None:
        """Close the connection without flushing it."""
