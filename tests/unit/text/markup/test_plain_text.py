"""Plain text: one line without markup, for quotes and notifications."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chat.text.markup.renderer import to_plain


@pytest.mark.parametrize(
    ("text", "plain"),
    [
        ("**bold** _it_ ~~s~~ `code` <b> & &amp;", "bold it s code <b> & &amp;"),
        ("one\n\n  two\tthree", "one two three"),
        ("> quote\n\n- a\n- b\n\n```python\nx = 1\ny = 2\n```", "quote a b x = 1 y = 2"),
        (":tada: [text](https://example.com) https://example.com/a_b", "🎉 text https://example.com/a_b"),
        ("@Ann \u202eevil", "@Ann evil"),
        ("[bank.example](https://evil.example/?<>)", "bank.example (evil.example)"),
    ],
)
def test_plain_text_is_one_line_without_markup(text: str, plain: str):
    assert to_plain(text) == plain


@pytest.mark.parametrize(
    ("text", "plain"),
    [
        ("one two three", "one two…"),
        ("onetwothree", "onetwothr…"),
        ("one twothree", "one twoth…"),
        ("one two 345", "one two…"),
        ("one two 34", "one two 34"),
        ("12345678👍🏽x", "12345678…"),
        ("1234567👨‍👩‍👧x", "1234567…"),
        ("12345678e\u0301xxx", "12345678…"),
    ],
)
def test_plain_text_is_cut_at_words_or_between_characters(text: str, plain: str):
    assert to_plain(text, limit=10) == plain


@given(st.text(max_size=300), st.integers(10, 150))
def test_plain_text_keeps_its_limit(text: str, limit: int):
    plain = to_plain(text, limit)
    assert len(plain) <= limit
    assert plain == " ".join(plain.split())
