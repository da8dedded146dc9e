"""Reads the source of a page, as the page's script does."""

import ast
import html
import json
import re
from typing import Any


def parse_page(source: str) -> tuple[dict[str, Any], dict[str, Any]]:
    """Return the elements of a page by their numbers, and the query with which it opens its WebSocket."""
    elements = json.loads(html.unescape(between(source, "parseElements(String.raw`", "`")))
    return elements, ast.literal_eval(between(source, "query: ", ",\n"))


def between(text: str, start: str, end: str) -> str:
    """Return what is between two texts that must be there."""
    found = re.search(f"{re.escape(start)}(.*?){re.escape(end)}", text, re.DOTALL)
    assert found, f"the text has no {start}"
    return found[1]
