"""Typing reaches the field: by any key in the room, and after anything done by mouse."""

import pytest
from playwright.async_api import expect

from tests.support.people import Person

pytestmark = pytest.mark.asyncio(loop_scope="session")


async def press(person: Person, *keys: str) -> None:
    for key in keys:
        await person.page.keyboard.press(key)


@pytest.mark.parametrize("text", ["a", "Z", "5", ":", " ", "@"])
async def test_text_key_anywhere_in_the_room_reaches_the_field(enter, text):
    ann = await enter("Ann")
    await ann.log.click(position={"x": 5, "y": 5})
    await ann.page.evaluate("() => document.activeElement.blur()")
    await press(ann, text)
    await expect(ann.field).to_be_focused()
    await expect(ann.field).to_have_value(text)


@pytest.mark.parametrize("key", ["Ж", "é", "ع", "Dead", "Process"])
async def test_key_of_another_script_or_an_input_method_goes_to_the_field(enter, key):
    ann = await enter("Ann")
    await ann.menu_button.focus()
    await ann.menu_button.dispatch_event("keydown", {"key": key})
    await expect(ann.field).to_be_focused()


@pytest.mark.parametrize("key", ["Escape", "F2", "PageUp", "Shift", "Control+b", "Meta+b", "ArrowUp"])
async def test_other_keys_leave_the_focus(enter, key):
    ann = await enter("Ann")
    await ann.say("one")
    await ann.menu_button.focus()
    await press(ann, key)
    await expect(ann.menu_button).to_be_focused()


async def test_space_presses_a_button_that_was_reached_by_tab(enter):
    ann = await enter("Ann")
    await ann.field.focus()
    await press(ann, "Tab", "Shift+Tab")
    await ann.menu_button.focus()
    await press(ann, "Shift+Tab", "Tab", "Space")
    await expect(ann.menu).to_be_visible()


@pytest.mark.parametrize("dialog", ["Settings", "Keyboard shortcuts", "Change name"])
async def test_keys_in_a_dialog_stay_there(enter, dialog):
    ann = await enter("Ann")
    await ann.choose(dialog)
    await expect(ann.page.locator("dialog[open]")).to_be_visible()
    await press(ann, "a", "b")
    await expect(ann.field).to_have_value("")


async def test_text_after_a_click_on_a_reaction_is_no_reaction(enter, guest):
    ann, bob = await enter("Ann"), await guest("Bob")
    await bob.say("Cake?")
    await bob.react("Cake?", "👍")
    await ann.reaction("Cake?", "👍").click()
    await expect(ann.reaction("Cake?", "👍")).to_have_accessible_name("👍 2")
    await expect(ann.field).to_be_focused()
    await press(ann, "Space", "y")
    await expect(ann.field).to_have_value(" y")
    await expect(ann.reaction("Cake?", "👍")).to_have_accessible_name("👍 2")


async def test_text_after_a_reaction_from_the_quick_row_is_written(enter, guest):
    ann, bob = await enter("Ann"), await guest("Bob")
    await bob.say("Cake?")
    await ann.react("Cake?", "❤️")
    await expect(ann.reaction("Cake?", "❤️")).to_be_visible()
    await expect(ann.field).to_be_focused()


async def test_field_has_the_focus_after_the_menu(enter):
    ann = await enter("Ann")
    await ann.menu_button.click()
    await expect(ann.menu).to_be_visible()
    await ann.log.click(position={"x": 5, "y": 5})
    await expect(ann.menu).to_be_hidden()
    await expect(ann.field).to_be_focused()


@pytest.mark.parametrize("dialog", ["Settings", "Keyboard shortcuts", "Change name"])
async def test_field_has_the_focus_after_a_dialog(enter, dialog):
    ann = await enter("Ann")
    await ann.choose(dialog)
    opened = ann.page.locator("dialog[open]")
    await opened.get_by_role("button", name="Close").click()
    await expect(opened).to_be_hidden()
    await expect(ann.field).to_be_focused()


async def test_text_after_a_jump_is_written(enter, guest):
    ann, bob = await enter("Ann"), await guest("Bob")
    await bob.say("Cake?")
    await bob.reply("Cake?", "Yes")
    await ann.message("Yes").locator("button.quote").click()
    await expect(ann.message("Cake?").first).to_be_focused()
    await press(ann, "r", "e")
    await expect(ann.field).to_have_value("re")


@pytest.mark.parametrize(
    ("key", "about"), [("r", "Replying to"), ("R", "Replying to"), ("e", "Editing"), ("к", "Replying to")]
)
async def test_letters_act_on_the_message_reached_by_keys(enter, key, about):
    ann = await enter("Ann")
    await ann.say("Cake?")
    await ann.sees("Cake?")
    await press(ann, "Shift+Tab")
    if key.isascii():
        await press(ann, key)
    else:
        await ann.message("Cake?").dispatch_event("keydown", {"key": key, "code": "KeyR"})
    await expect(ann.about.filter(has_text=about)).to_be_visible()


async def test_plus_opens_the_reactions_of_the_message_reached_by_keys(enter):
    ann = await enter("Ann")
    await ann.say("Cake?")
    await ann.sees("Cake?")
    await press(ann, "Shift+Tab", "+")
    await expect(ann.quick_row).to_be_visible()
    await press(ann, "Enter")
    await expect(ann.reaction("Cake?", "👍")).to_be_visible()
    await expect(ann.field).not_to_be_focused()


async def test_other_peoples_messages_are_not_edited_by_a_letter(enter, guest):
    ann, bob = await enter("Ann"), await guest("Bob")
    await bob.say("Cake?")
    await ann.sees("Cake?")
    await press(ann, "Shift+Tab", "e")
    await expect(ann.field).to_have_value("e")
    await expect(ann.about.filter(has_text="Editing")).to_be_hidden()


async def test_typing_goes_on_after_a_dialog_took_the_caret_with_it(enter):
    ann = await enter("Ann")
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
    await ann.page.keyboard.type("x")
    await expect(ann.field).to_have_value("x")
