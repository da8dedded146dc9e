"""The frames that a page may send over its WebSocket: pongs, one connect, and NiceGUI's events about its own client."""

import re
from collections.abc import Mapping
from itertools import chain
from typing import Any
from urllib.parse import parse_qsl

import orjson

FRAME_LIMIT = 400_000  # characters; the longest frame of a page is a text of 50,000 with everything escaped twice
QUERY_LIMIT = 2000
DEPTH_LIMIT = 16

# Of these, a browser's Socket.IO client sends all but `t`, which others add against caches. Engine.IO would act on
# others: on `sid`, of which it also logs the value, and on `j`.
_QUERY_NAMES = frozenset(
    [
        "client_id",
        "tab_id",
        "old_tab_id",
        "document_id",
        "next_message_id",
        "implicit_handshake",
        "page",
        "newest",
        "EIO",
        "transport",
        "t",
    ]
)
_ID = re.compile(r"[\w-]{1,64}", re.ASCII)
_EVENT = re.compile(r"42\d{0,10}(?=\[)", re.ASCII)
_CONNECTS = {"40", "40{}"}
_ALWAYS_VALID = {"3", "1", "41"}  # pong, close, disconnect


class ProtocolViolation(Exception):
    """A frame or query that no page of this chat sends; the message names the invalid part in one word."""


class FrameValidator:
    """Validate the frames that one WebSocket receives from the page `client_id`."""

    def __init__(self, query: bytes) -> None:
        """Raise `ProtocolViolation` unless the query is the one a page opens its WebSocket with."""
        if len(query) > QUERY_LIMIT:
            raise ProtocolViolation("query")
        values = _parse_query(query)
        _check_handshake(values)
        if values.get("transport") != "websocket" or values.get("EIO") != "4":
            raise ProtocolViolation("transport")
        self.client_id = values["client_id"]
        self._is_connected = False

    def accepts(self, frame: object) -> bool:
        """Whether to pass a valid frame on, or to drop it as useless. Raises `ProtocolViolation`."""
        if not isinstance(frame, str) or len(frame) > FRAME_LIMIT:
            raise ProtocolViolation("frame")
        if frame in _ALWAYS_VALID:
            return True
        if frame in _CONNECTS and not self._is_connected:
            self._is_connected = True
            return True
        start = _EVENT.match(frame)
        if not start or not self._is_connected:
            raise ProtocolViolation("frame")
        match _parse(frame[start.end() :]):
            case [str() as name, dict() as values]:
                return self._accepts_event(name, values)
        raise ProtocolViolation("event")

    def _accepts_event(self, name: str, values: dict[str, Any]) -> bool:
        if values.get("client_id") != self.client_id:
            raise ProtocolViolation("client")
        match name, values:
            case "event", {"id": int(), "listener_id": str(), "args": list() as arguments}:
                _check_arguments(arguments)
                return True
            case "ack", {"next_message_id": int()}:
                return True
            case "javascript_response", {"request_id": str()}:
                return True
            case "handshake", _:
                _check_handshake(values)
                return True
            case "log", _:
                return False  # browser console messages stay out of the server's log
        raise ProtocolViolation("event")


def _check_arguments(arguments: list[Any]) -> None:
    for argument in arguments:
        if argument is not None:
            if not isinstance(argument, str):
                raise ProtocolViolation("arguments")
            _parse(argument)


def _parse_query(query: bytes) -> dict[str, str]:
    try:
        pairs = parse_qsl(query.decode("ascii"), keep_blank_values=True, max_num_fields=len(_QUERY_NAMES))
    except ValueError:
        raise ProtocolViolation("query") from None
    values = dict(pairs)
    if len(values) < len(pairs) or not _QUERY_NAMES.issuperset(values):
        raise ProtocolViolation("query")
    return values


def _check_handshake(values: Mapping[str, Any]) -> None:
    for name in ("client_id", "tab_id", "document_id"):
        value = values.get(name)
        if not isinstance(value, str) or not _ID.fullmatch(value):
            raise ProtocolViolation("handshake")
    old = values.get("old_tab_id")
    if old is not None and not (isinstance(old, str) and _ID.fullmatch(old)):
        raise ProtocolViolation("handshake")
    if not re.fullmatch(r"\d{1,9}", str(values.get("next_message_id", 0)), re.ASCII):
        raise ProtocolViolation("handshake")


def _parse(text: str) -> Any:
    try:
        value = orjson.loads(text)
    except ValueError:
        raise ProtocolViolation("json") from None
    if text.count("[") + text.count("{") > DEPTH_LIMIT and _is_deep(value):
        raise ProtocolViolation("depth")
    return value


def _is_deep(value: Any) -> bool:
    level = [value]
    for _ in range(DEPTH_LIMIT):
        level = list(
            chain.from_iterable(
                item.values() if isinstance(item, dict) else item for item in level if isinstance(item, dict | list)
            )
        )
    return bool(level)
