"""Slash commands in the browser."""

import pytest
from playwright.async_api import expect

from tests.support.server import ADMIN_PASSWORD


async def test_command_reply_closes_and_opens_from_the_menu_above_an_error(enter):
    ann = await enter("Ann")
    await ann.say("/help")
    for command in "/help", "/nick NAME", "/me ACTION", "/who", "/admin PASSWORD":
        await expect(ann.answer).to_contain_text(command)
    await ann.answer.get_by_role("button", name="Close").focus()
    await ann.page.keyboard.press("Enter")
    await expect(ann.answer).to_be_hidden()
    await expect(ann.field).to_be_focused()
    await ann.choose("Commands")
    await expect(ann.answer).to_contain_text("/nick NAME")
    await ann.write("half")
    await ann.field.press("Escape")
    await expect(ann.answer).to_be_hidden()
    await expect(ann.field).to_have_value("half")
    await ann.say("/help")
    await expect(ann.answer).to_be_visible()
    await ann.say("/nope")
    await expect(ann.reason).to_contain_text("Unknown command: /nope")
    answer, reason = await ann.answer.bounding_box(), await ann.reason.bounding_box()
    assert answer["y"] + answer["height"] <= reason["y"]


@pytest.mark.exhaustive
async def test_admin_password_is_never_exposed(enter, server):
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


async def test_clear_asks_for_confirmation(enter, server, guest):
    ann = await enter("Ann")
    bob = await guest("Bob")
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
