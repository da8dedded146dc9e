"""Unread messages: the unread line, the pill that counts them and scrolls down, and the title counter."""

from contextlib import suppress
from datetime import timedelta

import pytest
from playwright.async_api import TimeoutError, expect

from tests.support.past import chatter, used_server
from tests.support.people import TALL, Person

TITLE = "TCPChatNet"
MESSAGES_BELOW_LINE = """[...document.querySelectorAll('article')]
  .filter(e => getComputedStyle(e, '::after').content.includes('New messages'))
  .map(e => e.querySelector('.text').innerText)"""


async def wait_for_round_trip(person: Person) -> None:
    """Wait for a round trip, after which the server has handled everything sent before."""
    await person.field.fill("/")
    await expect(person.suggestions).to_be_visible()
    await person.field.fill("")
    await expect(person.suggestions).to_be_hidden()


async def look_away(person: Person) -> None:
    """Hide the page and wait until the server knows."""
    await wait_for_round_trip(person)
    await person.look_away()
    await wait_for_round_trip(person)


async def look_back(person: Person) -> None:
    """Show the page again and wait until the server knows."""
    await person.look_away(False)
    await wait_for_round_trip(person)


async def expect_unread_line_before(person: Person, *texts: str) -> None:
    """Expect the unread line above exactly this message, or no line."""
    expected = list(texts)
    with suppress(TimeoutError):
        reached = f"expected => JSON.stringify({MESSAGES_BELOW_LINE}) === JSON.stringify(expected)"
        await person.page.wait_for_function(reached, arg=expected, timeout=10_000)
    assert await person.page.evaluate(f"() => {MESSAGES_BELOW_LINE}") == expected


async def reopen(person: Person) -> Person:
    return await person.open_another_tab()


async def close(person: Person, seen_by: Person) -> None:
    """Close Ann's last tab and wait until she has left."""
    await person.page.close()
    await seen_by.sees_line("Ann left")


async def test_title_counts_new_messages_and_the_unread_line_precedes_the_first(enter, guest):
    ann, bob = await enter("Ann"), await guest("Bob")
    await bob.say("old")
    await ann.sees("old")
    await expect(ann.page).to_have_title(TITLE)
    await look_away(ann)
    await bob.say("first news")
    await expect(ann.page).to_have_title(f"(1) {TITLE}")
    await bob.say("more news")
    await expect(ann.page).to_have_title(f"(2) {TITLE}")
    await ann.sees("old", "first news", "more news")
    await look_back(ann)
    await expect(ann.page).to_have_title(TITLE)
    await expect(ann.pill).to_be_hidden()
    await expect_unread_line_before(ann, "first news")
    # The unread line splits a run of messages, so the next one shows who wrote it, and when.
    await expect(ann.message("first news").get_by_text("Bob")).to_be_visible()
    await expect(ann.message("first news").locator(".avatar")).to_be_visible()
    await expect(ann.message("first news").locator("relative-time")).to_have_css("opacity", "1")
    await expect(ann.message("more news").get_by_text("Bob")).to_be_hidden()


@pytest.mark.exhaustive
async def test_unread_line_of_an_account_is_shared_by_its_devices(enter, guest):
    password = "seven wild geese"
    ann, bob = await enter(), await guest("Bob")
    await ann.sign_up("Ann", password)
    await bob.say("old")
    await ann.sees("old")
    await close(ann, seen_by=bob)
    await bob.say("news")
    phone = await enter()
    await phone.sign_in("Ann", password)
    await expect_unread_line_before(phone, "news")


async def test_unread_line_survives_closing_the_tab(enter, guest):
    ann, bob = await enter("Ann"), await guest("Bob")
    await bob.say("old")
    await ann.sees("old")
    await close(ann, bob)
    await bob.say("news")
    ann = await reopen(ann)
    await expect_unread_line_before(ann, "news")
    await expect(ann.pill).to_be_hidden()


@pytest.mark.exhaustive
async def test_unread_line_appears_after_leaving_an_empty_room(enter, guest):
    ann, bob = await enter("Ann"), await guest("Bob")
    await close(ann, bob)
    await bob.say("the very first")
    await bob.say("the second")
    ann = await reopen(ann)
    await expect_unread_line_before(ann, "the very first")


async def test_unread_line_survives_a_reload(enter, guest):
    ann, bob = await enter("Ann"), await guest("Bob")
    await bob.say("old")
    await ann.sees("old")
    await look_away(ann)
    await bob.say("news")
    await ann.sees("old", "news")
    await ann.reload()
    await expect_unread_line_before(ann, "news")
    await wait_for_round_trip(ann)
    await ann.reload()
    await expect_unread_line_before(ann)


@pytest.mark.exhaustive
@pytest.mark.parametrize("end", ["stop", "kill"])
async def test_unread_line_survives_a_restart(enter, server, end):
    ann, bob = await enter("Ann"), await enter("Bob")
    await bob.say("old")
    await ann.sees("old")
    await close(ann, bob)
    await bob.say("news")
    await bob.sees("old", "news")
    getattr(server, end)()
    server.start()
    ann = await reopen(ann)
    await expect_unread_line_before(ann, "news")


@pytest.mark.exhaustive
async def test_message_visible_when_the_server_stops_is_read(enter, server):
    ann, bob = await enter("Ann"), await enter("Bob")
    await bob.say("old")
    await bob.say("new, and seen")
    await ann.sees("old", "new, and seen")
    await ann.notes_rebuilding()
    server.stop()
    server.start()
    await ann.is_rebuilt()
    await bob.say("after the restart")
    await ann.sees("old", "new, and seen", "after the restart")
    await expect_unread_line_before(ann)


@pytest.mark.own_server
@pytest.mark.exhaustive
async def test_message_sent_right_after_closing_the_tab_is_unread(enter, tmp_path):
    with used_server(tmp_path / "old", 3, until=timedelta(hours=1), CHAT_GRACE="5") as server:
        ann, bob = await enter("Ann", url=server.url), await enter("Bob", url=server.url)
        await wait_for_round_trip(ann)
        await ann.page.close()
        await expect(bob.row("Ann")).to_contain_text("reconnecting")
        await bob.say("news")
        ann = await reopen(ann)
        await expect_unread_line_before(ann, "news")


@pytest.mark.parametrize("has_left", [False, True])
async def test_message_sent_while_offline_is_unread(enter, make_proxy, guest, has_left):
    proxy = await make_proxy()
    ann, bob = await enter("Ann", url=proxy.url), await guest("Bob")
    await bob.say("old")
    await ann.sees("old")
    await proxy.cut()
    if has_left:  # her page is built again
        await bob.sees_people("Bob")
    else:
        await bob.sees_in_row("Ann", "reconnecting")
    await bob.say("news")
    await proxy.heal()
    await ann.sees("old", "news")
    await expect_unread_line_before(ann, "news")
    await expect(ann.pill).to_be_hidden()


@pytest.mark.exhaustive
async def test_message_sent_to_a_device_that_sleeps_is_unread(enter, make_proxy, guest):
    proxy = await make_proxy()
    ann, bob = await enter("Ann", url=proxy.url), await guest("Bob")
    await bob.say("old")
    await ann.sees("old")
    proxy.swallow()
    for text in "news", "more":
        await bob.say(text)
    await bob.sees_in_row("Ann", "reconnecting")
    await bob.say("late")
    await proxy.heal()
    await ann.sees("old", "news", "more", "late")
    await expect_unread_line_before(ann, "news")


@pytest.mark.exhaustive
async def test_message_sent_while_offline_is_read_in_all_tabs_afterwards(enter, make_proxy):
    proxy = await make_proxy()
    ann, bob = await enter("Ann", url=proxy.url), await enter("Bob")
    second = await ann.open_another_tab()
    await look_away(ann)
    await proxy.cut()
    await expect(bob.row("Ann")).to_contain_text("reconnecting")
    await bob.say("news")
    await proxy.heal()
    for tab in ann, second:
        await tab.sees("news")
        await wait_for_round_trip(tab)
        await expect(tab.page).to_have_title(TITLE)
        await expect(tab.pill).to_be_hidden()


@pytest.mark.exhaustive
async def test_message_read_in_a_new_tab_is_read_in_the_old_one(enter, guest):
    ann, bob = await enter("Ann"), await guest("Bob")
    await look_away(ann)
    await bob.say("news")
    await expect(ann.page).to_have_title(f"(1) {TITLE}")
    second = await ann.open_another_tab()
    await second.sees("news")
    await expect_unread_line_before(second, "news")
    await expect(ann.page).to_have_title(TITLE)


async def test_page_opens_at_the_unread_line_twice_and_the_pill_scrolls_down(enter, guest):
    ann, bob = await enter("Ann"), await guest("Bob")
    await bob.say(f"old\n{TALL}")
    await expect(ann.messages).to_have_count(1)
    await close(ann, bob)
    for number in range(1, 4):
        await bob.say(f"page {number}\n{TALL}")
    ann = await reopen(ann)
    await expect(ann.pill).to_have_text("3 new messages")
    await ann.reload()  # what is below the view stays unread
    await expect(ann.pill).to_have_text("3 new messages")
    await expect(ann.message("page 1").get_by_text("page 1")).to_be_in_viewport()
    line = "e => getComputedStyle(e, '::after').content"
    assert await ann.message("page 1").evaluate(line) == '"New messages"'
    await expect(ann.message("page 3").get_by_text("line 30")).not_to_be_in_viewport()
    await ann.pill.click()
    await expect(ann.message("page 3").get_by_text("line 30")).to_be_in_viewport()
    await expect(ann.pill).to_be_hidden()


@pytest.mark.own_server
@pytest.mark.exhaustive
async def test_unread_messages_beyond_the_initial_page_are_loaded(enter, tmp_path):
    with used_server(tmp_path / "old", 3, CHAT_MESSAGE_RATE="1000 per second") as server:
        ann, bob = await enter("Ann", url=server.url), await enter("Bob", url=server.url)
        await wait_for_round_trip(ann)
        await close(ann, bob)
        await chatter(server.url, 130, "news")
        await expect(bob.message("news 129")).to_be_visible()
        ann = await reopen(ann)
        await expect(ann.pill).to_have_text("130 new messages")
        await expect(ann.message("news 000")).to_be_in_viewport()
        await expect_unread_line_before(ann, "news 000")
        await ann.pill.click()
        await expect(ann.message("news 129")).to_be_in_viewport(ratio=1)
        await expect(ann.pill).to_be_hidden()


async def test_page_following_at_the_end_has_no_unread_line(enter, guest):
    ann, bob = await enter("Ann"), await guest("Bob")
    for number in range(1, 4):
        await bob.say(f"page {number}\n{TALL}")
    await expect(ann.message("page 3").get_by_text("line 30")).to_be_in_viewport()
    await wait_for_round_trip(ann)
    await expect_unread_line_before(ann)
    await expect(ann.pill).to_be_hidden()
    await expect(ann.page).to_have_title(TITLE)


@pytest.mark.exhaustive
async def test_unread_line_is_in_the_language_of_the_reader(enter, guest):
    ann = await enter(locale="de")
    await ann.page.locator("input[name=name]").fill("Anna")
    await ann.page.keyboard.press("Enter")
    await expect(ann.page.locator(".notice")).to_have_count(1)
    await expect(ann.page.locator("#composer textarea")).to_be_focused()
    await ann.look_away()
    bob = await guest("Bob")
    await bob.say("Neues")
    await expect(ann.page.locator("article")).to_have_count(1)
    line = "() => getComputedStyle(document.querySelector('article'), '::after').content === '\"Neue Nachrichten\"'"
    await ann.page.wait_for_function(line, timeout=10_000)
    await expect(ann.page).to_have_title(f"(1) {TITLE}")
