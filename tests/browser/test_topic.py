"""The topic: admins say what the room is about, everybody sees it in the bar, and it lasts."""

import pytest
from playwright.async_api import Locator, expect

from tests.support.people import Person
from tests.support.server import ADMIN_PASSWORD

PHONE = {"viewport": {"width": 360, "height": 740}, "has_touch": True, "is_mobile": True}


def topic(person: Person) -> Locator:
    return person.page.locator(".bar .topic")


async def admin(enter, name: str = "Ann", **options) -> Person:
    person = await enter(name, **options)
    await person.become_admin(ADMIN_PASSWORD)
    return person


async def test_the_topic_is_in_the_bar_for_everybody(enter):
    ann, bob = await admin(enter), await enter("Bob")
    await ann.say("/topic Plans for the  summer")
    for person in ann, bob:
        await expect(topic(person)).to_have_text("Plans for the summer")
        await person.sees_line("Ann changed the topic: Plans for the summer")
    eve = await enter("Eve")
    await expect(topic(eve)).to_have_text("Plans for the summer")
    await expect(ann.messages).to_have_count(0)


@pytest.mark.parametrize("end", ["stop", "kill"])
async def test_the_topic_survives_a_restart(enter, server, end):
    ann = await admin(enter)
    await ann.say("/topic Plans")
    await expect(topic(ann)).to_have_text("Plans")
    await ann.mark_page()
    getattr(server, end)()
    server.start()
    await ann.page.wait_for_function("() => window.mark === undefined")
    await ann.is_in()
    await expect(topic(ann)).to_have_text("Plans")


async def test_guests_can_not_change_it(enter):
    ann, bob = await admin(enter), await enter("Bob")
    await ann.say("/topic Plans")
    await expect(topic(bob)).to_have_text("Plans")
    await bob.say("/topic Nonsense")
    await bob.is_refused("/topic Nonsense", because="Only admins can do that")
    await bob.say("/topic -")
    await expect(bob.reason).to_contain_text("Only admins can do that")
    for person in ann, bob:
        await expect(topic(person)).to_have_text("Plans")


async def test_a_dash_removes_it(enter):
    ann, bob = await admin(enter), await enter("Bob")
    await ann.say("/topic Plans")
    await expect(topic(bob)).to_have_text("Plans")
    await ann.say("/topic -")
    await bob.sees_line("Ann removed the topic")
    await expect(topic(bob)).to_have_count(0)


async def test_a_topic_that_is_too_long_is_refused(enter):
    ann = await admin(enter)
    await ann.say(f"/topic {'x' * 121}")
    await ann.is_refused(f"/topic {'x' * 121}", because="A topic can have up to 120 characters")
    await expect(topic(ann)).to_have_count(0)


async def test_hostile_text_is_text_in_the_bar(enter):
    ann = await admin(enter)
    hostile = "\"><img src=x onerror='document.title=1'>"
    await ann.say(f"/topic {hostile}")
    await expect(topic(ann)).to_have_text(hostile)
    await expect(topic(ann)).to_have_attribute("title", hostile)
    await expect(ann.page).to_have_title("TCPChatNet")


@pytest.mark.parametrize(
    "text", ["x" * 120, "many words " * 10, "كلمات كثيرة " * 10], ids=["one word", "words", "arabic"]
)
async def test_the_longest_topic_fits_on_a_narrow_phone(enter, text):
    ann = await admin(enter, **PHONE)
    bar = ann.page.locator(".bar")
    height = (await bar.bounding_box())["height"]
    await ann.say(f"/topic {text}")
    await expect(topic(ann)).to_have_text(text.strip())
    assert await bar.evaluate("e => e.scrollWidth <= e.clientWidth")
    assert (await bar.bounding_box())["height"] == height
    for one in ann.menu_button, ann.page.get_by_role("button", name="People"), ann.online, topic(ann):
        await expect(one).to_be_in_viewport(ratio=1)
    await expect(ann.page.get_by_role("heading", name="TCPChatNet")).to_be_in_viewport(ratio=1)
    assert (await topic(ann).bounding_box())["width"] > 60


async def test_on_a_phone_a_tap_shows_all_of_it(enter):
    ann = await enter("Ann", viewport={"width": 360, "height": 740}, has_touch=True, is_mobile=True)
    await ann.become_admin(ADMIN_PASSWORD)
    await ann.say("/topic " + "**Plans** for the summer, " * 4)
    await topic(ann).tap()
    whole = ann.page.locator("#whole-topic")
    await expect(whole).to_have_text(("Plans for the summer, " * 4).strip())
    await expect(whole).to_be_in_viewport(ratio=1)
    await ann.page.touchscreen.tap(180, 500)
    await expect(whole).to_be_hidden()
