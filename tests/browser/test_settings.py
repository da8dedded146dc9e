"""Preferences: appearance and language, in all tabs and after a reload."""

from itertools import pairwise

import pytest
from playwright.async_api import Locator, Page, expect

from chat.domain.accounts.preference_choices import Accent
from chat.ui.personal_css import BRANDS
from tests.support.people import Person

# Foreground, background and required contrast (WCAG 1.4.3, 1.4.6 and 1.4.11).
PAIRS = [
    ("--text", "--bg"), ("--text", "--surface"), ("--text", "--raised"), ("--text", "--mark"),
    ("--muted", "--bg"), ("--muted", "--surface"), ("--muted", "--raised"),
    ("--accent", "--bg"), ("--accent", "--surface"), ("--accent", "--raised"),
    ("--on-accent", "--accent"), ("--on-accent", "--accent-hover"),
    ("--own-ink", "--own-fill"), ("--mention-ink", "--mention"), ("--mention-ink", "--own-mention"),
    ("--mention-me-ink", "--mention-me"), ("--danger", "--bg"), ("--danger", "--raised"),
    ("--on-danger", "--danger"), ("--warn-ink", "--warn-fill"),
]  # fmt: skip
LINES = [("--line-strong", "--bg"), ("--line-strong", "--surface"), ("--line-strong", "--raised")]
IS_AT = "top => Math.abs(document.querySelectorAll('article')[3]?.getBoundingClientRect().top - top) <= 2"
# Red, green and blue of a painted pixel.
PAINTED = """names => { const context = new OffscreenCanvas(1, 1).getContext('2d', {willReadFrequently: true})
  const probe = document.body.appendChild(document.createElement('i'))
  const painted = names.map(name => { probe.style.color = `var(${name})`
    context.fillStyle = getComputedStyle(probe).color
    context.fillRect(0, 0, 1, 1)
    return [...context.getImageData(0, 0, 1, 1).data.slice(0, 3)] })
  probe.remove()
  return painted }"""


def luminance(colour: list[int]) -> float:
    """Return the relative luminance (WCAG 2.2)."""
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in (value / 255 for value in colour)]
    return sum(weight * value for weight, value in zip((0.2126, 0.7152, 0.0722), linear, strict=True))


async def pairs_below(page: Page, pairs: list[tuple[str, str]], ratio: float) -> dict[tuple[str, str], float]:
    """Return the pairs with less contrast than `ratio`."""
    names = sorted({name for pair in pairs for name in pair})
    light = dict(zip(names, map(luminance, await page.evaluate(PAINTED, names)), strict=True))
    found = {(a, b): (max(light[a], light[b]) + 0.05) / (min(light[a], light[b]) + 0.05) for a, b in pairs}
    return {pair: round(value, 2) for pair, value in found.items() if value < ratio}


async def open_settings(person: Person) -> None:
    await person.choose("Settings")
    await expect(person.settings).to_be_visible()


@pytest.mark.exhaustive
@pytest.mark.parametrize("contrast", [False, True], ids=["usual", "high contrast"])
async def test_every_colour_has_enough_contrast(enter, contrast):
    ann = await enter("Ann")
    await open_settings(ann)
    if contrast:
        await ann.settings.get_by_role("checkbox", name="High contrast").check()
        await expect(ann.root).to_have_css("--more", "1")
    for accent in Accent:
        await ann.settings.locator(f"[name=accent][value={accent}]").click()
        if accent is not Accent.CHAT:
            await expect(ann.root).to_have_css("--brand", BRANDS[accent])
        for scheme in "light", "dark":
            await ann.page.emulate_media(color_scheme=scheme)
            assert not await pairs_below(ann.page, PAIRS, 7 if contrast else 4.5), (accent, scheme)
            assert not await pairs_below(ann.page, LINES, 4.5 if contrast else 3), (accent, scheme)


async def chosen_appearance(person: Person) -> None:
    await expect(person.root).to_have_css("font-size", "18.4px")
    await expect(person.root).to_have_css("--brand", BRANDS[Accent.TEAL])
    await expect(person.root).to_have_css("--roomy", "0")


async def test_preferences_apply_to_other_tabs_and_survive_a_reload(enter):
    ann = await enter("Ann")
    other = Person(await ann.page.context.new_page(), ann.url)
    await other.page.goto(ann.url)
    await other.is_in()
    await open_settings(ann)
    await ann.settings.get_by_text("Compact").click()
    await ann.settings.get_by_text("115%").click()
    await ann.settings.locator("[name=accent][value=teal]").click()
    for person in ann, other:
        await chosen_appearance(person)
    await ann.reload()
    await chosen_appearance(ann)
    await open_settings(ann)
    await expect(ann.settings.locator("[name=density]:checked")).to_have_value("compact")
    await expect(ann.settings.locator("[name=size]:checked")).to_have_value("115")
    await expect(ann.settings.locator("[name=accent]:checked")).to_have_value("teal")


async def test_compact_density_shows_more_and_escape_closes_the_settings(enter):
    ann = await enter("Ann")
    for text in "one", "two", "three":
        await ann.say(text)
    await ann.sees("one", "two", "three")
    before = await ann.log.locator(".log-inner").evaluate("e => e.offsetHeight")
    await open_settings(ann)
    await ann.settings.get_by_text("Compact").click()
    await expect(ann.root).to_have_css("--roomy", "0")
    assert await ann.log.locator(".log-inner").evaluate("e => e.offsetHeight") < before * 0.8
    await ann.page.keyboard.press("Escape")
    await expect(ann.settings).to_be_hidden()
    await expect(ann.page.locator("body:focus")).to_have_count(0)


# Language.


async def choose_by_key(person: Person, language: Locator, *keys: str) -> None:
    await language.focus()
    for key in keys:
        await person.page.keyboard.press(key)


async def test_language_is_chosen_by_keyboard_only_with_enter_and_the_draft_is_kept(enter):
    ann = await enter("Ann")
    await ann.write("half a thou")
    await ann.mark_page()
    await ann.menu_button.click()
    language = ann.menu.get_by_label("Language")
    for keys in ["Alt+ArrowDown", "Escape"], ["d", "Escape"]:
        await choose_by_key(ann, language, *keys)
        await expect(language).to_have_value("en")
    await ann.is_on_the_same_page()
    await choose_by_key(ann, language, "Alt+ArrowDown", "ArrowDown", "ArrowDown", "Enter")
    await expect(ann.page.locator("html")).to_have_attribute("lang", "de")
    await expect(ann.page.get_by_role("textbox", name="Nachricht")).to_have_value("half a thou")
    await ann.page.locator(".bar .icon-menu").click()
    await ann.menu.get_by_label("Sprache").select_option("العربية")
    await expect(ann.page.locator("html")).to_have_attribute("dir", "rtl")
    await expect(ann.page.locator("#composer textarea")).to_have_value("half a thou")


@pytest.mark.exhaustive
async def test_scroll_position_survives_a_language_change(enter):
    ann = await enter("Ann")
    await ann.read_in_the_middle(of=6)
    before = await ann.messages.nth(3).bounding_box()
    await ann.menu_button.click()
    await ann.menu.get_by_label("Language").select_option("Deutsch")
    await expect(ann.root).to_have_attribute("lang", "de")
    await ann.page.wait_for_function(IS_AT, arg=before["y"])


async def test_language_can_be_chosen_on_the_card(enter):
    ann = await enter()
    await ann.card_name.fill("Ann")
    await ann.page.get_by_label("Language").select_option("日本語")
    await expect(ann.page.locator("html")).to_have_attribute("lang", "ja")
    await expect(ann.page.locator("input[name=name]")).to_have_value("Ann")
    await ann.page.locator("input[name=name]").press("Enter")
    await expect(ann.page.locator("#composer textarea")).to_be_visible()
    await expect(ann.page.locator("html")).to_have_attribute("lang", "ja")


@pytest.mark.exhaustive
async def test_settings_are_aligned_and_spaced_on_phone(enter):
    ann = await enter("Ann", viewport={"width": 390, "height": 844}, has_touch=True, is_mobile=True)
    await open_settings(ann)
    controls = ann.settings.locator("select, .settings input[type=range], .settings > button, .settings p, .buttons")
    boxes = [box for control in await controls.all() if (box := await control.bounding_box())]
    for above, below in pairwise(boxes):
        assert above["y"] + above["height"] + 4 <= below["y"] or above["y"] == below["y"]
    assert len({box["x"] + box["width"] for box in boxes if box["width"] > 250}) == 1
