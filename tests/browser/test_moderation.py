"""Moderators: what they do with people and messages, and the page where they see it all."""

import json
import re

import pytest_asyncio
from playwright.async_api import expect

from tests.browser.test_accessibility import SIZES, axe_finds_nothing
from tests.browser.test_doors import PASSWORD, found_owner
from tests.support.server import ADMIN_PASSWORD


@pytest_asyncio.fixture(loop_scope="session")
async def olga(enter):
    """An admin."""
    olga = await enter("Olga")
    await olga.become_admin(ADMIN_PASSWORD)
    return olga


def dialog(person, name: str):
    return person.page.get_by_role("dialog", name=name)


async def moderate(person, whom: str, choice: str, time: str = "", why: str = "") -> None:
    """Open somebody's dialog from the roster and choose what is to be done."""
    await person.page.get_by_role("button", name=f"Moderate {whom}").first.click()
    await dialog(person, whom).get_by_role("textbox", name="Duration").fill(time)
    await dialog(person, whom).get_by_role("textbox", name="Reason").fill(why)
    await dialog(person, whom).get_by_role("button", name=choice).click()
    await expect(dialog(person, whom)).to_be_hidden()


async def report(person, text: str, why: str) -> None:
    await person.press("Report", text)
    await dialog(person, "Report this message?").get_by_role("textbox", name="Reason").fill(why)
    await dialog(person, "Report this message?").get_by_role("button", name="Report").click()
    await expect(dialog(person, "Report this message?")).to_be_hidden()


async def open_moderation(person) -> None:
    await person.menu_button.click()
    await person.menu.get_by_role("link", name="Moderation").click()
    await expect(person.page.get_by_role("heading", name="Audit log")).to_be_visible()


def section(person, heading: str):
    return person.page.locator("section").filter(has=person.page.get_by_role("heading", name=heading, exact=True))


async def test_who_is_muted_keeps_the_text_and_is_told_why(enter, olga):
    bob = await enter("Bob")
    await moderate(olga, "Bob", "Mute", "10m", "caps")
    await olga.sees_line("Bob was muted")
    await bob.say("HELLO")
    await bob.is_refused("HELLO", because="caps")


async def test_nothing_is_chosen_by_enter_in_a_field(enter, olga):
    bob = await enter("Bob")
    await olga.page.get_by_role("button", name="Moderate Bob").first.click()
    reason = dialog(olga, "Bob").get_by_role("textbox", name="Reason")
    await reason.fill("caps")
    await reason.press("Enter")
    await bob.say("HELLO")
    await olga.sees("HELLO")
    await expect(reason).to_have_value("caps")


async def test_who_is_kicked_out_is_at_the_card(enter, olga):
    bob = await enter("Bob")
    await moderate(olga, "Bob", "Kick")
    await bob.is_at_the_card()
    await expect(olga.people).to_have_count(1)


async def test_who_is_banned_stays_outside_under_any_name(enter, olga):
    bob = await enter("Bob")
    await moderate(olga, "Bob", "Ban", "2h", "spam")
    await bob.is_at_the_card()
    await bob.card_name.fill("Robert")
    await bob.join_button.click()
    await expect(bob.form_reason).to_contain_text("spam")
    await bob.is_at_the_card()


async def test_a_ban_is_lifted(enter, olga):
    bob = await enter("Bob")
    await moderate(olga, "Bob", "Ban", "7d")
    await bob.is_at_the_card()
    await open_moderation(olga)
    await expect(section(olga, "Bans and mutes")).to_contain_text(re.compile(r"until \w{3}, \w{3} \d"))
    await section(olga, "Bans and mutes").get_by_role("button", name="Unban").click()
    await expect(section(olga, "Bans and mutes")).to_contain_text("No bans or mutes")
    await bob.card_name.fill("Bob")
    await bob.join_button.click()
    await bob.is_in()


async def test_who_comes_later_sees_that_the_room_is_slow_or_locked(enter, olga):
    await olga.say("/slow 30")
    bob = await enter("Bob")
    mode = bob.page.locator(".composer .mode")
    await expect(mode).to_have_text("Slow mode: one message every 30 seconds")
    await olga.say("/lock")
    await expect(mode).to_have_text("The room is locked. Only moderators can write.")
    await olga.say("/unlock")
    await olga.say("/slow")
    await expect(mode).to_be_hidden()


async def test_the_last_messages_of_somebody_go(enter, olga):
    bob = await enter("Bob")
    await olga.say("hello")
    await bob.say("spam")
    await bob.say("more spam")
    await olga.sees("hello", "spam", "more spam")
    await moderate(olga, "Bob", "Delete recent messages")
    await bob.sees("hello")


async def test_guests_moderate_nobody(enter):
    ann, bob = await enter("Ann"), await enter("Bob")
    await expect(ann.row("Bob")).to_be_visible()
    await expect(ann.page.get_by_role("button", name="Moderate Bob")).to_be_hidden()
    await expect(bob.page.get_by_role("link", name="Moderation")).to_have_count(0)
    await ann.page.goto(f"{ann.url}moderation")
    await ann.is_in()
    answer = await ann.page.request.get(f"{ann.url}audit.jsonl")
    assert answer.status == 403


async def test_a_reported_message_is_deleted_by_a_moderator(enter, olga):
    ann, bob = await enter("Ann"), await enter("Bob")
    await bob.say("buy my pills")
    await report(ann, "buy my pills", "advertising")
    await open_moderation(olga)
    await expect(section(olga, "Reports")).to_contain_text("buy my pills")
    await expect(section(olga, "Reports")).to_contain_text("advertising")
    await section(olga, "Reports").get_by_role("button", name="Delete").click()
    await expect(section(olga, "Reports")).to_contain_text("No open reports")
    await expect(ann.messages).to_have_count(0)


async def test_a_report_is_there_at_once_where_the_page_is_open(enter, olga):
    ann, bob = await enter("Ann"), await enter("Bob")
    await bob.say("hm")
    await open_moderation(olga)
    await expect(section(olga, "Reports")).to_contain_text("No open reports")
    await report(ann, "hm", "rude")
    await expect(ann.answer).to_contain_text("Your report was sent to the moderators.")
    await expect(section(olga, "Reports")).to_contain_text("rude")
    await section(olga, "Reports").get_by_role("button", name="Resolve").click()
    await expect(section(olga, "Reports")).to_contain_text("No open reports")
    await bob.sees("hm")


async def test_what_was_reported_stays_to_see_whatever_its_author_does(enter, olga):
    ann, bob = await enter("Ann"), await enter("Bob")
    await bob.say("buy my pills")
    await report(ann, "buy my pills", "advertising")
    await open_moderation(olga)
    await bob.edit("buy my pills", into="I love cats")
    await expect(section(olga, "Reports")).to_contain_text("edited")
    await bob.delete("I love cats")
    await expect(section(olga, "Reports")).to_contain_text("The message was deleted.")
    await expect(section(olga, "Reports")).to_contain_text("buy my pills")
    await expect(section(olga, "Reports").get_by_role("button")).to_have_text(["Resolve"])


async def test_own_messages_are_not_reported(enter):
    ann = await enter("Ann")
    await ann.say("mine")
    await ann.message("mine").hover()
    await expect(ann.message("mine").get_by_role("button", name="Reply")).to_be_visible()
    await expect(ann.message("mine").get_by_role("button", name="Report")).to_be_hidden()


async def test_the_audit_log_says_who_did_what_and_why(olga, guests):
    await guests("Bob")
    await moderate(olga, "Bob", "Mute", "1h", "caps")
    await open_moderation(olga)
    await expect(section(olga, "Audit log")).to_contain_text("Bob was muted by Olga (60 minutes)")
    await expect(section(olga, "Audit log")).to_contain_text(re.compile(r"until .* · caps"))
    answer = await olga.page.request.get(f"{olga.url}audit.jsonl")
    lines = [json.loads(line) for line in (await answer.text()).splitlines()]
    assert [line["kind"] for line in lines] == ["RoleChanged", "Muted"]
    assert lines[-1]["reason"] == "caps"


async def test_an_invited_person_signs_up_and_a_revoked_link_is_worth_nothing(enter, make_server):
    closed = make_server(CHAT_ACCESS="invite", CHAT_GRACE="1")
    owner = await found_owner(enter, closed)
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


async def test_a_moderator_is_appointed_for_good(enter, olga):
    ann = await enter()
    await ann.sign_up("Ann", PASSWORD)
    await moderate(olga, "Ann", "Make moderator")
    await expect(ann.row("Ann")).to_contain_text("moderator")
    await ann.sign_out()
    await ann.sign_in("Ann", PASSWORD)
    await expect(ann.row("Ann")).to_contain_text("moderator")


async def test_a_moderator_who_is_away_is_dismissed(enter, olga):
    ann = await enter()
    await ann.sign_up("Ann", PASSWORD)
    await moderate(olga, "Ann", "Make moderator")
    await open_moderation(olga)
    await expect(section(olga, "Not here right now")).to_have_count(0)
    await ann.sign_out()
    await expect(section(olga, "Not here right now")).to_contain_text("moderator")
    await moderate(olga, "Ann", "Remove as moderator")
    await expect(section(olga, "Not here right now")).to_contain_text("member")


@SIZES
async def test_moderation_is_for_everybody(enter, look):
    olga = await enter("Olga", **look)
    await olga.become_admin(ADMIN_PASSWORD)
    bob = await enter("Bob")
    await bob.say("hm")
    if not look.get("is_mobile"):
        await olga.page.get_by_role("button", name="Moderate Bob").first.click()
        await expect(dialog(olga, "Bob")).to_be_visible()
        await axe_finds_nothing(olga)
        await olga.page.keyboard.press("Escape")
    await report(olga, "hm", "rude")
    await open_moderation(olga)
    await expect(section(olga, "Reports")).to_contain_text(re.compile("rude"))
    await axe_finds_nothing(olga)
