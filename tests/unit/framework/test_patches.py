"""What NiceGUI is spared is done as well."""

from nicegui.client import HTML_ESCAPE_TABLE

from chat.framework.patches import _QuicklyEscaped


def test_a_page_is_escaped_as_nicegui_does():
    value = {"1": "& < > ` $ &amp; é 👍 \\ \" '", "2": ["<!--", "</script>"]}
    text = _QuicklyEscaped().dumps(value)
    assert text.translate(HTML_ESCAPE_TABLE) == str(text).translate(HTML_ESCAPE_TABLE)
    assert not {"<", ">", "`", "$"} & set(text.translate(HTML_ESCAPE_TABLE))
