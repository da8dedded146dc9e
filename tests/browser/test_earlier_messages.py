"""A long history: the page opens with the newest hundred messages and loads earlier ones without moving the view."""

import asyncio

import pytest
from playwright.async_api import Locator, expect

from tests.support.past import PAGE, chatter, said, used_server
from tests.support.people import TALL, Person
from tests.support.proxy import Proxy
from tests.support.server import ADMIN_PASSWORD

COUNT = 2000
SETTLED = "() => new Promise(done => requestAnimationFrame(() => requestAnimationFrame(done)))"
INTO_THE_MIDDLE = "e => e.scrollIntoView({block: 'center'})"
MESSAGE_BEFORE = """button => [...document.querySelectorAll('article')]
  .findLast(e => e.compareDocumentPosition(button) & Node.DOCUMENT_POSITION_FOLLOWING).id"""
FIRST = "() => document.querySelector('article .text').innerText"


@pytest.fixture
def server(tmp_path):
    """Start a server with 2,000 messages in its history."""
    with used_server(tmp_path / "old", COUNT, CHAT_GRACE="15") as server:
        yield server


async def open_page(enter, name: str, **options) -> Person:
    """Join and wait for the newest message."""
    person = await enter(name, **options)
    await expect(person.message(said(COUNT))).to_be_in_viewport(ratio=1)
    return person


async def expect_loaded(person: Person, number: int) -> None:
    """Expect the message with this number to be loaded."""
    await expect(person.message(said(number))).to_have_count(1)


async def find(person: Person, number: int) -> Locator:
    """Jump to a message with the search."""
    await person.search(f"message {number:04}")
    await person.results.first.click()
    found = person.message(said(number))
    await expect(found).to_be_focused()
    return found


async def top(message: Locator) -> float:
    await message.page.evaluate(SETTLED)
    return (await message.bounding_box())["y"]


def gap(person: Person, name: str) -> Locator:
    return person.log.get_by_role("button", name=name)


async def test_page_opens_with_the_newest_hundred_messages_and_scrolling_up_loads_more_and_moves_nothing(enter):
    ann = await open_page(enter, "Ann")
    shown = await ann.messages.count()
    assert PAGE <= shown < PAGE + 8
    await expect(ann.log).to_have_js_property("scrollTop", 0)
    await ann.page.evaluate(
        "() => { const log = document.querySelector('.log'); log.scrollTop = 1200 - log.scrollHeight }"
    )
    reading = ann.message(said(COUNT - 80))
    await reading.scroll_into_view_if_needed()
    before = await top(reading)
    await expect_loaded(ann, COUNT - 130)
    assert abs(await top(reading) - before) < 1.5


@pytest.mark.own_server
async def test_first_message_is_reached_by_scrolling(enter, tmp_path):
    with used_server(tmp_path / "small", 300, CHAT_HISTORY_LIMIT="300") as server:
        ann = await enter("Ann", url=server.url)
        limit = ann.log.get_by_text("Only the last 300 messages are kept.")
        await expect(ann.message(said(300))).to_be_in_viewport(ratio=1)
        await expect(limit).to_be_hidden()
        await ann.log.hover()
        first = ann.message(said(1))
        async with asyncio.timeout(30):
            while not await first.count():
                await ann.page.mouse.wheel(0, -1500)
                await ann.page.evaluate(SETTLED)
        await ann.page.mouse.wheel(0, -100_000)
        await expect(first).to_be_in_viewport(ratio=1)
        await expect(limit).to_be_in_viewport()
        texts = [message["text"] for message in server.messages()]
        await ann.sees(*texts)


@pytest.mark.exhaustive
async def test_home_key_loads_earlier_messages(enter):
    ann = await open_page(enter, "Ann")
    await ann.log.focus()
    seen = set()
    for _ in range(4):
        first = await ann.page.evaluate(FIRST)
        assert first not in seen
        seen.add(first)
        async with asyncio.timeout(30):
            while await ann.page.evaluate(FIRST) == first:  # at the top, only another press loads more
                await ann.page.keyboard.press("Home")
                await ann.page.evaluate(SETTLED)
    assert await ann.messages.count() > PAGE + 50


async def test_new_messages_move_nothing_far_up_and_sending_scrolls_down(enter, guest):
    ann, bob = await open_page(enter, "Ann"), await guest("Bob")
    reading = await find(ann, 1200)
    before = await top(reading)
    await bob.say("news")
    await expect(ann.pill).to_have_text("1 new message")
    assert abs(await top(reading) - before) < 1.5
    await ann.pill.click()
    await expect(ann.message("news")).to_be_in_viewport(ratio=1)
    await find(ann, 1200)
    await ann.say("back to today")
    await expect(ann.message("back to today")).to_be_in_viewport(ratio=1)


async def test_gap_after_a_far_jump_has_buttons_that_fill_it_and_move_nothing(enter):
    ann = await open_page(enter, "Ann")
    reading = await find(ann, 1200)
    await expect(gap(ann, "Later messages")).to_have_count(1)
    await expect(gap(ann, "Earlier messages")).to_have_count(2)
    order = await ann.log.evaluate("""log => [...log.querySelectorAll('article, button.gap')]
      .map(e => e.matches('button') ? e.textContent : '.').join('').replace(/\\.+/g, ' … ')""")
    assert order == "Earlier messages … Later messagesEarlier messages … "
    for first in ann.messages.first, gap(ann, "Earlier messages").last.locator("xpath=following::article").first:
        await expect(first.locator(".avatar")).to_be_visible()
    await expect(reading).to_be_in_viewport(ratio=1)
    button = gap(ann, "Later messages")
    await button.evaluate(INTO_THE_MIDDLE)
    reading = ann.log.locator(f"#{await button.evaluate(MESSAGE_BEFORE)}")
    await expect(reading).to_be_in_viewport()
    before = await top(reading)
    await button.click()
    await expect_loaded(ann, 1290)
    assert abs(await top(reading) - before) < 1.5


@pytest.mark.exhaustive
async def test_earlier_messages_fill_the_gap_and_move_nothing(enter):
    ann = await open_page(enter, "Ann")
    await find(ann, 1200)
    button = gap(ann, "Earlier messages").last
    await button.evaluate(INTO_THE_MIDDLE)
    reading = ann.message(said(COUNT - 102))
    await expect(reading).to_be_in_viewport()
    before = await top(reading)
    await button.click()
    await expect_loaded(ann, COUNT - 150)
    assert abs(await top(reading) - before) < 1.5


@pytest.mark.exhaustive
async def test_gap_can_be_filled_entirely(enter):
    ann = await open_page(enter, "Ann")
    await find(ann, COUNT - 600)
    while await gap(ann, "Later messages").count():
        known = await ann.messages.count()
        await gap(ann, "Later messages").click()
        await expect(ann.messages.nth(known)).to_be_attached()
        await ann.page.evaluate(SETTLED)
    for number in range(COUNT - 600, COUNT + 1, 50):
        await expect_loaded(ann, number)
    await expect(ann.messages.last).to_contain_text(said(COUNT))


async def test_reactions_and_deletions_reach_earlier_messages(enter, guest):
    ann, bob = await open_page(enter, "Ann"), await open_page(enter, "Bob")
    await bob.become_admin(ADMIN_PASSWORD)
    for person in ann, bob:
        await find(person, 1200)
    await bob.react(said(1200), "👍")
    await expect(ann.reaction(said(1200), "👍")).to_contain_text("1")
    await bob.delete(said(1201))
    await expect(ann.message(said(1201))).to_have_count(0)
    await expect(ann.message(said(1200))).to_be_in_viewport(ratio=1)


@pytest.mark.own_server
@pytest.mark.exhaustive
async def test_edit_reaches_an_earlier_message_loaded_by_others(enter, tmp_path):
    with used_server(tmp_path / "small", 30, CHAT_MESSAGE_RATE="1000 per second") as server:
        ann, bob = await enter("Ann", url=server.url), await enter("Bob", url=server.url)
        await ann.say("a mistake")
        await chatter(server.url, 120, "filler")
        await expect(bob.message("filler 119")).to_be_visible()
        await bob.search("mistake")
        await bob.results.click()
        await ann.search("mistake")
        await ann.results.click()
        await expect(ann.message("a mistake")).to_be_focused()
        await ann.edit("a mistake", into="corrected")
        await expect(bob.message("corrected")).to_be_in_viewport(ratio=1)
        await expect(bob.message("a mistake")).to_have_count(0)


@pytest.mark.exhaustive
async def test_page_opened_after_changes_loads_them(enter):
    bob = await open_page(enter, "Bob")
    await bob.become_admin(ADMIN_PASSWORD)
    await find(bob, 1200)
    await bob.delete(said(1200))
    await bob.react(said(1201), "👍")
    await expect(bob.reaction(said(1201), "👍")).to_be_visible()
    ann = await open_page(enter, "Ann")
    await find(ann, 1202)
    await expect(ann.message(said(1200))).to_have_count(0)
    await expect(ann.reaction(said(1201), "👍")).to_contain_text("1")


async def test_lost_connection_keeps_scroll_position_and_loaded_messages(enter, make_proxy, guest):
    proxy: Proxy = await make_proxy()
    ann, bob = await open_page(enter, "Ann", url=proxy.url), await open_page(enter, "Bob")
    await bob.become_admin(ADMIN_PASSWORD)
    await find(bob, 1200)
    reading = await find(ann, 1200)
    before, known = await top(reading), await ann.messages.count()
    await ann.mark_page()
    await proxy.cut()
    await expect(ann.offline_notice).to_be_visible()
    await bob.react(said(1202), "👍")
    await bob.say("news")
    await expect(bob.message("news")).to_have_count(1)
    await proxy.heal()
    await expect(ann.offline_notice).to_be_hidden()
    await expect(ann.message("news")).to_have_count(1)
    await expect(ann.reaction(said(1202), "👍")).to_have_count(1)
    assert await ann.messages.count() == known + 1
    await expect(reading).to_be_in_viewport(ratio=1)
    assert abs(await top(reading) - before) < 1.5
    await ann.is_on_the_same_page()


@pytest.mark.exhaustive
async def test_message_deleted_while_offline_is_removed_from_earlier_messages(enter, make_proxy):
    proxy: Proxy = await make_proxy()
    ann, bob = await open_page(enter, "Ann", url=proxy.url), await open_page(enter, "Bob")
    await bob.become_admin(ADMIN_PASSWORD)
    await find(bob, 1200)
    await find(ann, 1200)
    await ann.mark_page()
    await proxy.cut()
    await expect(ann.offline_notice).to_be_visible()
    await bob.delete(said(1201))
    await expect(bob.message(said(1201))).to_have_count(0)
    await proxy.heal()
    await expect(ann.offline_notice).to_be_hidden()
    await expect(ann.message(said(1201))).to_have_count(0)
    await expect(ann.message(said(1200))).to_have_count(1)
    await ann.is_on_the_same_page()


@pytest.mark.exhaustive
async def test_reaction_removed_while_offline_is_removed(enter, make_proxy):
    proxy: Proxy = await make_proxy()
    ann, bob = await open_page(enter, "Ann", url=proxy.url), await open_page(enter, "Bob")
    for number in 1200, COUNT:
        await find(bob, number)
        await bob.react(said(number), "👍")
        await expect(bob.reaction(said(number), "👍")).to_have_count(1)
    await find(ann, 1200)
    await expect(ann.reaction(said(1200), "👍")).to_have_count(1)
    await ann.mark_page()
    await proxy.cut()
    await expect(ann.offline_notice).to_be_visible()
    for number in 1200, COUNT:
        await find(bob, number)
        await bob.reaction(said(number), "👍").click()
        await expect(bob.reaction(said(number), "👍")).to_have_count(0)
    await proxy.heal()
    await expect(ann.offline_notice).to_be_hidden()
    for number in 1200, COUNT:
        await expect(ann.reaction(said(number), "👍")).to_have_count(0)
        await expect_loaded(ann, number)
    await ann.is_on_the_same_page()


@pytest.mark.exhaustive
async def test_clearing_removes_earlier_messages(enter):
    ann, bob = await open_page(enter, "Ann"), await open_page(enter, "Bob")
    await bob.become_admin(ADMIN_PASSWORD)
    await find(ann, 1200)
    await bob.clear_history()
    await expect(ann.messages).to_have_count(0)
    await expect(gap(ann, "messages")).to_have_count(0)
    await bob.say("a fresh start")
    for person in ann, bob:
        await person.sees("a fresh start")


async def test_quote_jumps_to_an_earlier_message_not_yet_loaded(enter, guest):
    ann, bob = await open_page(enter, "Ann"), await open_page(enter, "Bob")
    await find(bob, 1200)
    await bob.reply(said(1200), "that long ago?")
    await expect(ann.message("that long ago?")).to_be_visible()
    await ann.message("that long ago?").locator("button.quote").click()
    await expect(ann.message(said(1200)).first).to_be_focused()
    await expect(ann.message(said(1200)).first).to_be_in_viewport(ratio=1)


@pytest.mark.exhaustive
async def test_scrolling_up_loads_more_on_phone(enter):
    phone = {"viewport": {"width": 360, "height": 740}, "has_touch": True, "is_mobile": True}
    ann = await open_page(enter, "Ann", **phone)
    await ann.page.evaluate(
        "() => { const log = document.querySelector('.log'); log.scrollTop = 600 - log.scrollHeight }"
    )
    await expect_loaded(ann, COUNT - 130)


@pytest.mark.exhaustive
async def test_joins_and_leaves_move_nothing(enter):
    ann = await open_page(enter, "Ann")
    reading = await find(ann, 1200)
    before = await top(reading)
    bob = await open_page(enter, "Bob")
    await bob.say(TALL)
    await bob.leave()
    await expect(ann.notices.filter(has_text="Bob left")).to_have_count(1)
    assert abs(await top(reading) - before) < 1.5
