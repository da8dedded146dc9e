"""A forgotten password, and the link to choose a new one."""

import re

import pytest

from tests.support.scene_page import until

PASSWORD, NEW_PASSWORD = "seven wild geese", "eight tame ducks"


@pytest.fixture
async def ann(enter, olga):
    """Sign Ann up."""
    ann = await enter()
    await ann.sign_up("Ann", PASSWORD)
    await olga.sees_people("Ann", "Olga")
    return ann


async def create_link(olga) -> str:
    """Create a link for Ann in the moderation dialog, and return its path."""
    await olga.moderate("Ann", "Reset password")
    olga.click("Create link")
    await until(lambda: "/reset/" in "".join(olga._inner("class", "link")))
    return re.findall(r'value="(/reset/[^"]+)"', "".join(olga._inner("class", "link")))[0]


async def test_member_chooses_a_new_password_by_the_link(enter, olga, ann):
    path = await create_link(olga)
    away = await enter(path=path)
    await away.reads("Choose a new password, Ann.")
    away.submit_dialog("Ann", "short")
    await away.is_refused(because="A password needs at least 8 characters.")
    away.submit_dialog("Ann", NEW_PASSWORD)
    await away.is_in()
    await away.sees_people("Ann", "Olga")
    await ann.is_at_the_card()
    await ann.is_refused(because="Your password was changed")
    await ann.reads("Welcome back.")
    ann.submit_card("Ann", PASSWORD)
    await ann.is_refused(because="Wrong name or password.")
    ann.submit_card("Ann", NEW_PASSWORD)
    await ann.is_in()
    late = await enter(path=path)
    await late.is_refused(because="This link has expired.")


async def test_guest_in_the_room_becomes_the_member(enter, olga, ann):
    guest = await enter("Visitor")
    await guest.open(await create_link(olga))
    guest.submit_dialog("Ann", NEW_PASSWORD)
    await guest.is_in()
    await olga.sees_people("Ann", "Olga")


async def test_invalid_link_leads_to_an_explanation(enter):
    for path in "/reset", "/reset/guessed", "/reset/%F0%9F%92%A9":
        eve = await enter(path=path)
        await eve.is_refused(because="This link has expired. Ask an admin for a new one.")


async def test_banned_member_is_refused_before_the_link_is_used(enter, olga, ann):
    path = await create_link(olga)
    await olga.moderate("Ann", "Ban", "", "0", "spam")
    await olga.sees_line("Ann was banned")
    away = await enter(path=path)
    away.submit_dialog("Ann", NEW_PASSWORD)
    await away.is_refused(because="You were banned from this chat.")
    await olga.say("/unban Ann")
    await olga.sees_line("Olga unbanned Ann")
    away.submit_dialog("Ann", NEW_PASSWORD)
    await away.is_in()


async def test_only_admins_create_links(enter, olga, ann):
    bob = await enter("Bob")
    await olga.moderate("Bob", "Change role", "moderator")
    await until(lambda: "moderator" in bob.row("Bob"))
    bob.open_moderation("Ann")
    assert "Mute…" in bob.shown_buttons
    assert "Reset password…" not in bob.shown_buttons
    olga.open_moderation("Bob")  # a guest without a password
    assert "Change role…" in olga.shown_buttons
    assert "Reset password…" not in olga.shown_buttons


async def test_reset_is_in_the_audit_log(enter, olga, ann):
    away = await enter(path=await create_link(olga))
    away.submit_dialog("Ann", NEW_PASSWORD)
    await away.is_in()
    page = await olga.open_another_tab()
    await page.open("/moderation")
    await page.reads_section("Audit log", "Olga created a link for Ann to choose a new password")
    await page.reads_section("Audit log", "Ann chose a new password with a link")
