"""The topic: set by admins, shown in the bar, and kept across restarts."""

import pytest
from playwright.async_api import Locator, expect

from tests.support.matrix import sampled
from tests.support.people import Person
from tests.support.server import ADMIN_PASSWORD

PHONE = {"viewport": {"width": 360, "height": 740}, "has_touch": True, "is_mobile": True}


def topic(person: Person) -> Locator:
    return person.page.locator(".bar .topic")


async def admin(enter, name: str = "Ann", **options) -> Person:
    person = await enter(name, **options)
    await person.become_admin(ADMIN_PASSWORD)
    return person


async def test_topic_is_shown_in_the_bar(enter):
    ann = await admin(enter)
    await ann.say("/topic Plans for the  summer")
    await expect(topic(ann)).to_have_text("Plans for the summer")
    await ann.say("/topic -")
    await expect(topic(ann)).to_have_count(0)


@pytest.mark.exhaustive
@pytest.mark.parametrize("end", ["stop", "kill"])
async def test_topic_survives_a_restart(enter, server, end):
    ann = await admin(enter)
    await ann.say("/topic Plans")
    await expect(topic(ann)).to_have_text("Plans")
    await ann.notes_rebuilding()
    getattr(server, end)()
    server.start()
    await ann.is_rebuilt()
    await expect(topic(ann)).to_have_text("Plans")


@pytest.mark.parametrize(
    "text", sampled("x" * 120, "many words " * 10, "كلمات كثيرة " * 10), ids=["one word", "words", "arabic"]
)
async def test_longest_topic_fits_on_a_narrow_phone(enter, text):
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


@pytest.mark.exhaustive
async def test_tap_shows_the_whole_topic_on_phone(enter):
    ann = await enter("Ann", viewport={"width": 360, "height": 740}, has_touch=True, is_mobile=True)
    await ann.become_admin(ADMIN_PASSWORD)
    await ann.say("/topic " + "**Plans** for the summer, " * 4)
    await topic(ann).tap()
    whole = ann.page.locator("#whole-topic")
    await expect(whole).to_have_text(("Plans for the summer, " * 4).strip())
    await expect(whole).to_be_in_viewport(ratio=1)
    await ann.page.touchscreen.tap(180, 500)
    await expect(whole).to_be_hidden()
