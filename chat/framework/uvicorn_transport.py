"""The connection below a WebSocket, which ASGI itself can neither abort nor write prepared frames to.

Written for: uvicorn 0.54.0 with wsproto 1.3.2. The `send` it gives to an app is a method of its `WSProtocol`.
Saves: a third of the CPU of a delivery, as a frame that goes to many pages is built once.
Obsolete when: ASGI has extensions for aborting, back pressure and prepared frames.
"""

from functools import lru_cache

from starlette.types import Send
from uvicorn.protocols.websockets.wsproto_impl import WSProtocol
from wsproto.connection import ConnectionState
from wsproto.frame_protocol import FrameProtocol

from chat.framework.read_scheduler import ReadScheduler


def uvicorn_transport(send: Send, scheduler: ReadScheduler) -> "UvicornTransport | None":
    """Return the transport below a WebSocket's `send`, which is scheduled from now on; None outside of uvicorn."""
    protocol = getattr(send, "__self__", None)
    if not isinstance(protocol, WSProtocol):
        return None
    scheduler.add(protocol)
    return UvicornTransport(protocol)


class UvicornTransport:
    """See `chat.web.security.connections.transport.Transport`."""

    def __init__(self, protocol: WSProtocol) -> None:
        self._protocol = protocol
        self._transport = protocol.transport

    @property
    def is_clear(self) -> bool:
        return (
            self._protocol.writable.is_set()
            and self._protocol.conn.state is ConnectionState.OPEN
            and not self._transport.is_closing()
        )

    @property
    def is_full(self) -> bool:
        return not self._protocol.writable.is_set()

    @property
    def unsent(self) -> int:
        return self._transport.get_write_buffer_size()

    def write(self, text: str) -> None:
        self._transport.write(text_frame(text))

    def abort(self) -> None:
        self._transport.abort()


@lru_cache(8)
def text_frame(text: str) -> bytes:
    """Return the WebSocket frame of a text: a server's frames are unmasked, and here uncompressed, so all are alike."""
    return bytes(FrameProtocol(client=False, extensions=[]).send_data(text))
