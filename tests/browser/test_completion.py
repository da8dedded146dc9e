"""Completion while typing: people after `@`, commands after `/`, emoji after `:`."""

import re

import pytest
from playwright.async_api import expect

from tests.support.matrix import sampled
from tests.support.server import ADMIN_PASSWORD

TOUCH = {"has_touch": True, "is_mobile": True, "viewport": {"width": 390, "height": 844}}
HALF_A_ROUND_TRIP = 0.075


async def expect_suggestions(person, *texts):
    """Expect exactly these options, with the first one selected."""
    await expect(person.options).to_have_text(list(texts))
    await expect(person.options.first).to_have_attribute("aria-selected", "true")


async def expect_no_suggestions(person):
    """Expect no list, even after the server has answered a later request (it answers in order)."""
    await expect(person.suggestions).to_be_hidden()
    before = await person.field.input_value()
    await person.write(" :tad")
    await expect(person.options.first).to_contain_text("🎉")
    for _ in " :tad":
        await person.field.press("Backspace")
    await expect(person.field).to_have_value(before)
    await expect(person.suggestions).to_be_hidden()


async def selected_option(person):
    """Return the selected option as exposed to assistive technology."""
    option = person.suggestions.locator("[aria-selected=true]")
    await expect(option).to_have_count(1)
    await expect(person.field).to_have_attribute("aria-activedescendant", await option.get_attribute("id") or "")
    return await option.locator("b").text_content()


async def join_with_others(enter, guest):
    ann = await enter("Ann")
    await guest("Anna Lee")
    await guest("Bob")
    await guest("Joanna")
    await ann.sees_people("Ann", "Anna Lee", "Bob", "Joanna")
    return ann


async def join_with_bob(enter, guest):
    ann = await enter("Ann")
    await guest("Bob")
    await ann.sees_people("Ann", "Bob")
    return ann


# People.


async def test_suggestions_update_while_typing(enter, guest):
    ann = await join_with_others(enter, guest)
    names = ann.options.locator("b")
    await ann.write("Hi @")
    await expect(names).to_have_text(["Anna Lee", "Bob", "Joanna", "Ann"])
    await ann.write("a")
    await expect(names).to_have_text(["Anna Lee", "Ann", "Joanna"])
    await ann.keys("ArrowDown", "ArrowDown")
    assert await selected_option(ann) == "Joanna"
    await ann.write("nna")
    await expect(names).to_have_text(["Anna Lee", "Joanna"])
    assert await selected_option(ann) == "Anna Lee"  # the best match is selected again
    await ann.write("x")
    await expect(ann.suggestions).to_be_hidden()
    await ann.keys("Backspace")
    await expect(names).to_have_text(["Anna Lee", "Joanna"])
    await ann.write(" l")
    await expect(names).to_have_text(["Anna Lee"])
    await ann.keys("Enter")
    await expect(ann.field).to_have_value("Hi @Anna Lee ")


async def test_suggestion_is_accepted_by_click_tab_or_enter_and_enter_again_sends(enter, guest):
    ann = await join_with_others(enter, guest)
    for accept in "click", "Tab", "Enter":
        await ann.field.fill("")
        await ann.write("Hi @jo")
        await expect(ann.options).to_have_count(1)
        await (ann.options.click() if accept == "click" else ann.keys(accept))
        await expect(ann.field, accept).to_have_value("Hi @Joanna ")
        await expect(ann.field, accept).to_be_focused()
        await expect(ann.suggestions, accept).to_be_hidden()
    await expect(ann.messages).to_have_count(0)
    await ann.keys("Enter")
    await ann.sees("Hi @Joanna")
    await expect(ann.suggestions).to_be_hidden()


async def test_enter_twice_on_a_slow_network_accepts_and_sends(enter, make_proxy, guest):
    proxy = await make_proxy(HALF_A_ROUND_TRIP)
    ann = await enter("Ann", url=proxy.url)
    await guest("Joanna")
    await ann.sees_people("Ann", "Joanna")
    await ann.write("Hi @jo")
    await expect(ann.options).to_have_count(1)
    await ann.field.press("Enter")
    await ann.field.press("Enter")
    await ann.sees("Hi @Joanna")
    await expect(ann.field).to_have_value("")


async def test_arrows_select_in_a_listbox_and_wrap_around_and_the_button_sends_a_part(enter, guest):
    ann = await join_with_others(enter, guest)
    await ann.write("@a")
    await expect(ann.options).to_have_count(3)
    await expect(ann.field).to_have_attribute("aria-autocomplete", "list")
    await expect(ann.field).to_have_attribute("aria-controls", await ann.suggestions.get_attribute("id") or "")
    seen = [await selected_option(ann)]
    for key in "ArrowDown", "ArrowDown", "ArrowDown", "ArrowUp", "ArrowUp":
        await ann.keys(key)
        seen.append(await selected_option(ann))
    assert seen == ["Anna Lee", "Ann", "Joanna", "Anna Lee", "Joanna", "Ann"]
    selected = [await option.get_attribute("aria-selected") for option in await ann.options.all()]
    assert selected == ["false", "true", "false"]
    await expect(ann.field).to_have_value("@a")
    await ann.keys("ArrowUp", "Enter")
    await expect(ann.field).to_have_value("@Anna Lee ")

    await ann.field.fill("")
    await ann.write("Hi @Bob")
    await expect(ann.options).to_have_count(1)
    await expect(ann.options.locator("b")).to_have_text("Bob")
    await ann.keys("Enter")  # a complete name
    await ann.sees("Hi @Bob")
    await ann.write("@b")
    await expect(ann.suggestions).to_be_visible()
    await ann.send_button.click()
    await ann.sees("Hi @Bob", "@b")
    await expect(ann.suggestions).to_be_hidden()
    await ann.keys("Enter")
    await ann.say("next")
    await ann.sees("Hi @Bob", "@b", "next")


async def test_suggestions_close_by_escape_a_space_and_without_the_focus(enter, guest):
    ann = await join_with_others(enter, guest)
    await ann.say("the question")
    await ann.press("Reply", "the question")
    await expect(ann.about).to_be_visible()
    await ann.write("@b")
    await expect(ann.suggestions).to_be_visible()
    await ann.log.click(position={"x": 5, "y": 5})
    await expect(ann.suggestions).to_be_hidden()
    await ann.field.focus()
    await expect(ann.suggestions).to_be_visible()
    await ann.write(" ")
    await expect(ann.suggestions).to_be_hidden()
    await ann.keys("Backspace")
    await expect(ann.suggestions).to_be_visible()
    await ann.keys("Escape")
    await expect(ann.suggestions).to_be_hidden()
    await expect(ann.field).to_have_value("@b")
    await expect(ann.field).not_to_have_attribute("aria-activedescendant", re.compile(""))
    await expect(ann.about).to_be_visible()
    await ann.keys("Enter")
    await ann.sees("the question", "@b")
    await expect(ann.messages.last.locator(".quote")).to_have_text("Ann the question")


async def test_tap_accepts_a_suggestion(enter, guest):
    ann = await enter("Ann", **TOUCH)
    await guest("Bob")
    await expect(ann.online).to_have_text("2 online")
    await ann.field.tap()
    await ann.write("Hi @b")
    await ann.options.filter(has_text="Bob").tap()
    await expect(ann.field).to_have_value("Hi @Bob ")
    await expect(ann.suggestions).to_be_hidden()
    await ann.send_button.tap()
    await ann.sees("Hi @Bob")


# Within a text.


async def test_word_within_a_text_and_after_emoji_is_completed_and_kept_in_the_draft(enter, guest):
    ann = await join_with_bob(enter, guest)
    await ann.write("Hi @bo, are you there?")
    await ann.field.press("Home")
    for _ in "Hi @bo":
        await ann.field.press("ArrowRight")
    await ann.field.press("Backspace")
    await expect(ann.options).to_have_count(1)
    await ann.field.press("Enter")
    await expect(ann.field).to_have_value("Hi @Bob , are you there?")
    await ann.write("by")
    await expect(ann.field).to_have_value("Hi @Bob by, are you there?")

    await ann.field.fill("👨‍👩‍👧 🎉🎉 " * 12)
    await ann.field.press("End")
    await ann.write("@b")
    await expect(ann.options).to_have_count(1)
    await ann.field.press("Enter")
    await expect(ann.field).to_have_value("👨‍👩‍👧 🎉🎉 " * 12 + "@Bob ")
    await ann.reload()
    await expect(ann.field).to_have_value("👨‍👩‍👧 🎉🎉 " * 12 + "@Bob ")


@pytest.mark.parametrize("length", sampled(59, 57, 58, 60, 61))
async def test_word_after_emoji_cut_in_half_is_completed(enter, length):
    ann = await enter("Ann")
    await ann.field.fill("🎉" * 30 + "." * (length - 60) + " " * 4)
    await ann.field.press("End")
    await ann.write("x" * (length - 57) + " :tad")
    await expect(ann.options.first).to_contain_text("tada")
    await ann.field.press("Enter")
    await expect(ann.field).to_have_value(re.compile("^(🎉){30}[. ]+x* 🎉 $"))


# Commands.


async def test_command_is_suggested_with_its_help_and_only_at_the_start(enter):
    ann = await enter("Ann")
    for text in "and /", "first\n/", " /", "x" * 56 + " /":
        await ann.field.fill(text)
        await ann.write("ni")
        await expect_no_suggestions(ann)
    await ann.field.fill("")
    await ann.write("/")
    await expect(ann.options.filter(has_text="/nick NAME")).to_contain_text("Change your name")
    await expect(ann.options.filter(has_text="/me ACTION")).to_contain_text("Describe an action")
    await ann.write("ni")
    await expect_suggestions(ann, "/nick NAMEChange your name")
    await ann.field.press("Enter")
    await expect(ann.field).to_have_value("/nick ")
    await ann.write("Anna\n")
    await ann.sees_line("Ann is now called Anna")


async def test_emoji_is_accepted_and_a_complete_command_is_sent_by_one_enter(enter):
    ann = await enter("Ann")
    await ann.write("Done :tad")
    await expect(ann.options.first).to_have_text("🎉 :tada:")
    await ann.field.press("Enter")
    await expect(ann.field).to_have_value("Done 🎉 ")
    await ann.write("and more\n")
    await ann.sees("Done 🎉 and more")
    await expect(ann.field).to_have_value("")
    await ann.write("/who")
    await expect(ann.options).to_have_count(1)
    await expect(ann.options).to_have_attribute("data-word", "/who")
    await ann.field.press("Enter")
    await expect(ann.answer).to_contain_text("1 person is here")
    await expect(ann.field).to_have_value("")
    await expect(ann.suggestions).to_be_hidden()


@pytest.mark.exhaustive
async def test_text_typed_before_the_page_is_connected_is_completed(enter, make_proxy):
    proxy = await make_proxy(delay=0.3)
    ann = await enter("Ann", url=proxy.url)
    await ann.page.reload()
    await ann.write("/nic")
    await expect_suggestions(ann, "/nick NAMEChange your name")


async def test_command_typed_faster_than_the_suggestions_is_sent(enter, make_proxy):
    proxy = await make_proxy()
    ann = await enter("Ann", url=proxy.url)
    await ann.write("/wh")
    await expect(ann.options).to_have_count(1)
    proxy.swallow("down")
    await ann.write("o")
    await ann.field.press("Enter")
    await expect(ann.field).to_have_value("")
    await proxy.heal()
    await expect(ann.answer).to_contain_text("1 person is here")


@pytest.mark.exhaustive
async def test_name_typed_faster_than_the_suggestions_mentions_no_other_member(enter, make_proxy, guest):
    proxy = await make_proxy()
    await guest("Anna")
    bob = await enter("Bob", url=proxy.url)
    await bob.write("@an")
    await expect(bob.options).to_have_count(1)
    proxy.swallow("down")
    await bob.write("dy")
    await bob.field.press("Enter")
    await expect(bob.field).to_have_value("")
    await proxy.heal()
    await bob.sees("@andy")


@pytest.mark.exhaustive
async def test_name_typed_faster_than_the_suggestions_is_completed(enter, make_proxy, guest):
    proxy = await make_proxy()
    await guest("Anna")
    bob = await enter("Bob", url=proxy.url)
    await bob.write("@a")
    await expect(bob.options).to_have_count(1)
    proxy.swallow("down")
    await bob.write("N")
    await bob.field.press("Enter")
    await expect(bob.field).to_have_value("@Anna ")


@pytest.mark.exhaustive
async def test_emoji_typed_faster_than_the_suggestions_is_completed(enter, make_proxy):
    proxy = await make_proxy()
    ann = await enter("Ann", url=proxy.url)
    await ann.write("Done :tad")
    await expect(ann.options.first).to_have_text("🎉 :tada:")
    proxy.swallow("down")
    await ann.write("a")
    await ann.field.press("Enter")
    await expect(ann.field).to_have_value("Done 🎉 ")


@pytest.mark.exhaustive
async def test_member_is_completed_in_a_moderation_command(enter):
    ann, bob = await enter("Ann"), await enter("Bob Smith")
    await ann.become_admin(ADMIN_PASSWORD)
    await ann.write("/mut")
    await expect(ann.options.first).to_contain_text("/mute")
    await ann.field.press("Enter")
    await ann.write("bo")
    await expect(ann.options).to_have_count(1)
    await expect(ann.options).to_contain_text("Bob Smith")
    await ann.field.press("Enter")
    await ann.write("5 too loud")
    await ann.field.press("Enter")
    for person in ann, bob:
        await person.sees_line("Bob Smith was muted")


@pytest.mark.exhaustive
async def test_tap_accepts_a_command(enter):
    ann = await enter("Ann", **TOUCH)
    await ann.field.tap()
    await ann.write("/wh")
    await ann.options.filter(has_text="/who").tap()
    await expect(ann.field).to_have_value("/who ")
    await ann.send_button.tap()
    await expect(ann.answer).to_contain_text("1 person is here")


@pytest.mark.exhaustive
async def test_help_is_in_the_language_of_the_page(enter):
    ann = await enter(locale="de")
    await ann.page.locator("input[name=name]").fill("Ann")
    await ann.page.keyboard.press("Enter")
    field = ann.page.locator("#composer textarea")
    await field.press_sequentially("/nic")
    listbox = ann.page.get_by_role("listbox")
    await expect(listbox).to_have_accessible_name("Vorschläge")
    await expect(listbox.get_by_role("option")).to_have_text(["/nick NAMEÄndert deinen Namen"])


# Emoji.


@pytest.mark.exhaustive
async def test_emoji_names_are_readable_in_arabic(enter):
    layla = await enter(locale="ar")
    await layla.page.locator("input[name=name]").fill("ليلى")
    await layla.page.keyboard.press("Enter")
    await layla.page.locator("#composer textarea").press_sequentially(":taiw")
    option = layla.page.get_by_role("option").first
    await expect(option).to_have_attribute("data-word", ":taiw")
    await expect(option).to_have_text("🇹🇼 :Taiwan:")
    assert await option.evaluate("""option => {
      const node = document.createTreeWalker(option, NodeFilter.SHOW_TEXT).nextNode()
      const at = place => {
        const range = document.createRange()
        range.setStart(node, place)
        range.setEnd(node, place + 1)
        return range.getBoundingClientRect().left }
      return at(5) < at(6) && at(6) < at(node.length - 1) }""")


@pytest.mark.exhaustive
@pytest.mark.parametrize("smiley", [":D", ":-)"])
async def test_smiley_is_sent_as_typed(enter, smiley):
    ann = await enter("Ann")
    await ann.write(f"nice {smiley}")
    await expect_no_suggestions(ann)
    await ann.field.press("Enter")
    await ann.sees(f"nice {smiley}")


# Position.


@pytest.mark.parametrize("look", sampled(TOUCH, {}, {"locale": "ar"}), ids=["phone", "desktop", "arabic"])
async def test_suggestions_stay_within_the_window_above_the_field(enter, look):
    ann = await enter(**look)
    await ann.page.locator("input[name=name]").fill("Ann")
    await ann.page.keyboard.press("Enter")
    field, listbox = ann.page.locator("#composer textarea"), ann.page.get_by_role("listbox")
    await field.press_sequentially("/")
    await expect(listbox).to_be_visible()
    above, below, size = await listbox.bounding_box(), await field.bounding_box(), ann.page.viewport_size
    assert above["y"] >= 0
    assert above["y"] + above["height"] <= below["y"]
    assert above["x"] >= 0
    assert above["x"] + above["width"] <= size["width"]
    for option in await listbox.get_by_role("option").all():
        assert await option.evaluate("option => option.scrollWidth <= option.clientWidth")
