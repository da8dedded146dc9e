"""The quick switcher: rooms and people by their names, the messages of all rooms, and links to rooms."""

from pathlib import Path

import pytest

from tests.support.room_nodes import plain
from tests.support.scene_page import until
from tests.support.stored_history import write_rooms

ROOMS = {
    "Team": ["Where is the tea pot?"],
    "Café": ["Two teas, please"],
    "Green tea": ["The tea is ready", "The cake is not"],
    "Class 7b": [],
}


@pytest.fixture(autouse=True)
def rooms(settings: None, own_data_dir: Path) -> None:
    write_rooms(own_data_dir, ROOMS)


async def sees_places(person, *names):
    await until(lambda: person.places == [*names], lambda: f"{person.places} instead of {names}")


async def expect_results(person, *texts):
    found = [*texts]
    await until(lambda: [*map(plain, person.results)] == found, lambda: f"{person.results} instead of {found}")


async def test_other_rooms_and_people_are_listed_before_anything_is_typed(ann, bob):
    await ann.search("")
    await sees_places(ann, "Café", "Class 7b", "Green tea", "Team", "Bob")
    assert ann.results == []


async def test_rooms_are_found_by_the_beginnings_of_words(ann, bob):
    for query, names in {
        "tea": ["Team", "Green tea"],
        "te gr": ["Green tea"],
        "CAFE": ["Café"],
        "7": ["Class 7b"],
        "lob": ["Lobby"],
        "bo": ["Bob"],
        "b": ["Bob", "Lobby", "Class 7b"],
        "nowhere": [],
        "from:bob": [],
    }.items():
        await ann.search(query)
        await until(lambda names=names: sorted(ann.places) == sorted(names), lambda: str(ann.places))


async def go_to(person, path, *texts):
    await person.search("")
    person.open_result(path, "", "push")
    await person.sees(*texts)


async def test_rooms_with_unread_messages_come_first_and_then_those_visited_last(ann, bob):
    for path, texts in ("room/team", ROOMS["Team"]), ("room/green-tea", ROOMS["Green tea"]), ("room/lobby", []):
        await go_to(ann, path, *texts)
    await ann.search("")
    await sees_places(ann, "Green tea", "Team", "Café", "Class 7b", "Bob")
    await go_to(bob, "room/team", *ROOMS["Team"])
    await bob.say("Under the table")
    await ann.search("")
    await sees_places(ann, "Team", "Green tea", "Café", "Class 7b", "Bob")


async def test_messages_of_all_rooms_are_found_and_say_where(ann):
    await ann.say("Tea in the lobby")
    await ann.search("tea")
    await expect_results(ann, "Tea in the lobby", "The tea is ready", "Two teas, please", "Where is the tea pot?")
    html = "".join(ann.html())
    assert "<small><bdi>Green tea</bdi></small>" in html
    assert 'href="room/green-tea#m-room2message001"' in html


async def test_search_is_limited_to_a_room_that_is_completed(ann):
    await ann.search("tea in:gre")
    await sees_places(ann, "Green tea")
    assert 'data-query="tea in:&#34;#Green tea&#34; "' in "".join(ann.html())
    await ann.search('tea in:"#Green tea" ')
    await expect_results(ann, "The tea is ready")
    await sees_places(ann)


async def test_result_opens_its_room(ann):
    await ann.search("pot")
    await expect_results(ann, "Where is the tea pot?")
    ann.open_result("room/team", "room0message001", "push")
    await ann.sees("Where is the tea pot?")


async def test_room_that_is_gone_meanwhile_is_refused(ann):
    await ann.search("pot")
    ann.open_result("room/nowhere", "", "push")
    await ann.is_refused(because="This room doesn't exist.")


async def test_person_is_written_to(ann, bob):
    await bob.say("Here I am")
    await ann.sees("Here I am")
    await ann.search("bob")
    await sees_places(ann, "Bob")
    ann.open_result("person", ann.author_id("Here I am"))
    await ann.sees()
    await ann.say("Between us")
    await ann.search("")
    await sees_places(ann, "Lobby", "Café", "Class 7b", "Green tea", "Team")
    await bob.search("between")
    await expect_results(bob, "Between us")


async def test_rooms_in_messages_are_links(ann, bob):
    await ann.say("See #green-tea, #nowhere and `#team`")
    await bob.shows("See #green-tea")
    html = "".join(bob.html())
    assert html.count('<a class="room-name" href="room/green-tea"') == 1
    assert html.count('class="room-name"') == 1
    assert ann.suggested("Look at #te") == ["#team ", "#green-tea "]
