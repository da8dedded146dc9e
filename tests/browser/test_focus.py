"""Typing reaches the field: by any key in the room, and after anything done by mouse."""

import pytest
from playwright.async_api import expect

from tests.support.people import TALL, Person

PHONE = {"viewport": {"width": 390, "height": 844}, "has_touch": True, "is_mobile": True}

pytestmark = pytest.mark.asyncio(loop_scope="session")


async def press(person: Person, *keys: str) -> None:
    for key in keys:
        await person.page.keyboard.press(key)


async def test_text_keys_anywhere_in_the_room_reach_the_field_and_others_leave_the_focus(enter):
    ann = await enter("Ann")
    await ann.say("one")
    for text in "aZ5: @":
        await ann.log.click(position={"x": 5, "y": 5})
        await ann.page.evaluate("() => document.activeElement.blur()")
        await press(ann, text)
        await expect(ann.field, text).to_be_focused()
        await expect(ann.field).to_have_value(text)
        await ann.field.fill("")
    for key in "Ж", "é", "ع", "Dead", "Process":
        await ann.menu_button.focus()
        await ann.menu_button.dispatch_event("keydown", {"key": key})
        await expect(ann.field, key).to_be_focused()
    await ann.menu_button.focus()
    for key in "Escape", "F2", "PageUp", "Shift", "Control+b", "Meta+b", "ArrowLeft":
        await press(ann, key)
        await expect(ann.menu_button, key).to_be_focused()


async def test_keys_in_a_dialog_stay_there_and_after_it_the_field_has_the_focus(enter):
    ann = await enter("Ann")
    opened = ann.page.locator("dialog[open]")
    for dialog in "Settings", "Keyboard shortcuts", "Change name":
        await ann.choose(dialog)
        await expect(opened.get_by_role("heading", name=dialog)).to_be_visible()
        await press(ann, "a", "b")
        await expect(ann.field).to_have_value("")
        if dialog == "Change name":
            await expect(opened.get_by_role("textbox")).to_have_value("ab")
        await opened.get_by_role("button", name="Close").click()
        await expect(opened).to_be_hidden()
        await expect(ann.field, dialog).to_be_focused()
    await press(ann, "Tab", "Shift+Tab")
    await ann.menu_button.focus()
    await press(ann, "Shift+Tab", "Tab", "Space")  # presses a button that was reached by Tab
    await expect(ann.menu).to_be_visible()


async def test_text_after_an_action_by_mouse_is_written(enter, guest):
    ann, bob = await enter("Ann"), await guest("Bob")
    await bob.say("Cake?")
    await bob.reply("Cake?", "Yes")
    await bob.react("Cake?", "👍")
    await ann.menu_button.click()
    await expect(ann.menu).to_be_visible()
    await ann.log.click(position={"x": 5, "y": 5})
    await expect(ann.menu).to_be_hidden()
    await expect(ann.field).to_be_focused()
    await ann.react("Yes", "❤️")
    await expect(ann.reaction("Yes", "❤️")).to_be_visible()
    await expect(ann.field).to_be_focused()
    await ann.reaction("Cake?", "👍").click()
    await expect(ann.reaction("Cake?", "👍")).to_have_accessible_name("👍 2")
    await expect(ann.field).to_be_focused()
    await press(ann, "Space", "y")
    await expect(ann.field).to_have_value(" y")
    await expect(ann.reaction("Cake?", "👍")).to_have_accessible_name("👍 2")
    await ann.message("Yes").locator("button.quote").click()
    await expect(ann.message("Cake?").first).to_be_focused()
    await press(ann, "r", "e")
    await expect(ann.field).to_have_value(" yre")


async def test_letters_act_on_the_message_reached_by_keys(enter):
    ann = await enter("Ann")
    await ann.say("Cake?")
    await ann.sees("Cake?")
    for key, about in ("r", "Replying to"), ("R", "Replying to"), ("e", "Editing"), ("к", "Replying to"):
        await press(ann, "Shift+Tab")
        await expect(ann.message("Cake?")).to_be_focused()
        if key.isascii():
            await press(ann, key)
        else:
            await ann.message("Cake?").dispatch_event("keydown", {"key": key, "code": "KeyR"})
        await expect(ann.about.filter(has_text=about), key).to_be_visible()
        await press(ann, "Escape")
        await expect(ann.about).to_be_hidden()
    await press(ann, "Shift+Tab", "+")
    await expect(ann.quick_row).to_be_visible()
    await press(ann, "Enter")
    await expect(ann.reaction("Cake?", "👍")).to_be_visible()
    await expect(ann.field).not_to_be_focused()


async def test_other_peoples_messages_are_not_edited_by_a_letter_and_typing_goes_on_after_a_dialog(enter, guest):
    ann, bob = await enter("Ann"), await guest("Bob")
    await bob.say("Cake?")
    await ann.sees("Cake?")
    await press(ann, "Shift+Tab", "e")
    await expect(ann.field).to_have_value("e")
    await expect(ann.about.filter(has_text="Editing")).to_be_hidden()
    await ann.field.fill("")
    await ann.field.focus()
    await ann.page.evaluate("""() => {
      const dialog = document.createElement('dialog')
      dialog.innerHTML = '<p>Hi</p>'
      document.body.append(dialog)
      dialog.showModal()
      getSelection().collapse(dialog.firstChild, 0)
      dialog.close()
      dialog.remove()
    }""")
    await expect(ann.field).to_be_focused()
    await ann.page.keyboard.type("x")  # although the dialog took the caret with it
    await expect(ann.field).to_have_value("x")


async def test_dialog_about_a_message_returns_to_it_on_touch_and_moves_nothing(enter, guest):
    ann, bob = await enter("Ann", **PHONE), await guest("Bob")
    await bob.say("old")
    await bob.react("old", "👍")
    await bob.say(TALL)
    await bob.say("new")
    await ann.has_in_view("new")
    await ann.reaction("old", "👍").evaluate("(chip) => chip.focus({preventScroll: true})")
    top = await ann.top_of("new")
    await ann.press("Report", "new")
    await ann.page.locator("dialog[open]").get_by_role("button", name="Close").tap()
    await ann.is_at("new")
    await ann.stays("new", top)
