"""The font lists of the style sheet: emoji in colour, and nothing else from an emoji font."""

import re
from pathlib import Path

import emoji
import pytest

CSS = (Path(__file__).parents[2] / "assets/chat.css").read_text()
FACE = "Colour Emoji"
COLOUR_FONTS = {"Apple Color Emoji", "Segoe UI Emoji", "Noto Color Emoji", "Twemoji Mozilla"}
# Fonts that have some emoji without colours, on one system or another.
MONOCHROME = {
    *("system-ui", "-apple-system", "Segoe UI", "Noto Sans", "Menlo", "DejaVu Sans Mono", "sans-serif", "monospace"),
}


def face() -> str:
    return next(rule for rule in re.findall(r"@font-face \{(.*?)\}", CSS, re.S) if f'"{FACE}"' in rule)


def is_in_range(character: str) -> bool:
    ranges = re.findall(r"U\+([0-9A-F]+)(?:-([0-9A-F]+))?", face())
    return any(int(first, 16) <= ord(character) <= int(last or first, 16) for first, last in ranges)


def font_lists() -> list[list[str]]:
    """Return the families of every list, without the size before them."""
    values = re.findall(r"(?:--font|font|font-family): ([^;]*?(?:sans-serif|monospace)[^;]*);", CSS)
    return [[name.strip().strip('"') for name in re.sub(r"^\S*em\S* ", "", value).split(",")] for value in values]


def test_every_font_list_has_colour_emoji_before_fonts_that_have_some_without():
    lists = font_lists()
    assert [families[0] for families in lists] == ["Inter Variable", "ui-monospace"]
    for families in lists:
        assert MONOCHROME.isdisjoint(families[: families.index(FACE)]), families


def test_all_fonts_with_colour_emoji_are_tried():
    assert set(re.findall(r'local\("([^"]*)"\)', face())) >= COLOUR_FONTS


def test_every_emoji_that_is_a_picture_by_itself_is_drawn_in_colour():
    status = emoji.STATUS["fully_qualified"]
    pictures = [text for text, data in emoji.EMOJI_DATA.items() if len(text) == 1 and data["status"] == status]
    assert len(pictures) > 1000
    assert [picture for picture in pictures if not is_in_range(picture)] == []


@pytest.mark.parametrize(
    "joined", ["👨‍👩‍👧", "👍🏽", "🇩🇪", "🏴\U000e0067\U000e0062\U000e0065\U000e006e\U000e0067\U000e007f"]
)
def test_parts_of_an_emoji_stay_together(joined):
    assert all(is_in_range(part) for part in joined)


@pytest.mark.parametrize("text", ["0123456789#*", "©®™", "☺✈❤✔♀♂", "↑↓↔⌘⏎", "aÄяع田क"])
def test_text_is_not_drawn_by_an_emoji_font(text):
    assert not any(is_in_range(character) for character in text)


def test_weights_are_those_that_the_font_has():
    least, most = map(int, re.findall(r"font-weight: (\d+) (\d+);", CSS)[0])
    weights = set(map(int, re.findall(r"(?:font-weight|font): (\d{3})\b(?! \d{3};)", CSS)))
    assert weights
    assert all(least <= weight <= most for weight in weights)
