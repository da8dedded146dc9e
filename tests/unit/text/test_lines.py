"""Estimated height of a text."""

import pytest

from chat.text.lines import count_lines


@pytest.mark.parametrize(
    ("text", "columns", "lines"),
    [
        ("", 10, 1),
        ("short", 10, 1),
        ("0123456789", 10, 1),
        ("0123456789a", 10, 2),
        ("a\n\nb", 10, 3),
        ("これは長い文です", 10, 2),
        ("🎉" * 6, 10, 2),
        ("é" * 10, 10, 1),
    ],
)
def test_count_lines(text, columns, lines):
    assert count_lines(text, columns) == lines
