"""How far a member has read: by number, for each room, on all devices of an account."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from chat.domain.messages.history import History
from chat.domain.messages.message import Message
from chat.domain.people.people import People
from chat.domain.rooms.directory.room_info import LOBBY
from chat.domain.rooms.room import Room
from chat.ui.last_seen import LastSeen
from chat.web.session import AccountData, Session

NOON = datetime(2026, 5, 1, 12, tzinfo=UTC)
GUEST, ACCOUNT = {"id": "ann", "name": "Ann", "generation": None}, {"id": "ann", "name": "Ann", "generation": 1}


def room(room_id: str = LOBBY, numbers: tuple[int, ...] = (1, 2, 5), last_author: str = "bob") -> Room:
    """Return a room with messages of these numbers, a minute apart."""
    people = People(timedelta(seconds=10))
    first = Message("message00", room_id, "bob", "Bob", "Hi", NOON)
    messages = [replace(first, id=f"message{n:02}", at=NOON + timedelta(minutes=n), number=n) for n in numbers]
    messages[-1:] = [replace(last, author=last_author) for last in messages[-1:]]
    return Room(room_id, History(100, messages, last=max(numbers, default=0)), people)


def session(
    member: dict[str, Any] | None = None, data: dict[str, Any] | None = None, by_account: Any = None
) -> Session:
    values = {} if data is None else data
    values["member"] = member or GUEST
    return Session("session", values, {}, AccountData({} if by_account is None else by_account))


def test_newcomer_has_seen_nothing():
    assert LastSeen(session(), room()).number is None


def test_last_event_is_kept_for_each_room():
    own = session()
    LastSeen(own, room()).save()
    LastSeen(own, room("tea", (1, 2))).save()
    assert [LastSeen(own, room(room_id)).number for room_id in (LOBBY, "tea", "cake")] == [5, 2, None]


def test_account_has_one_place_on_all_devices():
    by_account: dict[str, Any] = {}
    LastSeen(session(ACCOUNT, by_account=by_account), room()).save()
    assert LastSeen(session(ACCOUNT, by_account=by_account), room()).number == 5


@pytest.mark.parametrize(("minutes", "number"), [(0, 0), (1, 1), (2, 2), (4, 2), (5, 5), (99, 5)])
def test_time_of_an_earlier_version_becomes_a_number_of_the_lobby(minutes: int, number: int):
    kept = {"seen": (NOON + timedelta(minutes=minutes)).isoformat()}
    assert LastSeen(session(data=kept), room()).number == number
    assert LastSeen(session(data=kept), room("tea")).number is None
    own = session(data=kept)
    LastSeen(own, room("tea")).save()
    assert (LastSeen(own, room()).number, LastSeen(own, room("tea")).number) == (number, 5)
    LastSeen(own, room()).save()
    assert own.read_marks.all() == {"tea": 5, LOBBY: 5}


def test_place_beyond_the_end_of_another_history_is_its_end():
    own = session(data={"seen": {LOBBY: 500}})
    assert LastSeen(own, room()).number == 5


@pytest.mark.parametrize(("minutes", "author", "number"), [(1, "bob", 1), (2, "bob", 4), (2, "ann", 5), (5, "bob", 5)])
def test_messages_since_the_page_was_last_heard_are_not_seen_but_for_own_ones(minutes: int, author: str, number: int):
    own, lobby = session(), room(last_author=author)
    LastSeen(own, lobby).save(until=NOON + timedelta(minutes=minutes))
    assert LastSeen(own, lobby).number == number
