"""Elements without classes and styles."""

import gc
import re
from typing import Any
from weakref import ref

from nicegui import Client, json, ui
from nicegui.event_listener import EventListener
from nicegui.page import page

from chat.framework.clients import run_in_browser
from chat.framework.elements import HtmlElement, RawElement
from tests.unit.framework.contract import source_hash


async def test_raw_element_is_sent_as_nicegui_would():
    sent = []
    for build in RawElement, build_original:
        with Client(page("")) as client:
            with build("form", {"id": "x", "title": 'a "b" :c=d', "hidden": True}) as element:
                build("p", {})
            element.on("submit.prevent", print, js_handler="it=>it", throttle=1.0).on("keydown.left", print)
            element.on("emoji-click", args=["detail"]).on("toggle", args=[])
            elements = {number: element._to_dict() for number, element in client.elements.items()}
            sent.append(re.sub(r'"listener_id":".*?"', "", json.dumps(elements)))
        client.delete()
    assert sent[0] == sent[1]


def build_original(tag: str, attributes: dict[str, Any]) -> ui.element:
    element = ui.element(tag)
    element.props.update(attributes)
    return element


async def test_raw_elements_are_moved_and_removed_as_others_are():
    with Client(page("")) as client:
        first, second = HtmlElement("ul"), HtmlElement("ul")
        with first:
            item = HtmlElement("li").on("click", print)
        item.move(second)
        assert ([*first], [*second]) == ([], [item])
        second.delete()
        assert item.is_deleted
        assert item.id not in client.elements
        assert not first.is_deleted
    client.delete()


async def test_element_shows_text_and_html():
    with Client(page("")) as client:
        text, html = HtmlElement("p", text="<b>"), HtmlElement("p", html="<b>bold</b>  text")
        assert text._displayed_contents(only_visible=True)[0] == "<b>"
        assert html._displayed_contents(only_visible=True)[2] == "bold text"
        text.show("other")
        assert text.props["textContent"] == "other"
    client.delete()


async def test_methods_of_elements_run_in_order_with_other_code():
    with Client(page("")) as client:
        run_in_browser(client, "before()")
        element = HtmlElement("dialog")
        element.run_method("scrollTo", 0, 1)
        run_in_browser(client, "after()")
        codes = [data["code"] for _, _, data in client.outbox.messages]
        assert codes == ["before()", f'runMethod({element.id},"scrollTo",[0,1])', "after()"]
    client.delete()


async def test_element_is_sent_by_itself_once_its_page_was_sent():
    with Client(page("")) as client:
        first = HtmlElement("p").on("click", print)
        first.show("text")
        assert first not in client.outbox.updates.values()
        client._response_built = True
        later = HtmlElement("p")
        assert {later, client.content} <= {*client.outbox.updates.values()}
        first.on("focus", print)
        assert first in client.outbox.updates.values()
    client.delete()


async def test_element_is_sent_only_if_an_attribute_changes():
    with Client(page("")) as client:
        element = HtmlElement("button", {"title": "Send", "disabled": True})
        client._response_built = True
        client.outbox.updates.clear()
        for name, value in ("title", "Send"), ("disabled", True), ("hidden", None):
            element.set(name, value)
        assert not client.outbox.updates
        element.set("disabled", None)
        assert client.outbox.updates
        assert dict(element.props) == {"title": "Send"}
    client.delete()


def test_nicegui_is_the_one_this_was_written_for():
    assert source_hash(ui.element.__init__) == "195119f5d43e"
    assert source_hash(ui.element._to_dict) == "92a5a5c4e058"
    assert source_hash(EventListener) == "9892e7586f67"


async def test_deleted_element_leaves_nothing_to_collect():
    gc.disable()
    try:
        with Client(page("")) as client, HtmlElement("div") as parent:
            child = HtmlElement("p", {"title": "tea"}, "tea").on("click", lambda: None)
        parts = [ref(part) for part in (parent, child, parent.default_slot)]
        client.outbox.updates.clear()
        parent.delete()
        del parent, child
        assert not [part() for part in parts if part() is not None]
    finally:
        gc.enable()
    client.delete()
