"""Publish and subscribe: listeners receive the events that were applied."""

from collections import defaultdict
from collections.abc import Callable
from typing import Any, get_args

import structlog

from chat.domain.events import Event

Listener = Callable[[Any], None]

log = structlog.get_logger()


class EventBus:
    """Listeners by kind of event. A failing listener is logged and doesn't affect the others."""

    def __init__(self) -> None:
        self._listeners: defaultdict[type, dict[Listener, None]] = defaultdict(dict)

    def subscribe(self, listener: Listener, *kinds: type[Event]) -> Callable[[], None]:
        """Call `listener` with events of these kinds, or of all kinds. Return a function that unsubscribes."""
        for kind in kinds or get_args(Event):
            self._listeners[kind][listener] = None

        def unsubscribe() -> None:
            for listeners in self._listeners.values():
                listeners.pop(listener, None)

        return unsubscribe

    def publish(self, event: Event) -> None:
        for listener in list(self._listeners[type(event)]):
            try:
                listener(event)
            except Exception:
                log.exception("a listener failed", kind=type(event).__name__)
