"""What a member has not seen: the line before it, and the number in the title."""

import pytest

from tests.support.scene_page import until
from tests.support.server import ADMIN_PASSWORD

TITLE = "TCPChatNet"


async def has_title(person, title):
    await until(lambda: person.title == title, lambda: f"{person.title} instead of {title}")


async def has_line(person, before=""):
    """See the line before exactly this message, or none."""
    await until(lambda: person.unread_line == before, lambda: f"{person.unread_line!r} instead of {before!r}")


async def test_title_counts_while_the_page_is_hidden(ann, bob):
    assert ann.title == TITLE
    await ann.look_away()
    await bob.say("one")
    await has_title(ann, f"(1) {TITLE}")
    await bob.say("two")
    await has_title(ann, f"(2) {TITLE}")
    await ann.look_away(False)
    await has_title(ann, TITLE)


async def test_title_counts_only_mentions_if_asked_to(ann, bob):
    await ann.prefer("title", "mentions")
    await ann.look_away()
    await bob.say("not for Ann")
    await bob.say("@Ann hello")
    await has_title(ann, f"(1) {TITLE}")


async def test_line_stays_until_the_next_absence(ann, bob):
    await ann.look_away()
    await bob.say("one")
    await has_line(ann, before="one")
    await ann.look_away(False)
    await bob.say("two")
    await ann.sees("one", "two")
    await has_line(ann, before="one")
    await ann.look_away()
    await bob.say("three")
    await has_line(ann, before="three")


async def test_own_message_removes_the_line(ann, bob):
    await ann.look_away()
    await bob.say("news")
    await has_line(ann, before="news")
    await ann.look_away(False)
    await ann.say("I have read it")
    await has_line(ann)


async def test_newcomer_has_no_line(enter, ann):
    await ann.say("one")
    await ann.say("two")
    bob = await enter("Bob")
    await bob.sees("one", "two")
    await has_line(bob)
    assert bob.title == TITLE


async def test_member_who_left_and_joins_again_is_a_newcomer(ann, bob):
    await bob.say("old")
    await ann.sees("old")
    await ann.choose("Leave")
    await ann.is_at_the_card()
    await bob.say("news")
    await bob.sees("old", "news")
    await ann.join("Ann")
    await ann.sees("old", "news")
    await has_line(ann)


async def test_joins_renames_and_leaves_are_not_news(enter, ann):
    await ann.look_away()
    bob = await enter("Bob")
    await bob.rename("Robert")
    await ann.sees_line("Bob is now called Robert")
    await bob.choose("Leave")
    await ann.sees_line("left")
    cid = await enter("Cid")
    await cid.say("news")
    await has_title(ann, f"(1) {TITLE}")
    await has_line(ann, before="news")


async def test_message_seen_in_one_tab_is_seen_in_all(ann, bob):
    await ann.look_away()
    tab = await ann.open_another_tab()
    await tab.look_away()
    await bob.say("news")
    for page in ann, tab:
        await has_title(page, f"(1) {TITLE}")
    await tab.look_away(False)
    for page in ann, tab:
        await has_title(page, TITLE)


async def test_nothing_is_new_in_a_hidden_tab_while_another_shows_it(ann, bob):
    tab = await ann.open_another_tab()
    await ann.look_away()
    await bob.say("news")
    for page in ann, tab:
        await page.sees("news")
    await has_title(ann, TITLE)
    await ann.look_away(False)
    await has_line(ann)


async def test_deleted_message_is_no_longer_news(ann, bob):
    await ann.look_away()
    for text in "one", "two", "three":
        await bob.say(text)
    await has_title(ann, f"(3) {TITLE}")
    await bob.delete("one")
    await has_title(ann, f"(2) {TITLE}")
    await has_line(ann, before="two")


async def test_cleared_history_has_no_news(ann, bob):
    await bob.become_admin(ADMIN_PASSWORD)
    await ann.look_away()
    await bob.say("news")
    await has_title(ann, f"(1) {TITLE}")
    await bob.clear_history()
    await has_title(ann, TITLE)
    await bob.say("a fresh start")
    await has_title(ann, f"(1) {TITLE}")
    await has_line(ann, before="a fresh start")


@pytest.mark.settings(CHAT_HISTORY_LIMIT="8")
async def test_line_moves_to_the_oldest_message_that_is_kept(ann, bob):
    await ann.look_away()
    for number in range(10):
        await bob.say(f"news {number}")
    await ann.sees(*(f"news {number}" for number in range(2, 10)))
    await has_title(ann, f"(8) {TITLE}")
    await has_line(ann, before="news 2")
