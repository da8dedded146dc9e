"""Short windows, such as a phone's in landscape above its keyboard: what others say can be read while writing."""

import pytest
from playwright.async_api import expect

from tests.browser.test_files import as_file, attach, attached, picture
from tests.support.matrix import sampled
from tests.support.people import Person

# How many messages are whole within the list, and not under anything else.
READABLE = """() => { const log = document.querySelector('.log').getBoundingClientRect()
  return [...document.querySelectorAll('article .text')].filter(e => {
    const box = e.getBoundingClientRect(), x = box.left + box.width / 2
    const isFree = y => e.contains(document.elementFromPoint(x, y))
    return box.top >= log.top && box.bottom <= log.bottom && isFree(box.top + 2) && isFree(box.bottom - 2)
  }).length }"""
TOUCH = {"has_touch": True, "is_mobile": True}
PHONE = {"viewport": {"width": 390, "height": 844}, **TOUCH}


async def resize(person: Person, width: int, height: int) -> None:
    await person.page.set_viewport_size({"width": width, "height": height})


@pytest.mark.parametrize("device", sampled(PHONE, {}), ids=["phone", "desktop"])
async def test_two_messages_are_readable_while_writing(enter, guest, device):
    ann, bob = await enter("Ann", **device), await guest("Bob")
    for number in range(3):
        await bob.say(f"The tea is ready {number}")
        await expect(ann.message(f"ready {number}")).to_be_visible()
        await ann.say(f"I bring the cake {number}")
        await expect(ann.message(f"cake {number}")).to_be_visible()
    await ann.field.focus()
    for size in (740, 160), (568, 140), (667, 200), (320, 256), (370, 160), (640, 400), (568, 320):
        await resize(ann, *size)
        await expect(ann.field).to_be_in_viewport(ratio=1)
        await expect(ann.send_button).to_be_in_viewport(ratio=1)
        await ann.eventually(lambda count: count >= 2, READABLE)
        assert await ann.page.evaluate("() => document.scrollingElement.scrollTop") == 0
    await attach(ann, as_file("cup.png", "image/png", picture()), as_file("tea.txt", "text/plain", b"Darjeeling"))
    for size in (568, 140), (740, 160), (568, 320):
        await resize(ann, *size)
        await expect(ann.send_button).to_be_in_viewport(ratio=1)
        await ann.eventually(lambda count: count >= 1, READABLE)
    for _ in range(2):
        await attached(ann).first.get_by_role("button", name="Remove").click()
    await ann.choose("Settings")
    await ann.settings.get_by_text("130%").click()
    await ann.keys("Escape")
    await resize(ann, 568, 140)
    await ann.say("/help")
    await expect(ann.field).to_be_focused()
    for whole in ann.answer, ann.field, ann.send_button:
        await expect(whole).to_be_in_viewport(ratio=1)


async def test_bar_comes_back_when_the_field_is_left(enter):
    ann = await enter("Ann")
    await resize(ann, 568, 140)
    await expect(ann.field).to_be_focused()
    await expect(ann.menu_button).to_be_hidden()
    await ann.keys("Control+k")
    await expect(ann.searchbox).to_be_in_viewport(ratio=1)
    await ann.keys("Escape")
    await ann.log.click(position={"x": 5, "y": 50})
    await ann.menu_button.click()
    await expect(ann.menu).to_be_in_viewport(ratio=1)
    await ann.menu.get_by_role("button", name="Settings").click()
    await expect(ann.settings.get_by_role("button", name="Close")).to_be_in_viewport(ratio=1)
    await expect(ann.settings).to_be_in_viewport(ratio=1)


async def test_welcome_card_can_be_read_from_its_top(enter):
    ann = await enter()
    await resize(ann, 568, 140)
    heading = ann.page.get_by_role("heading", name="TCPChatNet")
    await heading.scroll_into_view_if_needed()
    await expect(heading).to_be_in_viewport(ratio=1)
    await ann.join_button.scroll_into_view_if_needed()
    await expect(ann.join_button).to_be_in_viewport(ratio=1)
