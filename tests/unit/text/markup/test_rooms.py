"""Links to rooms in rendered messages."""

import re

import pytest

from chat.text.markup.renderer import to_html, to_plain

ROOMS = {"tea": "tea", "Café": "cafe", "茶馆": "茶馆"}


def links(text: str) -> list[tuple[str, str]]:
    """Return the paths and texts of the links to rooms."""
    return re.findall('<a class="room-name" href="([^"]*)"[^>]*>([^<]*)</a>', to_html(text, rooms=ROOMS))


@pytest.mark.parametrize(
    ("text", "found"),
    [
        *(("#tea", [("room/tea", "#tea")]), ("**#Café**!", [("room/cafe", "#Café")])),
        *(("- ||#tea||", [("room/tea", "#tea")]), ("# #tea", [("room/tea", "#tea")])),
        *(("在＃茶馆里", [("room/%E8%8C%B6%E9%A6%86", "#茶馆")]), ("#tea #tea", [("room/tea", "#tea")] * 2)),
        *(("`#tea` \\#tea ##tea #teas #tea-party", []), ("[#tea](https://example.org)", [])),
        *(("https://example.org/#tea", []), ("example.org/?#tea", []), ("```\n#tea\n```", []), ("#nowhere", [])),
    ],
)
def test_slug_is_a_link_but_not_in_code_words_and_links(text: str, found: list[tuple[str, str]]):
    assert links(text) == found


@pytest.mark.parametrize("path", ["room/tea", "/room/tea", "room/../x", "//example.org/room/tea", "room/tea?x=1"])
def test_only_the_sign_makes_such_a_link(path: str):
    assert "<a " not in to_html(f"[tea]({path}) <{path}>", rooms=ROOMS)


def test_slug_stays_as_typed_where_nothing_is_a_link():
    assert to_plain("Come to **#tea**") == "Come to #tea"
    assert to_html("#tea") == "#tea"


def test_sign_that_is_escaped_is_shown_alone():
    assert to_html("\\#tea", rooms=ROOMS) == "#tea"
    assert to_html("\\#nowhere", rooms=ROOMS) == "\\#nowhere"
