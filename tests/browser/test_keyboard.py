"""Everything without a mouse: the field, the messages and their buttons, the dialogs, and back."""

import re

import pytest
from playwright.async_api import Locator, expect

from tests.browser.test_files import as_file, attach
from tests.support.past import PAGE, used_server
from tests.support.people import Person
from tests.support.server import ADMIN_PASSWORD

FOCUSED = """() => { const e = document.activeElement
  return e === document.body ? 'nothing' : e.getAttribute('aria-label') || e.textContent.trim() || e.tagName }"""


async def press(person: Person, *keys: str) -> None:
    for key in keys:
        await person.page.keyboard.press(key)


async def type_in(person: Person, text: str) -> None:
    await person.page.keyboard.type(text)


async def focused(person: Person) -> str:
    """Return the name of the focused element."""
    return await person.page.evaluate(FOCUSED)


async def join_and_send(enter, *texts: str) -> Person:
    """Join as Ann, send these messages, and leave the focus in the field."""
    ann = await enter("Ann")
    for text in texts:
        await ann.say(text)
    await ann.sees(*texts)
    await expect(ann.field).to_be_focused()
    return ann


async def go_to(person: Person, message: Locator) -> None:
    """Move the focus from the log up to a message."""
    await person.log.focus()
    await press(person, "End")
    for _ in range(await person.messages.count()):
        if await message.evaluate("e => e === document.activeElement"):
            break
        await press(person, "ArrowUp")
    await expect(message).to_be_focused()


async def tab_to(person: Person, button: str) -> None:
    """Press Tab until a button of the focused message has the focus."""
    for _ in range(6):
        await press(person, "Tab")
        if await focused(person) == button:
            return
    raise AssertionError(f"Tab does not reach {button}")


@pytest.mark.own_server
async def test_shift_tab_moves_from_the_field_to_the_newest_message(enter, tmp_path):
    with used_server(tmp_path / "past", PAGE + 50) as server:
        ann = await enter("Ann", url=server.url)
        count = await ann.messages.count()
        await ann.field.focus()
        await press(ann, "Shift+Tab")
        await expect(ann.messages.last).to_be_focused()
        await expect(ann.messages).to_have_count(count)


async def test_arrows_move_between_messages_and_escape_returns_to_the_field(enter, guest):
    ann, bob = await enter("Ann"), await guest("Bob")
    texts = [f"line {number:02}" for number in range(18)]
    for text in texts:
        await bob.say(text)
    await ann.sees(*texts)
    await press(ann, "Shift+Tab")
    await expect(ann.message("line 17")).to_be_focused()
    for keys, text in (
        (["ArrowUp", "ArrowUp"], "line 15"),
        (["ArrowDown"], "line 16"),
        (["Home"], "line 00"),
        (["ArrowUp"], "line 00"),
        (["ArrowDown"], "line 01"),
        (["End"], "line 17"),
    ):
        await press(ann, *keys)
        await expect(ann.message(text)).to_be_focused()
        await expect(ann.message(text)).to_be_in_viewport(ratio=1)
    await press(ann, "ArrowUp")
    await ann.scroll_up(20)
    await expect(ann.pill).to_be_visible()
    await press(ann, "ArrowDown")
    await expect(ann.message("line 17")).to_be_focused()
    await expect(ann.pill).to_be_hidden()
    await press(ann, "Escape")
    await expect(ann.field).to_be_focused()
    await press(ann, "Shift+Tab", "Tab", "Tab", "Escape")
    await expect(ann.field).to_be_focused()


async def test_tab_reaches_the_parts_and_buttons_of_a_message(enter, guest):
    ann, bob = await enter("Ann"), await guest("Bob")
    await bob.say("not mine")
    await bob.react("not mine", "👍")
    await ann.say("mine")
    await ann.say("see https://example.org/")
    await expect(ann.reaction("not mine", "👍")).to_be_visible()
    for text, names in (
        ("not mine", ["Bob", "👍 1", "React", "Reply", "More actions"]),
        ("mine", ["React", "Reply", "Edit", "More actions"]),
        ("see", ["https://example.org/", "React", "Reply", "Edit", "More actions", "Message"]),
    ):
        await go_to(ann, ann.messages.filter(has=ann.page.get_by_text(text, exact=text != "see")))
        for name in names:
            await press(ann, "Tab")
            assert await focused(ann) == name, text
            if name == "React":
                react = ann.page.locator("article :focus")
                await expect(react).to_be_in_viewport(ratio=1)
                await expect(react).to_have_css("outline-style", "solid")


@pytest.mark.exhaustive
async def test_hovering_elsewhere_keeps_the_buttons(enter):
    ann = await join_and_send(enter, "one", "two")
    await go_to(ann, ann.message("one"))
    await ann.message("two").locator(".text").hover()
    await press(ann, "Tab")
    await expect(ann.message("one").get_by_role("button", name="React")).to_be_focused()


async def test_reply_by_keyboard_and_go_from_a_quote_to_its_message(enter, guest):
    ann, bob = await enter("Ann"), await guest("Bob")
    await bob.say("a question")
    await ann.sees("a question")
    await go_to(ann, ann.message("a question"))
    await tab_to(ann, "Reply")
    await press(ann, "Enter")
    await expect(ann.about).to_contain_text("Replying to Bob")
    await expect(ann.field).to_be_focused()
    await ann.write("an answer\n")
    await expect(ann.message("an answer").locator(".quote")).to_contain_text("a question")
    await expect(ann.field).to_be_focused()
    await go_to(ann, ann.message("an answer"))
    await press(ann, "Tab")
    await expect(ann.message("an answer").locator("button.quote")).to_be_focused()
    await press(ann, "Enter")
    await expect(ann.messages.first).to_be_focused()


async def test_edit_by_keyboard(enter):
    ann = await join_and_send(enter, "a mistake", "something else")
    await ann.press("Reply", "a mistake")
    await expect(ann.about).to_be_visible()
    await expect(ann.field).to_be_focused()
    await press(ann, "Shift+Tab")  # doesn't skip the button that cancels
    assert await focused(ann) == "Cancel"
    await press(ann, "Enter")
    await expect(ann.field).to_be_focused()
    await attach(ann, as_file("notes.txt", "text/plain", b"notes"))
    await press(ann, "Shift+Tab")
    assert await focused(ann) == "Remove"
    await press(ann, "Enter")
    await expect(ann.field).to_be_focused()
    await press(ann, "Shift+Tab")
    await expect(ann.message("something else")).to_be_focused()
    await go_to(ann, ann.message("a mistake"))
    await tab_to(ann, "Edit")
    await press(ann, "Enter")
    await expect(ann.field).to_have_value("a mistake")
    await expect(ann.field).to_be_focused()
    await press(ann, "Control+a")
    await ann.write("all right\n")
    await ann.sees("all right", "something else")


async def test_menu_of_a_message_works_by_arrows_and_deletes(enter):
    ann = await join_and_send(enter, "one", "two")
    await go_to(ann, ann.message("one"))
    await tab_to(ann, "More actions")
    await press(ann, "Enter")
    for keys, name in (([], "Copy text"), (["ArrowUp"], "Delete"), (["ArrowDown", "ArrowDown"], "Copy link")):
        await press(ann, *keys)
        await expect(ann.actions.get_by_role("button", name=name)).to_be_focused()
    await press(ann, "Escape")
    await expect(ann.actions).to_be_hidden()
    await expect(ann.message("one").get_by_role("button", name="More actions")).to_be_focused()
    await press(ann, "Enter")
    await expect(ann.actions.get_by_role("button", name="Copy text")).to_be_focused()
    await press(ann, "End", "Enter")
    await expect(ann.delete_dialog).to_be_visible()
    await press(ann, "Escape")
    await expect(ann.delete_dialog).to_be_hidden()
    await expect(ann.message("one")).to_be_focused()
    await tab_to(ann, "More actions")
    await press(ann, "Enter")
    await expect(ann.actions.get_by_role("button", name="Copy text")).to_be_focused()
    await press(ann, "End", "Enter")
    await expect(ann.delete_dialog.get_by_role("button", name="Cancel")).to_be_focused()
    await press(ann, "Shift+Tab")
    await expect(ann.delete_dialog.get_by_role("button", name="Delete")).to_be_focused()
    await press(ann, "Enter")
    await ann.sees("two")
    await expect(ann.delete_dialog).to_be_hidden()


async def test_react_by_keyboard_and_toggle_the_reaction(enter, guest):
    ann, bob = await enter("Ann"), await guest("Bob")
    await bob.say("good news")
    await bob.say("more news")
    await ann.sees("good news", "more news")
    await go_to(ann, ann.message("good news"))
    await press(ann, "Tab", "Tab", "Enter")
    await expect(ann.quick_row).to_be_visible()
    first, second = ann.quick_row.get_by_role("button").nth(0), ann.quick_row.get_by_role("button").nth(1)
    await expect(first).to_be_focused()
    marked = ann.log.locator("[data-acting]")
    await expect(marked).to_contain_text("good news")
    for key, button in ("ArrowLeft", "More emoji"), ("ArrowRight", "👍"), ("End", "More emoji"), ("Home", "👍"):
        await press(ann, key)
        await expect(ann.quick_row.get_by_role("button", name=button)).to_be_focused()
    await press(ann, "ArrowRight")
    await expect(second).to_be_focused()
    emoji = await second.inner_text()
    await press(ann, "Enter")
    await expect(ann.quick_row).to_be_hidden()
    await expect(marked).to_have_count(0)
    reaction = ann.reaction("good news", emoji)
    await expect(reaction).to_contain_text("1")
    await expect(reaction).to_have_attribute("aria-pressed", "true")
    await go_to(ann, ann.message("good news"))
    await bob.react("good news", emoji)
    await expect(reaction).to_contain_text("2")
    await expect(ann.message("good news")).to_be_focused()
    await press(ann, "Tab", "Tab")
    await expect(reaction).to_be_focused()
    for count in "1", "2":
        await press(ann, "Enter")
        await expect(reaction).to_contain_text(count)
        await expect(reaction).to_be_focused()


@pytest.mark.exhaustive
async def test_focus_survives_a_change_of_the_focused_message(enter, guest):
    ann, bob = await enter("Ann"), await guest("Bob")
    await bob.say("one")
    await bob.say("two")
    await ann.sees("one", "two")
    await go_to(ann, ann.message("one"))
    await tab_to(ann, "Reply")
    await bob.react("one", "👍")
    await expect(ann.reaction("one", "👍")).to_be_visible()
    await tab_to(ann, "Reply")
    await press(ann, "Enter")
    await expect(ann.about).to_contain_text("Replying to Bob one")


async def test_emoji_picker_works_by_keyboard(enter):
    ann = await join_and_send(enter, "good news")
    await go_to(ann, ann.message("good news"))
    await press(ann, "Tab", "Enter")
    await expect(ann.quick_row).to_be_visible()
    await ann.quick_row.get_by_role("button", name="More emoji").focus()
    await press(ann, "Enter")
    search = ann.picker.get_by_role("combobox")
    await expect(search).to_be_visible()
    await expect(search).to_be_focused()
    await ann.page.keyboard.insert_text("tada")  # at once: the picker forgets the choice some time after each letter
    await expect(ann.picker.get_by_role("option").first).to_have_accessible_name(re.compile("party popper"))
    await press(ann, "ArrowDown", "Enter")
    await expect(ann.reaction("good news", "🎉")).to_be_visible()
    await expect(ann.picker).to_be_hidden()


async def test_shortcuts_open_their_dialogs_and_give_the_focus_back(enter):
    ann = await join_and_send(enter, "one")
    await go_to(ann, ann.message("one"))
    await press(ann, "?")
    await expect(ann.keys_dialog).to_be_visible()
    for key in "Enter", "Shift + Enter", "↑", "Esc", "Shift + Tab", "?":
        await expect(ann.keys_dialog.get_by_text(key, exact=True)).to_be_visible()
    search = ann.page.locator("kbd", has_text="K").filter(visible=True)
    await expect(search).to_have_text(["Ctrl K", "Ctrl + K"], use_inner_text=True)
    await ann.page.evaluate("() => { document.documentElement.dataset.keys = 'apple' }")
    await expect(search).to_have_text(["⌘ K", "⌘ + K"], use_inner_text=True)
    await press(ann, "Escape")
    await expect(ann.keys_dialog).to_be_hidden()
    await expect(ann.message("one")).to_be_focused()
    await press(ann, "Control+k")
    await expect(ann.searchbox).to_be_focused()
    await press(ann, "Escape")
    await expect(ann.message("one")).to_be_focused()
    await ann.menu_button.focus()
    await press(ann, "Enter")
    await expect(ann.menu).to_be_visible()
    await ann.menu.get_by_role("button", name="Keyboard shortcuts").focus()
    await press(ann, "Enter")
    await expect(ann.keys_dialog).to_be_visible()
    await expect(ann.menu).to_be_hidden()
    await press(ann, "Escape")
    await expect(ann.menu_button).to_be_focused()
    await ann.field.focus()
    await ann.write("why?")
    await expect(ann.field).to_have_value("why?")
    await ann.write("\n")
    await ann.sees("one", "why?")
    await expect(ann.keys_dialog).to_be_hidden()


@pytest.mark.exhaustive
async def test_question_mark_is_text_in_the_search(enter):
    ann = await join_and_send(enter, "why?", "because")
    await press(ann, "Control+k")
    await expect(ann.searchbox).to_be_focused()
    await type_in(ann, "y?")
    await expect(ann.results).to_have_count(1)
    await expect(ann.searchbox).to_have_value("y?")


@pytest.mark.exhaustive
async def test_pill_works_by_keyboard(enter):
    ann, bob = await enter("Ann"), await enter("Bob")
    for number in range(25):
        await (ann if number % 2 else bob).say(f"line {number:02}")
    await ann.scroll_up(600)
    await bob.say("news")
    await expect(ann.pill).to_be_visible()
    await ann.pill.focus()
    await press(ann, "Enter")
    await expect(ann.message("news")).to_be_in_viewport(ratio=1)
    await expect(ann.pill).to_be_hidden()
    assert await focused(ann) != "nothing"


@pytest.mark.exhaustive
async def test_tab_skips_the_buttons_of_messages(enter):
    ann = await join_and_send(enter, "one", "two", "three")
    reached = []
    for _ in range(8):
        await press(ann, "Tab")
        reached.append(await focused(ann))
    assert "Menu" in reached
    assert reached.count("React") == 0


# People.


async def test_arrows_move_between_people_and_enter_opens_their_card(enter, guest):
    ann = await enter("Ann")
    await guest("Bob")
    await guest("Cid")
    await ann.become_admin(ADMIN_PASSWORD)
    await ann.sees_people("Ann", "Bob", "Cid")
    await ann.say("/clear")
    await expect(ann.clear_dialog).to_be_visible()
    await press(ann, "?", "Control+k")  # which replace no open dialog
    await press(ann, "Escape")
    await expect(ann.clear_dialog).to_be_hidden()
    await expect(ann.field).to_be_focused()
    await expect(ann.page.get_by_role("dialog")).to_have_count(0)

    roster = ann.page.get_by_role("list", name="People")
    await ann.field.focus()
    for _ in range(8):
        await press(ann, "Tab")
        if await roster.evaluate("e => e === document.activeElement"):
            break
    await expect(roster).to_be_focused()
    await press(ann, "End")
    await expect(ann.row("Cid").locator(".person")).to_be_focused()
    await press(ann, "ArrowUp")
    await expect(ann.row("Bob").locator(".person")).to_be_focused()
    await press(ann, "Enter")
    await expect(ann.page.get_by_role("dialog", name="Bob")).to_be_visible()
    await press(ann, "Escape")
    await expect(ann.row("Bob").locator(".person")).to_be_focused()
    await press(ann, "Home")
    await expect(ann.row("Ann").locator(".person")).to_be_focused()
    await press(ann, "Escape")
    await expect(ann.field).to_be_focused()


async def test_popovers_close_when_tab_leaves_them(enter, guest):
    ann, bob = await enter("Ann"), await guest("Bob")
    await bob.say("hello")
    await ann.sees("hello")
    await press(ann, "Shift+Tab", "Tab", "Enter")
    card = ann.page.get_by_role("dialog", name="Bob")
    await expect(card.get_by_role("button", name="Message", exact=True)).to_be_focused()
    await press(ann, "Tab", "Shift+Tab")
    await expect(card).to_be_visible()
    await press(ann, "Shift+Tab", "Shift+Tab")
    await expect(card).to_be_hidden()
    assert await focused(ann) != "nothing"
    await ann.menu_button.focus()
    await press(ann, "Enter", "Tab")
    await expect(ann.menu).to_be_visible()
    await press(ann, "Shift+Tab", "Shift+Tab")
    await expect(ann.menu).to_be_hidden()
    assert await focused(ann) == "Mute sounds"
    await ann.field.focus()
    await press(ann, "Shift+Tab", "+")
    await expect(ann.quick_row.get_by_role("button", name="👍")).to_be_focused()
    await press(ann, "ArrowRight", "Tab")  # one stop
    await expect(ann.quick_row).to_be_hidden()
    assert await focused(ann) not in ("nothing", "More emoji")
