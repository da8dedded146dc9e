"""Topic, slow mode, lock and word filter without commands."""

import pytest

from tests.support.scene_page import until


@pytest.fixture
async def bob(enter, olga):
    return await enter("Bob")


async def change_settings(person, *values: str) -> None:
    """Open the room's settings and save these values."""
    await person.choose("Room settings")
    person.submit_dialog(*values)


async def test_admin_changes_every_setting_and_takes_it_back(olga, bob):
    await change_settings(olga, "Summer plans", "30", "darn bad*", "on")
    await until(lambda: bob.topic == "Summer plans")
    await until(lambda: bob.mode == "The room is locked. Only moderators can write.")
    await change_settings(olga, "Summer plans", "30", "bad* heck", "")
    await until(lambda: bob.mode == "Slow mode: one message every 30 seconds")
    await bob.say("heck")
    await bob.is_refused(because="The word heck is blocked here.")
    await bob.say("darn")
    await olga.sees("darn")
    await change_settings(olga, "Summer plans", "30", "bad* heck", "on")
    await until(lambda: "locked" in bob.mode)
    await change_settings(olga, "", "0", "", "")
    await until(lambda: bob.topic == "" and bob.mode == "")  # the lock is the last
    await bob.say("heck of a badge")
    await olga.sees("darn", "heck of a badge")


async def test_blocked_word_typed_in_another_form_stays_blocked(olga, bob):
    await change_settings(olga, "", "0", "darn bad*", "")
    await change_settings(olga, "Tea", "0", "DARN Bád*", "")
    await until(lambda: bob.topic == "Tea")
    await olga.say("ready")
    await bob.shows("ready")
    await bob.say("darn")
    await bob.is_refused(because="The word darn is blocked here.")


async def test_unchanged_settings_are_left_alone(olga, bob):
    await olga.say("/slow 45")
    await until(lambda: "45 seconds" in bob.mode)
    await olga.choose("Room settings")
    await olga.say("/topic Meanwhile")
    await until(lambda: bob.topic == "Meanwhile")
    olga.submit_dialog("", "45", "", "on")
    await until(lambda: "locked" in bob.mode)
    assert bob.topic == "Meanwhile"
    assert sum("slow mode" in line for line in bob.notices) == 1


async def test_invalid_setting_is_explained_and_the_dialog_stays(olga):
    await olga.choose("Room settings")
    for values, because in (
        (("x" * 121, "0", "", ""), "A topic can have up to 120 characters."),
        (("", "0", "two-words", ""), "Use single words"),
        (("", "9999", "", ""), "Slow mode can be at most 3,600 seconds."),
        (("", "soon", "", ""), "Please enter a number."),
    ):
        olga.submit_dialog(*values)
        await olga.is_refused(because=because)
        assert olga.is_dialog_open


async def test_moderator_sets_only_slow_mode_and_lock(olga, bob):
    await olga.moderate("Bob", "Change role", "moderator")
    await until(lambda: "moderator" in bob.row("Bob"))
    await change_settings(bob, "10", "on")
    await until(lambda: "locked" in olga.mode)
    assert olga.topic == ""
    await change_settings(bob, "Mine", "10", "darn", "")  # more values than fields
    bob.submit_dialog("10")  # fewer
    await change_settings(bob, "10", "")
    await until(lambda: olga.mode == "Slow mode: one message every 10 seconds")
    assert olga.topic == ""


async def test_guest_opens_no_room_settings(bob):
    bob.invoke(["--room", "", ""])
    assert not bob.is_dialog_open


async def test_settings_open_on_the_moderation_page(olga, bob):
    page = await olga.open_another_tab()
    await page.open("/moderation")
    page.click("Room settings…")
    page.submit_dialog("Tea", "0", "", "")
    await until(lambda: bob.topic == "Tea")
