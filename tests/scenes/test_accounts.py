"""Accounts: signing up, in and out, and ownership of names and messages."""

import pytest

from tests.support.scene_page import until
from tests.support.server import ADMIN_PASSWORD

PASSWORD = "seven wild geese"
OTHER_PASSWORD = "eight tame ducks"


@pytest.fixture
async def ann(enter):
    """Sign Ann up."""
    ann = await enter()
    await ann.sign_up("Ann", PASSWORD)
    return ann


async def test_new_account_is_in_the_room(ann):
    await ann.sees_people("Ann")
    await ann.say("here I am")
    await ann.sees("here I am")


async def test_account_owns_its_messages_on_every_device(enter, ann):
    await ann.say("written at home")
    await ann.sees("written at home")
    away = await enter()
    await away.sign_in("ann", PASSWORD)
    await away.edit("written at home", into="changed elsewhere")
    await ann.sees("changed elsewhere")
    await ann.sees_people("Ann")


async def test_guest_keeps_name_and_messages_after_sign_up(enter):
    ann, bob = await enter("Ann"), await enter("Bob")
    await ann.say("as a guest")
    await bob.sees("as a guest")
    await ann.choose("Sign up")
    ann.submit_dialog("Ann", PASSWORD)
    await until(lambda: not ann.is_dialog_open and ann.is_in_the_roster)
    await ann.edit("as a guest", into="with an account")
    await bob.sees("with an account")
    await bob.sees_people("Ann", "Bob")
    await ann.choose("Sign out")
    await ann.is_at_the_card()
    await ann.sign_in("Ann", PASSWORD)


@pytest.mark.parametrize("path", ["/", "/room/tea"])
async def test_other_tabs_are_loaded_again_after_sign_up(enter, path):
    olga, ann = await enter("Olga"), await enter("Ann")
    await olga.become_admin(ADMIN_PASSWORD)
    await olga.say("/room create Tea")
    tab = await ann.open_another_tab()
    await ann.open(path)
    await ann.is_in()
    before = tab.user.client
    await ann.choose("Sign up")
    ann.submit_dialog("Ann", PASSWORD)
    await until(lambda: tab.user.client is not before)


@pytest.mark.settings(CHAT_GRACE="1")
async def test_guest_signing_in_stays_one_member(enter, ann):
    guest = await enter("Visitor")
    await ann.sees_people("Ann", "Visitor")
    await guest.choose("Sign in")
    guest.submit_dialog("Ann", PASSWORD)
    await ann.sees_people("Ann")


@pytest.mark.parametrize(("name", "password"), [("Ann", "not her password"), ("Nobody", PASSWORD)])
async def test_wrong_password_and_wrong_name_get_the_same_reason(enter, ann, name, password):
    stranger = await enter()
    await stranger.fill_in(name, password, "Sign in")
    await stranger.is_refused(because="Wrong name or password.")
    await stranger.is_at_the_card()


@pytest.mark.parametrize(
    ("password", "reason"),
    [
        ("short", "at least"),
        ("password", "That password is too common."),
        ("password1", "That password is too common."),
    ],
)
async def test_weak_password_is_rejected(enter, password, reason):
    ann = await enter()
    await ann.fill_in("Ann", password, "Sign up")
    await ann.is_refused(because=reason)
    await ann.is_at_the_card()


async def test_name_of_an_account_is_reserved(enter, ann):
    await ann.choose("Sign out")
    await ann.is_at_the_card()
    for name in "Ann", "ANN", "Аnn", "A n n":
        eve = await enter()
        eve.submit_card(name)
        await until(lambda eve=eve: eve.reason != "")
        await eve.is_at_the_card()


async def test_card_offers_to_sign_in_again(ann):
    await ann.choose("Sign out")
    await ann.is_at_the_card()
    assert ann.suggested_name == "Ann"
    ann.submit_card("Ann", PASSWORD)
    await ann.is_in()


async def test_sign_out_returns_every_tab_to_the_card(ann):
    tab = await ann.open_another_tab()
    await ann.choose("Sign out")
    for page in ann, tab:
        await page.is_at_the_card()


async def test_sign_out_leaves_other_devices_as_they_are(enter, ann):
    tab, away, bob = await ann.open_another_tab(), await enter(), await enter("Bob")
    await away.sign_in("Ann", PASSWORD)
    page = away.user.client
    await bob.say("Hi")
    await ann.choose("Sign out")
    for signed_out in ann, tab:
        await signed_out.is_at_the_card()
    await away.say("Still here")
    await bob.sees("Hi", "Still here")
    assert away.user.client is page
    assert bob.notices == ["Ann and Bob joined"]
    await away.choose("Sign out")
    await away.is_at_the_card()
    await bob.sees_people("Bob")


async def test_level_chosen_for_a_room_holds_on_other_devices(enter, ann):
    away = await enter()
    await away.sign_in("Ann", PASSWORD)
    await ann.set_preference("level", "nothing")
    await ann.set_preference("scheme", "dark")
    await until(lambda: '.room-link:is([data-room="lobby"])' in away.style)
    assert "color-scheme:dark" not in away.style
    await away.reload()
    await away.set_preference("level", "")
    await until(lambda: '.room-link:is([data-room="lobby"])' not in ann.style)


async def test_sign_out_everywhere_signs_out_other_devices(enter, ann):
    away = await enter()
    await away.sign_in("Ann", PASSWORD)
    await ann.choose("Account")
    ann.click("Sign out everywhere")
    for person in ann, away:
        await person.is_at_the_card()


async def test_password_change_signs_out_only_other_devices(enter, ann):
    away = await enter()
    await away.sign_in("Ann", PASSWORD)
    await ann.choose("Account")
    ann.submit_dialog(PASSWORD, OTHER_PASSWORD)
    await away.is_at_the_card()
    await away.is_refused(because="Your password was changed")
    await until(lambda: not ann.is_dialog_open and ann.is_in_the_roster)
    await away.fill_in("Ann", PASSWORD, "Sign in")
    await away.is_refused(because="Wrong name or password.")
    away.submit_card("Ann", OTHER_PASSWORD)
    await away.is_in()


@pytest.mark.parametrize("anonymize", [False, True], ids=["named", "anonymous"])
async def test_messages_of_a_deleted_account_are_kept(enter, ann, own_data_dir, anonymize):
    bob = await enter("Bob")
    await ann.say("stays")
    await bob.sees("stays")
    await ann.choose("Account")
    ann.click("Delete account…")
    ann.submit_dialog(PASSWORD, "on" if anonymize else "")
    await ann.is_at_the_card()
    await until(lambda: "That account no longer exists." in ann.reason)
    assert "Ann" not in "".join(ann.html())
    await bob.sees("stays")
    await until(lambda: f"<bdi>{'Anonymous' if anonymize else 'Ann'}</bdi>" in bob.message("stays"))
    assert ("Ann" in (own_data_dir / "chat_log.json").read_text()) != anonymize
    await ann.fill_in("Ann", PASSWORD, "Sign in")
    await ann.is_refused(because="Wrong name or password.")


async def test_name_that_is_removed_goes_from_what_is_open(enter, ann):
    bob, cid, eve = await enter("Bob"), await enter("Cid"), await enter("Eve")
    await ann.say("@Bob hello")
    await bob.shows("hello")
    await bob.choose("Mentions")
    await until(lambda: len(bob.mentions) == 1)
    await cid.search("hello")
    await until(lambda: len(cid.results) == 1)
    await eve.start("Reply", "hello")
    await ann.choose("Account")
    ann.click("Delete account…")
    ann.submit_dialog(PASSWORD, "on")
    await ann.is_at_the_card()
    await until(lambda: bob.mentions[0].startswith("Anonymous: "))
    await until(lambda: "Anonymous" in "".join(cid._inner("class", "live hits")))
    await until(lambda: "Replying to Anonymous" in eve.about)


async def test_guest_in_the_browser_of_a_deleted_account_is_another_member(enter, ann):
    bob = await enter("Bob")
    await ann.say("stays")
    await ann.choose("Account")
    ann.click("Delete account…")
    ann.submit_dialog(PASSWORD, "")
    await until(lambda: "That account no longer exists." in ann.reason)
    await ann.join("Guest")
    await ann.say("new here")
    await bob.sees("stays", "new here")
    assert bob.author_id("stays") != bob.author_id("new here")


async def test_blocked_word_does_not_shut_out_the_account_of_that_name(enter, ann):
    await ann.say(f"/admin {ADMIN_PASSWORD}")
    await ann.sees_line("is now an owner")
    await ann.say("/filter ann")
    await ann.reads("1 blocked word:")
    await ann.reload()
    await ann.is_in()
    await ann.choose("Sign out")
    await ann.is_at_the_card()
    await ann.sign_in("Ann", PASSWORD)
    guest = await enter()
    guest.submit_card("Ann Lee")
    await until(lambda: "blocked" in guest.reason)
