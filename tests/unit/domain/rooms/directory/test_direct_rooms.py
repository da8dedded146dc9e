"""Direct rooms: the same no matter who opens them, there for the others from the first message, closed for oneself."""

from datetime import datetime

import pytest

from chat.domain.rooms.directory.direct_rooms import MAX_CREATED, check_not_full, close_direct, new_direct, open_direct
from chat.domain.rooms.directory.directory import RoomDirectory
from chat.domain.rooms.directory.room_info import LOBBY, MAX_DIRECT, RoomInfo, direct_id, may_see
from chat.domain.rooms.events import DirectOpened, RoomCreated
from chat.domain.users import Member
from tests.unit.domain.rooms.scenes import ADA, ANN, BOB, CID, MO, NOON, after, refusal

EVERYONE = (ANN, BOB, CID, MO, ADA)


@pytest.fixture
def directory() -> RoomDirectory:
    return RoomDirectory()


def opened(directory: RoomDirectory, actor: Member, *others: str, now: datetime = NOON) -> RoomInfo:
    """Let the actor open the room of these people, and return it."""
    new = new_direct(actor, others, now)
    directory.apply(open_direct(directory.get(new.id), new, actor, now))
    return directory.room_for(actor.id, new.id)


def closed(directory: RoomDirectory, actor: Member, room: RoomInfo) -> None:
    directory.apply(close_direct(room, actor.id, directory.last[room.id], NOON))


def listed(directory: RoomDirectory) -> dict[str, list[str]]:
    """Return the ids of the rooms on the list of each person who has any."""
    lists = {member.id: [room.id for room in directory.open_direct_rooms(member.id)] for member in EVERYONE}
    return {member_id: rooms for member_id, rooms in lists.items() if rooms}


def seen_by(directory: RoomDirectory, room: RoomInfo) -> list[str]:
    return [member.id for member in EVERYONE if may_see(directory.room_for("ann", room.id), member.id)]


def test_room_is_there_for_its_opener_and_from_its_first_message_for_its_people(directory: RoomDirectory):
    room = opened(directory, ANN, "bob")
    assert (seen_by(directory, room), listed(directory)) == (["ann"], {})
    assert refusal(lambda: directory.room_for("bob", room.id)).key == "room-gone"
    directory.advance(room.id, 1, NOON)
    assert seen_by(directory, room) == ["ann", "bob"]
    assert listed(directory) == {"ann": [room.id], "bob": [room.id]}


def test_room_is_the_same_no_matter_who_opens_it(directory: RoomDirectory):
    room = opened(directory, ANN, "bob", "cid")
    assert opened(directory, CID, "ann", "bob", "bob", now=after(9)).id == room.id
    assert room.id == direct_id(frozenset({"ann", "bob", "cid"})) != direct_id(frozenset({"ann", "bob"}))
    assert seen_by(directory, room) == ["ann", "cid"]


@pytest.mark.parametrize(
    ("others", "key"),
    [([], "direct-self"), (["ann"], "direct-self"), ([f"m{number}" for number in range(MAX_DIRECT)], "direct-size")],
)
def test_room_is_for_two_to_eight_people(others: list[str], key: str):
    assert refusal(lambda: new_direct(ANN, others, NOON)).key == key


def test_closed_room_returns_with_the_next_message_and_when_it_is_opened(directory: RoomDirectory):
    room = opened(directory, ANN, "bob")
    directory.advance(room.id, 1, NOON)
    closed(directory, ANN, room)
    assert (listed(directory), seen_by(directory, room)) == ({"bob": [room.id]}, ["ann", "bob"])
    directory.advance(room.id, 2, after(1))
    assert listed(directory) == {"ann": [room.id], "bob": [room.id]}
    closed(directory, ANN, room)
    opened(directory, ANN, "bob")
    assert listed(directory) == {"ann": [room.id], "bob": [room.id]}


def test_newest_talk_is_first(directory: RoomDirectory):
    with_bob, with_cid, with_mo = (opened(directory, ANN, other) for other in ("bob", "cid", "mo"))
    for number, room in enumerate((with_cid, with_mo, with_bob, with_cid), 1):
        directory.advance(room.id, number, after(number))
    assert listed(directory)["ann"] == [with_cid.id, with_bob.id, with_mo.id]


def test_only_direct_rooms_are_closed(directory: RoomDirectory):
    lobby = directory.room_for("ann", LOBBY)
    assert refusal(lambda: close_direct(lobby, "ann", 1, NOON)).key == "room-fixed"


def test_number_of_rooms_by_one_member_is_limited():
    rooms = [new_direct(ANN, [f"m{number}"], NOON) for number in range(MAX_CREATED)]
    check_not_full(rooms[1:], "ann")
    check_not_full(rooms, "bob")
    assert refusal(lambda: check_not_full(rooms, "ann")).key == "rooms-full"


def test_event_applied_again_changes_nothing(directory: RoomDirectory):
    room = new_direct(ANN, ["bob"], NOON)
    events = [
        RoomCreated(ANN.ref, NOON, room),
        DirectOpened(room.id, "bob", NOON),
        close_direct(room, "ann", 3, NOON),
        DirectOpened(room.id, "ann", NOON),
    ]
    for event in events:
        assert directory.apply(event) and not directory.apply(event), event
