"""Accounts: signing up, in and out, and ownership of names and messages."""

import base64
import json

import pytest
from playwright.async_api import expect

from tests.browser.test_accessibility import SIZES, expect_no_axe_violations

PASSWORD = "seven wild geese"
OTHER_PASSWORD = "eight tame ducks"


async def session_cookie(person) -> dict:
    [cookie] = await person.page.context.cookies()
    return cookie


def payload(cookie: dict) -> dict:
    """Decode the payload of the signed cookie, which is readable without the key."""
    return json.loads(base64.b64decode(cookie["value"].split(".")[0]))


async def change_password(person, old: str, new: str) -> None:
    await person.choose("Account")
    dialog = person.page.get_by_role("dialog", name="Your account")
    await dialog.get_by_role("textbox", name="Current password").fill(old)
    await dialog.get_by_role("textbox", name="New password").fill(new)
    await dialog.get_by_role("button", name="Change password").click()


async def delete_account(person, password: str, *, anonymize: bool) -> None:
    await person.choose("Account")
    await person.page.get_by_role("button", name="Delete account…").click()
    dialog = person.page.get_by_role("dialog", name="Delete your account?")
    if anonymize:
        await dialog.get_by_role("checkbox").check()
    await dialog.get_by_role("textbox", name="Password").fill(password)
    await dialog.get_by_role("button", name="Delete account", exact=True).click()


async def test_cookie_reveals_nothing_and_the_name_typed_without_it_replaces_the_suggested_one(enter):
    ann = await enter()
    before = await session_cookie(ann)
    await ann.sign_up("Ann", PASSWORD)
    after = await session_cookie(ann)
    assert (set(payload(before)), set(payload(after))) == ({"id"}, {"id", "mark"})
    assert payload(before)["id"] == payload(after)["mark"] != payload(after)["id"]
    assert after["httpOnly"]
    await ann.page.context.clear_cookies()
    await ann.page.reload()
    await ann.page.get_by_role("button", name="Sign in").click()
    await expect(ann.card_name).to_be_focused()
    await ann.page.keyboard.type("Ann")
    await ann.password.fill(OTHER_PASSWORD)
    await ann.page.get_by_role("button", name="Sign in").click()
    await expect(ann.form_reason).to_contain_text("Wrong name or password.")
    await expect(ann.card_name).to_have_value("Ann")
    await expect(ann.password).to_have_value(OTHER_PASSWORD)
    await ann.password.fill(PASSWORD)
    await ann.page.get_by_role("button", name="Sign in").click()
    await ann.is_in()


@pytest.mark.exhaustive
async def test_guest_keeps_name_and_messages_after_sign_up(enter):
    ann, bob = await enter("Ann"), await enter("Bob")
    await ann.say("as a guest")
    await ann.choose("Sign up")
    await expect(ann.page.get_by_role("textbox", name="Name")).to_have_value("Ann")
    await ann.password.fill(PASSWORD)
    await ann.page.get_by_role("dialog").get_by_role("button", name="Sign up").click()
    await expect(ann.page.get_by_role("dialog")).to_be_hidden()
    await ann.is_in()
    await ann.edit("as a guest", into="with an account")
    await bob.sees("with an account")
    await expect(bob.people).to_have_count(2)
    await ann.sign_out()
    await ann.sign_in("Ann", PASSWORD)


async def test_draft_survives_sign_up(enter):
    ann = await enter("Ann")
    await ann.write("half a sent")
    await ann.choose("Sign up")
    await expect(ann.password).to_be_focused()
    await ann.password.fill(PASSWORD)
    await ann.page.get_by_role("dialog").get_by_role("button", name="Sign up").click()
    await expect(ann.page.get_by_role("dialog")).to_be_hidden()
    await expect(ann.field).to_have_value("half a sent")
    await ann.sign_out()
    await expect(ann.password).to_be_focused()


@pytest.mark.exhaustive
async def test_account_survives_a_restart(enter, server):
    ann = await enter()
    await ann.sign_up("Ann", PASSWORD)
    server.kill()
    server.start()
    await ann.reload()
    away = await enter()
    await away.sign_in("Ann", PASSWORD)


@pytest.mark.exhaustive
async def test_password_change_signs_out_only_other_devices(enter):
    ann, away = await enter(), await enter()
    await ann.sign_up("Ann", PASSWORD)
    await away.sign_in("Ann", PASSWORD)
    await change_password(ann, PASSWORD, OTHER_PASSWORD)
    await away.is_at_the_card()
    await expect(away.form_reason).to_contain_text("Your password was changed")
    await expect(ann.page.get_by_role("dialog")).to_be_hidden()
    await ann.is_in()
    await away.fill_in("Ann", PASSWORD, "Sign in")
    await expect(away.form_reason).to_contain_text("Wrong name or password")
    await away.password.fill(OTHER_PASSWORD)
    await away.page.get_by_role("button", name="Sign in").click()
    await away.is_in()


@pytest.mark.exhaustive
@pytest.mark.parametrize("anonymize", [False, True], ids=["named", "anonymous"])
async def test_messages_of_a_deleted_account_are_kept(enter, server, anonymize):
    ann, bob = await enter(), await enter("Bob")
    await ann.sign_up("Ann", PASSWORD)
    await ann.say("stays")
    await bob.sees("stays")
    await delete_account(ann, PASSWORD, anonymize=anonymize)
    await ann.is_at_the_card()
    await bob.sees("stays")
    await expect(bob.message("stays").locator("bdi")).to_have_text("Anonymous" if anonymize else "Ann")
    assert ("Ann" in server.history_file.read_text()) != anonymize
    await ann.fill_in("Ann", PASSWORD, "Sign in")
    await expect(ann.form_reason).to_contain_text("Wrong name or password")


async def test_planted_session_is_useless(enter, server):
    eve, ann = await enter(), await enter()
    planted = await session_cookie(eve)
    await ann.page.context.add_cookies([{"name": planted["name"], "value": planted["value"], "url": server.url}])
    await ann.page.reload()
    await ann.sign_up("Ann", PASSWORD)
    await eve.is_at_the_card()
    assert await (await eve.page.request.get(f"{server.url}history.txt")).text() == "Join the chat first.\n"


async def test_session_from_before_sign_up_is_useless(enter, server):
    ann, eve = await enter("Ann"), await enter()
    stolen = await session_cookie(ann)
    tab = await ann.open_another_tab()
    await ann.choose("Sign up")
    await ann.password.fill(PASSWORD)
    await ann.page.get_by_role("dialog").get_by_role("button", name="Sign up").click()
    await expect(ann.page.get_by_role("dialog")).to_be_hidden()
    await tab.is_in()
    await eve.page.context.add_cookies([{"name": stolen["name"], "value": stolen["value"], "url": server.url}])
    await eve.page.reload()
    await eve.is_at_the_card()


@pytest.mark.exhaustive
@SIZES
async def test_sign_up_passes_axe(enter, look):
    ann = await enter(**look)
    await ann.fill_in("Ann", "short", "Sign up")
    await expect(ann.form_reason).not_to_be_empty()
    await expect_no_axe_violations(ann)
    await ann.password.fill(PASSWORD)
    await ann.page.get_by_role("button", name="Sign up").click()
    await ann.is_in()
    await ann.choose("Account")
    await expect(ann.page.get_by_role("dialog", name="Your account")).to_be_visible()
    await expect_no_axe_violations(ann)
    await ann.page.get_by_role("button", name="Delete account…").click()
    await expect(ann.page.get_by_role("dialog", name="Delete your account?")).to_be_visible()
    await expect_no_axe_violations(ann)
