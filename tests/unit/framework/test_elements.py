"""Elements without classes and styles."""

import gc
from weakref import ref

import pytest
from nicegui import Client, ui
from nicegui.element import Element
from nicegui.page import page

from chat.framework.elements import HtmlElement, RawElement
from chat.framework.patches.element_cycles import free_deleted_elements


async def test_raw_element_is_sent_as_nicegui_would():
    with Client(page("")) as client:
        attributes = {"id": "x", "title": 'a "b" :c=d', "hidden": True}
        raw, original = RawElement("p", attributes), ui.element("p")
        original.props.update(attributes)
        assert raw._to_dict() == original._to_dict()
    client.delete()


async def test_element_shows_text_and_html():
    with Client(page("")) as client:
        text, html = HtmlElement("p", text="<b>"), HtmlElement("p", html="<b>bold</b>  text")
        assert text._displayed_contents(only_visible=True)[0] == "<b>"
        assert html._displayed_contents(only_visible=True)[2] == "bold text"
        text.show("other")
        assert text.props["textContent"] == "other"
    client.delete()


async def test_element_is_sent_only_if_an_attribute_changes():
    with Client(page("")) as client:
        element = HtmlElement("button", {"title": "Send", "disabled": True})
        client.outbox.updates.clear()
        for name, value in ("title", "Send"), ("disabled", True), ("hidden", None):
            element.set(name, value)
        assert not client.outbox.updates
        element.set("disabled", None)
        assert client.outbox.updates
        assert dict(element.props) == {"title": "Send"}
    client.delete()


@pytest.fixture
def freeing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Element, "_handle_delete", Element._handle_delete)  # restored afterwards
    free_deleted_elements()
    free_deleted_elements()


@pytest.mark.usefixtures("freeing")
async def test_deleted_element_leaves_nothing_to_collect():
    gc.disable()
    try:
        with Client(page("")) as client, ui.element("div").classes("a").style("color: red") as parent:
            child = HtmlElement("p", {"title": "tea"}, "tea")
        parts = [ref(part) for part in (parent, parent._props, parent._classes, parent._style, child, child._props)]
        client.outbox.updates.clear()
        parent.delete()
        del parent, child
        assert not [part() for part in parts if part() is not None]
    finally:
        gc.enable()
    client.delete()
