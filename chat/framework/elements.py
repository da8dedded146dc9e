"""Lightweight NiceGUI elements: native tags with attributes, text or HTML.

Written for: NiceGUI 3.18.0, where each element has its own objects for classes, style, props and slots, announces each
change of a prop, parses the names of events for each listener, and has a random id for each.
Saves: two thirds of what an element takes, in time and in memory.
Obsolete when: NiceGUI creates these objects on demand.
"""

import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache, cached_property
from types import MappingProxyType
from typing import Any, Self
from weakref import ref

from nicegui import Client, helpers, json, ui
from nicegui.context import context
from nicegui.event_listener import EventListener
from nicegui.slot import Slot
from nicegui.storage import request_contextvar

from chat.framework.clients import run_in_browser

SPARE = 1_000_000  # the first number of elements that not every page has


@contextmanager
def spare_numbers(client: Client) -> Iterator[None]:
    """Number elements that not every page has apart from the others, so that those have the same numbers everywhere."""
    before = client.next_element_id
    client.next_element_id = max(SPARE, *(number + 1 for number in client.elements))
    yield
    client.next_element_id = before


@dataclass(kw_only=True, slots=True)
class Listener(EventListener):
    """A listener with a given id. All of the same kind share their description."""

    id: str
    description: dict[str, Any]

    def __post_init__(self) -> None:
        """Have no random id."""

    def to_dict(self) -> dict[str, Any]:
        return {**self.description, "listener_id": self.id}


class RawElement(ui.element):
    """An element with nothing but a tag, attributes, children and listeners."""

    _classes = _style = _text = _update_method = None  # type: ignore[assignment]
    _markers = ()  # type: ignore[assignment]
    _deleted = False
    visible = ignores_events_when_hidden = True
    slots: Mapping[str, Slot] = MappingProxyType({})  # type: ignore[assignment]

    def __init__(self, tag: str, attributes: dict[str, Any], root_of: Client | None = None) -> None:
        """Do what NiceGUI's constructor would do for such an element; only the root of a page has no parent."""
        slot = None if root_of else context.slot
        client = slot.parent.client if slot else root_of
        assert client
        self._client, self._parent_slot = ref(client), ref(slot) if slot else None
        self.id = client.next_element_id
        self.tag = tag
        self._props = attributes.copy()  # type: ignore[assignment]
        self._event_listeners = {}
        client.next_element_id += 1
        client.elements[self.id] = self
        self.update()
        if slot:
            slot.children.append(self)
            slot.parent.update()

    @cached_property
    def default_slot(self) -> Slot:  # type: ignore[override]
        """The children, if there are any."""
        slot = Slot(self, "default", None)
        self.slots = {"default": slot}
        return slot

    def on(  # type: ignore[override]
        self, type: str, handler: Any = None, args: Any = None, *, throttle: float = 0.0, js_handler: str | None = None
    ) -> Self:
        """Number the listeners, so that those of a page that is built again have the same ids.

        The browser would put up an element anew if it got other listeners.
        """
        kind = _kind(type, js_handler, throttle, None if args is None else tuple(args))
        listener = Listener(
            id=f"{self.id}.{len(self._event_listeners)}",
            element_id=self.id,
            handler=handler,
            request=request_contextvar.get(),
            **kind,
        )
        self._event_listeners[listener.id] = listener
        self.update()
        return self

    def run_method(self, name: str, *args: Any) -> None:  # type: ignore[override]
        """Run a method of the element in the browser, in order with what else is to run there."""
        if self._is_safe_to_interact():
            run_in_browser(self.client, f"runMethod({self.id},{json.dumps(name)},{json.dumps(args)})")

    def update(self) -> None:
        """Send the element, unless its page is still being built, which is then sent as a whole."""
        if self.client._response_built:
            super().update()

    def _to_dict(self) -> dict[str, Any]:
        found: dict[str, Any] = {"tag": self.tag}
        if self._props:
            found["props"] = self._props
        if self.slots and self.default_slot.children:
            found["children"] = [child.id for child in self.default_slot.children]
        if self._event_listeners:
            found["events"] = [listener.to_dict() for listener in self._event_listeners.values()]
        return found


@cache
def _kind(type: str, js_handler: str | None, throttle: float, args: tuple[str, ...] | None) -> dict[str, Any]:
    """Return what listeners of one kind have in common."""
    values: dict[str, Any] = {
        "type": helpers.event_type_to_camel_case(type),
        "js_handler": js_handler,
        "throttle": throttle,
        "args": [args] if args else args,
        "leading_events": True,
        "trailing_events": True,
    }
    listener = EventListener(element_id=0, handler=None, request=None, **values)
    return {**values, "description": listener.to_dict()}


class HtmlElement(RawElement):
    """A native element with attributes of any name and value (nothing is parsed), and text or safe HTML."""

    def __init__(
        self, tag: str, attributes: dict[str, Any] | None = None, text: str | None = None, html: str | None = None
    ) -> None:
        content = {"textContent": text, "innerHTML": html}
        given = {name: value for name, value in content.items() if value is not None}
        super().__init__(tag, {**(attributes or {}), **given})

    def show(self, text: str) -> None:
        self.set("textContent", text)

    def set(self, name: str, value: Any) -> None:
        """Set an attribute, or remove it with None; the element is sent only if that changes it."""
        if self.props.get(name) == value:
            return
        if value is None:
            del self.props[name]
        else:
            self.props[name] = value
        self.update()

    def _displayed_contents(self, *, only_visible: bool) -> list[Any]:
        html = re.sub(r"<[^>]*>", " ", self.props.get("innerHTML", ""))
        return [self.props.get("textContent"), self.props.get("aria-label"), " ".join(html.split())]
