"""The moderation page: people, reports, bans, invitations and the audit log."""

import json
import re

import pytest

from tests.support.scene_page import until
from tests.support.server import ADMIN_PASSWORD

PASSWORD = "seven wild geese"


@pytest.fixture
async def olga(enter):
    """Join as an admin with the moderation page in a second tab."""
    olga = await enter("Olga")
    await olga.become_admin(ADMIN_PASSWORD)
    olga.page = await olga.open_another_tab()
    await olga.page.open("/moderation")
    await olga.page.reads_section("Audit log", "Olga")
    return olga


async def test_guest_is_redirected_to_the_room(enter):
    ann = await enter("Ann")
    await ann.open("/moderation")
    await ann.is_in()
    assert (await ann.download("/audit.jsonl")).status_code == 403


async def test_reported_message_can_be_deleted(enter, olga):
    ann, bob = await enter("Ann"), await enter("Bob")
    await bob.say("buy my pills")
    await ann.sees("buy my pills")
    await ann.report("buy my pills", "advertising")
    await until(lambda: "Your report was sent to the moderators." in ann.answer)
    await olga.page.reads_section("Reports", "buy my pills")
    await olga.page.reads_section("Reports", "advertising")
    await olga.page.press_in("Reports", "Delete")
    await olga.page.reads_section("Reports", "No open reports")
    await ann.sees()


async def test_resolving_a_report_keeps_the_message(enter, olga):
    ann, bob = await enter("Ann"), await enter("Bob")
    await olga.page.reads_section("Reports", "No open reports")
    await bob.say("hm")
    await ann.sees("hm")
    await ann.report("hm", "rude")
    await olga.page.reads_section("Reports", "rude")
    await olga.page.press_in("Reports", "Resolve")
    await olga.page.reads_section("Reports", "No open reports")
    await bob.sees("hm")


async def test_reported_text_stays_visible_after_edit_and_deletion(enter, olga):
    ann, bob = await enter("Ann"), await enter("Bob")
    await bob.say("buy my pills")
    await ann.sees("buy my pills")
    await ann.report("buy my pills", "advertising")
    await olga.page.reads_section("Reports", "buy my pills")
    await bob.edit("buy my pills", into="I love cats")
    await olga.page.reads_section("Reports", "edited")
    await bob.delete("I love cats")
    await olga.page.reads_section("Reports", "The message was deleted.")
    await olga.page.reads_section("Reports", "buy my pills")
    assert olga.page.buttons_in("Reports") == ["Moderate Bob", "Resolve"]


async def test_report_says_that_its_message_was_cleared(enter, olga):
    ann, bob = await enter("Ann"), await enter("Bob")
    await bob.say("buy my pills")
    await ann.report("buy my pills", "advertising")
    await olga.page.reads_section("Reports", "buy my pills")
    await olga.clear_history()
    await olga.page.reads_section("Reports", "The message was deleted.")
    assert "Delete" not in olga.page.buttons_in("Reports")


async def test_ban_can_be_lifted(enter, olga):
    bob = await enter("Bob")
    await olga.moderate("Bob", "Ban", "7d", "0", "")
    await bob.is_at_the_card()
    await olga.page.reads_section("Bans and mutes", "until")
    await olga.page.press_in("Bans and mutes", "Unban")
    await olga.page.reads_section("Bans and mutes", "No bans or mutes")
    await bob.join("Bob")


async def test_audit_log_shows_actor_action_and_reason(enter, olga):
    await enter("Bob")
    await olga.moderate("Bob", "Mute", "1h", "caps")
    await olga.page.reads_section("Audit log", "Bob was muted by Olga (60 minutes)")
    assert re.search(r"until .*· caps", olga.page.section("Audit log"))
    lines = [json.loads(line) for line in (await olga.download("/audit.jsonl")).text.splitlines()]
    assert [line["kind"] for line in lines] == ["RoleChanged", "Muted"]
    assert lines[-1]["reason"] == "caps"


@pytest.mark.settings(CHAT_GRACE="1")
async def test_absent_moderator_can_be_removed(enter, olga):
    ann = await enter()
    await ann.sign_up("Ann", PASSWORD)
    await olga.moderate("Ann", "Change role", "moderator")
    await olga.page.reads_section("People", "Ann moderator")
    assert olga.page.section("Away") == ""
    await ann.choose("Sign out")
    await olga.page.reads_section("Away", "Ann moderator")
    await olga.page.moderate("Ann", "Change role", "member")
    await olga.page.reads_section("Away", "Ann member")


@pytest.mark.settings(CHAT_ACCESS="invite")
async def test_invitation_allows_sign_up_until_revoked(capsys, enter):
    owner = await enter(path=f"/invite/{printed_invitation(capsys)}")
    await owner.reads("This link makes you the owner of this chat. Choose a name and a password.")
    owner.submit_card("Olga", PASSWORD)
    await owner.is_in()
    await until(lambda: "owner" in owner.row("Olga").lower())
    page, other = await owner.open_another_tab(), await owner.open_another_tab()
    for tab in page, other:
        await tab.open("/moderation")
        await tab.reads_section("Invitations", "No invitations")
    await page.press_in("Invitations", "New invitation")
    for tab in page, other:
        await tab.reads_section("Invitations", "used 0 times")
    path = re.findall(r'value="(/invite/[^"]+)"', page.sections)[0]
    ann = await enter(path=path)
    await ann.reads("Olga invited you. Choose a name and a password.")
    assert ann.shown_buttons == ["Sign up", "Sign in"]
    ann.submit_card("Ann", PASSWORD)
    await ann.is_in()
    await page.reads_section("Invitations", "used 1 time")
    await page.press_in("Invitations", "Revoke")
    for tab in page, other:
        await tab.reads_section("Invitations", "No invitations")
    eve = await enter(path=path)
    assert eve.shown_buttons == ["Sign in"]


@pytest.mark.settings(CHAT_ACCESS="invite")
async def test_owner_signed_out_everywhere_sees_the_reason(capsys, enter):
    owner = await enter(path=f"/invite/{printed_invitation(capsys)}")
    owner.submit_card("Olga", PASSWORD)
    await owner.is_in()
    await owner.choose("Account")
    owner.click("Sign out everywhere")
    await owner.is_at_the_card()
    await owner.is_refused(because="all devices were signed out")


def printed_invitation(capsys):
    """Return the token of the link printed at the first start."""
    return re.findall(r"/invite/(\S+)", capsys.readouterr().out)[-1]
