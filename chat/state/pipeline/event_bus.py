"""Publish and subscribe: listeners receive the events that were applied, and signals."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any, get_args

import structlog

from chat.domain.errors import ChatError
from chat.domain.events import Event
from chat.state.pipeline.signals import Refused, Signal

Listener = Callable[[Any], None]
Key = tuple[type, str | None, str | None]
"""The kind of an event, and its room or the member it is about; None for any, and for events without one."""

log = structlog.get_logger()


class EventBus:
    """Listeners by kind of event, and by room or member. One that fails is logged and doesn't affect the others."""

    def __init__(self) -> None:
        self._listeners: dict[Key, dict[Listener, None]] = {}

    def subscribe(
        self,
        listener: Listener,
        *kinds: type[Event | Signal],
        room_id: str | None = None,
        member_id: str | None = None,
    ) -> Callable[[], None]:
        """Call `listener` with events of these kinds, or of all kinds.

        With a `room_id`, only with those of that room; with a `member_id` instead, only with those about that member.
        Signals must be named. Return a function that unsubscribes.
        """
        keys = [(kind, room_id, member_id) for kind in kinds or get_args(Event)]
        for key in keys:
            self._listeners.setdefault(key, {})[listener] = None
        return lambda: self._unsubscribe(listener, keys)

    def publish(self, event: Event | Signal) -> None:
        """Call the listeners of the event's room, then those of its member, then those that named neither."""
        for key in _keys(event):
            for listener in list(self._listeners.get(key, ())):
                self.call(listener, event)

    def call(self, listener: Listener, event: object) -> None:
        """Call a listener; if it fails, that is logged."""
        try:
            listener(event)
        except Exception:
            log.exception("a listener failed", kind=type(event).__name__)

    @contextmanager
    def reporting_refusals(self) -> Iterator[None]:
        """Publish a `Refused` for a `ChatError`, which is raised again."""
        try:
            yield
        except ChatError as problem:
            self.publish(Refused(problem.key))
            raise

    def _unsubscribe(self, listener: Listener, keys: list[Key]) -> None:
        for key in keys:
            listeners = self._listeners.get(key, {})
            listeners.pop(listener, None)
            if not listeners:
                self._listeners.pop(key, None)


def _keys(event: Event | Signal) -> Iterator[Key]:
    kind = type(event)
    if room_id := getattr(event, "room_id", None):
        yield kind, room_id, None
    if member_id := getattr(event, "member_id", None):
        yield kind, None, member_id
    yield kind, None, None
