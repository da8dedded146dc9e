"""Joining from the card, leaving and returning."""

import asyncio

import pytest
from nicegui.persistence import file_persistent_dict
from nicegui.storage import Storage

from chat.ui.views import room_view
from chat.web.sessions import Sessions
from tests.support.scene_page import until


async def test_only_the_card_is_visible_before_joining(enter, ann):
    await ann.say("Between us")
    await ann.sees("Between us")
    eve = await enter()
    await eve.reads("Join")
    await eve.reads_no("Between us")
    await eve.reads_no("Ann")


async def test_two_people_join_and_see_each_other(ann, bob):
    for person in ann, bob:
        await person.sees_people("Ann", "Bob")
        await person.sees_line("Ann and Bob joined")


async def test_empty_room_prompts_for_a_message(ann):
    await ann.reads("Say hello to get things started.")
    await ann.say("Anybody here?")
    await ann.reads_no("Say hello to get things started.")


async def test_rejected_name_gets_a_reason(enter, ann):
    eve = await enter()
    for name, reason in (
        ("", "Please enter a name."),
        ("ann", "The name ann is taken."),
        ("Admin", "The name Admin is reserved."),
        ("x" * 33, "Names can have up to 32 characters."),
        ("An\u200bn", "This name contains characters that aren't allowed."),
        ("\u0410nn", "This name mixes look-alike letters"),
    ):
        eve.submit_card(name)
        await eve.is_refused(because=reason)
        await eve.is_at_the_card()
        await ann.sees_people("Ann")


async def test_another_name_is_accepted_after_a_rejection(enter, ann):
    eve = await enter()
    eve.submit_card("Ann")
    await eve.is_refused(because="The name Ann is taken.")
    await eve.join("Eve")
    await ann.sees_people("Ann", "Eve")


@pytest.mark.parametrize(
    ("typed", "name"),
    [
        ("@Bob", "Bob"),
        ("＠Bob", "Bob"),
        ("@ @田中", "田中"),
        ("Bob ❤️", "Bob ❤️"),
        ("👨‍👩‍👧 Lee", "👨‍👩‍👧 Lee"),
        ("🇩🇪", "🇩🇪"),
        ("Bob 👍🏽", "Bob 👍🏽"),
        ("1️⃣", "1️⃣"),
    ],
)
async def test_sign_is_stripped_and_emoji_are_kept(enter, ann, typed, name):
    person = await enter(typed)
    await until(lambda: sorted(ann.people) == sorted(["Ann", name]))
    await ann.say(f"Hello @{name}!")
    await person.shows(f"Hello @{name}!")
    assert person.mentions_me("Hello")


async def test_reopened_page_is_in_the_room(ann, bob):
    await bob.reload()
    await bob.sees_people("Ann", "Bob")
    assert ann.notices == ["Ann and Bob joined"]


async def test_several_tabs_are_one_member(ann, bob):
    tab = await ann.open_another_tab()
    await tab.say("from my second tab")
    for page in ann, bob, tab:
        await page.sees("from my second tab")
        await page.sees_people("Ann", "Bob")
    assert bob.notices == ["Ann and Bob joined"]


async def test_leaving_returns_every_tab_to_the_card(ann, bob):
    tab = await bob.open_another_tab()
    await bob.leave()
    await ann.sees_people("Ann")
    await ann.sees_line("Bob left")
    for page in bob, tab:
        await page.is_at_the_card()
        await page.reads_no("Messages")
    await bob.join("Robert")
    await ann.sees_people("Ann", "Robert")


@pytest.mark.parametrize("name", ["Bob", "bob", " @Bob "])
async def test_guest_who_comes_back_is_the_same(ann, bob, name):
    await bob.say("mine")
    await ann.sees("mine")
    before = ann.author_id("mine")
    await bob.leave()
    await bob.is_at_the_card()
    assert bob.suggested_name == "Bob"
    await bob.join(name)
    await bob.edit("mine", into="still mine")
    await ann.sees("still mine")
    await bob.say("again")
    await ann.sees("still mine", "again")
    assert ann.author_id("again") == before


async def test_identity_of_a_guest_who_left_is_given_to_no_other(enter, ann, bob):
    await bob.say("mine")
    await ann.sees("mine")
    before = ann.author_id("mine")
    await bob.leave()
    await bob.is_at_the_card()
    other = await enter("Bob")  # in another browser
    await other.say("also Bob")
    await bob.join("Carol")  # in the same browser
    await bob.say("Carol here")
    await ann.sees("mine", "also Bob", "Carol here")
    assert len({before, ann.author_id("also Bob"), ann.author_id("Carol here")}) == 3
    await bob.leave()
    await bob.is_at_the_card()
    assert bob.suggested_name == "Carol"
    await other.leave()
    await ann.sees_people("Ann")
    await bob.join("Bob")
    await bob.say("Bob, a new one")
    await ann.shows("Bob, a new one")
    assert ann.author_id("Bob, a new one") not in {before, ann.author_id("also Bob"), ann.author_id("Carol here")}


async def test_leaving_asks_first(ann, bob):
    await bob.choose("Leave")
    await bob.reads("You can come back as Bob in this browser.")
    await bob.say("Not yet")
    await ann.sees("Not yet")
    bob.click("Leave")
    await bob.is_at_the_card()
    await ann.sees_people("Ann")


async def test_leaving_holds_while_the_session_file_is_still_there(ann, monkeypatch):
    files = Storage.path
    await until(lambda: any(files.glob("storage-user-*.json")))

    finish = asyncio.Event()

    async def be_slow(*_: object, **__: object) -> None:
        await finish.wait()

    monkeypatch.setattr(file_persistent_dict, "unlink_with_retry_async", be_slow)
    await ann.leave()
    await ann.is_at_the_card()
    assert [*files.glob("storage-user-*.json")]
    finish.set()


async def test_page_is_inert_after_leaving(ann, bob):
    stays = bob.user.client
    bob.user.ignores_navigation = True
    await bob.leave()
    await ann.sees_line("Bob left")
    assert bob.user.client is stays
    await bob.say("Still here?")
    await bob.is_refused(because="You're no longer in the room.")
    await bob.write("Still here?")
    assert "Still here?" not in ann.log
    assert ann.typing == ""


async def test_name_is_free_after_its_owner_left(enter, ann, bob):
    await bob.leave()
    await ann.sees_line("Bob left")
    await enter("Bob")
    await ann.sees_people("Ann", "Bob")


async def test_new_name_is_announced_to_everyone(ann, bob):
    tab = await ann.open_another_tab()
    await ann.rename("Anna Lee")
    for person in ann, bob, tab:
        await person.sees_line("Ann is now called Anna Lee")
        await person.sees_people("Anna Lee", "Bob")
    assert any("<bdi>Anna Lee</bdi>" in html for html in tab.html())
    await ann.write("Hello")
    await bob.sees_typing("Anna Lee is typing")
    await ann.say("It is me")
    await until(lambda: "Anna Lee It is me" in bob.log)
    await ann.reload()
    await ann.sees_people("Anna Lee", "Bob")


async def test_taken_name_is_rejected_in_the_dialog(ann, bob):
    await ann.rename("BOB")
    await ann.is_refused(because="The name BOB is taken.")
    await bob.sees_people("Ann", "Bob")


async def test_html_in_a_name_is_shown_as_typed(enter, ann):
    own_image = '<img src="assets/favicon.svg"'
    eve = await enter("<img src=x>")
    await eve.write("Hello")
    await ann.sees_typing("<img src=x> is typing")
    await eve.say("<img src=y>")
    await ann.say("/who")
    await until(lambda: ann.answer == "2 people are here:\n<img src=x>\nAnn")
    await ann.reads("&lt;img src=y&gt;")
    assert "<img src=" not in "".join(ann.html()).replace(own_image, "")


async def test_joins_and_leaves_without_a_message_between_share_a_line_that_names_everybody(enter, ann):
    others = [await enter(name) for name in ("Bob", "Cid", "Dan", "Eve")]
    await ann.sees_line("Ann, Bob, Cid, and 2 others joined")
    await others[1].leave()
    await ann.sees_line("Cid left")
    assert ann.notices == ["Ann, Bob, Dan, and 1 other joined · Cid left"]
    assert ann.everybody_in_notices == ["Ann, Bob, Dan, and Eve joined", "Cid left"]
    await ann.say("hello")
    await ann.sees("hello")
    await others[0].leave()
    await ann.sees_line("Bob left")
    assert ann.notices == ["Ann, Bob, Dan, and 1 other joined · Cid left", "Bob left"]


@pytest.mark.parametrize(
    ("choice", "shown"), [("show", [True, True]), ("hide", [False, False]), ("small", [True, False])]
)
async def test_joins_and_leaves_can_be_hidden_always_or_in_large_rooms(enter, ann, monkeypatch, choice, shown):
    await ann.set_preference("joins", choice)
    await until(lambda: ann.shows_joins is shown[0])
    monkeypatch.setattr(room_view, "SMALL", 1)
    await enter("Bob")
    await ann.sees_line("Ann and Bob joined")
    assert ann.shows_joins is shown[1]


async def test_member_leaves_once_all_processes_know(ann, bob, monkeypatch: pytest.MonkeyPatch):
    are_told = asyncio.Event()
    monkeypatch.setattr(Sessions, "wait_until_shared", lambda _: are_told.wait())
    await bob.leave()
    await ann.say("Bye!")
    await ann.sees("Bye!")
    await ann.sees_people("Ann", "Bob")  # any process that loads his page now may take him for a member
    are_told.set()
    await bob.is_at_the_card()
    await ann.sees_people("Ann")
