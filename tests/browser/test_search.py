"""Search: results have an author, a time and marked words, and lead to their message."""

import re

import pytest
from playwright.async_api import expect

from tests.support.matrix import sampled
from tests.support.past import said, used_server
from tests.support.people import Person


async def expect_results(person: Person, *texts: str) -> None:
    """Expect exactly these results, newest first."""
    await expect(person.results.locator(":scope > span")).to_have_text(list(texts))


async def expect_selected(person: Person, text: str) -> None:
    """Expect this result to be the selected one, for assistive technology, too."""
    selected = person.results.and_(person.page.locator("[aria-selected=true]"))
    await expect(selected).to_have_count(1)
    await expect(selected).to_contain_text(text)
    await expect(person.searchbox).to_have_attribute("aria-activedescendant", await selected.get_attribute("id"))


async def test_result_has_author_time_and_marked_words(enter, guest):
    ann, bob = await enter("Ann"), await guest("Bob")
    await bob.say("The tea is ready, the green tea")
    await bob.say("Coffee is not")
    await ann.sees("The tea is ready, the green tea", "Coffee is not")
    await ann.search("tea green")
    await expect_results(ann, "The tea is ready, the green tea")
    await expect(ann.search_dialog.get_by_role("status")).to_have_text("1 message found")
    result = ann.results.first
    await expect(result).to_contain_text("Bob")
    await expect(result.locator("relative-time")).to_have_text(re.compile(r"\d:\d\d"))
    await expect(result.locator("mark")).to_have_text(["tea", "green", "tea"])


async def test_results_update_while_typing(enter):
    ann = await enter("Ann")
    for text in "tea", "team", "coffee":
        await ann.say(text)
    await ann.say("/search te")
    await expect_results(ann, "team", "tea")
    await expect(ann.searchbox).to_be_focused()
    await ann.page.keyboard.type("am")
    await expect(ann.searchbox).to_have_value("team")
    await expect_results(ann, "team")
    await ann.searchbox.fill("")
    await expect(ann.results).to_have_count(0)
    await expect(ann.search_dialog.get_by_role("status")).to_have_text("")


async def test_shortcut_keeps_the_query_of_an_open_search_and_enter_leads_to_its_result(enter):
    ann = await enter("Ann")
    await ann.say("The tea is ready")
    await ann.sees("The tea is ready")
    await ann.keys("Control+k")
    await ann.searchbox.fill("tea")
    await expect_results(ann, "The tea is ready")
    await ann.keys("Control+k", "End")
    await ann.page.keyboard.type(" ready")
    await expect(ann.results.locator("mark")).to_have_text(["tea", "ready"])
    await ann.keys("Escape")
    await expect(ann.search_dialog).to_be_hidden()
    await expect(ann.field).to_be_focused()
    await ann.keys("Control+k")
    await expect(ann.searchbox).to_be_focused()
    await expect(ann.searchbox).to_have_value("")
    await ann.page.keyboard.type("tea")
    await ann.keys("Enter")  # before the results are there
    await expect(ann.search_dialog).to_be_hidden()
    await expect(ann.message("The tea is ready")).to_be_focused()


@pytest.mark.exhaustive
async def test_html_in_results_is_shown_as_typed(enter):
    ann = await enter("Ann")
    hostile = '<img src=x onerror="document.title=1"> tea </span><mark>&amp;'
    await ann.say(hostile)
    await ann.sees(hostile)
    await ann.search("tea")
    await expect_results(ann, hostile)
    await expect(ann.results.locator("img")).to_have_count(0)
    await expect(ann.results.locator("mark")).to_have_text(["tea"])
    await ann.searchbox.fill("<img src=x onerror")
    await expect(ann.results.locator("mark")).to_have_text(["<img", "src=x", "onerror"])
    await expect(ann.page).to_have_title("TCPChatNet")


async def test_click_on_a_result_jumps_to_its_message(enter, guest):
    ann, bob = await enter("Ann"), await guest("Bob")
    await bob.say("The tea is ready")
    for number in range(15):
        await bob.say(f"line {number}.")
    await expect(ann.message("line 14.")).to_be_visible()
    await ann.search("tea")
    await ann.results.click()
    await expect(ann.search_dialog).to_be_hidden()
    await expect(ann.message("The tea is ready")).to_be_focused()
    await expect(ann.message("The tea is ready")).to_be_in_viewport(ratio=1)


async def test_arrow_keys_lead_round_the_results(enter):
    ann = await enter("Ann")
    for text in "tea one", "tea two", "tea three":
        await ann.say(text)
    await ann.sees("tea one", "tea two", "tea three")
    await ann.keys("Control+k")
    await expect(ann.searchbox).to_have_attribute("aria-expanded", "false")
    await ann.searchbox.fill("tea")
    await expect_selected(ann, "tea three")
    await expect(ann.searchbox).to_have_attribute("aria-expanded", "true")
    for key, text in ("ArrowDown", "tea two"), ("ArrowUp", "tea three"), ("ArrowUp", "tea one"):
        await ann.keys(key)
        await expect_selected(ann, text)
    await expect(ann.searchbox).to_be_focused()
    await ann.keys("Enter")
    await expect(ann.message("tea one")).to_be_focused()


@pytest.mark.own_server
@pytest.mark.parametrize("number", sampled(1200, 2950, 2850, 2500, 1))
async def test_result_jumps_to_a_message_not_yet_loaded(enter, tmp_path, number):
    with used_server(tmp_path / "old", 3000) as server:
        ann = await enter("Ann", url=server.url)
        await ann.search(f"message {number:04}")
        await ann.results.first.click()
        await expect(ann.search_dialog).to_be_hidden()
        await expect(ann.message(said(number))).to_be_focused()
        await expect(ann.message(said(number))).to_be_in_viewport(ratio=1)
        await expect(ann.page.locator(".day:visible").first).to_be_in_viewport()


@pytest.mark.own_server
async def test_search_fits_on_phone(enter, tmp_path):
    phone = {"viewport": {"width": 360, "height": 740}, "has_touch": True, "is_mobile": True}
    with used_server(tmp_path / "old", 300) as server:
        ann = await enter("Ann", url=server.url, **phone)
        await ann.search("message more words")
        await expect(ann.results).to_have_count(30)
        await expect(ann.search_dialog).to_be_in_viewport(ratio=1)
        await expect(ann.search_dialog.get_by_role("button", name="Close")).to_be_in_viewport(ratio=1)
        await ann.searchbox.fill("message")
        await expect(ann.results).to_have_count(50)
        status = ann.search_dialog.get_by_role("status")
        await expect(status).to_have_text("More than 50 messages found. Showing the newest.")
        await ann.results.first.tap()
        await expect(ann.message(said(300))).to_be_in_viewport(ratio=1)
