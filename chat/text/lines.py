"""Estimates the height of a text."""

from math import ceil
from unicodedata import east_asian_width

WIDE = {"W", "F"}


def count_lines(text: str, columns: int) -> int:
    """Estimate how many lines a text takes in a box of so many columns; characters of East Asia take two each."""
    return sum(max(1, ceil(_width(line) / columns)) for line in text.split("\n"))


def _width(line: str) -> int:
    return len(line) if line.isascii() else sum(2 if east_asian_width(char) in WIDE else 1 for char in line)
