"""Links to private rooms: who creates them, whom they let in, and when they end."""

from collections.abc import Callable

import pytest

from chat.domain.rooms.directory.directory import RoomDirectory
from chat.domain.rooms.directory.room_decisions import add_member, create_room, remove_member
from chat.domain.rooms.directory.room_info import LOBBY
from chat.domain.rooms.directory.room_links import LINK_LASTS, create_link, follow_link, revoke_link
from chat.domain.rooms.directory.room_policy import RoomPolicy
from chat.domain.rooms.events import MemberAdded
from tests.unit.domain.rooms.scenes import ADA, ANN, BOB, CID, NOON, after, refusal


@pytest.fixture
def directory() -> RoomDirectory:
    """Ada and Bob are in Plans, to which there is a link."""
    directory = RoomDirectory()
    directory.apply(create_room(directory, ADA, "Plans", "plans", NOON, policy=RoomPolicy.ADMINS, is_private=True))
    directory.apply(add_member(directory, ADA, "plans", BOB.ref, NOON))
    directory.apply(create_link(directory, BOB, "plans", "digest", NOON))
    return directory


def test_link_makes_a_stranger_a_member(directory: RoomDirectory):
    joined = follow_link(directory, CID, "digest", after(1))
    assert isinstance(joined, MemberAdded)
    directory.apply(joined)
    assert directory.room_for("cid", "plans").members == {"ada", "bob", "cid"}
    assert follow_link(directory, CID, "digest", after(2)) == directory.get("plans")


ENDS: dict[str, Callable[[RoomDirectory], object]] = {
    "revoked": lambda directory: directory.apply(revoke_link(directory, ADA, "plans", NOON)),
    "replaced": lambda directory: directory.apply(create_link(directory, ADA, "plans", "other", NOON)),
    "somebody was sent out": lambda directory: directory.apply(remove_member(directory, ADA, "plans", BOB.ref, NOON)),
}


@pytest.mark.parametrize("end", ENDS.values(), ids=ENDS)
def test_link_that_ended_answers_like_none(directory: RoomDirectory, end: Callable[[RoomDirectory], object]):
    end(directory)
    ended, wrong, empty = (
        refusal(lambda digest=digest: follow_link(directory, CID, digest, NOON)) for digest in ("digest", "wrong", "")
    )
    assert ended.args == wrong.args == empty.args == ("link-over", {})


def test_link_expires(directory: RoomDirectory):
    last = NOON + LINK_LASTS
    assert refusal(lambda: follow_link(directory, CID, "digest", last)).key == "link-over"
    assert follow_link(directory, CID, "digest", last.replace(microsecond=0) - (after(1) - NOON))


def test_link_lives_on_when_somebody_leaves(directory: RoomDirectory):
    directory.apply(remove_member(directory, BOB, "plans", BOB.ref, NOON))
    assert follow_link(directory, CID, "digest", NOON)


@pytest.mark.parametrize(
    ("room_id", "key"), [("plans", "room-gone"), ("nowhere", "room-gone"), (LOBBY, "room-not-private")]
)
def test_only_members_create_and_revoke_links_of_private_rooms(directory: RoomDirectory, room_id: str, key: str):
    assert refusal(lambda: create_link(directory, ANN, room_id, "mine", NOON)).key == key
    assert refusal(lambda: revoke_link(directory, ANN, room_id, NOON)).key == key


def test_there_must_be_a_link_to_revoke(directory: RoomDirectory):
    directory.apply(revoke_link(directory, ADA, "plans", NOON))
    assert refusal(lambda: revoke_link(directory, ADA, "plans", NOON)).key == "link-over"
