"""Reactions: the quick row, the emoji picker, counts and the names behind them."""

import pytest
from playwright.async_api import expect

from tests.support.matrix import sampled
from tests.support.people import TALL

PHONE = {"has_touch": True, "is_mobile": True, "viewport": {"width": 390, "height": 844}}
DIFFERENT = [*"😀😃😄😁😆😅🤣😂🙂🙃😉😊😇🥰😍🤩😘😗😚😙"]
IS_AT_A_MESSAGE = "() => document.activeElement.closest('article')"


async def expect_reactions(person, text, *reactions):
    """Expect exactly these reactions, each with its count, on the message with this text."""
    buttons = person.message(text).locator(".reactions button").filter(visible=True)
    await expect(buttons).to_have_text(list(reactions))


async def expect_own(person, text, emoji, mine=True):
    await expect(person.reaction(text, emoji)).to_have_attribute("aria-pressed", str(mine).lower())


async def test_reaction_is_highlighted_only_for_its_author(enter, guest):
    ann, bob, cid = await enter("Ann"), await enter("Bob"), await guest("Cid")
    await ann.say("Cake?")
    await bob.react("Cake?", "👍")
    await expect(bob.quick_row).to_be_hidden()
    for person in ann, bob:
        await expect_reactions(person, "Cake?", "👍 1")
        await expect_own(person, "Cake?", "👍", mine=person is bob)
    fills = [
        await person.reaction("Cake?", "👍").evaluate("e => getComputedStyle(e).backgroundColor")
        for person in (ann, bob)
    ]
    assert fills[0] != fills[1]
    await cid.react("Cake?", "👍")
    await ann.react("Cake?", "🎉")
    for person in ann, bob:
        await expect_reactions(person, "Cake?", "👍 2", "🎉 1")
        await expect_own(person, "Cake?", "👍", mine=person is bob)
        await expect_own(person, "Cake?", "🎉", mine=person is ann)


async def test_click_and_quick_row_add_and_remove_a_reaction_and_its_names(enter, guest):
    ann, bob = await enter("Ann"), await guest("Bob")
    await ann.say("Cake?")
    await bob.react("Cake?", "👍")
    await expect(ann.reaction("Cake?", "👍")).to_have_accessible_description("Bob")
    await ann.reaction("Cake?", "👍").click()
    await expect_reactions(ann, "Cake?", "👍 2")
    await expect_own(ann, "Cake?", "👍")
    await expect(ann.reaction("Cake?", "👍")).to_have_attribute("title", "Bob and Ann")
    await expect(ann.reaction("Cake?", "👍")).to_have_accessible_description("Bob and Ann")
    await expect(ann.reaction("Cake?", "👍")).to_have_accessible_name("👍 2")
    await ann.reaction("Cake?", "👍").click()
    await expect_reactions(ann, "Cake?", "👍 1")
    await expect_own(ann, "Cake?", "👍", mine=False)
    await bob.react("Cake?", "👍")
    await expect_reactions(ann, "Cake?")
    await ann.react("Cake?", "👍")
    await expect_reactions(ann, "Cake?", "👍 1")
    await ann.react("Cake?", "👍")
    await expect_reactions(ann, "Cake?")


async def test_quick_row_opens_at_the_button_and_closes_when_its_message_is_deleted(enter, guest):
    ann, bob = await enter("Ann"), await guest("Bob")
    await bob.say("stays")
    await bob.say("Cake?")
    await ann.message("Cake?").hover()
    button = await ann.message("Cake?").get_by_role("button", name="React").bounding_box()
    await ann.press("React", "Cake?")
    await expect(ann.quick_row).to_be_visible()
    row = await ann.page.locator("#reactions").bounding_box()
    assert row["x"] <= button["x"] + button["width"] / 2 <= row["x"] + row["width"]
    assert 0 <= button["y"] - row["y"] - row["height"] <= 8
    await bob.react("Cake?", "🎉")
    await expect(ann.reaction("Cake?", "🎉")).to_be_visible()
    assert (await ann.page.locator("#reactions").bounding_box())["x"] == row["x"]
    await bob.delete("Cake?")
    await ann.sees("stays")
    await expect(ann.quick_row).to_be_hidden()
    await expect(ann.reason).to_have_text("That message was deleted.")
    await expect_reactions(ann, "stays")


async def test_picker_loads_all_emoji_from_the_same_host(enter, guest):
    ann, bob = await enter("Ann"), await guest("Bob")
    asked = []
    ann.page.on("request", lambda request: asked.append(request.url))
    await bob.say("Ready?")
    await ann.pick("Ready?", "rocket")
    await expect_reactions(ann, "Ready?", "🚀 1")
    await expect(ann.picker).to_be_hidden()
    assert any("/emoji-picker-element" in url for url in asked)
    assert [url for url in asked if not url.startswith(("http://127.0.0.1:", "data:", "blob:"))] == []


@pytest.mark.exhaustive
async def test_picker_opens_again_for_another_message(enter):
    ann = await enter("Ann")
    await ann.say("Ready?")
    await ann.say("Go!")
    await ann.pick("Ready?", "rocket")
    await expect_reactions(ann, "Ready?", "🚀 1")
    await ann.pick("Go!", "chequered flag")
    await expect_reactions(ann, "Go!", "🏁 1")
    await expect_reactions(ann, "Ready?", "🚀 1")


@pytest.mark.exhaustive
@pytest.mark.parametrize(
    ("language", "search", "unicorn"),
    [("de", "Suchen", "Einhorn"), ("zh-TW", "搜尋", "獨角獸"), ("he", "חיפוש", "unicorn")],
)
async def test_picker_uses_the_language_of_the_page(enter, language, search, unicorn):
    ann = await enter(locale=language)
    await ann.page.locator("input[name=name]").fill("Ann")
    await ann.page.keyboard.press("Enter")
    await ann.page.locator("#composer textarea").fill("Fertig?")
    await ann.page.keyboard.press("Enter")
    message = ann.page.locator("article")
    await message.locator(".text").hover()
    await message.locator(".acts .icon-react").click()
    await ann.page.locator("#reactions .icon-react").click()
    await expect(ann.picker.get_by_role("combobox")).to_have_attribute("placeholder", search)
    await ann.picker.get_by_role("combobox").fill(unicorn)
    await ann.picker.get_by_role("option").first.click()
    await expect(message.locator(".reactions button").filter(visible=True)).to_have_text(["🦄 1"])


async def test_focus_stays_while_others_react_and_when_the_last_reaction_is_removed(enter, guest):
    ann, bob = await enter("Ann"), await guest("Bob")
    await ann.say("Cake?")
    await ann.react("Cake?", "👍")
    await expect(ann.field).to_be_focused()
    await ann.page.keyboard.press("Shift+Tab")
    await ann.reaction("Cake?", "👍").focus()
    await bob.react("Cake?", "🎉")
    await expect_reactions(ann, "Cake?", "👍 1", "🎉 1")
    await expect(ann.reaction("Cake?", "👍")).to_be_focused()
    await bob.react("Cake?", "🎉")
    await expect_reactions(ann, "Cake?", "👍 1")
    await ann.page.keyboard.press("Enter")
    await expect_reactions(ann, "Cake?")
    await ann.page.wait_for_function(IS_AT_A_MESSAGE)


async def test_reaction_by_tap(enter, guest):
    ann, bob = await enter("Ann", **PHONE), await guest("Bob")
    await bob.say("Cake?")
    await ann.press("React", "Cake?")
    await ann.quick_row.get_by_role("button", name="🎉").tap()
    await expect_reactions(ann, "Cake?", "🎉 1")
    await bob.react("Cake?", "👍")
    await ann.reaction("Cake?", "👍").tap()
    await expect_reactions(ann, "Cake?", "🎉 1", "👍 2")
    await expect_own(ann, "Cake?", "👍")
    await ann.reaction("Cake?", "🎉").tap()
    await expect_reactions(ann, "Cake?", "👍 2")


async def test_escape_closes_quick_row_and_picker(enter):
    ann = await enter("Ann")
    await ann.say("Cake?")
    await ann.press("React", "Cake?")
    await expect(ann.quick_row).to_be_visible()
    await ann.page.keyboard.press("Escape")
    await expect(ann.quick_row).to_be_hidden()
    await expect(ann.field).to_be_focused()
    await ann.press("React", "Cake?")
    await ann.quick_row.get_by_role("button", name="More emoji").click()
    await expect(ann.picker).to_be_visible()
    await ann.page.keyboard.press("Escape")
    await expect(ann.picker).to_be_hidden()
    await ann.press("React", "Cake?")
    await expect(ann.quick_row.get_by_role("button", name="👍")).to_be_visible()
    await expect(ann.picker).to_be_hidden()
    await expect_reactions(ann, "Cake?")


@pytest.mark.exhaustive
async def test_reactions_survive_reload_and_restart(enter, server):
    ann, bob = await enter("Ann"), await enter("Bob")
    await ann.say("Cake?")
    await bob.react("Cake?", "👍")
    await ann.react("Cake?", "👍")
    await ann.react("Cake?", "🎉")
    await bob.reload()
    await expect_reactions(bob, "Cake?", "👍 2", "🎉 1")
    server.kill()
    server.start()
    await ann.reload()
    await expect_reactions(ann, "Cake?", "👍 2", "🎉 1")
    await expect_own(ann, "Cake?", "🎉")
    await expect(ann.reaction("Cake?", "👍")).to_have_accessible_description("Bob and Ann")
    await ann.reaction("Cake?", "🎉").click()
    await expect_reactions(ann, "Cake?", "👍 2")


@pytest.mark.own_server
@pytest.mark.exhaustive
async def test_twenty_reactions_fit_and_more_are_rejected(enter, make_server):
    busy = make_server(CHAT_MESSAGE_RATE="1000 per minute")
    ann, bob = await enter("Ann", url=busy.url), await enter("Bob", url=busy.url)
    await ann.say("Cake?")
    for emoji in DIFFERENT:
        await ann.press("React", "Cake?")
        # Ten times faster than the picker.
        await ann.quick_row.get_by_role("button").first.evaluate("(e, emoji) => { e.value = emoji; e.click() }", emoji)
        await expect(ann.reaction("Cake?", emoji)).to_be_visible()
        await expect(ann.quick_row).to_be_hidden()
    await expect_reactions(bob, "Cake?", *(f"{emoji} 1" for emoji in DIFFERENT))
    await bob.react("Cake?", "🎉")
    await expect(bob.reason).to_have_text("A message can have up to 20 different reactions.")
    await bob.reaction("Cake?", DIFFERENT[0]).click()
    await expect(ann.reaction("Cake?", DIFFERENT[0])).to_have_text(f"{DIFFERENT[0]} 2")
    log, row = await ann.log.bounding_box(), await ann.message("Cake?").locator(".reactions").bounding_box()
    assert row["x"] + row["width"] <= log["x"] + log["width"]


LOOKS = {"phone": PHONE, "desktop": {}, "arabic": {"locale": "ar"}, "arabic phone": {"locale": "ar", **PHONE}}


@pytest.mark.parametrize("look", sampled(*LOOKS.values()), ids=LOOKS)
async def test_quick_row_and_picker_stay_within_the_window(enter, look, guest):
    bob, ann = await guest("Bob"), await enter(**look)
    await ann.page.locator("input[name=name]").fill("Ann")
    await ann.page.keyboard.press("Enter")
    articles, popover = ann.page.locator("article"), ann.page.locator("#reactions")
    await bob.say("the first")
    await bob.say(TALL)
    await bob.say(TALL)
    await expect(articles).to_have_count(3)
    await ann.page.locator("#composer textarea").fill("mine")
    send = ann.page.locator("#composer [type=submit]")
    await (send.tap() if ann.touch else send.click())
    await expect(articles).to_have_count(4)
    for article in articles.last, articles.first:
        await (article.locator(".text").tap() if ann.touch else article.locator(".text").hover())
        button = article.locator(".acts .more" if ann.touch else ".acts [command='--react']")
        await expect_within_window(ann, button)
        await (button.tap() if ann.touch else button.click())
        opened = ann.page.locator("#actions") if ann.touch else popover
        await expect_within_window(ann, opened)
        more = opened.locator("[command='--more-reactions']")
        await (more.tap() if ann.touch else more.click())
        await expect(ann.picker.get_by_role("combobox")).to_be_visible()
        await expect_within_window(ann, popover)
        assert await ann.picker.evaluate("e => e.scrollWidth <= e.clientWidth")
        await ann.page.keyboard.press("Escape")
        await expect(popover).to_be_hidden()


async def expect_within_window(person, locator):
    await expect(locator).to_be_visible()
    await expect(locator).to_be_in_viewport(ratio=1)
