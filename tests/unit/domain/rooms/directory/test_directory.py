"""The directory of rooms: who may create, change and see which."""

from collections.abc import Callable
from dataclasses import replace

import pytest

from chat.domain.errors import ChatError, NotAllowed
from chat.domain.events import Event
from chat.domain.rooms.directory.direct_rooms import new_direct
from chat.domain.rooms.directory.directory import RoomDirectory
from chat.domain.rooms.directory.room_changes import MAX_FORMER_SLUGS
from chat.domain.rooms.directory.room_decisions import (
    MAX_OWN_ROOMS,
    add_member,
    archive_room,
    create_room,
    describe_room,
    remove_member,
    rename_room,
    reopen_room,
)
from chat.domain.rooms.directory.room_info import LOBBY, RoomInfo, RoomKind
from chat.domain.rooms.directory.room_policy import RoomPolicy
from chat.domain.rooms.directory.slugs import SLUG_LIMIT
from chat.domain.rooms.events import MemberRemoved, RoomCreated
from chat.domain.users import Member, Role
from tests.unit.domain.rooms.scenes import ADA, ANN, BOB, CID, MO, NOON, after, refusal

MEMBER = Member("mia", ANN.nickname, Role.MEMBER)


@pytest.fixture
def directory() -> RoomDirectory:
    """Ada has created Tea (public) and Plans (private)."""
    directory = RoomDirectory()
    create(directory, "Tea", "tea")
    create(directory, "Plans", "plans", is_private=True)
    return directory


def create(
    directory: RoomDirectory, name: object, room_id: str, actor: Member = ADA, *, is_private: bool = False
) -> RoomInfo:
    event = create_room(directory, actor, name, room_id, NOON, policy=RoomPolicy.ADMINS, is_private=is_private)
    assert directory.apply(event)
    return event.room


def get(directory: RoomDirectory, room_id: str) -> RoomInfo:
    found = directory.get(room_id)
    assert found
    return found


# Access.


def test_lobby_is_always_there(directory: RoomDirectory):
    assert get(directory, LOBBY).kind is RoomKind.PUBLIC
    assert [room.id for room in RoomDirectory()] == [LOBBY]


def test_public_rooms_are_seen_by_all_and_private_ones_by_their_members(directory: RoomDirectory):
    assert [room.name for room in directory.visible_to("bob")] == ["Lobby", "Tea"]
    assert [room.name for room in directory.visible_to("ada")] == ["Lobby", "Plans", "Tea"]


@pytest.mark.parametrize("room_id", ["plans", "nowhere", "", None, 7, ["plans"]])
def test_hidden_room_and_none_are_refused_alike(directory: RoomDirectory, room_id: object):
    problem = refusal(lambda: directory.room_for("bob", room_id))
    assert (problem.key, problem.details) == ("room-gone", {})


def test_slug_of_a_hidden_room_is_refused_like_none(directory: RoomDirectory):
    hidden, missing = (refusal(lambda slug=slug: directory.find_by_slug("bob", slug)) for slug in ("plans-plans", "?"))
    assert (hidden.key, hidden.details) == (missing.key, missing.details) == ("room-gone", {})
    assert directory.find_by_slug("ada", "plans-plans").id == "plans"


# Names and slugs.


SLUGS = {
    "Tea & Cake": "tea-cake",
    "  Größe XXL ": "grosse-xxl",
    "Русский": "русскии",
    "雑談": "雑談",
    "🎉": "room",
    "New": "new-2",
    "Tea": "tea-2",
    "tea 2": "tea-2",
    "lobby": "lobby-2",
    "a_b": "a-b",
    "x" * 40: "x" * 40,
}


@pytest.mark.parametrize("name", SLUGS)
def test_slug_follows_from_the_name(directory: RoomDirectory, name: str):
    assert create(directory, name, "other").slug == SLUGS[name]


def test_private_room_reveals_no_name_by_a_taken_slug(directory: RoomDirectory):
    assert create(directory, "Plans", "other").slug == "plans"


@pytest.mark.parametrize("name", ["x" * 40, "Ärger " * 6, "ﷺﷺﷺ", "a-" * 20, "日" * 40])
def test_private_room_with_a_long_name_reveals_none_either(directory: RoomDirectory, name: str):
    private = create(directory, name, "0123456789ab", is_private=True)
    assert private.slug.endswith("-012345")
    assert len(private.slug) <= SLUG_LIMIT
    assert not create(directory, name, "other").slug.endswith("-2")


def test_only_the_last_slugs_of_a_room_are_kept(directory: RoomDirectory):
    for number in range(MAX_FORMER_SLUGS + 5):
        directory.apply(rename_room(directory, ADA, "tea", f"Tea number {number}", NOON))
    assert len(get(directory, "tea").former_slugs) == MAX_FORMER_SLUGS
    assert directory.find_by_slug("bob", "tea-number-5").id == "tea"
    assert refusal(lambda: directory.find_by_slug("bob", "tea")).key == "room-gone"
    assert create(directory, "Tea", "other").slug == "tea"


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ("Plans\u202e\u2066", "Plans"),
        ("Lob\u200bby\ufeff", "Lobby"),
        ("\u200fשלום\u200e", "שלום"),
        ("Tea\u3164", "Tea"),
        ("می\u200cخواهم", "می\u200cخواهم"),
        ("👩\u200d🚀 ❤\ufe0f", "👩\u200d🚀 ❤\ufe0f"),
    ],
)
def test_names_have_no_invisible_characters(directory: RoomDirectory, name: str, shown: str):
    assert create(directory, name, "other").name == shown


def test_renamed_room_is_found_by_all_its_slugs(directory: RoomDirectory):
    for name in ("Green tea", "Black tea", "Tea"):
        directory.apply(rename_room(directory, ADA, "tea", name, NOON))
    assert [directory.find_by_slug("bob", slug).id for slug in ("tea", "green-tea", "black-tea")] == ["tea"] * 3
    assert (get(directory, "tea").slug, get(directory, "tea").former_slugs) == ("tea", ("green-tea", "black-tea"))


def test_former_slug_is_not_given_to_another_room(directory: RoomDirectory):
    directory.apply(rename_room(directory, ADA, "tea", "Coffee", NOON))
    assert create(directory, "Tea", "other").slug == "tea-2"


@pytest.mark.parametrize(
    ("name", "key"),
    [("", "name-empty"), ("\u2800 \n", "name-empty"), (None, "name-empty"), ("x" * 41, "line-too-long")],
)
def test_name_that_is_no_name_is_refused(directory: RoomDirectory, name: object, key: str):
    assert refusal(lambda: rename_room(directory, ADA, "tea", name, NOON)).key == key
    assert refusal(lambda: create(directory, name, "other")).key == key


# Who may do what.


@pytest.mark.parametrize(
    ("policy", "role", "outcome"),
    [
        (RoomPolicy.ADMINS, Role.MODERATOR, "needs-admin"),
        (RoomPolicy.ADMINS, Role.ADMIN, ""),
        (RoomPolicy.MEMBERS, Role.GUEST, "needs-member"),
        (RoomPolicy.MEMBERS, Role.MEMBER, ""),
        (RoomPolicy.OFF, Role.OWNER, "rooms-off"),
    ],
)
def test_policy_decides_who_creates_rooms(directory: RoomDirectory, policy: RoomPolicy, role: Role, outcome: str):
    actor = MEMBER.with_role(role)
    try:
        found = create_room(directory, actor, "Cake", "cake", NOON, policy=policy).room.name
    except ChatError as problem:
        found = problem.key
    assert found == (outcome or "Cake")


def test_members_create_a_limited_number_of_rooms_and_admins_more(directory: RoomDirectory):
    for number in range(MAX_OWN_ROOMS):
        directory.apply(create_room(directory, MEMBER, "Room", f"mia{number}", NOON, policy=RoomPolicy.MEMBERS))
    problem = refusal(lambda: create_room(directory, MEMBER, "Room", "more", NOON, policy=RoomPolicy.MEMBERS))
    assert (problem.key, problem.details) == ("own-rooms-full", {"limit": MAX_OWN_ROOMS})
    assert create_room(directory, MEMBER.with_role(Role.ADMIN), "Room", "more", NOON, policy=RoomPolicy.MEMBERS)


CHANGES: dict[str, Callable[[RoomDirectory, Member], Event]] = {
    "rename": lambda directory, actor: rename_room(directory, actor, "mias", "Cake", NOON),
    "describe": lambda directory, actor: describe_room(directory, actor, "mias", "With cream", NOON),
    "archive": lambda directory, actor: archive_room(directory, actor, "mias", NOON),
}


@pytest.mark.parametrize("change", CHANGES.values(), ids=CHANGES)
def test_rooms_are_changed_by_who_created_them_and_admins(
    directory: RoomDirectory, change: Callable[[RoomDirectory, Member], Event]
):
    directory.apply(create_room(directory, MEMBER, "Mia's", "mias", NOON, policy=RoomPolicy.MEMBERS))
    for stranger in (BOB, MO):
        assert isinstance(refusal(lambda actor=stranger: change(directory, actor)), NotAllowed)
    for actor in (MEMBER, ADA):
        assert change(directory, actor)


def test_lobby_is_not_archived_and_direct_rooms_are_not_changed(directory: RoomDirectory):
    event = RoomCreated(ADA.ref, NOON, new_direct(ADA, ["bob"], NOON))
    directory.apply(event)
    attempts = [
        lambda: archive_room(directory, ADA, LOBBY, NOON),
        lambda: rename_room(directory, ADA, event.room.id, "Us", NOON),
        lambda: archive_room(directory, ADA, event.room.id, NOON),
    ]
    assert [refusal(attempt).key for attempt in attempts] == ["room-fixed"] * 3


def test_archived_room_is_not_listed_but_found(directory: RoomDirectory):
    directory.apply(archive_room(directory, ADA, "tea", NOON))
    assert [room.name for room in directory.visible_to("bob")] == ["Lobby"]
    assert directory.find_by_slug("bob", "tea").is_archived


def test_archived_room_is_reopened_by_who_may_change_it(directory: RoomDirectory):
    assert refusal(lambda: reopen_room(directory, ADA, "tea", NOON)).key == "room-open"
    directory.apply(archive_room(directory, ADA, "tea", NOON))
    assert refusal(lambda: archive_room(directory, ADA, "tea", NOON)).key == "room-archived"
    assert ([room.id for room in directory.archived(ADA)], directory.archived(BOB)) == (["tea"], [])
    assert isinstance(refusal(lambda: reopen_room(directory, BOB, "tea", NOON)), NotAllowed)
    assert directory.apply(reopen_room(directory, ADA, "tea", NOON))
    assert [room.name for room in directory.visible_to("bob")] == ["Lobby", "Tea"]
    assert directory.archived(ADA) == []


def test_archived_private_room_is_listed_for_its_members_only(directory: RoomDirectory):
    directory.apply(archive_room(directory, ADA, "plans", NOON))
    other_admin = replace(ADA, id="other")
    assert ([room.id for room in directory.archived(ADA)], directory.archived(other_admin)) == (["plans"], [])


def test_members_of_a_private_room_invite_and_leave(directory: RoomDirectory):
    directory.apply(add_member(directory, ADA, "plans", BOB.ref, NOON))
    directory.apply(add_member(directory, BOB, "plans", CID.ref, NOON))
    assert refusal(lambda: add_member(directory, BOB, "plans", CID.ref, NOON)).key == "room-member"
    assert isinstance(refusal(lambda: remove_member(directory, BOB, "plans", CID.ref, NOON)), NotAllowed)
    assert directory.apply(remove_member(directory, BOB, "plans", BOB.ref, NOON))
    assert directory.apply(remove_member(directory, ADA, "plans", CID.ref, after(1)))
    assert get(directory, "plans").members == {"ada"}
    assert refusal(lambda: directory.room_for("bob", "plans")).key == "room-gone"


def test_public_room_has_no_members_to_add(directory: RoomDirectory):
    assert refusal(lambda: add_member(directory, ADA, "tea", BOB.ref, NOON)).key == "room-not-private"


def test_event_applied_again_changes_nothing(directory: RoomDirectory):
    events: list[Event] = [
        rename_room(directory, ADA, "tea", "Cake", NOON),
        describe_room(directory, ADA, "tea", "With cream", NOON),
        add_member(directory, ADA, "plans", BOB.ref, NOON),
        MemberRemoved("plans", ADA.ref, BOB.ref, NOON),
        archive_room(directory, ADA, "tea", NOON),
    ]
    assert [directory.apply(event) for event in events] == [True] * 5
    assert directory.apply(events[-1]) is directory.apply(events[0]) is False
    assert list(directory.copy()) == list(directory)
