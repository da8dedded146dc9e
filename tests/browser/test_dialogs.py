"""Dialogs close by their button, Escape and a click outside, but never by accident."""

from playwright.async_api import Locator, expect

from tests.support.people import Person
from tests.support.server import ADMIN_PASSWORD

OUTSIDE = (40, 700)
PHONE = {"viewport": {"width": 390, "height": 500}, "has_touch": True, "is_mobile": True}


async def open_dialog(person: Person, name: str) -> Locator:
    if name == "Search":
        await person.search_button.click()
    else:
        await person.choose(name)
    dialog = person.page.locator("dialog[open]")
    await expect(dialog).to_be_visible()
    return dialog


async def test_click_outside_closes_a_dialog(enter):
    ann = await enter("Ann")
    for name in "Settings", "Keyboard shortcuts", "Change name", "Search":
        dialog = await open_dialog(ann, name)
        await dialog.click(position={"x": 3, "y": 30})
        await expect(dialog, name).to_be_visible()
        await ann.page.mouse.click(*OUTSIDE)
        await expect(dialog, name).to_be_hidden()
        await expect(ann.field, name).to_be_focused()


async def test_click_outside_loses_no_typed_text_and_a_drag_keeps_the_dialog_open(enter):
    ann = await enter("Ann")
    dialog = await open_dialog(ann, "Sign up")
    await dialog.get_by_role("textbox", name="Password").fill("seven wild geese")
    await ann.page.mouse.click(*OUTSIDE)
    await ann.page.mouse.click(*OUTSIDE)
    await expect(dialog.get_by_role("textbox", name="Password")).to_have_value("seven wild geese")
    await dialog.get_by_role("button", name="Close").click()
    await expect(dialog).to_be_hidden()
    dialog = await open_dialog(ann, "Change name")
    name = await dialog.get_by_role("textbox").bounding_box()
    await ann.page.mouse.move(name["x"] + 20, name["y"] + 20)
    await ann.page.mouse.down()
    await ann.page.mouse.move(*OUTSIDE)
    await ann.page.mouse.up()
    await expect(dialog).to_be_visible()


async def test_question_is_left_by_a_click_outside_with_nothing_done(enter):
    ann = await enter("Ann")
    await ann.become_admin(ADMIN_PASSWORD)
    await ann.say("still here")
    await ann.sees("still here")
    await ann.choose("Clear history")
    await expect(ann.clear_dialog.get_by_role("button", name="Cancel")).to_be_focused()
    await ann.page.mouse.click(*OUTSIDE)
    await expect(ann.clear_dialog).to_be_hidden()
    await ann.sees("still here")


async def test_close_button_stays_in_sight_on_a_phone(enter):
    ann = await enter("Ann", **PHONE)
    dialog = await open_dialog(ann, "Settings")
    await dialog.get_by_role("button", name="Play sound").scroll_into_view_if_needed()
    assert await dialog.evaluate("e => e.scrollTop") > 100
    close = dialog.get_by_role("button", name="Close")
    await expect(close).to_be_in_viewport(ratio=1)
    await expect(dialog.get_by_role("heading", name="Settings")).to_be_in_viewport(ratio=1)
    await close.tap()
    await expect(dialog).to_be_hidden()
