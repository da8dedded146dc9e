"""Messages of words alone, which are not parsed."""

import re
from unittest import mock

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from chat.domain.text.cleaning import TEXT_LIMIT
from chat.text.markup import renderer
from chat.text.markup.renderer import to_html, to_plain

PARSED = mock.patch.object(renderer, "_SENTENCE", re.compile(r"(?!)"))
PIECES = st.sampled_from(
    [*"abcXYZäßéÀעبहि漢かー한12٣²ⅷª'.,!? \u3164\u00ad", ". ", "  ", "www", "http", "com", "org", "x.y"]
)


@given(st.lists(PIECES, max_size=20).map("".join))
@example("Sixty characters are what people write in a chat on average.")
@example("It's 10 o'clock, isn't it?")
@example("1. one")
@example("See www.example.org")
@example(" a ")
def test_words_are_written_as_if_they_were_parsed(text: str):
    written = to_html(text), to_plain(text), to_plain(text, 10, shows_spoilers=True)
    with PARSED:
        assert (to_html(text), to_plain(text), to_plain(text, 10, shows_spoilers=True)) == written


def test_words_alone_are_not_parsed():
    with mock.patch.object(renderer, "HtmlWriter", None):
        assert to_html("Good morning, everyone. Shall we start?") == "Good morning, everyone. Shall we start?"


@pytest.mark.parametrize("words", ["a", "a ", "a, ", "a. ", "a!"])
def test_long_texts_take_no_longer_than_they_are_long(words: str):
    text = f"{words * (TEXT_LIMIT // len(words) - 1)}_"
    assert renderer._SENTENCE.fullmatch(text) is None  # with backtracking, it would take years
