"""Characters that Chromium draws nothing for."""

import asyncio
import unicodedata

import pytest
from playwright.async_api import Browser

from chat.domain.errors import NameRefused
from chat.domain.moderation.word_filter import find_blocked
from chat.domain.nickname_policy import check_nickname
from chat.domain.text.cleaning import is_visible
from chat.domain.text.confusables import skeleton
from chat.domain.text.folding import fold
from chat.text.nicknames import parse_nickname

# Ideographs, syllables and the like, which are named by rule: there are 111,000, and all of them draw something.
BY_RULE = (
    "CJK UNIFIED",
    "CJK COMPATIBILITY IDEOGRAPH",
    "HANGUL SYLLABLE",
    "TANGUT",
    "NUSHU",
    "KHITAN SMALL SCRIPT CHAR",
)
# Draws "a" with and without each character after it, and compares the pixels.
DRAWING_NOTHING = """codes => {
  const width = 40, height = 24, columns = 64
  const canvas = new OffscreenCanvas(width * columns, height * Math.ceil((codes.length + 1) / columns))
  const context = canvas.getContext('2d', {willReadFrequently: true})
  context.font = '12px sans-serif'
  const place = i => [i % columns * width, Math.floor(i / columns) * height]
  for (const [i, code] of [-1, ...codes].entries()) {
    const [left, top] = place(i)
    context.fillText(i ? 'a' + String.fromCodePoint(code) : 'a', left + 2, top + 16)
  }
  const pixels = new Uint32Array(context.getImageData(0, 0, canvas.width, canvas.height).data.buffer)
  const row = (left, y) => pixels.subarray(y * canvas.width + left, y * canvas.width + left + width)
  const alone = Array.from({length: height}, (_, y) => row(0, y).join())
  return codes.filter((code, i) => {
    const [left, top] = place(i + 1)
    return alone.every((line, y) => row(left, top + y).join() === line)
  })
}"""


def is_walked(character: str) -> bool:
    """Tell whether Chromium has to draw it: names can't have unassigned and private characters."""
    return unicodedata.category(character) not in {"Cc", "Cn", "Co", "Cs"} and not unicodedata.name(
        character, ""
    ).startswith(BY_RULE)


def is_refused(name: str) -> bool:
    try:
        check_nickname(parse_nickname(name))
    except NameRefused:
        return True
    return False


@pytest.mark.exhaustive
async def test_characters_that_draw_nothing_are_invisible_to_every_rule(browser: Browser):
    walked = [code for code in range(0x110000) if is_walked(chr(code))]
    pages = [await browser.new_page() for _ in range(2)]

    async def draw(page_number: int) -> list[int]:
        batches = [walked[start : start + 1000] for start in range(page_number * 1000, len(walked), 2000)]
        return [code for batch in batches for code in await pages[page_number].evaluate(DRAWING_NOTHING, batch)]

    found = [chr(code) for codes in await asyncio.gather(draw(0), draw(1)) for code in codes]
    assert {" ", "\u00a0", "\u200b", "\u2800", "\ufe0f", "\ufffc"} <= set(found)
    for character in found:
        name = f"Alice{character}"
        assert not is_visible(character), ascii(character)
        assert fold(character).strip() == "", ascii(character)
        assert is_refused(name) or parse_nickname(name).key == "alice", ascii(character)
        assert skeleton(name) == skeleton("Alice"), ascii(character)
        assert character.isspace() or find_blocked(f"da{character}rn", ["darn"]), ascii(character)
    for page in pages:
        await page.close()
