"""Everything fits: the longest language on a small phone, a zoomed window, and touch targets."""

from collections.abc import AsyncIterator, Callable

import pytest
from babel.messages.pofile import read_po
from playwright.async_api import Page, expect

from chat.i18n.translator import LOCALE_DIR, languages, translator
from tests.support.matrix import sampled
from tests.support.people import Person
from tests.support.server import ADMIN_PASSWORD

SMALL = {"viewport": {"width": 360, "height": 740}, "has_touch": True, "is_mobile": True}
TINY = {"viewport": {"width": 320, "height": 640}}
ZOOMED = {"viewport": {"width": 640, "height": 400}}  # 1280x800 at 200 %
# Elements outside the window, cut off in their own box (except names, topics, quotes and links, which may be of any
# length, and scrolling boxes), lists narrower than their options, and buttons with a word broken across lines.
MISFITS = """() => [...document.querySelectorAll('body *')].filter(e => e.checkVisibility({visibilityProperty: true})
  && !e.closest('[hidden], template, .sentinel, .mention, emoji-picker')).flatMap(e => {
    const box = e.getBoundingClientRect(), style = getComputedStyle(e), scrolls = /auto|scroll/
    if (!box.width || style.opacity === '0') return []
    const said = `${e.tagName}.${e.className} ${(e.ariaLabel || e.textContent).trim().slice(0, 40)}`
    const out = box.left < -1 || box.right > innerWidth + 1
    const mayBeCut = e.matches(
      'bdi, .topic, h1, .quote *, .about *, .menu-name, .results *, .link input, small, option, select')
    const cut = !mayBeCut && !scrolls.test(style.overflowX) && e.scrollWidth > e.clientWidth + 1 && e.clientWidth > 0
      && style.display !== 'inline'
    if (e.matches('select')) {
      const copy = e.cloneNode(true)
      copy.style = 'position: absolute; width: auto'
      e.before(copy)
      const needed = copy.offsetWidth
      copy.remove()
      if (needed > e.offsetWidth + 1) return [`cut: ${said}, by ${needed - e.offsetWidth}`]
    }
    const twoWays = e.scrollWidth > e.clientWidth + 1 && scrolls.test(style.overflowX) && !e.matches('textarea, input')
    const texts = e.matches('button, .item, .buttons *') ? [...e.childNodes] : []
    const words = texts.filter(node => node.nodeType === Node.TEXT_NODE).flatMap(
      node => [...node.data.matchAll(/[\\p{L}\\p{M}]+/gu)].map(word => {
        const range = new Range()
        range.setStart(node, word.index)
        range.setEnd(node, word.index + word[0].length)
        return range }))
    const broken = words.some(word => new Set([...word.getClientRects()].map(line => line.top)).size > 1)
    return out ? [`out: ${said}`] : cut ? [`cut: ${said}`] : twoWays ? [`scrolls sideways: ${said}`]
      : broken ? [`broken: ${said}`] : [] })"""
# Targets too small for a finger (except links within text, WCAG 2.5.8).
TARGETS = """least => [...document.querySelectorAll('button, a, select, input, summary, [role=option]')].filter(
  e => e.checkVisibility({visibilityProperty: true}) && !e.closest('.text, [hidden], emoji-picker')).flatMap(e => {
    const {width, height} = (e.closest('label') ?? e).getBoundingClientRect()
    const size = `${Math.round(width)}x${Math.round(height)}`
    const isSmall = width && Math.min(width, height) < least - 0.5
    return isSmall ? [`${size} ${e.className} ${e.ariaLabel || e.textContent}`] : []
  })"""


def longest_language() -> str:
    """Return the language with the most characters in its catalog."""

    def length(code: str) -> int:
        with (LOCALE_DIR / code / "chat.po").open("rb") as file:
            strings = (message.string for message in read_po(file, locale=code) if message.id)
            return sum(len(string if isinstance(string, str) else string[0]) for string in strings)

    return max((code for code in languages() if code != "en"), key=length)


async def surfaces(person: Person) -> AsyncIterator[str]:
    """Open every surface of the room in turn and yield its name; `person` must be an owner, in any language."""
    page = person.page
    yield "room"
    await page.locator(".bar .icon-menu").click()
    await expect(page.locator("#menu")).to_be_visible()
    yield "menu"
    await page.keyboard.press("Escape")
    for command in "--settings", "--keys", "--rename", "--account", "--clear":
        await page.locator(".bar .icon-menu").click()
        item = page.locator(f"#menu [command='{command}']")
        if person.touch and command == "--keys":
            await expect(item).to_be_hidden()
            await page.keyboard.press("Escape")
            continue
        await item.click()
        await expect(page.locator("dialog[open]")).to_be_visible()
        yield command
        if command == "--account":
            await page.locator("dialog .danger").click()
            await expect(page.locator(".delete-account-dialog")).to_be_visible()
            yield "delete account"
        await page.keyboard.press("Escape")
        await expect(page.locator("dialog[open]")).to_have_count(0)
    await page.locator(".bar .find").click()
    await expect(page.locator("dialog[open]")).to_be_visible()
    yield "search"
    await page.keyboard.press("Escape")
    if await page.locator(".bar .icon-users").is_visible():
        await page.locator(".bar .icon-users").click()
    await page.locator("[data-member] .moderate:visible").first.click()
    await expect(page.locator("dialog[open]")).to_be_visible()
    yield "person"
    await page.keyboard.press("Escape")
    if await page.locator(".roster:popover-open").count():
        await page.keyboard.press("Escape")
    await page.locator("article").first.locator(".text").click()
    await expect(page.locator("article .acts")).to_be_visible()
    yield "buttons of a message"
    await page.locator("article .acts .more").click()
    await expect(page.locator("#actions")).to_be_visible()
    yield "menu of a message"
    await page.keyboard.press("Escape")
    await page.locator("#composer textarea").fill("/")
    await expect(page.get_by_role("option").first).to_be_visible()
    yield "completion"


async def surfaces_of_rooms(person: Person) -> AsyncIterator[str]:
    """Open what there is besides for who may create rooms."""
    page = person.page
    await page.locator("#composer textarea").fill("/room private Plans")
    await page.locator("#composer [type=submit]").click()
    await expect(page.locator("h1")).to_have_text("Plans")
    await page.locator(".bar .icon-menu").click()
    await page.locator("#menu [command='--room']").click()
    await page.locator(".room-settings-dialog .link ~ .buttons button").first.click()
    await expect(page.locator(".link input")).to_be_visible()
    yield "settings of a private room"
    await page.keyboard.press("Escape")
    if await page.locator(".bar .icon-users").is_visible():
        await page.locator(".bar .icon-users").click()
        await expect(page.locator(".new-room")).to_be_visible()
        yield "drawer with rooms"
    await page.locator(".new-room").click()
    await expect(page.locator(".new-room-dialog")).to_be_visible()
    yield "new room"


async def look_at_everything(enter, guest, look: dict, found: Callable) -> dict[str, list[str]]:
    bob = await guest("Bob")
    await bob.say("Look at this: https://example.org/a/rather/long/address/that/goes/on?and=on")
    olga = await enter(**look)
    page = olga.page
    misfits = {"card": await found(page)}
    await page.locator(".card .buttons button").nth(2).click()
    misfits["card to sign up"] = await found(page)
    await page.locator("input[name=name]").fill("Olga")
    await page.locator("input[name=password]").fill("seven wild geese")
    await page.locator(".card .primary").click()
    await expect(page.locator("article")).to_have_count(1)
    await page.locator("#composer textarea").fill(f"/admin {ADMIN_PASSWORD}")
    await page.locator("#composer [type=submit]").click()
    await expect(page.locator("[data-member] .moderate:visible, .bar .icon-users:visible").first).to_be_visible()
    await expect(page.locator(".notice").last).to_be_visible()
    for opened in surfaces(olga), surfaces_of_rooms(olga):
        async for surface in opened:
            misfits[surface] = await found(page)
    await page.goto(f"{olga.url}moderation")
    await expect(page.locator(".admin section").first).to_be_visible()
    misfits["moderation"] = await found(page)
    return {surface: lines for surface, lines in misfits.items() if lines}


async def misfits(page: Page) -> list[str]:
    return await page.evaluate(MISFITS)


@pytest.mark.parametrize("code", sampled(longest_language(), "uk"))  # the longest texts and the longest words
async def test_longest_language_fits_on_a_small_phone(enter, guest, code):
    assert await look_at_everything(enter, guest, {"locale": translator(code).tag, **SMALL}, misfits) == {}


@pytest.mark.exhaustive
@pytest.mark.parametrize("look", [TINY, ZOOMED], ids=["320 px", "200 %"])
async def test_nothing_scrolls_sideways_when_zoomed(enter, guest, look):
    assert await look_at_everything(enter, guest, look, misfits) == {}


@pytest.mark.exhaustive
@pytest.mark.parametrize(("look", "least"), [({}, 24), (SMALL, 44)], ids=["mouse", "fingers"])
async def test_buttons_are_large_enough(enter, guest, look, least):
    async def small(page: Page) -> list[str]:
        return await page.evaluate(TARGETS, least)

    assert await look_at_everything(enter, guest, look, small) == {}
