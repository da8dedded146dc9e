"""Metrics for Prometheus, for requests with the token; to others, `/metrics` doesn't exist."""

import asyncio
import secrets
from collections.abc import Awaitable, Callable

from fastapi import FastAPI
from prometheus_client import (
    CollectorRegistry,
    Counter,
    Gauge,
    Histogram,
    Info,
    ProcessCollector,
    disable_created_metrics,
)
from prometheus_client.exposition import choose_encoder
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Match, Route
from starlette.types import Scope

from chat import __version__
from chat.domain.messages.events import MessagePosted
from chat.state import clock
from chat.state.chat import Chat
from chat.state.pipeline.signals import Refused, RequestRefused, SocketDropped, StoreWritten
from chat.web.security.client_address import header

PREFIX = "tcpchatnet"
SECONDS = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5)
LAG_INTERVAL = 1.0  # seconds


def register(app: FastAPI, metrics: "Metrics", token: str) -> None:
    """Serve `/metrics` to requests with this bearer token."""

    async def answer(request: Request) -> Response:
        content, media_type = await metrics.exposition(request.headers.get("accept", ""))
        return Response(content, headers={"Cache-Control": "no-store", "Content-Type": media_type})

    app.router.routes.append(_SecretRoute("/metrics", answer, token))


class Metrics:
    """Counts what happens in a chat from now on, by its events and signals. No label names a person or a room."""

    def __init__(self, chat: Chat, count_pages: Callable[[], int], is_engine_up: Callable[[], bool] | None) -> None:
        self._chat = chat
        disable_created_metrics()  # type: ignore[no-untyped-call]  # when each was first counted: a fifth of the lines, which Prometheus ignores
        self._registry = CollectorRegistry()
        ProcessCollector(registry=self._registry)
        Info(PREFIX, "The running program.", registry=self._registry).info({"version": __version__})
        self._watch_state(count_pages, is_engine_up)
        self._watch_messages()
        self._watch_refusals()
        self._lag = self._histogram("event_loop_lag", "How late the event loop is, measured every second.")

    async def exposition(self, accept: str) -> tuple[bytes, str]:
        """Return all values and their media type, in the format that `accept` asks for."""
        for name, status in (await self._chat.storage_health.check()).items():
            self._writable.labels(name).set(status.writable)
        encode, media_type = choose_encoder(accept)
        return encode(self._registry), media_type

    def watch_loop(self) -> None:
        """Measure from now on how late the running event loop is."""
        loop = asyncio.get_running_loop()

        def measure(due: float) -> None:
            self._lag.observe(max(0.0, loop.time() - due))
            wait()

        def wait() -> None:
            due = loop.time() + LAG_INTERVAL
            loop.call_at(due, measure, due)

        wait()

    def _watch_state(self, count_pages: Callable[[], int], is_engine_up: Callable[[], bool] | None) -> None:
        people = self._chat.people
        self._gauge("people", "People in the chat.").set_function(lambda: len(people.members))
        self._gauge("pages", "Open pages, with those that are reconnecting.").set_function(count_pages)
        self._writable = self._gauge("store_writable", "Whether a store can be written.", "store")
        if is_engine_up:
            self._gauge("engine_up", "Whether the Redis or Valkey server can be written.").set_function(is_engine_up)

    def _watch_messages(self) -> None:
        posted = self._counter("messages", "Messages posted.")
        delivery = self._histogram("delivery", "From accepting a message to having sent it to all pages.")
        storing = self._histogram("store", "To store a batch of events, or to fail.")

        def on_posted(event: MessagePosted) -> None:
            # Listeners for all rooms are called after the room's own ones, which send the message to its pages.
            posted.inc()
            delivery.observe(max(0.0, (clock.now() - event.message.at).total_seconds()))

        self._chat.subscribe(on_posted, MessagePosted)
        self._chat.subscribe(lambda written: storing.observe(written.seconds), StoreWritten)

    def _watch_refusals(self) -> None:
        refused = self._counter("refused", "What members did and was refused.", "reason")
        requests = self._counter("requests_refused", "Requests and WebSockets refused before a page.", "status")
        dropped = self._counter("sockets_dropped", "WebSockets that were cut.", "reason")
        self._chat.subscribe(lambda signal: refused.labels(signal.reason).inc(), Refused)
        self._chat.subscribe(lambda signal: requests.labels(str(signal.status)).inc(), RequestRefused)
        self._chat.subscribe(lambda signal: dropped.labels(signal.reason).inc(), SocketDropped)

    def _gauge(self, name: str, text: str, *labels: str) -> Gauge:
        return Gauge(name, text, labels, namespace=PREFIX, registry=self._registry)

    def _counter(self, name: str, text: str, *labels: str) -> Counter:
        return Counter(name, text, labels, namespace=PREFIX, registry=self._registry)

    def _histogram(self, name: str, text: str) -> Histogram:
        return Histogram(name, text, namespace=PREFIX, unit="seconds", registry=self._registry, buckets=SECONDS)


class _SecretRoute(Route):
    """A route that only those with a bearer token find."""

    def __init__(self, path: str, endpoint: Callable[[Request], Awaitable[Response]], token: str) -> None:
        super().__init__(path, endpoint)
        self._token = token.encode()

    def matches(self, scope: Scope) -> tuple[Match, Scope]:
        match, child = super().matches(scope)
        return (match, child) if match is not Match.NONE and self._has_token(scope) else (Match.NONE, {})

    def _has_token(self, scope: Scope) -> bool:
        scheme, _, given = header(scope, b"authorization").partition(" ")
        return scheme.lower() == "bearer" and secrets.compare_digest(given.encode("latin-1"), self._token)
