"""The log follows the newest message, or stays perfectly still while scrolled up."""

import pytest
import pytest_asyncio
from playwright.async_api import expect

from tests.support.people import TALL


@pytest.fixture
def server(make_server):
    """Start a server that keeps eight messages, so that the oldest are dropped while scrolled up."""
    return make_server(CHAT_GRACE="1", CHAT_HISTORY_LIMIT="8")


@pytest_asyncio.fixture(loop_scope="session")
async def ann_and_bob(enter, guest):
    """Let Ann write more than fits on the screen of Bob."""
    ann = await guest("Ann")
    bob = await enter("Bob")
    for number in range(1, 4):
        await ann.say(f"page {number}\n{TALL}")
    await expect(bob.messages).to_have_count(3)
    await expect(bob.message("page 3").get_by_text("line 30")).to_be_in_viewport()
    return ann, bob


async def scroll_up(bob, pixels: int, ann) -> None:
    """Scroll up and start typing; once Ann sees Bob typing, the server knows his scroll position."""
    await bob.scroll_up(pixels)
    await bob.write("h")
    await ann.sees_typing("Bob is typing")


async def position(message) -> float:
    return (await message.bounding_box())["y"]


async def distance_to_end(person) -> float:
    return -await person.log.evaluate("e => e.scrollTop")


async def test_log_follows_at_the_end_and_further_up_the_pill_counts_while_nothing_moves(ann_and_bob):
    ann, bob = ann_and_bob
    await ann.say("the newest")
    await expect(bob.message("the newest")).to_be_in_viewport(ratio=1)
    await expect(bob.pill).to_be_hidden()
    await scroll_up(bob, 700, ann)
    reading = bob.message("page 2")
    before = await position(reading)
    await ann.say("news")
    await expect(bob.pill).to_have_text("1 new message")
    await ann.say("more news\nin two lines")
    await ann.say("and more")
    await expect(bob.pill).to_have_text("3 new messages")
    assert abs(await position(reading) - before) < 1  # browsers scroll by whole pixels, a line has 22.5
    await bob.pill.click()
    await expect(bob.message("and more")).to_be_in_viewport(ratio=1)
    await expect(bob.pill).to_be_hidden()


@pytest.mark.parametrize("by", ["mouse", "keys"])
async def test_button_leads_down_whenever_the_log_is_scrolled_up(ann_and_bob, by):
    _, bob = ann_and_bob
    await expect(bob.pill).to_be_hidden()
    await bob.scroll_up(20)  # so near the end that the log still follows
    await expect(bob.pill).to_have_accessible_name("Go to the newest message")
    await bob.scroll_up(700)
    await expect(bob.pill).to_have_text("")
    pill, field = await bob.pill.bounding_box(), await bob.field.bounding_box()
    assert pill["width"] == pill["height"]
    assert pill["y"] + pill["height"] < field["y"]
    if by == "mouse":
        await bob.pill.click()
        await expect(bob.field).to_be_focused()
    else:
        await bob.pill.press("Enter")
        await expect(bob.message("page 3")).to_be_focused()
    await expect(bob.pill).to_be_hidden()
    await expect(bob.log).to_have_js_property("scrollTop", 0)


async def test_nothing_moves_when_the_oldest_messages_are_dropped(ann_and_bob):
    ann, bob = ann_and_bob
    for number in range(4, 9):
        await ann.say(f"page {number}\n{TALL}")
    await expect(bob.messages).to_have_count(8)
    await scroll_up(bob, 700, ann)
    reading = bob.message("page 7")
    before = await position(reading)
    for number in range(9, 13):
        await ann.say(f"page {number}\n{TALL}")
    await expect(bob.pill).to_have_text("4 new messages")
    await expect(bob.message("page 4")).to_have_count(0)
    assert abs(await position(reading) - before) < 1  # browsers scroll by whole pixels, a line has 22.5


@pytest.mark.exhaustive
async def test_log_follows_within_100_pixels_of_the_end(ann_and_bob):
    ann, bob = ann_and_bob
    await scroll_up(bob, 60, ann)
    assert 0 < await distance_to_end(bob) < 100
    await ann.say(f"the newest\n{TALL}")
    await expect(bob.message("the newest").get_by_text("line 30")).to_be_in_viewport()
    await expect(bob.log).to_have_js_property("scrollTop", 0)
    await expect(bob.pill).to_be_hidden()


async def test_scrolling_down_hides_the_pill_and_sending_scrolls_down(ann_and_bob):
    ann, bob = ann_and_bob
    await scroll_up(bob, 700, ann)
    await ann.say("news")
    await expect(bob.pill).to_have_text("1 new message")
    await bob.log.hover()
    await bob.page.mouse.wheel(0, 2000)
    await expect(bob.pill).to_be_hidden()
    await expect(bob.message("news")).to_be_in_viewport(ratio=1)
    await bob.scroll_up(700)
    await expect(bob.pill).to_be_visible()
    await bob.field.fill("my own")
    await bob.field.press("Enter")
    await expect(bob.message("my own")).to_be_in_viewport(ratio=1)
    await expect(bob.pill).to_be_hidden()
