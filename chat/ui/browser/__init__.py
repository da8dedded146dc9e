"""Python for the browser: the functions of this folder run there, compiled by PScript (see `script.py`).

Here they are only named: `on(form, "submit.prevent", send, self._send)`, `call(client, confirm, message_id)`.
"""

import json
from collections.abc import Awaitable, Callable
from functools import cache
from typing import Any, ParamSpec

from nicegui import Client, events, ui

from chat.framework.clients import run_in_browser
from chat.ui.browser.holding import give_up, release

P = ParamSpec("P")
Listener = Callable[..., Any]
TIMEOUT = 10  # seconds


def on(
    element: ui.element,
    event: str,
    listener: Listener,
    handler: Listener | None = None,
    *,
    throttle: float = 0.0,
    is_asked: bool = False,
) -> None:
    """Handle a browser event with a function that runs there; what it emits goes to `handler`.

    The function gets the event, or for `vnodeMounted` and `vnodeUpdated` the element, and `emit`. `throttle` is the
    least time between two emits in seconds. With `is_asked`, the function may emit by `ask` (see `holding.py`), which
    is answered once the handler is done.
    """
    if handler and is_asked:
        handler = _answering(handler)
    element.on(event, handler, js_handler=_glue(_name(listener), event.startswith("vnode")), throttle=throttle)


def call(client: Client, function: Callable[P, Any], *args: P.args, **kwargs: P.kwargs) -> None:
    """Call a function in the browser."""
    assert not kwargs  # a compiled function would ignore them
    run_in_browser(client, _code(function, *args))


async def result_of(client: Client, function: Callable[P, Any], *args: P.args, **kwargs: P.kwargs) -> Any:
    """Call a function in the browser, and return its result. Raises `TimeoutError` if none comes."""
    assert not kwargs
    return await client.run_javascript(_code(function, *args), timeout=TIMEOUT)


def _code(function: Callable[..., Any], *args: Any) -> str:
    arguments = ",".join(map(json.dumps, args))
    return f"chat.{_name(function)}({arguments})"


def _answering(handler: Listener) -> Listener:
    def answer(event: events.GenericEventArguments) -> Awaitable[None] | None:
        return _answer(handler, event)

    return answer


def _answer(handler: Listener, event: events.GenericEventArguments) -> Awaitable[None] | None:
    token = _take_token(event)
    outcome = handler(event)
    if outcome is not None:
        return _answer_later(outcome, event.client, token)
    if token:
        call(event.client, release, token)
    return None


async def _answer_later(outcome: Awaitable[None], client: Client, token: int) -> None:
    try:
        await outcome
    except Exception:
        call(client, give_up)
        raise
    if token:
        call(client, release, token)


def _take_token(event: events.GenericEventArguments) -> int:
    """Take what `ask` has put behind the values of an event; return 0 if there isn't any."""
    match event.args if isinstance(event.args, list) else [event.args]:
        case [value, {"held": int() as token}]:
            event.args = value
        case [*values, {"held": int() as token}]:
            event.args = values
        case _:
            token = 0
    return token


def _name(function: Callable[..., Any]) -> str:
    is_compiled = function.__module__.startswith(__name__ + ".") and function.__qualname__.isidentifier()
    assert is_compiled, function
    return function.__name__


@cache
def _glue(name: str, is_about_element: bool) -> str:
    return f"it=>chat.{name}(it.el,emit)" if is_about_element else f"it=>chat.{name}(it,emit)"
