"""What somebody has not seen: the line before it, the pill that counts it and leads there, the number in the title."""

from contextlib import suppress
from datetime import timedelta

import pytest
from playwright.async_api import TimeoutError, expect

from tests.support.past import chatter, used_server
from tests.support.people import TALL, Person
from tests.support.server import ADMIN_PASSWORD

TITLE = "TCPChatNet"
LINES = """[...document.querySelectorAll('article')]
  .filter(e => getComputedStyle(e, '::after').content.includes('New messages'))
  .map(e => e.querySelector('.text').innerText)"""


async def is_known(person: Person) -> None:
    """Wait until all that the page has told before is known: a list that the server makes comes and goes."""
    await person.field.fill("/")
    await expect(person.suggestions).to_be_visible()
    await person.field.fill("")
    await expect(person.suggestions).to_be_hidden()


async def look_away(person: Person) -> None:
    """Put another window before the page."""
    await is_known(person)
    await person.look_away()
    await is_known(person)


async def look_again(person: Person) -> None:
    """Come back to the page."""
    await person.look_away(False)
    await is_known(person)


async def sees_line_before(person: Person, *texts: str) -> None:
    """See the line before exactly this message, or none."""
    expected = list(texts)
    with suppress(TimeoutError):
        reached = f"expected => JSON.stringify({LINES}) === JSON.stringify(expected)"
        await person.page.wait_for_function(reached, arg=expected, timeout=10_000)
    assert await person.page.evaluate(f"() => {LINES}") == expected


async def comes_back(person: Person) -> Person:
    """The same person opens the page again in a new tab."""
    return await person.open_another_tab()


async def close(person: Person, seen_by: Person) -> None:
    """Close the tab, and be gone for others."""
    await person.page.close()
    await seen_by.sees_line("Ann left")


async def test_who_looked_away_finds_the_line_before_the_first_new_message(enter):
    ann, bob = await enter("Ann"), await enter("Bob")
    await bob.say("old")
    await ann.sees("old")
    await look_away(ann)
    await bob.say("first news")
    await bob.say("more news")
    await ann.sees("old", "first news", "more news")
    await look_again(ann)
    await sees_line_before(ann, "first news")
    # It is not the first of its run, but now it stands alone.
    names = "e => [getComputedStyle(e, '::before').content, e.querySelector(':scope > bdi')?.textContent]"
    assert await ann.message("first news").evaluate(names) == ['"Bob" / ""', None]
    assert await ann.message("more news").evaluate(names) == ["none", None]


async def test_with_an_account_it_is_remembered_on_every_device(enter):
    password = "seven wild geese"
    ann, bob = await enter(), await enter("Bob")
    await ann.sign_up("Ann", password)
    await bob.say("old")
    await ann.sees("old")
    await close(ann, seen_by=bob)
    await bob.say("news")
    phone = await enter()
    await phone.sign_in("Ann", password)
    await sees_line_before(phone, "news")


async def test_the_line_stays_until_the_next_time(enter):
    ann, bob = await enter("Ann"), await enter("Bob")
    await look_away(ann)
    await bob.say("one")
    await ann.sees("one")
    await look_again(ann)
    await bob.say("two")
    await ann.sees("one", "two")
    await sees_line_before(ann, "one")
    await look_away(ann)
    await bob.say("three")
    await sees_line_before(ann, "three")


async def test_the_title_counts_while_the_page_is_hidden(enter):
    ann, bob = await enter("Ann"), await enter("Bob")
    await expect(ann.page).to_have_title(TITLE)
    await look_away(ann)
    await bob.say("one")
    await expect(ann.page).to_have_title(f"(1) {TITLE}")
    await bob.say("two")
    await expect(ann.page).to_have_title(f"(2) {TITLE}")
    await look_again(ann)
    await expect(ann.page).to_have_title(TITLE)
    await expect(ann.pill).to_be_hidden()


async def test_the_line_is_there_after_the_tab_was_closed(enter):
    ann, bob = await enter("Ann"), await enter("Bob")
    await bob.say("old")
    await ann.sees("old")
    await close(ann, bob)
    await bob.say("news")
    ann = await comes_back(ann)
    await sees_line_before(ann, "news")
    await expect(ann.pill).to_be_hidden()


async def test_who_left_an_empty_room_finds_the_line_too(enter):
    ann, bob = await enter("Ann"), await enter("Bob")
    await close(ann, bob)
    await bob.say("the very first")
    await bob.say("the second")
    ann = await comes_back(ann)
    await sees_line_before(ann, "the very first")


async def test_the_line_is_there_after_a_reload(enter):
    ann, bob = await enter("Ann"), await enter("Bob")
    await bob.say("old")
    await ann.sees("old")
    await look_away(ann)
    await bob.say("news")
    await ann.sees("old", "news")
    await ann.reload()
    await sees_line_before(ann, "news")
    await is_known(ann)
    await ann.reload()
    await sees_line_before(ann)


@pytest.mark.parametrize("end", ["stop", "kill"])
async def test_the_line_is_there_after_a_restart(enter, server, end):
    ann, bob = await enter("Ann"), await enter("Bob")
    await bob.say("old")
    await ann.sees("old")
    await close(ann, bob)
    await bob.say("news")
    await bob.sees("old", "news")
    getattr(server, end)()
    server.start()
    ann = await comes_back(ann)
    await sees_line_before(ann, "news")


async def test_what_was_before_ones_eyes_when_the_server_stopped_is_seen(enter, server):
    ann, bob = await enter("Ann"), await enter("Bob")
    await bob.say("old")
    await bob.say("new, and seen")
    await ann.sees("old", "new, and seen")
    await ann.mark_page()
    server.stop()
    server.start()
    await ann.page.wait_for_function("() => window.mark === undefined")
    await ann.is_in()
    await bob.say("after the restart")
    await ann.sees("old", "new, and seen", "after the restart")
    await sees_line_before(ann)


async def test_what_comes_right_after_the_tab_was_closed_is_new(enter, tmp_path):
    with used_server(tmp_path / "old", 3, until=timedelta(hours=1), CHAT_GRACE="5") as server:
        ann, bob = await enter("Ann", url=server.url), await enter("Bob", url=server.url)
        await is_known(ann)
        await ann.page.close()
        await expect(bob.row("Ann")).to_contain_text("reconnecting")
        await bob.say("news")
        ann = await comes_back(ann)
        await sees_line_before(ann, "news")


async def test_what_comes_while_the_connection_is_lost_is_new(enter, make_proxy):
    proxy = await make_proxy()
    ann, bob = await enter("Ann", url=proxy.url), await enter("Bob")
    await bob.say("old")
    await ann.sees("old")
    await proxy.cut()
    await expect(bob.row("Ann")).to_contain_text("reconnecting")
    await bob.say("news")
    await proxy.heal()
    await ann.sees("old", "news")
    await sees_line_before(ann, "news")
    await expect(ann.pill).to_be_hidden()


async def test_what_came_while_the_connection_was_lost_is_seen_everywhere_when_it_is_back(enter, make_proxy):
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
        await is_known(tab)
        await expect(tab.page).to_have_title(TITLE)
        await expect(tab.pill).to_be_hidden()


async def test_what_is_seen_in_one_tab_is_seen_in_the_others(enter):
    ann, bob = await enter("Ann"), await enter("Bob")
    await look_away(ann)
    second = await ann.open_another_tab()
    await look_away(second)
    await bob.say("news")
    for tab in ann, second:
        await expect(tab.page).to_have_title(f"(1) {TITLE}")
    await look_again(second)
    for tab in ann, second:
        await expect(tab.page).to_have_title(TITLE)
        await expect(tab.pill).to_be_hidden()


async def test_what_is_seen_in_a_new_tab_is_seen_in_the_old_one(enter):
    ann, bob = await enter("Ann"), await enter("Bob")
    await look_away(ann)
    await bob.say("news")
    await expect(ann.page).to_have_title(f"(1) {TITLE}")
    second = await ann.open_another_tab()
    await second.sees("news")
    await sees_line_before(second, "news")
    await expect(ann.page).to_have_title(TITLE)


async def test_nothing_is_new_in_a_hidden_tab_while_another_one_shows_it(enter):
    ann, bob = await enter("Ann"), await enter("Bob")
    second = await ann.open_another_tab()
    await look_away(ann)
    await bob.say("news")
    for tab in ann, second:
        await tab.sees("news")
    await expect(ann.page).to_have_title(TITLE)
    await look_again(ann)
    await sees_line_before(ann)


async def test_ones_own_message_takes_the_line_away(enter):
    ann, bob = await enter("Ann"), await enter("Bob")
    await look_away(ann)
    await bob.say("news")
    await sees_line_before(ann, "news")
    await look_again(ann)
    await ann.say("I have read it")
    await sees_line_before(ann)


async def test_newcomers_have_no_line(enter):
    bob = await enter("Bob")
    await bob.say("one")
    await bob.say("two")
    await bob.sees("one", "two")
    ann = await enter("Ann")
    await ann.sees("one", "two")
    await is_known(ann)
    await sees_line_before(ann)
    await expect(ann.pill).to_be_hidden()
    await expect(ann.page).to_have_title(TITLE)


async def test_who_left_and_joins_again_is_a_newcomer(enter):
    ann, bob = await enter("Ann"), await enter("Bob")
    await bob.say("old")
    await bob.say("as old")
    await ann.sees("old", "as old")
    await ann.choose("Leave")
    await ann.is_at_the_card()
    await bob.say("news")
    await bob.sees("old", "as old", "news")
    await ann.join("Ann")
    await ann.sees("old", "as old", "news")
    await is_known(ann)
    await sees_line_before(ann)


async def test_comings_and_goings_are_not_news(enter):
    ann = await enter("Ann")
    await look_away(ann)
    bob = await enter("Bob")
    await bob.rename("Robert")
    await bob.choose("Leave")
    for line in "now called", "left":
        await ann.sees_line(line)
    await is_known(ann)
    await expect(ann.page).to_have_title(TITLE)
    await expect(ann.pill).to_be_hidden()
    assert await ann.page.evaluate(f"() => {LINES}") == []


async def test_with_much_to_read_the_page_opens_at_the_line_and_the_pill_leads_down(enter):
    ann, bob = await enter("Ann"), await enter("Bob")
    await bob.say(f"old\n{TALL}")
    await expect(ann.messages).to_have_count(1)
    await close(ann, bob)
    for number in range(1, 4):
        await bob.say(f"page {number}\n{TALL}")
    await expect(bob.messages).to_have_count(4)
    ann = await comes_back(ann)
    await expect(ann.pill).to_have_text("3 new messages")
    await expect(ann.message("page 1").get_by_text("page 1")).to_be_in_viewport()
    line = "e => getComputedStyle(e, '::after').content"
    assert await ann.message("page 1").evaluate(line) == '"New messages"'
    await expect(ann.message("page 3").get_by_text("line 30")).not_to_be_in_viewport()
    await ann.pill.click()
    await expect(ann.message("page 3").get_by_text("line 30")).to_be_in_viewport()
    await expect(ann.pill).to_be_hidden()


async def test_more_unread_than_a_page_opens_with(enter, tmp_path):
    with used_server(tmp_path / "old", 3, CHAT_MESSAGE_RATE="1000 per second") as server:
        ann, bob = await enter("Ann", url=server.url), await enter("Bob", url=server.url)
        await is_known(ann)
        await close(ann, bob)
        await chatter(server.url, 130, "news")
        await expect(bob.message("news 129")).to_be_visible()
        ann = await comes_back(ann)
        await expect(ann.pill).to_have_text("130 new messages")
        await expect(ann.message("news 000")).to_be_in_viewport()
        await sees_line_before(ann, "news 000")
        await ann.pill.click()
        await expect(ann.message("news 129")).to_be_in_viewport(ratio=1)
        await expect(ann.pill).to_be_hidden()


async def test_what_was_not_read_to_the_end_is_still_new_after_a_reload(enter):
    ann, bob = await enter("Ann"), await enter("Bob")
    await bob.say("old")
    await ann.sees("old")
    await close(ann, bob)
    for number in range(1, 4):
        await bob.say(f"page {number}\n{TALL}")
    await expect(bob.messages).to_have_count(4)
    ann = await comes_back(ann)
    await expect(ann.pill).to_have_text("3 new messages")
    await ann.reload()
    await expect(ann.pill).to_have_text("3 new messages")
    await expect(ann.message("page 1").get_by_text("page 1")).to_be_in_viewport()


async def test_a_page_that_follows_at_the_end_has_no_line(enter):
    ann, bob = await enter("Ann"), await enter("Bob")
    for number in range(1, 4):
        await bob.say(f"page {number}\n{TALL}")
    await expect(ann.message("page 3").get_by_text("line 30")).to_be_in_viewport()
    await is_known(ann)
    await sees_line_before(ann)
    await expect(ann.pill).to_be_hidden()
    await expect(ann.page).to_have_title(TITLE)


async def test_a_deleted_message_is_not_news_any_more(enter):
    ann, bob = await enter("Ann"), await enter("Bob")
    await look_away(ann)
    for text in "one", "two", "three":
        await bob.say(text)
    await expect(ann.page).to_have_title(f"(3) {TITLE}")
    await bob.delete("one")
    await expect(ann.page).to_have_title(f"(2) {TITLE}")
    await sees_line_before(ann, "two")


async def test_a_cleared_history_has_no_news(enter):
    ann, bob = await enter("Ann"), await enter("Bob")
    await bob.become_admin(ADMIN_PASSWORD)
    await look_away(ann)
    await bob.say("news")
    await expect(ann.page).to_have_title(f"(1) {TITLE}")
    await bob.clear_history()
    await expect(ann.page).to_have_title(TITLE)
    await expect(ann.pill).to_be_hidden()
    await bob.say("a fresh start")
    await expect(ann.page).to_have_title(f"(1) {TITLE}")
    await sees_line_before(ann, "a fresh start")


async def test_when_the_first_news_are_not_kept_any_more_the_line_is_before_the_oldest(enter, make_server):
    server = make_server(CHAT_HISTORY_LIMIT="8")
    ann, bob = await enter("Ann", url=server.url), await enter("Bob", url=server.url)
    await look_away(ann)
    for number in range(10):
        await bob.say(f"news {number}")
    await ann.sees(*(f"news {number}" for number in range(2, 10)))
    await expect(ann.page).to_have_title(f"(8) {TITLE}")
    await sees_line_before(ann, "news 2")


async def test_the_line_speaks_the_readers_language(enter):
    ann = await enter(locale="de")
    await ann.page.locator("input[name=name]").fill("Anna")
    await ann.page.keyboard.press("Enter")
    await expect(ann.page.locator(".notice")).to_have_count(1)
    await expect(ann.page.locator("#composer textarea")).to_be_focused()
    await ann.look_away()
    bob = await enter("Bob")
    await bob.say("Neues")
    await expect(ann.page.locator("article")).to_have_count(1)
    line = "() => getComputedStyle(document.querySelector('article'), '::after').content === '\"Neue Nachrichten\"'"
    await ann.page.wait_for_function(line, timeout=10_000)
    await expect(ann.page).to_have_title(f"(1) {TITLE}")
