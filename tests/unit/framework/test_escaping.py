"""The patch of how a page's elements are escaped."""

import inspect

from nicegui import Client, json
from nicegui.client import HTML_ESCAPE_TABLE

from chat.framework.patches.escaping import FastEscapingJson


def test_page_is_escaped_as_the_patch_expects():
    source = inspect.getsource(Client.build_response)
    assert "elements = json.dumps({" in source
    assert "'elements': elements.translate(HTML_ESCAPE_TABLE)" in source
    assert next(iter(HTML_ESCAPE_TABLE)) == ord("&")


def test_patched_escaping_returns_the_same():
    value = {"1": "& < > ` $ &amp; é 👍 \\ \" '", "2": ["<!--", "</script>"]}
    text = FastEscapingJson().dumps(value)
    assert text == json.dumps(value)
    assert text.translate(HTML_ESCAPE_TABLE) == json.dumps(value).translate(HTML_ESCAPE_TABLE)
    assert not {"<", ">", "`", "$"} & set(text.translate(HTML_ESCAPE_TABLE))
