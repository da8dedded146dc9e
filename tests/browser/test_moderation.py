"""Moderation of people and messages, and the moderation page."""

import re

import pytest
import pytest_asyncio
from playwright.async_api import expect

from tests.browser.test_access import PASSWORD, sign_up_owner
from tests.browser.test_accessibility import ARABIC_PHONE, SIZES, expect_no_axe_violations, join, say
from tests.support.matrix import sampled
from tests.support.server import ADMIN_PASSWORD, Server


@pytest.fixture
def server(make_server) -> Server:
    """A chat that waits long for its admin, who would be a guest again: axe keeps a busy page from answering."""
    return make_server(CHAT_GRACE="15")


@pytest_asyncio.fixture(loop_scope="session")
async def olga(enter):
    """Join as an admin."""
    olga = await enter("Olga")
    await olga.become_admin(ADMIN_PASSWORD)
    return olga


def dialog(person, name: str):
    return person.page.get_by_role("dialog", name=name)


async def moderate(person, target: str, choice: str, **details: str) -> None:
    """Open the dialog of a member from the roster, choose an action, and select or fill in its details."""
    await person.page.get_by_role("button", name=f"Moderate {target}").first.click()
    await dialog(person, target).get_by_role("button", name=f"{choice}…").click()
    for name, value in details.items():
        field = dialog(person, f"{choice} · {target}").get_by_label(name)
        await (field.fill(value) if name == "Reason" else field.select_option(value))
    await dialog(person, target).get_by_role("button", name=choice).click()
    await expect(dialog(person, target)).to_be_hidden()


async def report(person, text: str, reason: str) -> None:
    await person.press("Report", text)
    await dialog(person, "Report this message?").get_by_role("textbox", name="Reason").fill(reason)
    await dialog(person, "Report this message?").get_by_role("button", name="Report").click()
    await expect(dialog(person, "Report this message?")).to_be_hidden()


async def open_moderation(person) -> None:
    await person.menu_button.click()
    await person.menu.get_by_role("link", name="Moderation").click()
    await expect(person.page.get_by_role("heading", name="Audit log")).to_be_visible()


def section(person, heading: str):
    return person.page.locator("section").filter(has=person.page.get_by_role("heading", name=heading, exact=True))


async def test_muted_member_keeps_the_text_and_a_banned_one_cannot_rejoin_under_another_name(enter, olga):
    bob = await enter("Bob")
    await bob.write("HELLO")
    await moderate(olga, "Bob", "Mute", Duration="1h", Reason="caps")
    await bob.is_refused("HELLO", because="You can write again in 60 minutes. Reason: caps")
    await expect(bob.field).to_be_disabled()
    await olga.say("/unmute Bob")
    await expect(bob.field).to_be_focused()
    await bob.keys("Enter")
    await olga.sees("HELLO")
    await moderate(olga, "Bob", "Ban", Duration="7d", Reason="spam")
    await bob.is_at_the_card()
    await bob.card_name.fill("Robert")
    await bob.join_button.click()
    await expect(bob.form_reason).to_contain_text("spam")
    await bob.is_at_the_card()


async def test_dangerous_action_needs_a_press_of_its_button(enter, olga, guest):
    bob = await guest("Bob")
    await olga.page.get_by_role("button", name="Moderate Bob").first.click()
    await dialog(olga, "Bob").get_by_role("button", name="Ban…").click()
    ban = dialog(olga, "Ban · Bob")
    await expect(ban.get_by_label("Duration")).to_be_focused()
    await expect(ban).to_contain_text("Bob will have to leave and can't return")
    reason = ban.get_by_role("textbox", name="Reason")
    await reason.fill("spam")
    await reason.press("Enter")
    await bob.say("HELLO")
    await olga.sees("HELLO")
    await expect(reason).to_have_value("spam")
    await expect(ban.get_by_role("button", name="Ban", exact=True)).to_have_class("danger")


async def test_guest_has_no_moderation_tools(enter, guest):
    ann = await enter("Ann")
    await guest("Bob")
    await expect(ann.row("Bob")).to_be_visible()
    await expect(ann.page.get_by_role("button", name="Moderate Bob")).to_be_hidden()
    await expect(ann.page.get_by_role("link", name="Moderation")).to_have_count(0)


async def test_reported_message_is_deleted_by_a_moderator(enter, olga, guest):
    ann, bob = await enter("Ann"), await guest("Bob")
    await bob.say("buy my pills")
    await report(ann, "buy my pills", "advertising")
    await open_moderation(olga)
    await expect(section(olga, "Reports")).to_contain_text("buy my pills")
    await expect(section(olga, "Reports")).to_contain_text("advertising")
    await section(olga, "Reports").get_by_role("button", name="Delete").click()
    await expect(section(olga, "Reports")).to_contain_text("No open reports")
    await expect(ann.messages).to_have_count(0)


@pytest.mark.own_server
async def test_invitation_can_be_copied_used_and_revoked(enter, make_server):
    closed = make_server(CHAT_ACCESS="invite", CHAT_GRACE="1")
    owner = await sign_up_owner(enter, closed)
    await open_moderation(owner)
    await section(owner, "Invitations").get_by_role("button", name="New invitation").click()
    link = await section(owner, "Invitations").get_by_role("textbox", name="Link").input_value()
    await section(owner, "Invitations").get_by_role("button", name="Copy link").click()
    await expect(section(owner, "Invitations").get_by_role("button", name="Copied")).to_be_focused()
    ann = await enter(url=link)
    ann.url = closed.url
    await expect(ann.page.locator(".card")).to_contain_text("Olga invited you")
    await ann.card_name.fill("Ann")
    await ann.password.fill(PASSWORD)
    await ann.page.get_by_role("button", name="Sign up").click()
    await ann.is_in()
    await section(owner, "Invitations").get_by_role("button", name="Revoke").click()
    await expect(section(owner, "Invitations")).to_contain_text("No invitations")
    eve = await enter(url=link)
    await expect(eve.password).to_be_visible()
    await expect(eve.page.get_by_role("button", name="Sign up")).to_be_hidden()


@pytest.mark.exhaustive
async def test_absent_moderator_can_be_removed(enter, olga):
    ann = await enter()
    await ann.sign_up("Ann", PASSWORD)
    await moderate(olga, "Ann", "Change role", Role="moderator")
    await open_moderation(olga)
    await expect(section(olga, "Away")).to_have_count(0)
    await ann.sign_out()
    await expect(section(olga, "Away")).to_contain_text("moderator")
    await moderate(olga, "Ann", "Change role", Role="member")
    await expect(section(olga, "Away")).to_contain_text("member")


@pytest.mark.parametrize("look", sampled(ARABIC_PHONE, {}), ids=["arabic phone", "desktop"])
async def test_number_of_reports_leads_to_them(enter, look, guest):
    ann, bob = await enter("Ann"), await guest("Bob")
    olga = await join(enter, "Olga", **look)
    await say(olga, f"/admin {ADMIN_PASSWORD}")
    await bob.say("buy my pills")
    await report(ann, "buy my pills", "advertising")
    number = "e => getComputedStyle(e, '::after').content.split(' ')[0]"
    button, item = olga.page.locator(".bar .icon-menu"), olga.page.locator("#menu [href='moderation']")
    await olga.page.wait_for_function(f"({number})(document.querySelector('.bar .icon-menu')) !== 'none'")
    assert await ann.page.locator(".bar .icon-menu").evaluate(number) == "none"
    await button.click()
    await expect(item).to_have_accessible_name(re.compile(r"\S \S"))
    assert await item.evaluate(number) == await button.evaluate(number)
    await expect_no_axe_violations(olga)
    await olga.page.locator("#menu [command='--room']").click()
    await expect(olga.page.locator("dialog textarea")).to_be_visible()
    await expect_no_axe_violations(olga)
    await olga.page.keyboard.press("Escape")
    await button.click()
    await item.click()
    await expect(olga.page.locator("section").first).to_contain_text("buy my pills")
    await expect_no_axe_violations(olga)
    await olga.page.locator("section button[command='--person']").first.click()
    await olga.page.locator("dialog .buttons button").nth(2).click()
    await expect(olga.page.locator("dialog select").first).to_be_focused()
    await expect_no_axe_violations(olga)


async def test_password_is_reset_by_a_copied_link(enter, olga):
    ann = await enter()
    await ann.sign_up("Ann", PASSWORD)
    await olga.page.get_by_role("button", name="Moderate Ann").first.click()
    await dialog(olga, "Ann").get_by_role("button", name="Reset password…").click()
    reset = dialog(olga, "Reset password · Ann")
    await reset.get_by_role("button", name="Create link").click()
    await expect(reset.get_by_role("textbox", name="Link")).to_be_focused()
    link = await reset.get_by_role("textbox", name="Link").input_value()
    await olga.page.keyboard.press("Tab")
    await olga.page.keyboard.press("Enter")
    await expect(reset.get_by_role("button", name="Copied")).to_be_focused()
    await expect_no_axe_violations(olga)
    away = await enter(url=link)
    await expect(away.page.locator(".card")).to_contain_text("Choose a new password, Ann.")
    await expect(away.page.get_by_label("Password")).to_be_focused()
    await expect_no_axe_violations(away)
    await away.page.keyboard.type("eight tame ducks")
    await away.page.keyboard.press("Enter")
    await away.is_in()
    await ann.is_at_the_card()
    await away.page.goto(link)
    await expect(away.page.get_by_role("alert").first).to_contain_text("This link has expired.")
    await away.page.get_by_role("link", name="Back to chat").click()
    await away.is_in()


async def test_guest_with_a_role_creates_an_account(enter, olga):
    bob = await enter("Bob")
    await moderate(olga, "Bob", "Change role", Role="moderator")
    await bob.page.get_by_role("button", name="Create an account").click()
    await expect_no_axe_violations(bob)
    sign_up = dialog(bob, "Create an account")
    await sign_up.get_by_label("Password").fill(PASSWORD)
    await sign_up.get_by_role("button", name="Sign up").click()
    await expect(bob.page.get_by_role("button", name="Create an account")).to_have_count(0)
    await expect(bob.row("Bob")).to_contain_text("moderator")
    await expect(bob.answer).to_be_hidden()


@pytest.mark.exhaustive
@SIZES
async def test_moderation_passes_axe(enter, look, guest):
    olga = await enter("Olga", **look)
    await olga.become_admin(ADMIN_PASSWORD)
    bob = await guest("Bob")
    await bob.say("hm")
    if not look.get("is_mobile"):
        await olga.page.get_by_role("button", name="Moderate Bob").first.click()
        await expect(dialog(olga, "Bob")).to_be_visible()
        await expect_no_axe_violations(olga)
        await olga.page.keyboard.press("Escape")
    await report(olga, "hm", "rude")
    await open_moderation(olga)
    await expect(section(olga, "Reports")).to_contain_text(re.compile("rude"))
    await expect_no_axe_violations(olga)


async def test_focus_stays_in_its_section_of_the_moderation_page(enter, olga, guest):
    eve = await guest("Eve")
    await eve.say("buy now")
    await report(olga, "buy now", "spam")
    await open_moderation(olga)
    keyboard, eves = olga.page.keyboard, section(olga, "People").get_by_role("button", name="Moderate Eve")
    await eves.focus()
    await guest("Bob")
    await expect(section(olga, "People").get_by_text("Bob", exact=True)).to_be_visible()
    await expect(eves).to_be_focused()
    await keyboard.press("Enter")
    await dialog(olga, "Eve").get_by_role("button", name="Mute…").press("Enter")
    await expect(dialog(olga, "Mute · Eve")).to_be_visible()
    await keyboard.press("Escape")
    await expect(eves).to_be_focused()
    await section(olga, "Reports").get_by_role("button", name="Resolve").press("Enter")
    await expect(section(olga, "Reports")).to_contain_text("No open reports.")
    await expect(olga.page.get_by_role("heading", name="Reports")).to_be_focused()
