"""Slash commands, as people use them."""

from playwright.async_api import expect

from tests.support.server import ADMIN_PASSWORD


async def test_help_is_for_the_asker_only(enter):
    ann = await enter("Ann")
    bob = await enter("Bob")
    await ann.say("/help")
    for command in "/help", "/nick NAME", "/me ACTION", "/who", "/admin PASSWORD":
        await expect(ann.answer).to_contain_text(command)
    await ann.say("that helped")
    await bob.sees("that helped")
    await expect(bob.answer).to_be_hidden()
    await ann.answer.get_by_role("button", name="Close").click()
    await expect(ann.answer).to_be_hidden()
    await ann.choose("Commands")
    await expect(ann.answer).to_contain_text("/nick NAME")


async def test_who_lists_who_is_here(enter, guests):
    await guests("Bob")
    ann = await enter("Ann")
    await ann.say("/WHO")
    await expect(ann.answer.locator(".lines")).to_have_text("2 people are here: Ann Bob")


async def test_nick_renames(enter):
    ann = await enter("Ann")
    bob = await enter("Bob")
    await ann.say("/nick  Anna Lee ")
    await bob.sees_line("Ann is now called Anna Lee")
    await bob.sees_people("Anna Lee", "Bob")
    await ann.say("/nick bob")
    await ann.is_refused("/nick bob", because="The name bob is taken")


async def test_the_admin_password_is_seen_nowhere(enter, server):
    ann = await enter("Ann")
    bob = await enter("Bob")
    await ann.say("/admin wrong horse")
    await ann.is_refused("/admin wrong horse", because="Wrong admin password")
    await ann.say(f"  /admin {ADMIN_PASSWORD}")
    await ann.say("now?")
    await bob.sees("now?")
    await expect(bob.row("Ann")).to_contain_text("admin")
    await ann.reload()
    for page in ann.page, bob.page:
        content = await page.content()
        assert "wrong horse" not in content
        assert ADMIN_PASSWORD not in content
    for text in server.output, server.history_file.read_text():
        assert "horse" not in text


async def test_five_wrong_tries_lock_the_asker_out_and_nobody_else(enter):
    ann = await enter("Ann")
    bob = await enter("Bob")
    for number in range(5):
        await ann.say(f"/admin guess {number}")
        await ann.is_refused(f"/admin guess {number}", because="Wrong admin password")
    await ann.say(f"/admin {ADMIN_PASSWORD}")
    await ann.is_refused(f"/admin {ADMIN_PASSWORD}", because="Too many wrong passwords. Try again in")
    await bob.become_admin(ADMIN_PASSWORD)
    await expect(bob.row("Ann")).not_to_contain_text("admin")


async def test_clear_asks_first_and_wipes_for_everyone(enter, server):
    ann = await enter("Ann")
    bob = await enter("Bob")
    await bob.say("to be deleted")
    await ann.become_admin(ADMIN_PASSWORD)
    await ann.say("/clear")
    await expect(ann.clear_dialog).to_be_visible()
    await ann.clear_dialog.get_by_role("button", name="Cancel").click()
    await expect(ann.clear_dialog).to_be_hidden()
    await ann.sees("to be deleted")
    await ann.say("/clear")
    await ann.clear_dialog.get_by_role("button", name="Clear history").click()
    for person in ann, bob:
        await person.sees_line("Ann cleared the history")
        await person.sees()
    await expect(ann.clear_dialog).to_be_hidden()
    assert server.messages() == []


async def test_only_admins_clear(enter):
    ann = await enter("Ann")
    await ann.say("stays")
    await ann.say("/clear")
    await ann.is_refused("/clear", because="Only admins can do that")
    await ann.menu_button.click()
    await expect(ann.menu).to_be_visible()
    await expect(ann.menu.get_by_text("Clear history")).to_be_hidden()
    await ann.page.keyboard.press("Escape")
    await ann.become_admin(ADMIN_PASSWORD)
    await ann.clear_history()
    await ann.sees()


async def test_an_unknown_command_is_never_posted_and_two_slashes_are_text(enter, server):
    ann = await enter("Ann")
    bob = await enter("Bob")
    await ann.say("/dance on")
    await ann.is_refused("/dance on", because="Unknown command: /dance")
    await ann.say("//dance on")
    await bob.sees("/dance on")
    assert [message["text"] for message in server.messages()] == ["/dance on"]


async def test_a_reason_stands_next_to_the_field_also_below_an_answer(enter):
    ann = await enter("Ann")
    await ann.say("/help")
    await expect(ann.answer).to_be_visible()
    await ann.say("/nope")
    await expect(ann.reason).to_contain_text("Unknown command: /nope")
    answer, reason = await ann.answer.bounding_box(), await ann.reason.bounding_box()
    assert answer["y"] + answer["height"] <= reason["y"]


async def test_an_answer_is_closed_by_keyboard_and_the_focus_is_in_the_field(enter):
    ann = await enter("Ann")
    await ann.say("/help")
    await expect(ann.answer).to_be_visible()
    await ann.answer.get_by_role("button", name="Close").focus()
    await ann.page.keyboard.press("Enter")
    await expect(ann.answer).to_be_hidden()
    await expect(ann.field).to_be_focused()
    await ann.say("/help")
    await expect(ann.answer).to_be_visible()
    await ann.write("half")
    await ann.field.press("Escape")
    await expect(ann.answer).to_be_hidden()
    await expect(ann.field).to_have_value("half")
