"""Slash commands: effects, permissions, and replies that only the sender sees."""

import pytest

from chat.domain.rooms.directory.room_info import LOBBY
from tests.support.scene_page import until
from tests.support.server import ADMIN_PASSWORD


async def test_only_the_sender_sees_the_reply_to_help(ann, bob):
    await ann.say("/help")
    for command in "/help", "/nick NAME", "/me ACTION", "/who – List the people here", "/admin PASSWORD":
        await until(lambda command=command: command in ann.answer)
    assert "/clear" not in ann.answer
    assert bob.answer == ""


async def test_help_is_in_the_menu(ann):
    await ann.choose("Commands")
    await until(lambda: "/nick NAME" in ann.answer)


async def test_help_lists_more_commands_for_an_admin(ann):
    await ann.become_admin(ADMIN_PASSWORD)
    await ann.say("/help")
    await until(lambda: "/clear – Clear the history for everyone" in ann.answer)


async def test_only_the_sender_sees_the_reply_to_who(ann, bob):
    await ann.say("/WHO")
    await until(lambda: ann.answer == "2 people are here:\nAnn\nBob")
    assert bob.answer == ""


async def test_nick_renames(ann, bob):
    await ann.say("/nick  Anna Lee ")
    await bob.sees_line("Ann is now called Anna Lee")
    await bob.sees_people("Anna Lee", "Bob")
    await ann.say("/nick bob")
    await ann.is_refused(because="The name bob is taken.")
    await ann.reload()
    await ann.sees_people("Anna Lee", "Bob")


async def test_me_describes_an_action(ann, bob):
    await ann.say("/me waves")
    for person in ann, bob:
        await person.sees("Ann waves")


async def test_shrug_follows_the_text(ann, bob):
    await ann.say("/shrug No idea")
    await bob.sees(r"No idea ¯\_(ツ)_/¯")


async def test_unknown_command_is_not_posted_but_two_slashes_are_text(ann, bob):
    await ann.say("/dance on")
    await ann.is_refused(because="Unknown command: /dance.")
    await ann.say("//help is a command")
    await ann.say("// TODO: dance")
    await bob.sees("/help is a command", "// TODO: dance")


async def test_admin_password_is_never_exposed(ann, bob, own_data_dir):
    await ann.say("/admin wrong horse")
    await ann.is_refused(because="Wrong admin password.")
    await ann.say(f" /admin {ADMIN_PASSWORD}")
    await bob.sees_line("Ann is now an admin")
    await ann.say("now?")
    await bob.sees("now?")
    assert "admin" in bob.row("Ann")
    await ann.reload()
    for person in ann, bob:
        assert "horse" not in "".join(person.html())
    for file in own_data_dir.rglob("*.json*"):
        assert "horse" not in file.read_text()


@pytest.mark.settings(CHAT_MESSAGE_RATE="100 per 10 seconds")
async def test_text_with_the_admin_password_is_refused(ann, bob, own_data_dir):
    for text in (
        f"//admin {ADMIN_PASSWORD}",
        f'"/admin {ADMIN_PASSWORD}"',
        ADMIN_PASSWORD,
        f"\\admin {ADMIN_PASSWORD}",
        "／管理 ｃｏｒｒｅｃｔ ｈｏｒｓｅ",
        "**correct** horse",
        f"/me says {ADMIN_PASSWORD}",
        f"/nick {ADMIN_PASSWORD}",
    ):
        await ann.say(text)
        await ann.is_refused(because="This contains the admin password, so it wasn't published.")
        await ann.say("Hello", knowing=True)
        await ann.is_not_refused()
    await bob.sees(*["Hello"] * 8)
    for text in f"so: {ADMIN_PASSWORD}", f'"/admin {ADMIN_PASSWORD}"', ADMIN_PASSWORD:
        await ann.edit("Hello", into=text)
        await ann.is_refused(because="This contains the admin password")
        ann.press_escape()
        await ann.say("Sorry", knowing=True)
        await ann.is_not_refused()
    for file in own_data_dir.rglob("*.json*"):
        assert "horse" not in file.read_text()


async def test_guest_cannot_be_named_like_the_admin_password(enter):
    eve = await enter()
    eve.submit_card(ADMIN_PASSWORD)
    await eve.is_refused(because="This contains the admin password")
    await eve.is_at_the_card()


@pytest.mark.parametrize("slash", ["／", "∕", "⁄"])
async def test_slash_of_another_keyboard_is_a_slash(ann, bob, slash):
    await ann.say(f"{slash}admin {ADMIN_PASSWORD}")
    await bob.sees_line("Ann is now an admin")
    await ann.say(f"{slash}ｍｅ waves")
    await bob.sees("Ann waves")
    assert ann.suggested("／ni") == ["/nick "]


async def test_five_wrong_passwords_lock_out_only_the_sender(ann, bob):
    for _ in range(5):
        await ann.say("/admin guess")
    await ann.is_refused(because="Wrong admin password.")
    await ann.say(f"/admin {ADMIN_PASSWORD}")
    await ann.is_refused(because="Too many wrong passwords. Try again in")
    await bob.become_admin(ADMIN_PASSWORD)
    assert "admin" not in bob.row("Ann")


async def test_admin_confirms_and_clears_the_history_for_everyone(ann, bob, own_data_dir):
    await bob.say("Something silly")
    await ann.sees("Something silly")
    await ann.become_admin(ADMIN_PASSWORD)
    await ann.say("/clear")
    await ann.reads("Clear the history?")
    await bob.sees("Something silly")
    ann.click("Clear history")
    for person in ann, bob:
        await person.sees_line("Ann cleared the history")
        await person.sees()
    assert "silly" not in (own_data_dir / "chat_log.json").read_text()


async def test_guest_can_clear_neither_by_command_nor_by_button(ann, bob):
    await ann.say("Something wise")
    await bob.sees("Something wise")
    await bob.say("/clear")
    await bob.is_refused(because="Only admins can do that.")
    await bob.reads_no("Clear history")
    bob.invoke(["--clear", "", ""])
    bob.click("Clear history")
    await until(lambda: bob.reason.count("Only admins can do that.") == 2)
    await ann.sees("Something wise")


async def test_topic_is_shown_in_the_bar_to_everyone(enter, ann, bob):
    await ann.become_admin(ADMIN_PASSWORD)
    await ann.say("/topic Plans for the  summer")
    eve = await enter("Eve")
    for person in ann, bob, eve:
        await until(lambda person=person: person.topic == "Plans for the summer")
        await person.sees_line("Ann changed the topic: Plans for the summer")
    await ann.say("/topic -")
    await bob.sees_line("Ann removed the topic")
    for person in ann, bob, eve:
        assert person.topic == ""
    assert ann.messages == []


async def test_guest_cannot_change_the_topic(ann, bob):
    await ann.become_admin(ADMIN_PASSWORD)
    await ann.say("/topic Plans")
    await until(lambda: bob.topic == "Plans")
    for command in "/topic Nonsense", "/topic -":
        await bob.say(command)
        await bob.is_refused(because="Only admins can do that.")
    for person in ann, bob:
        assert person.topic == "Plans"


async def test_topic_is_limited_to_120_characters(ann):
    await ann.become_admin(ADMIN_PASSWORD)
    await ann.say(f"/topic {'x' * 121}")
    await ann.is_refused(because="A topic can have up to 120 characters")
    assert ann.topic == ""


async def test_html_in_a_topic_is_shown_as_typed(ann):
    hostile = "\"><img src=x onerror='document.title=1'>"
    await ann.become_admin(ADMIN_PASSWORD)
    await ann.say(f"/topic {hostile}")
    await until(lambda: ann.topic == hostile)
    assert "<img src=x" not in ann.header_html


async def test_texts_sent_again_after_a_lost_connection_act_once(ann, bob):
    await ann.become_admin(ADMIN_PASSWORD)
    for text in "one", "two", "three":
        await bob.say(text)
    await ann.say("Hello", "greeting01")
    await ann.sees("one", "two", "three", "Hello")
    sent = [
        ["command001", "/topic Tea", ""],
        ["command002", "/nick Anna", ""],
        ["edit000001", "Hello all", "edit-greeting01"],
    ]
    for arguments in [
        *sent,
        ["edit000002", "Hello you", "edit-greeting01"],
        ["command003", "/nick Annie", ""],
        ["command004", "/topic Cake", ""],
        *sent,
    ]:
        ann.submit([*arguments, LOBBY])
    await ann.say("Done")
    await bob.sees("one", "two", "three", "Hello you", "Done")
    await until(lambda: ann.topic == "Cake")
    await bob.sees_people("Annie", "Bob")
