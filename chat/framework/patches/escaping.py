"""A page's elements are escaped by searching for special characters, not character by character.

Written for: NiceGUI 3.18.0, where `Client.build_response` calls `json.dumps(...).translate(HTML_ESCAPE_TABLE)`.
Saves: a twelfth of the CPU of a page load.
Obsolete when: `build_response` escapes with `str.replace` or in C.
"""

from typing import Any

import nicegui.client
from nicegui import json


def escape_by_search() -> None:
    nicegui.client.json = FastEscapingJson()  # type: ignore[assignment, attr-defined]


class FastEscapingJson:
    """NiceGUI's `json`, with a `dumps` whose result has a fast `translate`."""

    def __getattr__(self, name: str) -> Any:
        return getattr(json, name)

    @staticmethod
    def dumps(value: Any) -> "_FastText":
        return _FastText(json.dumps(value))


class _FastText(str):
    __slots__ = ()

    def translate(self, table: Any) -> str:
        text = str(self)
        for character, replacement in table.items():  # the ampersand, which all replacements contain, is the first
            text = text.replace(chr(character), replacement)
        return text
