"""Layout from phone to wide screen, right to left, light and dark: nothing overflows or jumps."""

import pytest
from playwright.async_api import expect

from tests.support.matrix import sampled
from tests.support.server import ADMIN_PASSWORD

PHONE = {"viewport": {"width": 360, "height": 740}, "has_touch": True, "is_mobile": True}
DESKTOP = {"viewport": {"width": 1280, "height": 800}}
ARABIC = {"locale": "ar"}
SIZES = pytest.mark.parametrize("size", sampled(PHONE, DESKTOP), ids=["phone", "desktop"])

OVERFLOWING = """() => [document.documentElement, document.body, ...document.querySelectorAll('.log, .roster, .bar')]
  .filter(e => e.scrollWidth > e.clientWidth || (e.scrollHeight > e.clientHeight && !e.matches('.log, .roster')))
  .map(e => e.outerHTML.slice(0, 80))"""
MOVED = """() => new Promise(done => {
  new PerformanceObserver(list => done(list.getEntries().flatMap(entry => entry.sources)
    .filter(source => source.node && !source.node.matches?.('.log-inner'))  // it grows upwards when messages arrive
    .map(source => source.node.outerHTML ?? source.node.textContent))
  ).observe({type: 'layout-shift', buffered: true})
  setTimeout(() => done([]), 500)
})"""

# Counts the parts of a message (lines of text, time) that its buttons cover.
COVERED = """article => { const meet = (a, b, from, to) => a[from] < b[to] && b[from] < a[to]
  const overlap = (a, b) => meet(a, b, 'left', 'right') && meet(a, b, 'top', 'bottom')
  const acts = article.querySelector('.acts').getBoundingClientRect(), words = document.createRange()
  words.selectNodeContents(article.querySelector('.text'))
  return [...words.getClientRects(), article.querySelector('.day')?.getBoundingClientRect()]
    .filter(box => box && overlap(box, acts)).length }"""


async def expect_layout_fits(person) -> None:
    """Expect no sideways overflow, and the composer and the menu button on screen."""
    assert await person.page.evaluate(OVERFLOWING) == []
    for locator in person.page.locator("#composer textarea"), person.page.locator("#composer [type=submit]"):
        await expect(locator).to_be_in_viewport(ratio=1)
    await expect(person.page.locator(".bar .icon-menu")).to_be_in_viewport(ratio=1)


async def join(person, name: str) -> None:
    """Join without relying on the language of the page."""
    await person.page.locator("input[name=name]").fill(name)
    await person.page.keyboard.press("Enter")
    await expect(person.page.locator(".roster li, .notice").first).to_be_attached()


async def background(person) -> str:
    return await person.page.evaluate("() => getComputedStyle(document.body).backgroundColor")


@SIZES
async def test_nothing_overflows(enter, size):
    ann = await enter("W" * 32, **size)
    assert await ann.page.evaluate(OVERFLOWING) == []
    await ann.say("unbroken" * 100)
    await ann.say("https://example.org/" + "path" * 100)
    await ann.say("/me " + "waves" * 60)
    bob = await enter("Bob Bobson " + "B" * 21, **size)
    await bob.say("words and words " * 50)
    await bob.say("//" + "slash" * 60)
    for person in ann, bob:
        await expect(person.messages).to_have_count(5)
        await expect_layout_fits(person)
    await ann.field.fill("\n".join("unbroken" * 40 for _ in range(10)))
    await expect_layout_fits(ann)


@SIZES
async def test_card_fits(enter, size):
    ann = await enter(**size)
    await ann.card_name.fill("x" * 33)
    await ann.card_name.press("Enter")
    await expect(ann.page.get_by_text("Names can have up to 32 characters")).to_be_in_viewport(ratio=1)
    await expect(ann.join_button).to_be_in_viewport(ratio=1)
    assert await ann.page.evaluate(OVERFLOWING) == []


async def test_roster_is_a_drawer_on_phone(enter):
    ann = await enter("Ann", **PHONE)
    await expect(ann.row("Ann")).to_be_hidden()
    people = ann.page.get_by_role("button", name="People")
    await people.tap()
    await expect(ann.row("Ann")).to_be_in_viewport(ratio=1)
    await ann.page.locator("aside").get_by_role("button", name="Close").tap()
    await expect(ann.row("Ann")).to_be_hidden()
    await people.tap()
    await expect(ann.row("Ann")).to_be_visible()
    await ann.page.touchscreen.tap(20, 300)
    await expect(ann.row("Ann")).to_be_hidden()
    await expect_layout_fits(ann)


@SIZES
async def test_nothing_jumps_while_the_page_loads_and_menu_and_dialogs_fit(enter, size):
    ann = await enter("Ann", **size)
    await ann.say("hello")
    await ann.sees("hello")
    await ann.reload()
    await ann.sees("hello")
    assert await ann.page.evaluate(MOVED) == []
    await ann.become_admin(ADMIN_PASSWORD)
    await ann.menu_button.click()
    for item in await ann.menu.get_by_role("button").all():
        await expect(item).to_be_in_viewport(ratio=1)
    await ann.page.keyboard.press("Escape")
    await ann.choose("Change name")
    await expect(ann.rename_dialog).to_be_in_viewport(ratio=1)
    await ann.page.keyboard.press("Escape")
    await ann.choose("Clear history")
    await expect(ann.clear_dialog).to_be_in_viewport(ratio=1)
    assert await ann.page.evaluate(OVERFLOWING) == []


@pytest.mark.exhaustive
async def test_message_buttons_cover_no_text(enter, guest):
    ann = await enter("Ann")
    bob = await guest("Bob")
    await bob.say("tea " * 60)
    await bob.say("cake " * 50)
    await ann.say("/me " + "waves " * 40)
    await ann.say("water " * 40)
    await ann.say("juice " * 40)
    await expect(ann.messages).to_have_count(5)
    for width in 1280, 1000, 760, 390:
        await ann.page.set_viewport_size({"width": width, "height": 1000})
        for message in await ann.messages.all():
            await message.locator(".text").hover()
            await expect(message.locator(".acts")).to_be_visible()
            assert await message.evaluate(COVERED) == 0, (width, await message.text_content())


async def test_roster_is_a_column_on_desktop_and_only_one_message_shows_its_buttons(enter):
    ann = await enter("Ann", **DESKTOP)
    await expect(ann.row("Ann")).to_be_in_viewport(ratio=1)
    await expect(ann.page.get_by_role("button", name="People")).to_be_hidden()
    log, row = await ann.log.bounding_box(), await ann.row("Ann").bounding_box()
    assert row["x"] >= log["x"] + log["width"]
    await ann.say("The tea is ready")
    await ann.say("The cake is not")
    await ann.sees("The tea is ready", "The cake is not")
    await ann.message("cake").click()
    await expect(ann.message("cake").locator(".acts")).to_be_visible()
    await ann.message("tea").hover()
    await expect(ann.message("tea").locator(".acts")).to_be_visible()
    await expect(ann.message("cake").locator(".acts")).to_be_hidden()
    await ann.field.hover()
    await expect(ann.message("cake").locator(".acts")).to_be_visible()
    await expect(ann.page.locator(".acts:visible")).to_have_count(1)


async def test_right_to_left_on_desktop(enter):
    layla = await enter(**DESKTOP, **ARABIC)
    await expect(layla.page.locator("html")).to_have_attribute("dir", "rtl")
    await join(layla, "ليلى")
    await layla.page.locator("#composer textarea").fill("مرحبا بالجميع")
    await layla.page.keyboard.press("Enter")
    message = layla.page.locator("article .text")
    await expect(message).to_have_text("مرحبا بالجميع")
    await expect(layla.page.locator("html")).to_have_attribute("dir", "rtl")
    await expect(layla.page.locator("html")).to_have_attribute("lang", "ar")
    log = await layla.page.locator(".log").bounding_box()
    roster = await layla.page.locator(".roster").bounding_box()
    assert roster["x"] == 0
    assert roster["x"] + roster["width"] <= log["x"]
    own = await message.bounding_box()
    assert own["x"] - log["x"] < log["x"] + log["width"] - own["x"] - own["width"]
    await expect_layout_fits(layla)


@pytest.mark.exhaustive
async def test_right_to_left_on_phone(enter):
    layla = await enter(**PHONE, **ARABIC)
    await join(layla, "ليلى" * 8)
    await layla.page.locator(".icon-users").tap()
    drawer = layla.page.locator(".roster")
    await expect(drawer).to_be_in_viewport(ratio=1)
    assert (await drawer.bounding_box())["x"] == 0
    await layla.page.keyboard.press("Escape")
    await expect(drawer).to_be_hidden()
    await layla.page.locator(".bar .icon-menu").tap()
    await expect(layla.page.locator("#menu")).to_be_in_viewport(ratio=1)
    await expect_layout_fits(layla)


async def test_color_scheme_follows_the_system_or_is_chosen_and_remembered(enter):
    ann = await enter("Ann", color_scheme="light")
    light = await background(ann)
    await ann.page.emulate_media(color_scheme="dark")
    await expect(ann.page.locator("body")).not_to_have_css("background-color", light)
    await ann.page.emulate_media(color_scheme="light")
    await expect(ann.page.locator("body")).to_have_css("background-color", light)
    other = await ann.open_another_tab()
    await ann.menu_button.click()
    await ann.menu.get_by_text("Dark").click()
    await expect(ann.page.locator("body")).not_to_have_css("background-color", light)
    await expect(ann.menu.get_by_role("radio", name="Dark")).to_be_checked()
    dark = await background(ann)
    assert dark != light
    bar = ann.page.locator("meta[name=theme-color]")
    await expect(bar).to_have_attribute("content", "#171a22")
    await other.page.bring_to_front()
    await expect(other.page.locator("body")).to_have_css("background-color", dark)
    await other.menu_button.click()
    await expect(other.menu.get_by_role("radio", name="Dark")).to_be_checked()
    await expect(other.page.locator("meta[name=theme-color]")).to_have_attribute("content", "#171a22")
    await other.page.close()
    await ann.reload()
    await expect(ann.page.locator("body")).to_have_css("background-color", dark)
    await ann.page.emulate_media(color_scheme="dark")
    await ann.menu_button.click()
    await expect(ann.menu.get_by_role("radio", name="Dark")).to_be_checked()
    await ann.menu.get_by_text("Light").click()
    await expect(ann.page.locator("body")).to_have_css("background-color", light)
    await ann.menu.get_by_text("System").click()
    await expect(ann.page.locator("body")).to_have_css("background-color", dark)
    await expect(bar).to_have_count(2)


async def test_motion_is_reduced_on_request(enter, make_proxy):
    proxy = await make_proxy()
    ann = await enter("Ann", url=proxy.url, reduced_motion="reduce")
    bob = await enter("Bob", url=proxy.url)
    proxy.swallow("up")
    for person, duration in (ann, "0.001s"), (bob, "0.2s"):
        await person.send("waiting")
        await expect(person.waiting).to_have_css("animation-duration", duration)


async def test_nothing_moves_during_typing_and_connection_loss(enter, make_proxy, guest):
    proxy = await make_proxy()
    ann = await enter("Ann", url=proxy.url)
    bob = await guest("Bob")
    await bob.say("hello")
    await ann.sees("hello")
    boxes = [await locator.bounding_box() for locator in (ann.log, ann.message("hello"), ann.field)]
    await bob.write("h")
    await ann.sees_typing("Bob is typing")
    assert [await locator.bounding_box() for locator in (ann.log, ann.message("hello"), ann.field)] == boxes
    await proxy.cut()
    await expect(ann.offline_notice).to_be_visible()
    assert [await locator.bounding_box() for locator in (ann.log, ann.message("hello"), ann.field)] == boxes


@pytest.mark.exhaustive
async def test_bar_on_a_small_phone_shows_the_chat_name_in_large_text(enter):
    ann = await enter("Ann", **PHONE)
    await ann.page.add_style_tag(content=":root { font-size: 130% !important }")
    await expect(ann.online).to_have_css("font-size", "0px")
    await expect(ann.online).to_contain_text("1 online")
    title = ann.page.get_by_role("heading", name="TCPChatNet")
    assert await title.evaluate("e => e.clientWidth > e.scrollWidth * 0.7")


@pytest.mark.exhaustive
async def test_card_and_its_languages_fit_on_a_phone_in_very_large_text(enter):
    ann = await enter(**PHONE)
    await ann.page.add_style_tag(content=":root { font-size: 32px !important }")
    for part in ".card", ".languages", ".languages select":
        box = await ann.page.locator(part).bounding_box()
        assert box["x"] >= 0 and box["x"] + box["width"] <= PHONE["viewport"]["width"], part
