"""The toolbar of a message, its menu, and the sheet for fingers: where they are, and what they copy."""

import asyncio

import pytest
from playwright.async_api import Locator, expect

from tests.support.past import PAGE, used_server
from tests.support.people import MENU, Person
from tests.support.sights import PATIENCE

PHONE = {"has_touch": True, "is_mobile": True, "viewport": {"width": 390, "height": 844}}
LONG_PRESS = 0.7  # seconds
HIDE_CLIPBOARD = "() => void Object.defineProperty(navigator, 'clipboard', {value: undefined})"

# How far the toolbar is from the bubble, or from the time beside it, and the texts and times that it covers.
PLACE = """article => { const box = e => e.getBoundingClientRect(), acts = box(article.querySelector('.acts > div'))
  const meet = (a, from, to) => a[from] < acts[to] && acts[from] < a[to]
  const overlap = a => a.width && meet(a, 'left', 'right') && meet(a, 'top', 'bottom')
  const own = [...article.querySelectorAll('.text, :scope > relative-time, :scope > .when')].map(box)
  const shown = [...document.querySelectorAll('article .text, article > relative-time, .stamp > *')]
  const gaps = own.filter(a => a.width && a.bottom > acts.top)
    .map(a => Math.max(a.left - acts.right, acts.left - a.right))
  return [Math.round(Math.min(...gaps)), shown.filter(e => overlap(box(e))).map(e => e.textContent)] }"""

# How far the marked row begins below the message, or below the date above it.
ABOVE_MARKED_ROW = """article => { const date = article.querySelector(':scope > .day')
  const height = style => style.backgroundColor == 'rgba(0, 0, 0, 0)' ? 0 : parseFloat(style.height)
  const marked = height(getComputedStyle(article)) || height(getComputedStyle(article, '::before'))
  const {bottom, top} = article.getBoundingClientRect(), start = date ? date.getBoundingClientRect().bottom : top
  return bottom - marked - start - (date ? parseFloat(getComputedStyle(date).marginBottom) : 0) }"""


async def touch(
    person: Person, place: Locator, *, seconds: float = LONG_PRESS, move: int = 0, opens: bool = False
) -> None:
    """Put a finger on an element, move it upwards by some pixels, and lift it: at last when the sheet is open."""
    box = await place.bounding_box()
    assert box
    x, y = box["x"] + min(box["width"] / 2, 40), box["y"] + box["height"] / 2
    session = await person.page.context.new_cdp_session(person.page)
    await session.send("Input.dispatchTouchEvent", {"type": "touchStart", "touchPoints": [{"x": x, "y": y}]})
    for step in range(0, move, 10):
        points = [{"x": x, "y": y - step}]
        await session.send("Input.dispatchTouchEvent", {"type": "touchMove", "touchPoints": points})
    if opens:
        await expect(person.actions).to_be_in_viewport(ratio=1)
    else:
        await asyncio.sleep(seconds)  # a press takes time
    await session.send("Input.dispatchTouchEvent", {"type": "touchEnd", "touchPoints": []})


async def pastes(person: Person, text: str) -> None:
    """Paste until the clipboard has this text: the toast may be that of the copy before."""
    async with asyncio.timeout(PATIENCE):
        while await person.field.input_value() != text:
            await person.field.fill("")
            await person.field.press("Control+v")


async def test_toolbar_is_beside_its_message_and_covers_no_text(enter, guest):
    ann, bob = await enter("Ann", viewport={"width": 1440, "height": 900}), await guest("Bob")
    for text in "short", "tea " * 60, "again":
        await bob.say(text)
    for text in "mine", "cake " * 60, "/me waves", "still mine":
        await ann.say(text)
    await expect(ann.messages).to_have_count(7)
    for width in 1440, 760, 390:
        await ann.page.set_viewport_size({"width": width, "height": 900})
        for message in await ann.messages.all():
            await message.locator(".text").hover()
            await expect(message.locator(".acts > div")).to_be_visible()
            gap, covered = await message.evaluate(PLACE)
            assert (0 <= gap <= 8, covered) == (True, []), (width, await message.text_content())
            assert abs(await message.evaluate(ABOVE_MARKED_ROW)) <= 2, width


async def test_replying_and_editing_move_nothing_and_mark_the_message(enter, guest):
    ann, bob = await enter("Ann"), await guest("Bob")
    for number in range(18):
        await bob.say(f"line {number:02}")
    await ann.say("one\ntwo\nthree\nfour")
    await ann.say("the last")
    await expect(ann.message("the last")).to_be_visible()
    for button, text in ("Reply", "line 15"), ("Edit", "three"), ("Reply", "the last"):
        await ann.message(text).hover()
        top = await ann.top_of(text)
        await ann.press(button, text)
        await expect(ann.about.filter(has_text=text)).to_be_visible()
        await ann.stays(text, top)
        await ann.field.hover()
        await expect(ann.message(text)).not_to_have_css("background-color", "rgba(0, 0, 0, 0)")
        await ann.keys("Escape")
        await expect(ann.about).to_be_hidden()
        await ann.stays(text, top)


async def test_copying_gives_what_was_typed_even_without_tls(enter, guest):
    ann, bob = await enter("Ann"), await guest("Bob")
    await ann.say("**tea**  with @Bob\n```\nx = 1\n  y\n```")
    await expect(ann.message("tea")).to_be_visible()
    await bob.rename("Rob")
    await expect(ann.message("@Rob")).to_be_visible()
    toast = ann.page.locator("#toast")
    for way in "() => {}", HIDE_CLIPBOARD:
        await ann.page.evaluate(way)
        await ann.press("Copy text", "tea")
        await expect(toast).to_have_text("Copied")
        await expect(toast).to_be_empty()
        await pastes(ann, "**tea**  with @Rob\n```\nx = 1\n  y\n```")
        await ann.message("tea").get_by_role("button", name="Copy code").click()
        await expect(toast).to_have_text("Copied")
        await expect(ann.field).to_be_focused()
        await pastes(ann, "x = 1\n  y")
        await ann.press("Copy link", "tea")
        message_id = await ann.message("tea").get_attribute("id")
        await expect(toast).to_have_text("Copied")
        await pastes(ann, f"{ann.url}room/lobby#{message_id}")


@pytest.mark.own_server
async def test_link_leads_a_newcomer_to_a_message_of_long_ago(enter, tmp_path):
    with used_server(tmp_path / "past", PAGE + 150) as server:
        ann = await enter(url=f"{server.url}?message=history00020")
        await ann.join("Ann")
        await expect(ann.message("message 0020")).to_be_in_viewport(ratio=1)
        await expect(ann.message("message 0020")).to_be_focused()
        assert ann.page.url == server.url
        await ann.say(f"see {server.url}?message=history00200")
        await ann.message("see").get_by_role("link").click()
        await expect(ann.message("message 0200")).to_be_focused()
        assert len(ann.page.context.pages) == 1
        await ann.page.goto(f"{server.url}?message=history99999")
        await expect(ann.reason).to_have_text("That message no longer exists.")


async def test_long_press_opens_a_sheet_with_time_and_reactions(enter, guest):
    bob, ann = await guest("Bob"), await enter("Ann", **PHONE)
    await bob.say("Cake?")
    await bob.react("Cake?", "👍")
    text = ann.message("Cake?").locator(".text")
    await expect(ann.reaction("Cake?", "👍")).to_be_visible()
    await touch(ann, text, opens=True)
    await expect(ann.actions).to_be_in_viewport(ratio=1)
    await expect(ann.actions.locator("relative-time")).to_contain_text("202")
    await expect(ann.actions.get_by_role("button", name="👍 1 Bob")).to_be_visible()
    await expect(ann.actions.get_by_role("button", name="Report")).to_be_visible()
    await expect(ann.actions.get_by_role("button", name="Edit")).to_be_hidden()
    await ann.actions.get_by_role("toolbar", name="React").get_by_role("button", name="🎉").tap()
    await expect(ann.actions).to_be_hidden()
    await expect(ann.reaction("Cake?", "🎉")).to_be_visible()
    await touch(ann, text, opens=True)
    await ann.page.touchscreen.tap(200, 100)
    await expect(ann.actions).to_be_hidden()
    await ann.press("Reply", "Cake?")
    await expect(ann.about.filter(has_text="Replying to Bob")).to_be_visible()


async def test_finger_that_follows_a_quote_leaves_no_mark_behind(enter, guest):
    bob, ann = await guest("Bob"), await enter("Ann", **PHONE)
    await bob.say("Cake?")
    await bob.reply("Cake?", "With cream!")
    await ann.message("With cream!").locator("button.quote").tap()
    await expect(ann.messages.first).to_be_focused()
    await expect(ann.log.get_by_role("button", name=MENU)).to_have_count(1)
    await ann.messages.first.get_by_role("button", name=MENU).tap()
    await expect(ann.actions).to_be_in_viewport(ratio=1)


async def test_scrolling_and_links_open_no_sheet(enter, guest):
    bob, ann = await guest("Bob"), await enter("Ann", **PHONE)
    for number in range(20):
        await bob.say(f"https://example.org/{number}")
    await expect(ann.messages).to_have_count(20)
    await touch(ann, ann.messages.last.locator(".text"), seconds=0.1)  # too short
    await touch(ann, ann.messages.last.locator("a"))
    await touch(ann, ann.messages.nth(15).locator(".text"), move=-200)
    await expect(ann.actions).to_be_hidden()
