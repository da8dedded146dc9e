"""Moderation of people and messages, by command and by dialog."""

import pytest

from tests.support.scene_page import until
from tests.support.server import ADMIN_PASSWORD


@pytest.fixture
async def bob(enter, olga):
    return await enter("Bob")


async def test_mute_is_announced_and_the_member_sees_the_reason(olga, bob):
    await olga.say("/mute Bob 5 Too loud")
    for person in olga, bob:
        await person.sees_line("Bob was muted by Olga (5 minutes)")
    await bob.say("But")
    await bob.is_refused(because="You're muted. You can write again in 5 minutes. Reason: Too loud")
    await olga.say("/unmute Bob")
    await bob.sees_line("Olga unmuted Bob")
    await bob.say("Thanks")
    await olga.sees("Thanks")


async def test_member_can_be_muted_from_the_dialog(olga, bob):
    await olga.moderate("Bob", "Mute", "10m", "caps")
    await olga.sees_line("Bob was muted")
    await bob.say("HELLO")
    await bob.is_refused(because="Reason: caps")


async def test_kicked_member_returns_to_the_card(olga, bob):
    await olga.moderate("Bob", "Kick", "")
    await bob.is_at_the_card()
    await olga.sees_people("Olga")


@pytest.mark.parametrize("method", ["dialog", "command"])
async def test_banned_member_cannot_rejoin_under_another_name(olga, bob, method):
    if method == "dialog":
        await olga.moderate("Bob", "Ban", "2h", "0", "Spam")
    else:
        await olga.say("/ban Bob 2h Spam")
    await olga.sees_line("Bob was banned by Olga (2 hours)")
    await bob.is_at_the_card()
    await bob.is_refused(because="You were banned from this chat.")
    bob.submit_card("Robert")
    await bob.is_refused(because="Reason: Spam")
    await olga.sees_people("Olga")


async def test_guest_cannot_moderate(enter, bob):
    ann = await enter("Ann")
    await bob.say("/ban Ann")
    await bob.is_refused(because="Only moderators can do that.")
    bob.invoke(["--person", "Ann", ""])
    assert not bob.is_dialog_open
    await ann.say("Still here")
    await bob.sees("Still here")


async def test_newcomer_sees_slow_mode_and_lock(enter, olga):
    await olga.say("/slow 30")
    bob = await enter("Bob")
    await until(lambda: bob.mode == "Slow mode: one message every 30 seconds")
    await olga.say("/lock")
    await until(lambda: bob.mode == "The room is locked. Only moderators can write.")
    await olga.say("/unlock")
    await olga.say("/slow")
    await until(lambda: bob.mode == "")


async def test_last_messages_of_a_member_are_deleted(olga, bob):
    await olga.say("hello")
    await bob.say("spam")
    await bob.say("more spam")
    await olga.sees("hello", "spam", "more spam")
    await olga.moderate("Bob", "Delete recent messages", "10", "")
    await bob.sees("hello")


async def test_purge_by_command_asks_first_in_which_rooms(olga, bob):
    await olga.say("hello")
    for text in "spam", "more spam", "most spam":
        await bob.say(text)
    await olga.sees("hello", "spam", "more spam", "most spam")
    await olga.say("/purge Bob 2")
    await olga.reads("The newest messages by Bob will be deleted for everyone. This can't be undone.")
    for text in "This room", "All rooms":
        await olga.reads(text)
    await bob.sees("hello", "spam", "more spam", "most spam")
    olga.submit_dialog("2", "")
    await bob.sees("hello", "spam")
    await olga.say("/purge Bob")
    olga.submit_dialog("10", "all")
    await bob.sees("hello")
    await olga.say("/purge Bob")
    olga.submit_dialog("10", "")
    await olga.is_refused(because="There are no messages by Bob.")


async def test_own_message_cannot_be_reported(olga, bob):
    await bob.say("mine")
    await olga.sees("mine")
    await bob.report("mine", "just a try")
    await bob.is_refused(because="your own message")


async def test_moderator_role_survives_signing_in_again(enter, olga):
    ann = await enter()
    await ann.sign_up("Ann", "seven wild geese")
    await olga.moderate("Ann", "Change role", "moderator")
    await until(lambda: "moderator" in ann.row("Ann"))
    await ann.choose("Sign out")
    await ann.is_at_the_card()
    await ann.sign_in("Ann", "seven wild geese")
    await until(lambda: "moderator" in ann.row("Ann"))


async def test_guest_with_a_role_is_offered_an_account_that_keeps_it(olga, bob):
    await olga.moderate("Bob", "Change role")
    await olga.reads("Bob has no account, so the role ends when they leave. They will be asked to create one.")
    olga.submit_dialog("moderator")
    await until(lambda: "Your role ends when you leave. An account keeps it." in bob.answer)
    assert "command=--sign-up" in "".join(bob._inner("class", "answer"))
    await bob.choose("Sign up")
    await bob.reads("An account keeps your role and reserves your name on every device.")
    bob.submit_dialog("Bob", "seven wild geese")
    await until(lambda: not bob.is_dialog_open and bob.is_in_the_roster)
    await until(lambda: "moderator" in olga.row("Bob"))
    await bob.choose("Sign out")
    await bob.is_at_the_card()
    await bob.sign_in("Bob", "seven wild geese")
    await until(lambda: "moderator" in bob.row("Bob"))
    await olga.moderate("Bob", "Change role", "member")
    await until(lambda: "moderator" not in bob.row("Bob"))
    assert bob.answer == ""


async def test_role_that_somebody_has_already_is_confirmed(enter):
    ann, bob = await enter("Ann"), await enter("Bob")
    for _ in range(2):
        await ann.say(f"/admin {ADMIN_PASSWORD}")
    await until(lambda: "Ann is now an admin" in ann.answer)
    await ann.say("/role @Bob guest")
    await until(lambda: "Bob is now a guest" in ann.answer)
    assert bob.answer == ""


async def test_guest_who_becomes_an_admin_by_password_is_offered_an_account(enter):
    ann, bob = await enter("Ann"), await enter()
    await bob.sign_up("Bob", "seven wild geese")
    await bob.say(f"/admin {ADMIN_PASSWORD}")
    await ann.say(f"/admin {ADMIN_PASSWORD}")
    await until(lambda: "Your role ends when you leave. An account keeps it." in ann.answer)
    assert "owner" in bob.row("Bob")
    assert bob.answer == ""
    await ann.choose("Sign up")
    ann.submit_dialog("Ann", "eight tame ducks")
    await until(lambda: not ann.is_dialog_open and ann.is_in_the_roster)
    await until(lambda: "admin" in ann.row("Ann"))
    assert ann.answer == ""


async def test_command_says_that_the_role_of_a_guest_ends(olga, bob):
    await olga.say("/role Bob moderator")
    await until(lambda: "Bob has no account, so the role ends when they leave." in olga.answer)
    await until(lambda: "An account keeps it." in bob.answer)


async def test_only_permitted_actions_are_offered(enter, olga, bob):
    await olga.moderate("Bob", "Change role", "moderator")
    await until(lambda: "moderator" in bob.row("Bob"))
    cid = await enter("Cid")
    bob.open_moderation("Cid")
    offered = [*bob.shown_buttons]
    assert [label for label in offered if "…" in label] == ["Mute…", "Kick…", "Ban…", "Delete recent messages…"]
    await bob.moderate("Cid", "Mute", "1h", "")
    await cid.sees_line("Cid was muted by Bob (60 minutes)")
    await bob.moderate("Cid", "Unmute")
    await cid.sees_line("Bob unmuted Cid")


async def test_dialog_says_who_can_lift_what_a_higher_role_imposed(enter, olga, bob):
    cid = await enter("Cid")
    await olga.say("/role Bob moderator")
    await olga.say("/mute Cid 10m")
    await cid.sees_line("Cid was muted by Olga")
    await bob.moderate("Cid", "Unmute")
    await bob.is_refused(because="Only admins can do that.")
    assert bob.is_dialog_open and cid.is_field_closed


async def test_invalid_details_are_explained(olga, bob):
    await olga.moderate("Bob", "Ban", "forever", "0", "")
    await olga.is_refused(because="Please enter a duration of up to 366 days.")
    await olga.moderate("Bob", "Delete recent messages", "all of them", "")
    await olga.is_refused(because="Please enter a number.")
    await olga.moderate("Bob", "Change role", "king")
    await olga.is_refused(because="Unknown role: king.")
    await bob.say("Still here")
    await olga.sees("Still here")
