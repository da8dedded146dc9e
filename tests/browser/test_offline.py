"""Lost connections: the page reports them, keeps accepting text, and catches up without a reload."""

import os
import signal

import pytest
from playwright.async_api import expect

from tests.support.server import ADMIN_PASSWORD
from tests.support.sights import PLACE


@pytest.fixture
def server(make_server, request):
    """Start a server with a grace of five seconds, unless the test sets another."""
    return make_server(CHAT_GRACE=getattr(request, "param", "5"))


async def test_page_catches_up_after_a_short_outage(enter, make_proxy, guest):
    proxy = await make_proxy()
    ann = await enter("Ann", url=proxy.url)
    bob = await guest("Bob")
    await ann.say("before")
    await bob.sees("before")
    await expect(ann.waiting).to_have_count(0)
    await ann.mark_page()
    await proxy.cut()
    await expect(ann.offline_notice).to_be_visible()
    await ann.send("from the tunnel")
    await ann.send("still there")
    await ann.write("half a sent")
    await expect(ann.waiting).to_have_text(["from the tunnel", "still there"])
    assert "back online" in await ann.page.evaluate(
        "getComputedStyle(document.getElementById('outbox'), '::after').content"
    )
    await expect(ann.online).to_be_hidden()
    await bob.say("where is Ann?")
    await bob.sees("before", "where is Ann?")
    await proxy.heal()
    for person in ann, bob:
        await person.sees("before", "where is Ann?", "from the tunnel", "still there")
    await expect(ann.offline_notice).to_be_hidden()
    await expect(ann.waiting).to_have_count(0)
    await expect(ann.field).to_have_value("half a sent")
    await expect(ann.online).to_be_visible()
    line = "e => getComputedStyle(e, '::after').content"
    assert await ann.message("where is Ann?").evaluate(line) == '"New messages"'
    await ann.is_on_the_same_page()


@pytest.mark.exhaustive
async def test_history_cleared_while_offline_is_cleared(enter, make_proxy, guest):
    proxy = await make_proxy()
    ann = await enter("Ann", url=proxy.url)
    bob = await guest("Bob")
    await bob.become_admin(ADMIN_PASSWORD)
    await bob.say("to be deleted")
    await ann.sees("to be deleted")
    await ann.mark_page()
    await proxy.cut()
    await expect(ann.offline_notice).to_be_visible()
    await bob.clear_history()
    await bob.say("a fresh start")
    await proxy.heal()
    for person in ann, bob:
        await person.sees("a fresh start")
        await person.sees_line("Bob cleared the history")
    await ann.is_on_the_same_page()


async def test_messages_survive_a_network_that_drops_everything(enter, make_proxy, guest):
    proxy = await make_proxy()
    ann = await enter("Ann", url=proxy.url)
    bob = await guest("Bob")
    await ann.mark_page()
    proxy.swallow()
    await ann.send("into the void")
    await ann.write("half a sent")
    await bob.say("where is Ann?")
    await expect(ann.offline_notice).to_be_visible()
    await ann.write("ence\n")
    await proxy.heal()
    for person in ann, bob:
        await person.sees("where is Ann?", "into the void", "half a sentence")
    await expect(ann.offline_notice).to_be_hidden()
    await ann.is_on_the_same_page()


async def test_message_with_a_lost_acknowledgement_is_posted_once(enter, make_proxy, guest):
    proxy = await make_proxy()
    ann = await enter("Ann", url=proxy.url)
    bob = await guest("Bob")
    proxy.swallow("down")
    await ann.send("do you hear me?")
    await bob.sees("do you hear me?")
    await expect(ann.waiting).to_have_text(["do you hear me?"])
    await proxy.heal()
    await expect(ann.waiting).to_have_count(0)
    await ann.say("again")
    for person in ann, bob:
        await person.sees("do you hear me?", "again")


@pytest.mark.exhaustive
async def test_message_rejected_after_reconnecting_returns_to_the_field(enter, make_proxy):
    proxy = await make_proxy()
    ann = await enter("Ann", url=proxy.url)
    await proxy.cut()
    await expect(ann.offline_notice).to_be_visible()
    await ann.send("/dance")
    await ann.send("fine")
    await ann.write("draft")
    await proxy.heal()
    await ann.sees("fine")
    await ann.is_refused("/dance\ndraft", because="Unknown command: /dance")


@pytest.mark.exhaustive
async def test_page_catches_up_after_the_browser_was_offline(enter, guest):
    ann = await enter("Ann")
    bob = await guest("Bob")
    await ann.mark_page()
    await ann.page.context.set_offline(True)
    await expect(ann.offline_notice).to_be_visible()
    await ann.send("from the train")
    await ann.write("half a sent")
    await bob.say("where is Ann?")
    await bob.sees("where is Ann?")
    await ann.page.context.set_offline(False)
    for person in ann, bob:
        await person.sees("where is Ann?", "from the train")
    await expect(ann.offline_notice).to_be_hidden()
    await expect(ann.field).to_have_value("half a sent")
    await ann.is_on_the_same_page()


@pytest.mark.exhaustive
@pytest.mark.parametrize("server", ["1"], indirect=True)
async def test_member_offline_beyond_the_grace_joins_again(enter, make_proxy, guest, server):
    proxy = await make_proxy()
    ann = await enter("Ann", url=proxy.url)
    bob = await guest("Bob")
    await proxy.cut()
    await expect(ann.offline_notice).to_be_visible()
    await ann.send("from the tunnel")
    await ann.write("half a sent")
    await bob.sees_line("Ann left")
    await bob.say("where is Ann?")
    await proxy.heal()
    for person in ann, bob:
        await person.sees("where is Ann?", "from the tunnel")
        await person.sees_people("Ann", "Bob")
    await expect(ann.offline_notice).to_be_hidden()
    await expect(ann.field).to_have_value("half a sent")


async def test_page_catches_up_after_the_server_was_killed(enter, server):
    ann = await enter("Ann")
    bob = await enter("Bob")
    await ann.say("one")
    await bob.sees("one")
    await bob.say("two")
    await ann.sees("one", "two")
    server.kill()
    for person in ann, bob:
        await expect(person.offline_notice).to_be_visible()
    await ann.send("three")
    await ann.write("half a sent")
    server.start()
    for person in ann, bob:
        await person.sees("one", "two", "three")
        await person.sees_people("Ann", "Bob")
        await expect(person.offline_notice).to_be_hidden()
    await expect(ann.field).to_have_value("half a sent")
    assert [message["text"] for message in server.messages()] == ["one", "two", "three"]


async def test_message_in_flight_survives_a_killed_server(enter, server):
    ann = await enter("Ann")
    bob = await enter("Bob")
    os.kill(server.process.pid, signal.SIGSTOP)
    await ann.send("on its way")
    await ann.send("right behind")
    await expect(ann.waiting).to_have_text(["on its way", "right behind"])
    server.kill()
    server.start()
    for person in ann, bob:
        await person.sees("on its way", "right behind")
    await expect(ann.waiting).to_have_count(0)
    assert [message["text"] for message in server.messages()] == ["on its way", "right behind"]


# Restarts for a deploy.

IS_AT = "top => Math.abs(document.querySelectorAll('article')[3].getBoundingClientRect().top - top) <= 2"


async def test_restart_is_announced(enter, server):
    ann = await enter("Ann")
    lena = await enter(locale="de")
    await lena.page.locator("input[name=name]").fill("Lena")
    await lena.page.keyboard.press("Enter")
    await expect(lena.page.locator("#composer textarea")).to_be_visible()
    server.stop()
    await expect(ann.page.get_by_role("alert").filter(has_text="The chat is restarting")).to_be_visible()
    await expect(lena.page.get_by_role("alert").filter(has_text="Der Chat startet neu")).to_be_visible()
    await ann.send("while you were away")
    server.start()
    await ann.sees("while you were away")
    await expect(ann.page.locator(".offline:visible")).to_have_count(0)


async def test_scroll_position_survives_a_restart(enter, server):
    ann, bob = await enter("Ann"), await enter("Bob")
    await ann.read_in_the_middle(of=8, written_by=bob)
    message = ann.message("part 3")
    before = await message.bounding_box()
    await ann.notes_rebuilding()
    await ann.write("half a sent")
    server.stop()
    server.start()
    await ann.is_rebuilt()
    await expect(ann.messages).to_have_count(8)
    await expect(ann.field).to_have_value("half a sent")
    await ann.page.wait_for_function(IS_AT, arg=before["y"])
    await expect(bob.messages).to_have_count(8)
    await bob.eventually(lambda top: top > -2, "() => document.querySelector('.log').scrollTop")


async def test_scroll_position_survives_a_reload_before_the_page_was_complete(enter):
    ann = await enter("Ann")
    await ann.read_in_the_middle(of=5)
    place = await ann.page.evaluate(PLACE)
    await ann.page.reload(wait_until="commit")
    await ann.page.wait_for_selector(".log")
    await ann.reload()
    await expect(ann.messages).to_have_count(5)
    await ann.page.wait_for_function(f"place => {PLACE} === place", arg=place)


@pytest.mark.exhaustive
async def test_new_visit_starts_at_the_newest_message(enter):
    ann = await enter("Ann")
    await ann.read_in_the_middle(of=5)
    await ann.page.goto("about:blank")
    await ann.page.goto(ann.url)
    await expect(ann.messages).to_have_count(5)
    await expect(ann.messages.last).to_be_in_viewport()


async def test_slow_connection_is_reported(enter, make_proxy):
    proxy = await make_proxy()
    ann = await enter("Ann", url=proxy.url)
    proxy.swallow("up")
    await ann.send("on its way")
    slow = "getComputedStyle(document.getElementById('outbox'), '::after')"
    assert "slow" in await ann.page.evaluate(f"{slow}.content")
    await ann.page.wait_for_function(f"{slow}.opacity === '1'")
    await proxy.heal()
    await ann.sees("on its way")
    await expect(ann.waiting).to_have_count(0)


@pytest.mark.exhaustive
async def test_card_reports_a_lost_connection(enter, make_proxy):
    proxy = await make_proxy()
    ann = await enter(url=proxy.url)
    await ann.card_name.fill("Ann")
    await proxy.cut()
    await expect(ann.offline_notice).to_be_visible()
    await proxy.heal()
    await expect(ann.offline_notice).to_be_hidden()
    await expect(ann.card_name).to_have_value("Ann")


@pytest.mark.exhaustive
@pytest.mark.parametrize("name", ["Ann", None], ids=["in the room", "at the card"])
async def test_page_without_a_socket_shows_an_error(enter, name):
    ann = await enter(name)
    page = await ann.page.context.new_page()
    await page.route_web_socket("**", lambda socket: None)
    await page.goto(ann.url)
    notice = page.get_by_role("alert").filter(has_text="Connection lost")
    assert not await notice.count()
    await expect(notice).to_be_visible()
    await page.close()
    await expect(ann.page.locator(".offline:visible")).to_have_count(0)
