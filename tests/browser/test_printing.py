"""Printing gives the whole log as loaded, in black on white."""

from playwright.async_api import expect

from tests.support.people import TALL

CUT = """() => [...document.querySelectorAll('.room, .log, article, article *')].filter(e => e.checkVisibility())
  .filter(e => getComputedStyle(e).overflow !== 'visible' && e.scrollHeight > e.clientHeight + 1)
  .map(e => e.outerHTML.slice(0, 80))"""
COLOURS = """() => ['.room', 'article .text'].map(css => getComputedStyle(document.querySelector(css)))
  .map(style => style.color).concat(getComputedStyle(document.body).backgroundColor)"""
ON_PAPER = """() => [...document.querySelectorAll('article')].map(e => e.getBoundingClientRect())
  .map(box => box.top + scrollY >= 0 && box.bottom + scrollY - 1 <= document.documentElement.scrollHeight)"""
CODE = "```\n" + "wide " * 60 + "\n```"


async def test_print_has_every_message_and_nothing_else(enter, guest):
    ann, bob = await enter("Ann", color_scheme="dark"), await guest("Bob")
    for _ in range(3):
        await bob.say(TALL)
    await bob.say(CODE)
    await ann.say("my own")
    await expect(ann.messages).to_have_count(5)
    await ann.page.emulate_media(media="print", color_scheme="dark")
    assert await ann.page.evaluate(CUT) == []
    assert await ann.page.evaluate(ON_PAPER) == [True] * 5
    assert await ann.page.evaluate(COLOURS) == ["rgb(0, 0, 0)", "rgb(0, 0, 0)", "rgb(255, 255, 255)"]
    await expect(ann.message("my own").get_by_text("Ann")).to_be_visible()
    for bar in ann.page.locator(".bar"), ann.field, ann.page.locator(".roster"), ann.page.locator("#day"):
        await expect(bar).to_be_hidden()
    assert len(await ann.page.pdf()) > 10_000
