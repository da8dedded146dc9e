"""Three people in three rooms: which rooms are unread for whom, and what called them."""

import json
from pathlib import Path

import pytest
from nicegui import core

from chat.framework import live_region
from chat.state.rooms import unread_rooms
from tests.scenes.test_unread import TITLE, expect_title, expect_unread_line
from tests.support.scene_page import until
from tests.support.scene_person import ScenePerson

TEA, CAKE = "room/tea", "room/cake"


@pytest.fixture(autouse=True)
def rooms(own_data_dir: Path, settings: None) -> None:
    """The chat has two rooms besides the lobby."""
    own_data_dir.mkdir()
    found = [{"id": name, "kind": "public", "name": name.title(), "slug": name} for name in ("tea", "cake")]
    (own_data_dir / "rooms.json").write_text(json.dumps({"version": 1, "rooms": found}))


@pytest.fixture
async def cem(enter, ann) -> ScenePerson:
    """Cem is in Cake, while Ann is in the lobby."""
    cem = await enter("Cem")
    await cem.go(CAKE)
    return cem


async def expect_unread(person: ScenePerson, **rooms: str) -> None:
    await until(lambda: person.unread_rooms == rooms, lambda: f"{person.unread_rooms} instead of {rooms}")


async def test_rooms_are_unread_for_those_who_look_elsewhere(ann, bob, cem):
    await bob.go(TEA)
    await bob.say("one")
    await bob.say("two")
    await expect_unread(ann, tea="unread")
    await expect_unread(cem, tea="unread")
    await expect_unread(bob)
    await ann.say("hello")
    await expect_unread(bob, lobby="unread")
    await expect_unread(cem, tea="unread", lobby="unread")
    await cem.go(TEA)
    await expect_unread_line(cem, before="one")
    await expect_unread(cem, lobby="unread")
    await bob.say("three")
    await cem.shows("three")
    await cem.go(CAKE)
    await expect_unread(cem, lobby="unread")


async def test_numbers_are_those_of_mentions_and_replies(ann, bob, cem):
    await cem.say("Cake?")
    await bob.go(CAKE)
    await bob.reply("Cake?", "yes")
    await bob.say("@Ann you too?")
    await bob.say("@Ann it is @Cem who brings it")
    await expect_unread(ann, cake="2 unread")
    assert (ann.unread_elsewhere, ann.unread_mentions) == ("2 unread", "2")
    await bob.edit("@Ann you too?", "you too?")
    await expect_unread(ann, cake="1 unread")
    await bob.delete("it is")
    await expect_unread(ann, cake="unread")
    assert (ann.unread_elsewhere, ann.unread_mentions) == ("unread", "")
    await ann.go(CAKE)
    await expect_unread(ann)
    assert ann.unread_elsewhere == ""


async def test_badges_survive_a_reload_and_are_those_of_all_tabs(ann, bob, cem):
    await cem.say("@Ann cake!")
    await expect_unread(ann, cake="1 unread")
    await ann.reload()
    await expect_unread(ann, cake="1 unread")
    tab = await ann.open_another_tab()
    await tab.go(CAKE)
    await expect_unread(ann)
    await cem.say("@Ann more")
    await bob.say("hello")
    await tab.shows("more")
    assert ann.unread_rooms == tab.unread_rooms == {}
    await tab.go("")
    await cem.say("@Ann even more")
    await expect_unread(ann, cake="1 unread")
    await expect_unread(tab, cake="1 unread")


async def test_newcomer_has_read_all_rooms(cem, enter):
    await cem.say("cake!")
    dan = await enter("Dan")
    assert dan.unread_rooms == {}
    await cem.say("more cake!")
    await expect_unread(dan, cake="unread")
    await dan.reload()
    await expect_unread(dan, cake="unread")
    await dan.go(CAKE)
    await expect_unread_line(dan, before="more cake!")


async def test_title_counts_what_calls_the_member_in_other_rooms(ann, bob, cem):
    await ann.look_away()
    await cem.say("cake")
    await cem.say("@Ann cake")
    await expect_title(ann, f"(1) {TITLE}")
    await bob.say("hello")
    await expect_title(ann, f"(2) {TITLE}")
    await ann.look_away(False)
    await expect_title(ann, TITLE)


async def test_room_marked_as_unread_is_bold_everywhere_until_the_member_comes_back(ann, cem):
    tab = await ann.open_another_tab()
    await ann.go(CAKE)
    for text in "one", "@Ann two", "three":
        await cem.say(text)
    await ann.shows("three")
    await ann.press("Mark-unread", "two")
    await expect_unread(ann, cake="1 unread")
    await expect_unread(tab, cake="1 unread")
    await ann.go("")
    await expect_unread(ann, cake="1 unread")
    await ann.go(CAKE)
    await expect_unread(tab)
    await expect_unread_line(ann, before="@Ann two")


async def test_all_rooms_are_marked_as_read(ann, bob, cem):
    await bob.go(TEA)
    await bob.say("@Ann tea")
    await cem.say("cake")
    await expect_unread(ann, tea="1 unread", cake="unread")
    await ann.press_shift_escape()
    await expect_unread(ann)
    await ann.reload()
    assert ann.unread_rooms == {}
    await cem.say("more cake")
    await expect_unread(ann, cake="unread")


async def test_mentions_are_listed_and_lead_to_their_rooms(ann, bob, cem):
    await ann.say("Who comes?")
    await bob.reply("Who comes?", "me")
    await bob.go(TEA)
    await bob.say("@Ann tea?")
    await cem.say("@Ann cake?")
    await cem.say("@Bob cake?")
    await expect_unread(ann, tea="1 unread", cake="1 unread")
    await ann.choose("Mentions")
    rows = ["Cem: Cake , unread @Ann cake?", "Bob: Tea , unread @Ann tea?", "Bob: Lobby me"]
    await until(lambda: ann.mentions == rows, lambda: str(ann.mentions))
    await cem.edit("@Ann cake?", "cake?")
    await until(lambda: ann.mentions == rows[1:], lambda: str(ann.mentions))
    ann.open_mention("@Ann tea?")
    await until(lambda: ann.room_id == "tea")
    await expect_unread(ann, cake="unread")
    await bob.delete("@Ann tea?")
    await ann.choose("Mentions")
    await until(lambda: ann.mentions == rows[2:], lambda: str(ann.mentions))


async def test_open_list_of_mentions_follows_the_talk(ann, bob, cem):
    await bob.say("@Ann one")
    await ann.choose("Mentions")
    await until(lambda: ann.mentions == ["Bob: Lobby @Ann one"], lambda: str(ann.mentions))
    await cem.say("@Ann two")
    await cem.say("three")
    await cem.edit("three", "@Ann three")
    await bob.say("@Cem four")
    rows = ["Cem: Cake , unread @Ann three", "Cem: Cake , unread @Ann two", "Bob: Lobby @Ann one"]
    await until(lambda: ann.mentions == rows, lambda: str(ann.mentions))
    await cem.delete("@Ann two")
    await until(lambda: ann.mentions == [rows[0], rows[2]], lambda: str(ann.mentions))


async def test_mention_where_one_is_no_member_is_not_listed(ann, bob, olga):
    await bob.say("@Ann one")
    await ann.choose("Mentions")
    await until(lambda: ann.mentions == ["Bob: Lobby @Ann one"], lambda: str(ann.mentions))
    await olga.say("/room private Plans")
    await until(lambda: olga.room_id not in {"", "lobby"})
    await olga.say("@all two")
    await olga.shows("two")
    await olga.go("")
    await olga.say("@all three")
    await until(lambda: ann.mentions == ["Olga: Lobby @all three", "Bob: Lobby @Ann one"], lambda: str(ann.mentions))


async def test_message_with_the_id_of_another_does_not_change_it(ann, bob, cem):
    await bob.say("@Ann hello", "twin00000000")
    await ann.choose("Mentions")
    await until(lambda: ann.mentions == ["Bob: Lobby @Ann hello"], lambda: str(ann.mentions))
    await cem.say("Cake", "twin00000000")
    await cem.edit("Cake", "@Ann I'm leaving")
    await cem.delete("@Ann I'm leaving")
    await cem.sees()
    assert ann.mentions == ["Bob: Lobby @Ann hello"]


async def test_muted_room_shows_nothing(ann, bob, cem):
    await cem.say("@Ann cake")
    await expect_unread(ann, cake="1 unread")
    await ann.set_preference("levels", {"cake": "nothing"})
    await expect_unread(ann)
    assert (ann.unread_elsewhere, ann.unread_mentions) == ("", "")
    assert '.room-link:is([data-room="cake"]){color:var(--muted)}' in ann.style
    await bob.go(TEA)
    await bob.say("@Ann tea")
    await expect_unread(ann, tea="1 unread")
    await ann.set_preference("levels", {"cake": "mentions"})
    await expect_unread(ann, tea="1 unread", cake="1 unread")


async def test_list_of_mentions_is_empty(ann):
    await ann.choose("Mentions")
    await ann.reads("Nobody has mentioned you")


async def expect_settled(person: ScenePerson) -> None:
    """Wait until a page has been sent everything, lastly that it announces new messages from now on."""
    client = person.user.client
    messages = next(element for element in client.elements.values() if element.props.get("role") == "log")
    await until(lambda: messages.props["aria-live"] == "polite" and not client.outbox.updates)


async def test_message_costs_those_who_look_elsewhere_one_frame(ann, bob, cem, monkeypatch):
    monkeypatch.setattr(unread_rooms, "DELAY", 0)
    await expect_settled(ann)
    frames, broadcast, sio_emit = list[str](), live_region.broadcast, core.sio.emit
    reach_ann = {ann.user.client.id, "chat:en", "lobby:en"}

    def count(event: str, frame: object, room: str) -> None:
        frames.extend([event] if room in reach_ann else [])
        broadcast(event, frame, room)

    async def emit(event: str, *arguments: object, room: str | None = None, **options: object) -> None:
        frames.extend([event] if room in reach_ann else [])
        await sio_emit(event, *arguments, room=room, **options)

    monkeypatch.setattr(live_region, "broadcast", count)
    monkeypatch.setattr(core.sio, "emit", emit)
    await cem.say("one")
    await expect_unread(ann, cake="unread")
    for text in "two", "three":
        await cem.say(text)
    assert frames == ["update"]
    await bob.say("hello")
    await ann.shows("hello")
    assert frames == ["update"] * 2


async def test_room_is_unread_as_far_as_its_level_lets_it(ann, bob, cem):
    await ann.go(TEA)
    await ann.set_preference("level", "nothing")
    await ann.go(CAKE)
    await ann.set_preference("level", "mentions")
    await ann.go("")
    await bob.go(TEA)
    await bob.say("@Ann tea?")
    await cem.say("cake")
    await bob.go("")
    await bob.go(CAKE)
    await bob.say("@Ann cake?")
    await expect_unread(ann, cake="1 unread")
    assert '.room-link:is([data-room="tea"])' in ann.style
    await ann.go(TEA)
    await ann.set_preference("level", "")
    await ann.go("")
    await bob.go(TEA)
    await bob.say("more tea?")
    await expect_unread(ann, cake="1 unread", tea="unread")


async def test_every_direct_message_counts(ann, bob):
    await bob.say("/msg @Ann one")
    await until(lambda: [*ann.unread_rooms.values()] == ["1 unread"], lambda: str(ann.unread_rooms))
    [room_id] = ann.unread_rooms
    await until(lambda: bob.room_id == room_id)
    await bob.say("two")
    await bob.say("@Ann three")
    await expect_unread(ann, **{room_id: "3 unread"})
    assert (ann.unread_elsewhere, ann.unread_mentions) == ("3 unread", "1")
    await ann.choose("Mentions")
    await until(lambda: ann.mentions == ["Bob: Bob , unread @Ann three"], lambda: str(ann.mentions))
    await ann.go(f"direct/{room_id}")
    await expect_unread(ann)
    assert bob.unread_rooms == {}
