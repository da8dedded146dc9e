"""TLS in front of an engine's Unix socket, in a thread of its own: stores are read by threads that wait."""

import asyncio
import ssl
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import trustme

CHUNK = 65536


@contextmanager
def tls_relay(socket: Path, authority: trustme.CA) -> Iterator[int]:
    """Relay connections to `localhost` to a Unix socket, with a certificate of this authority; yield the port."""
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    authority.issue_cert("localhost").configure_cert(context)
    loop = asyncio.new_event_loop()
    thread = threading.Thread(target=loop.run_forever)
    thread.start()

    async def relay(client_in: asyncio.StreamReader, client_out: asyncio.StreamWriter) -> None:
        engine_in, engine_out = await asyncio.open_unix_connection(socket)
        with suppress(OSError):
            await asyncio.gather(_pipe(client_in, engine_out), _pipe(engine_in, client_out))

    starting = asyncio.run_coroutine_threadsafe(asyncio.start_server(relay, "localhost", 0, ssl=context), loop)
    try:
        yield starting.result(10).sockets[0].getsockname()[1]
    finally:
        loop.call_soon_threadsafe(loop.stop)
        thread.join()
        loop.close()


async def _pipe(source: asyncio.StreamReader, target: asyncio.StreamWriter) -> None:
    while chunk := await source.read(CHUNK):
        target.write(chunk)
        await target.drain()
    target.close()
