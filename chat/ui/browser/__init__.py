"""Python for the browser: the functions of this folder run there, compiled by PScript (see `script.py`).

Here they are only named: `on(form, "submit.prevent", send, self._send)`, `call(client, confirm, message_id)`.
"""

import json
from collections.abc import Awaitable, Callable
from functools import cache
from typing import Any, ParamSpec

from nicegui import Client, ui

P = ParamSpec("P")
Listener = Callable[..., Any]
TIMEOUT = 10  # seconds


def on(
    element: ui.element, event: str, listener: Listener, handler: Listener | None = None, *, throttle: float = 0.0
) -> None:
    """Handle a browser event with a function that runs there; what it emits goes to `handler`.

    The function gets the event, or for `vnodeMounted` and `vnodeUpdated` the element, and `emit`. `throttle` is the
    least time between two emits in seconds.
    """
    element.on(event, handler, js_handler=_glue(_name(listener), event.startswith("vnode")), throttle=throttle)


def call(client: Client, function: Callable[P, Any], *args: P.args, **kwargs: P.kwargs) -> Awaitable[Any]:
    """Call a function in the browser. Its result may be awaited; raises `TimeoutError` then if none comes."""
    assert not kwargs  # a compiled function would ignore them
    arguments = ",".join(map(json.dumps, args))
    return client.run_javascript(f"chat.{_name(function)}({arguments})", timeout=TIMEOUT)


def _name(function: Callable[..., Any]) -> str:
    is_compiled = function.__module__.startswith(__name__ + ".") and function.__qualname__.isidentifier()
    assert is_compiled, function
    return function.__name__


@cache
def _glue(name: str, is_about_element: bool) -> str:
    return f"it=>chat.{name}(it.el,emit)" if is_about_element else f"it=>chat.{name}(it,emit)"
