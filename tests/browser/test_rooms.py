"""Several rooms in one page: their URLs, what each keeps, and the drawer of a phone."""

import re

import pytest
from playwright.async_api import expect

from tests.browser.test_accessibility import expect_no_axe_violations
from tests.browser.test_notifications import expect_notifications, join_with_notifications, shown
from tests.support.matrix import sampled
from tests.support.people import Person
from tests.support.server import Server
from tests.support.stored_history import write_rooms as write_history_of_rooms
from tests.support.stored_rooms import write_rooms

PHONE = {"viewport": {"width": 390, "height": 844}, "has_touch": True, "is_mobile": True}
SWIPE = """async ([from, to]) => {
  const fire = (kind, x) => document.querySelector('.log').dispatchEvent(new TouchEvent(kind, {bubbles: true,
    changedTouches: [new Touch({identifier: 1, target: document.body, clientX: x, clientY: 300})]}))
  fire('touchstart', from); fire('touchend', to) }"""

INDENT = """link => { const [all, name] = [link, link.firstElementChild].map(part => part.getBoundingClientRect())
  return getComputedStyle(link).direction === 'rtl' ? all.right - name.right : name.left - all.left }"""


@pytest.fixture
def server(make_server, tmp_path) -> Server:
    """A chat with the rooms Tea and Cake, which waits long for guests who load another page."""
    write_rooms(tmp_path / "rooms", "Tea", "Cake")
    return make_server(tmp_path / "rooms", CHAT_GRACE="15")


def rooms(person: Person):
    return person.page.get_by_role("navigation", name="Rooms")


async def go_into(person: Person, name: str) -> None:
    await rooms(person).get_by_role("link", name=name).click()
    await expect(person.page).to_have_url(f"{person.url}room/{name.lower()}")
    await expect(rooms(person).get_by_role("link", name=name)).to_have_attribute("aria-current", "page")


async def test_each_room_keeps_its_draft_and_its_reply(enter):
    ann = await enter("Ann")
    await ann.say("in the lobby")
    await ann.press("Reply", "in the lobby")
    await ann.field.fill("half an answer")
    await go_into(ann, "Tea")
    await expect(ann.page).to_have_title("Tea · TCPChatNet")
    await expect(ann.messages).to_have_count(0)
    await expect(ann.field).to_have_value("")
    await expect(ann.about).to_be_hidden()
    await ann.say("about tea")
    await ann.field.fill("half a thought")
    await go_into(ann, "Lobby")
    await expect(ann.field).to_have_value("half an answer")
    await expect(ann.about).to_contain_text("in the lobby")
    await ann.page.go_back()
    await expect(ann.messages).to_contain_text(["about tea"])
    await expect(ann.field).to_have_value("half a thought")
    await ann.page.reload()
    await expect(ann.page.get_by_role("heading", level=1)).to_have_text("Tea")
    await expect(ann.field).to_have_value("half a thought")
    await ann.page.go_forward()
    await expect(ann.messages).to_contain_text(["in the lobby"])
    await expect(ann.page).to_have_title("TCPChatNet")


async def test_names_of_any_script_begin_beside_their_picture(enter):
    ann = await enter("Ann")
    links = ann.page.locator(".rooms .room-link")
    for direction in "ltr", "rtl":
        await ann.page.evaluate("direction => document.documentElement.dir = direction", direction)
        for name in "Tea", "شاي", "תה", "茶":
            await links.last.locator("bdi").evaluate("(bdi, name) => bdi.textContent = name", name)
            assert 0 < await links.last.evaluate(INDENT) < 60, (direction, name)


async def test_people_in_other_rooms_see_nothing_of_a_talk(enter, guest):
    ann, bob, cid = await enter("Ann"), await guest("Bob"), await guest("Cid")
    await go_into(ann, "Tea")
    await bob.go_into("tea")
    await cid.go_into("cake")
    await ann.say("Earl Grey?")
    await bob.say("Assam")
    await cid.say("Sacher")
    await ann.sees("Earl Grey?", "Assam")
    await cid.sees("Sacher")
    await bob.write("h")
    await expect(ann.typing).to_have_text("Bob is typing")
    await cid.sees_typing("")


async def test_shared_link_leads_a_newcomer_to_the_room_and_its_message(enter):
    ann, bob = await enter("Ann"), await enter()
    await go_into(ann, "Cake")
    await ann.say("Sacher")
    await ann.say("Linzer")
    message_id = await ann.message("Sacher").get_attribute("id")
    await bob.page.goto(f"{bob.url}room/cake#{message_id}")
    await bob.join("Bob")
    await expect(bob.message("Sacher")).to_be_focused()
    await expect(bob.page).to_have_url(f"{bob.url}room/cake")
    await go_into(bob, "Tea")
    await bob.say(f"see {bob.url}room/cake#{message_id}")
    await bob.message("see").get_by_role("link").click()
    await expect(bob.message("Sacher")).to_be_focused()
    assert len(bob.page.context.pages) == 1


async def test_drawer_of_a_phone_opens_by_a_swipe_and_closes_by_a_link(enter):
    ann = await enter("Ann", **PHONE)
    drawer = ann.page.locator(".roster")
    await ann.page.evaluate(SWIPE, [200, 100])
    await expect(drawer).to_be_hidden()
    await ann.page.evaluate(SWIPE, [385, 300])
    await expect(drawer).to_be_visible()
    await ann.page.evaluate(SWIPE, [100, 200])
    await expect(drawer).to_be_hidden()
    await ann.page.get_by_role("button", name="People").tap()
    await rooms(ann).get_by_role("link", name="Tea").tap()
    await expect(ann.page).to_have_url(re.compile("/room/tea$"))
    await expect(drawer).to_be_hidden()


async def test_text_written_in_a_lost_connection_goes_to_its_own_room(enter, server):
    ann, bob = await enter("Ann"), await enter("Bob")
    await go_into(ann, "Tea")
    await go_into(bob, "Tea")
    server.stop()
    await ann.write("late")
    await ann.page.keyboard.press("Enter")
    await expect(ann.waiting).to_have_text("late")
    server.start()
    await bob.sees("late")
    await ann.sees("late")
    await go_into(ann, "Cake")
    await expect(ann.messages).to_have_count(0)


@pytest.mark.parametrize("look", sampled({"color_scheme": "dark", **PHONE}, {}), ids=["phone", "desktop"])
async def test_unread_rooms_are_named_and_counted_until_they_are_read(enter, guest, look):
    ann, bob = await enter("Ann", **look), await guest("Bob")
    await bob.go_into("tea")
    await bob.say("tea?")
    await bob.go_into("cake")
    await bob.say("@Ann cake?")
    people = ann.page.get_by_role("button", name="People, 1 unread", exact=True)
    if look:
        await people.tap()
    else:
        await expect(people).to_be_hidden()
    for name in "Lobby", "Tea, unread", "Cake, 1 unread":
        await expect(rooms(ann).get_by_role("link", name=name, exact=True)).to_be_visible()
    await expect_no_axe_violations(ann)
    await rooms(ann).get_by_role("link", name="Cake, 1 unread").click()
    await expect(ann.messages).to_have_attribute("data-new", "New messages")
    if look:
        await ann.page.get_by_role("button", name="People, unread", exact=True).tap()
    for name in "Lobby", "Tea, unread", "Cake":
        await expect(rooms(ann).get_by_role("link", name=name, exact=True)).to_be_visible()


async def test_messages_are_marked_and_mentions_opened_by_keyboard(enter, guest):
    ann, bob = await enter("Ann"), await guest("Bob")
    await bob.go_into("tea")
    for text in "@Ann one", "two", "@Ann three":
        await bob.say(text)
    tea = rooms(ann).get_by_role("link", name="Tea, 2 unread", exact=True)
    await expect(tea).to_be_visible()
    await ann.choose("Mentions")
    dialog = ann.page.get_by_role("dialog", name="Mentions")
    links = dialog.get_by_role("link")
    await expect(links.first).to_be_focused()
    await expect_no_axe_violations(ann)
    await bob.say("@Ann four")
    await expect(links.first).to_contain_text("@Ann four")
    await expect(links.filter(has_text="@Ann three")).to_be_focused()
    await bob.delete("@Ann four")
    await expect(links).to_have_count(2)
    await ann.keys("ArrowDown", "Enter")
    await expect(ann.page).to_have_url(f"{ann.url}room/tea")
    await expect(ann.message("@Ann one")).to_be_focused()
    await expect(tea).to_have_count(0)
    await ann.keys("ArrowDown", "u")
    await expect(ann.message("two")).to_have_attribute("data-new", "New messages")
    await expect(rooms(ann).get_by_role("link", name="Tea, 1 unread", exact=True)).to_be_visible()
    await expect(ann.message("two")).to_be_focused()
    await ann.keys("Shift+Escape")
    await expect(rooms(ann).get_by_role("link", name="Tea", exact=True)).to_be_visible()
    await expect(ann.message("two")).not_to_have_attribute("data-new", "New messages")
    await expect(ann.page.get_by_role("status").get_by_text("All messages are marked as read")).to_be_visible()


async def test_notification_of_another_room_leads_there(enter, guest):
    ann, bob = await join_with_notifications(enter, "Ann"), await guest("Bob")
    await bob.go_into("tea")
    await bob.say("@Ann Assam?")
    await expect_notifications(ann, "@Ann Assam?")
    assert (await shown(ann))[0][0] == "Bob · Tea · TCPChatNet"
    await ann.page.evaluate("window.last.dispatchEvent(new Event('click'))")
    await expect(ann.page.get_by_role("heading", level=1)).to_have_text("Tea")
    await expect(ann.message("Assam?")).to_be_focused()
    await expect(ann.page).to_have_url(f"{ann.url}room/tea")
    await bob.say("@Ann or Darjeeling?")
    await ann.sees("@Ann Assam?", "@Ann or Darjeeling?")
    await ann.menu_button.click()
    await ann.page.get_by_role("combobox", name="Notifications in this room").select_option("Nothing")
    await expect_no_axe_violations(ann)
    link = ann.menu.locator("a[download]").first
    await expect(link).to_have_attribute("href", "room/tea/history.txt")
    await ann.page.keyboard.press("Escape")
    await go_into(ann, "Lobby")
    await expect(link).to_have_attribute("href", "room/lobby/history.txt")
    await bob.say("@Ann no tea?")
    await bob.go_into("cake")
    await bob.say("@Ann then cake")
    await expect_notifications(ann, "@Ann Assam?", "@Ann then cake")


IN_SIGHT = """log => [...log.querySelectorAll('article')]
  .map(message => [message.id, message.getBoundingClientRect().top])
  .filter(([id, top]) => top > 60 && top < 600)"""
ARE_BACK = """before => before.every(([id, top]) => {
  const message = document.getElementById(id)
  return message && Math.abs(message.getBoundingClientRect().top - top) < 1.5 })"""
TO_THE_TOP = """message => { const log = message.closest('.log'), above = log.getBoundingClientRect().top
  log.scrollTop += message.getBoundingClientRect().top - above + 10 }"""
LONG = "\n".join(f"line {number}" for number in range(30))


@pytest.mark.own_server
async def test_room_shows_the_same_place_when_the_reader_comes_back(enter, make_server):
    server = make_server(CHAT_HISTORY_LIMIT="1000")
    server.stop()
    write_history_of_rooms(server.data_dir, {"Tea": [*(f"tea {n}" for n in range(100)), LONG, *["and cake"] * 98]})
    ann = await enter("Ann", url=server.start().url)
    await go_into(ann, "Tea")
    first = ann.messages.first
    await expect(first).to_have_text(re.compile(r"tea 9\d"))  # of those that the page gets at once
    first_id = await first.get_attribute("id")
    await first.scroll_into_view_if_needed()
    earlier = ann.message("tea 80")
    await expect(earlier).to_have_count(1)
    await ann.message("line 29").get_by_role("button", name="Show more").click()
    await ann.page.locator(f"[id='{first_id}']").evaluate(TO_THE_TOP)
    before = await ann.log.evaluate(IN_SIGHT)
    await ann.page.go_back()
    await expect(ann.page).to_have_title("TCPChatNet")
    await ann.page.go_forward()
    await expect(ann.page).to_have_title("Tea · TCPChatNet")
    await expect(earlier).to_have_count(1)
    await ann.page.wait_for_function(ARE_BACK, arg=before)
