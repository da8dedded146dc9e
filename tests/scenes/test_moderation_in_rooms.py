"""Moderation where there are several rooms: what holds in all of them, and what in one."""

import json
from pathlib import Path

import pytest

from tests.support.scene_page import until
from tests.support.scene_person import ScenePerson

TEA, CAKE = "room/tea", "room/cake"


@pytest.fixture(autouse=True)
def rooms(own_data_dir: Path, settings: None) -> None:
    """The chat has two rooms besides the lobby."""
    own_data_dir.mkdir()
    found = [{"id": name, "kind": "public", "name": name.title(), "slug": name} for name in ("tea", "cake")]
    (own_data_dir / "rooms.json").write_text(json.dumps({"version": 1, "rooms": found}))


async def test_mute_in_one_room_silences_in_all(ann: ScenePerson, bob: ScenePerson, olga: ScenePerson):
    for person in (ann, bob):
        await person.go(TEA)
    await bob.write("h")
    await until(lambda: "Bob is typing" in ann.typing)
    await olga.say("/mute Bob")
    await until(lambda: bob.is_field_closed)
    await until(lambda: "Bob" not in ann.typing)
    await bob.go(CAKE)
    assert bob.is_field_closed
    await olga.go(CAKE)
    await olga.say("/unmute Bob")
    await until(lambda: not bob.is_field_closed)
    await bob.say("Thanks")
    await olga.sees("Thanks")


async def test_lock_and_slow_mode_are_those_of_one_room(bob: ScenePerson, olga: ScenePerson):
    await bob.go(TEA)
    await olga.say("/lock")
    await olga.say("/slow 60")
    await bob.say("one")
    await bob.say("two")
    await bob.sees("one", "two")
    await bob.go("")
    await until(lambda: bob.is_field_closed)
    await bob.go(CAKE)
    assert not bob.is_field_closed


async def test_ban_deletes_what_was_said_in_all_rooms(ann: ScenePerson, bob: ScenePerson, olga: ScenePerson):
    await bob.say("buy my pills")
    for room in (TEA, CAKE):
        await bob.go(room)
        await bob.say("buy my pills")
    await ann.go(TEA)
    await ann.sees("buy my pills")
    await olga.moderate("Bob", "Ban", "7d", "10", "spam")
    await ann.sees()
    for room in (CAKE, ""):
        await ann.go(room)
        await ann.sees()


async def test_moderation_page_says_where_something_happened(ann: ScenePerson, bob: ScenePerson, olga: ScenePerson):
    olga.page = await olga.open_another_tab()
    await olga.page.open("/moderation")
    for person in (ann, bob):
        await person.go(TEA)
    await bob.say("buy my pills")
    await ann.sees("buy my pills")
    await ann.report("buy my pills", "spam")
    await olga.page.reads_section("Reports", "in Tea")
    assert 'href="room/tea#m-' in olga.page.section_html("Reports")
    await olga.go(TEA)
    await olga.say("/lock")
    await olga.page.reads_section("Audit log", "locked the room in Tea")


async def test_question_is_about_the_room_in_which_it_was_asked(bob: ScenePerson, olga: ScenePerson):
    await bob.say("stays")
    for person in (bob, olga):
        await person.go(TEA)
    await bob.say("goes")
    await olga.say("/purge Bob 1")
    await olga.reads("1 message by Bob will be deleted")
    await olga.go("")  # back, by the browser's button
    olga.click("Delete")
    await bob.sees()
    await olga.sees("stays")
