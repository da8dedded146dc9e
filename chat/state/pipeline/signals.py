"""Signals: occurrences besides events, which change nothing. Only metrics listen to them."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class StoreWritten:
    """A store took, or refused, a batch of events, after so many seconds."""

    seconds: float


@dataclass(frozen=True, slots=True)
class Refused:
    """A member's action was refused; `reason` is the key of a `ChatError`."""

    reason: str


@dataclass(frozen=True, slots=True)
class RequestRefused:
    """A request, or a WebSocket, was refused with an HTTP status before it reached a page."""

    status: int


@dataclass(frozen=True, slots=True)
class SocketDropped:
    """The connection of a page was cut, for one of a few reasons."""

    reason: str


Signal = StoreWritten | Refused | RequestRefused | SocketDropped
