"""Search: what fits is listed with author, time and marked words, and a click leads to it wherever it is."""

import re

import pytest
from playwright.async_api import expect

from tests.support.past import said, used_server
from tests.support.people import Person
from tests.support.server import ADMIN_PASSWORD


async def finds(person: Person, *texts: str) -> None:
    """See exactly these results, newest first."""
    await expect(person.results.locator("button > span")).to_have_text(list(texts))


async def test_search_from_the_menu(enter):
    ann, bob = await enter("Ann"), await enter("Bob")
    await bob.say("The tea is ready")
    await bob.say("Coffee is not")
    await ann.sees("The tea is ready", "Coffee is not")
    await ann.search("tea")
    await finds(ann, "The tea is ready")
    await expect(ann.search_dialog.get_by_role("status")).to_have_text("1 message found")


async def test_search_by_command(enter):
    ann = await enter("Ann")
    await ann.say("The tea is ready")
    await ann.say("Coffee is not")
    await ann.sees("The tea is ready", "Coffee is not")
    await ann.say("/search tea")
    await expect(ann.searchbox).to_have_value("tea")
    await finds(ann, "The tea is ready")
    await ann.sees("The tea is ready", "Coffee is not")


async def test_the_command_alone_opens_an_empty_search(enter):
    ann = await enter("Ann")
    await ann.say("/search")
    await expect(ann.searchbox).to_be_focused()
    await expect(ann.searchbox).to_have_value("")
    await expect(ann.results).to_have_count(0)


async def test_search_by_key(enter):
    ann = await enter("Ann")
    await ann.say("The tea is ready")
    await ann.sees("The tea is ready")
    await ann.page.keyboard.press("Control+k")
    await expect(ann.searchbox).to_be_focused()
    await ann.page.keyboard.type("TEA")
    await finds(ann, "The tea is ready")


async def test_a_result_names_the_author_and_the_time_and_marks_the_words(enter):
    ann, bob = await enter("Ann"), await enter("Bob")
    await bob.say("The tea is ready, the green tea")
    await ann.sees("The tea is ready, the green tea")
    await ann.search("tea green")
    result = ann.results.first
    await expect(result).to_contain_text("Bob")
    await expect(result.locator("relative-time")).to_have_text(re.compile(r"\d:\d\d"))
    await expect(result.locator("mark")).to_have_text(["tea", "green", "tea"])


async def test_case_and_accents_do_not_matter(enter):
    ann = await enter("Ann")
    await ann.say("Crème brûlée im GROẞEN Café")
    await ann.sees("Crème brûlée im GROẞEN Café")
    await ann.search("creme BRULEE grossen cafe")
    await finds(ann, "Crème brûlée im GROẞEN Café")
    await expect(ann.results.locator("mark")).to_have_text(["Crème", "brûlée", "GROẞEN", "Café"])


async def test_the_newest_comes_first(enter):
    ann = await enter("Ann")
    for number in "one", "two", "three":
        await ann.say(f"tea {number}")
    await ann.sees("tea one", "tea two", "tea three")
    await ann.search("tea")
    await finds(ann, "tea three", "tea two", "tea one")
    await expect(ann.search_dialog.get_by_role("status")).to_have_text("3 messages found")


async def test_the_results_follow_what_is_typed(enter):
    ann = await enter("Ann")
    for text in "tea", "team", "coffee":
        await ann.say(text)
    await ann.search("te")
    await finds(ann, "team", "tea")
    await ann.page.keyboard.type("am")
    await finds(ann, "team")
    await ann.searchbox.fill("")
    await expect(ann.results).to_have_count(0)
    await expect(ann.search_dialog.get_by_role("status")).to_have_text("")


async def test_nothing_found_is_said(enter):
    ann = await enter("Ann")
    await ann.say("The tea is ready")
    await ann.sees("The tea is ready")
    await ann.search("cocoa")
    await expect(ann.search_dialog.get_by_role("status")).to_have_text("No messages found")
    await expect(ann.results).to_have_count(0)


async def test_a_query_that_is_too_long_is_told(enter):
    ann = await enter("Ann")
    await ann.search("x" * 201)
    await expect(ann.search_dialog.get_by_role("status")).to_have_text("A search can have up to 200 characters.")


async def test_results_are_as_people_read_them(enter):
    ann = await enter("Ann")
    await ann.say("The **tea** is [ready](https://example.org/pot)")
    await ann.sees("The tea is ready")
    await ann.search("tea")
    await finds(ann, "The tea is ready")
    await expect(ann.results.locator("mark")).to_have_text(["tea"])
    await ann.searchbox.fill("org/pot")  # where the markup is what was looked for, it is shown
    await finds(ann, "The **tea** is [ready](https://example.org/pot)")


async def test_hostile_text_is_text_in_the_results(enter):
    ann = await enter("Ann")
    hostile = '<img src=x onerror="document.title=1"> tea </span><mark>&amp;'
    await ann.say(hostile)
    await ann.sees(hostile)
    await ann.search("tea")
    await finds(ann, hostile)
    await expect(ann.results.locator("img")).to_have_count(0)
    await expect(ann.results.locator("mark")).to_have_text(["tea"])
    await ann.searchbox.fill("<img src=x onerror")
    await expect(ann.results.locator("mark")).to_have_text(["<img", "src=x", "onerror"])
    await expect(ann.page).to_have_title("TCPChatNet")


async def test_what_is_deleted_or_cleared_is_not_found(enter):
    ann = await enter("Ann")
    await ann.become_admin(ADMIN_PASSWORD)
    await ann.say("The tea is ready")
    await ann.say("The tea is cold")
    await ann.delete("The tea is ready")
    await ann.search("tea")
    await finds(ann, "The tea is cold")
    await ann.search_dialog.get_by_role("button", name="Close").click()
    await ann.clear_history()
    await ann.search("tea")
    await expect(ann.search_dialog.get_by_role("status")).to_have_text("No messages found")


async def test_a_click_closes_and_leads_to_the_message(enter):
    ann = await enter("Ann")
    await ann.say("The tea is ready")
    for number in range(15):
        await ann.say(f"line {number}.")
    await expect(ann.message("line 14.")).to_be_visible()
    await ann.search("tea")
    await ann.results.get_by_role("button").click()
    await expect(ann.search_dialog).to_be_hidden()
    await expect(ann.message("The tea is ready")).to_be_focused()
    await expect(ann.message("The tea is ready")).to_be_in_viewport(ratio=1)


async def test_a_result_by_keyboard(enter):
    ann = await enter("Ann")
    await ann.say("The tea is ready")
    await ann.sees("The tea is ready")
    await ann.page.keyboard.press("Control+k")
    await expect(ann.searchbox).to_be_focused()
    await ann.page.keyboard.type("tea")
    await finds(ann, "The tea is ready")
    await ann.page.keyboard.press("Tab")
    await expect(ann.results.get_by_role("button")).to_be_focused()
    await ann.page.keyboard.press("Enter")
    await expect(ann.search_dialog).to_be_hidden()
    await expect(ann.message("The tea is ready")).to_be_focused()


async def test_escape_closes_and_the_focus_is_back_in_the_field(enter):
    ann = await enter("Ann")
    await ann.page.keyboard.press("Control+k")
    await expect(ann.searchbox).to_be_focused()
    await ann.page.keyboard.type("tea")
    await ann.page.keyboard.press("Escape")
    await expect(ann.search_dialog).to_be_hidden()
    await expect(ann.field).to_be_focused()


async def test_the_key_in_the_open_search_keeps_the_words(enter):
    ann = await enter("Ann")
    await ann.say("The tea is ready")
    await ann.sees("The tea is ready")
    await ann.page.keyboard.press("Control+k")
    await ann.searchbox.fill("tea")
    await finds(ann, "The tea is ready")
    await ann.page.keyboard.press("Control+k")
    await ann.page.keyboard.press("End")
    await ann.page.keyboard.type(" ready")
    await expect(ann.results.locator("mark")).to_have_text(["tea", "ready"])


@pytest.mark.parametrize("number", [2950, 2850, 2500, 1200, 1])
async def test_a_click_leads_to_what_the_page_has_not_loaded(enter, tmp_path, number):
    with used_server(tmp_path / "old", 3000) as server:
        ann = await enter("Ann", url=server.url)
        await ann.search(f"message {number:04}")
        await ann.results.get_by_role("button").first.click()
        await expect(ann.search_dialog).to_be_hidden()
        await expect(ann.message(said(number))).to_be_focused()
        await expect(ann.message(said(number))).to_be_in_viewport(ratio=1)
        day = ann.message(said(number)).locator(":scope > relative-time")
        assert re.search(r"\w+, \w+ \d+", await day.evaluate("e => e.shadowRoot.textContent"))


async def test_on_the_phone_the_search_fits(enter, tmp_path):
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
        await expect(status).to_have_text("More than 5No messages found. Showing the newest.")
        await ann.results.get_by_role("button").first.tap()
        await expect(ann.message(said(300))).to_be_in_viewport(ratio=1)
