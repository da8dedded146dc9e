"""Requests for pages that the server makes itself, on behalf of a WebSocket."""

from urllib.parse import unquote

from starlette.types import Message, Scope, Send

from chat.web.security.request_context import replace_request_context, request_context

OF_SOCKETS = (b"upgrade", b"connection", b"sec-websocket-")
SCHEMES = {"ws": "http", "wss": "https"}


async def load_page(socket: Scope, path: str, send: Send) -> None:
    """Load a page as the browser of a WebSocket would, within the same limits. `path` is below the root path."""
    context = request_context(socket)
    assert context.pages
    scheme, _, rest = context.public_url.partition("://")
    request = {
        **replace_request_context(socket, public_url=f"{SCHEMES.get(scheme, scheme)}://{rest}", pages=None),
        "type": "http",
        "method": "GET",
        "scheme": SCHEMES.get(socket["scheme"], socket["scheme"]),
        "path": unquote(path),
        "raw_path": path.encode(),
        "query_string": b"",
        "headers": [pair for pair in socket["headers"] if not pair[0].startswith(OF_SOCKETS)],
    }
    await context.pages(request, _receive, send)


async def _receive() -> Message:
    return {"type": "http.request", "body": b"", "more_body": False}
