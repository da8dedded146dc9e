"""Pages of our own class, next to NiceGUI's."""

import json
import re
from html import unescape
from typing import Any

from nicegui import Client
from nicegui.page import page
from nicegui.testing import User
from starlette.requests import Request

from chat.framework.page_client import PageClient
from tests.unit.framework.contract import source_hash

SCOPE = {"type": "http", "method": "GET", "path": "/", "root_path": "", "query_string": b"", "headers": []}


def test_nicegui_is_the_one_this_was_written_for():
    assert source_hash(Client.__init__) == "02f87beaaff7"
    assert source_hash(Client.build_response) == "bc00a02af730"


async def test_page_has_what_one_of_nicegui_has(user: User):
    ours, theirs = (made(page("/"), request=Request({**SCOPE})) for made in (PageClient, Client))
    assert vars(theirs).keys() - vars(ours).keys() == {"storage"}
    assert [shown(element) for element in ours.elements.values()] == [shown(e) for e in theirs.elements.values()]
    assert (ours.content.id, ours.next_element_id) == (theirs.content.id, theirs.next_element_id)
    for client in (ours, theirs):
        client.delete()


def shown(element: Any) -> dict[str, Any]:
    """Return an element as the browser shows it: classes may also be given as an attribute."""
    values = {"props": {}, **element._to_dict()}
    values.pop("events", None)  # of the router for pages within pages
    classes = values.pop("class", None)
    return {**values, "props": {**values["props"], **({"class": " ".join(classes)} if classes else {})}}


async def test_page_is_sent_with_its_elements_whatever_they_contain(user: User):
    page_text = (await user.http_client.get("/", headers={"Accept-Language": "en"})).text
    (sent,) = re.findall(r"String\.raw`(.*?)`", page_text, re.DOTALL)
    assert not {"<", ">", "$"} & set(sent)
    assert "Pick a name and start talking" in json.dumps(json.loads(unescape(sent)))
