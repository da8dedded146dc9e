"""The room: what it allows, what it makes of the facts, and that facts alone are enough to rebuild it."""

from collections.abc import Callable, Iterable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from chat.errors import ChatError, CommandRefused, NameRefused, NotHere, TextRefused
from chat.events import (
    Connected,
    Disconnected,
    Fact,
    HistoryCleared,
    MemberChanged,
    MemberJoined,
    MemberLeft,
    MessagePosted,
    TypingStarted,
    TypingStopped,
)
from chat.members import Member, Role
from chat.messages import History, Kind
from chat.names import nickname
from chat.room import Room
from chat.timeline import Cleared, Promoted, Renamed, Traffic, Verb

NOON = datetime(2026, 5, 1, 12, tzinfo=UTC)
ANN = Member("ann", nickname("Ann"))
BOB = Member("bob", nickname("Bob"))


def after(seconds: float) -> datetime:
    return NOON + timedelta(seconds=seconds)


def new_room(limit: int = 100) -> Room:
    return Room("lobby", History(limit), grace=timedelta(seconds=10))


def apply(room: Room, facts: Fact | Iterable[Fact]) -> None:
    for fact in [facts] if isinstance(facts, Fact) else facts:
        room.apply(fact)


@pytest.fixture
def room() -> Room:
    """Ann and Bob are here, with a tab each."""
    room = new_room()
    for member in (ANN, BOB):
        apply(room, room.connect(member, f"{member.id}'s tab", NOON))
    return room


def notices(room: Room) -> list[object]:
    return [item for _, item in room.timeline if isinstance(item, Renamed | Promoted | Cleared)]


# Coming and going.


def test_the_first_tab_is_news():
    assert new_room().connect(ANN, "tab", NOON) == [MemberJoined("lobby", ANN, NOON), Connected("lobby", "ann", "tab")]


def test_another_tab_is_not(room: Room):
    assert room.connect(ANN, "tab 2", NOON) == [Connected("lobby", "ann", "tab 2")]


@pytest.mark.parametrize("name", ["Ann", "ANN", "Ａｎｎ", " ann "])
def test_a_name_that_is_taken_is_refused_in_every_form(room: Room, name: str):
    with pytest.raises(NameRefused) as refused:
        room.connect(Member("eve", nickname(name)), "tab", NOON)
    assert refused.value.key == "name-taken"


def test_a_name_is_free_again_when_its_owner_has_left(room: Room):
    apply(room, room.leave("ann", NOON))
    assert room.connect(Member("eve", nickname("Ann")), "tab", NOON)


def test_who_reconnects_within_the_grace_never_left(room: Room):
    apply(room, room.disconnect("ann", "ann's tab", NOON))
    assert room.expire(after(9)) == []
    apply(room, room.connect(ANN, "ann's tab", after(9)))
    assert room.expire(after(60)) == []


def test_who_stays_away_has_left_after_the_grace(room: Room):
    apply(room, room.disconnect("ann", "ann's tab", NOON))
    facts = room.expire(after(10))
    assert facts == [MemberLeft("lobby", ANN, after(10))]
    apply(room, facts)
    assert room.roster() == [BOB]
    assert "ann" not in room.presence


def test_who_leaves_on_purpose_leaves_at_once_and_once(room: Room):
    facts = room.leave("ann", NOON)
    assert facts == [MemberLeft("lobby", ANN, NOON)]
    apply(room, facts)
    assert room.leave("ann", NOON) == []


def test_comings_and_goings_are_in_the_timeline(room: Room):
    apply(room, room.leave("bob", NOON))
    [(_, line)] = room.timeline
    assert isinstance(line, Traffic)
    assert (line.names(Verb.JOINED), line.names(Verb.LEFT)) == (["Ann"], ["Bob"])


def test_the_roster_is_sorted_by_name_whatever_the_case(room: Room):
    apply(room, room.connect(Member("zed", nickname("aaron")), "tab", NOON))
    assert [member.name for member in room.roster()] == ["aaron", "Ann", "Bob"]


# Names and roles.


def test_a_rename_is_told_with_both_names(room: Room):
    apply(room, room.rename("ann", nickname("Anna"), NOON))
    assert room.member("ann").name == "Anna"
    assert notices(room) == [Renamed(NOON, "Ann", "Anna")]


def test_nobody_can_take_a_name_in_use_or_reserved(room: Room):
    for name, key in [("BOB", "name-taken"), ("admin", "name-reserved")]:
        with pytest.raises(NameRefused) as refused:
            room.rename("ann", nickname(name), NOON)
        assert refused.value.key == key


def test_ones_own_name_may_change_its_case(room: Room):
    apply(room, room.rename("ann", nickname("ANN"), NOON))
    assert room.member("ann").name == "ANN"


def test_the_same_name_again_is_no_news(room: Room):
    assert not room.apply(room.rename("ann", nickname("Ann"), NOON))
    assert notices(room) == []


def test_who_becomes_an_admin_is_told_to_everybody(room: Room):
    apply(room, room.promote("ann", Role.ADMIN, NOON))
    assert room.member("ann").may_clear
    assert notices(room) == [Promoted(NOON, "Ann")]


# Talking.


def test_a_message_carries_who_said_it_when_and_where(room: Room):
    message = room.post("ann", "Hello", "message01", NOON).message
    assert (message.room, message.author, message.name, message.text) == ("lobby", "ann", "Ann", "Hello")
    assert (message.id, message.at, message.kind) == ("message01", NOON, Kind.TEXT)


def test_deciding_alone_changes_nothing(room: Room):
    room.post("ann", "Hello", "message01", NOON)
    assert len(room.history) == 0


def test_a_message_is_in_the_history_and_in_the_timeline_once(room: Room):
    fact = room.post("ann", "Hello", "message01", NOON)
    assert room.apply(fact)
    assert not room.apply(fact)
    assert list(room.history) == [fact.message]
    assert [item for _, item in room.timeline][1:] == [fact.message]


@pytest.mark.parametrize(("text", "key"), [(" ", "text-empty"), ("a" * 4001, "text-too-long"), (None, "text-empty")])
def test_text_that_is_none_is_refused(room: Room, text: object, key: str):
    with pytest.raises(TextRefused) as refused:
        room.post("ann", text, "message01", NOON)
    assert refused.value.key == key


def test_a_message_of_another_with_the_same_id_is_another_message(room: Room):
    apply(room, room.post("ann", "Hello", "message01", NOON))
    apply(room, room.post("bob", "Hi", "message01", NOON))
    assert [message.text for message in room.history] == ["Hello", "Hi"]
    assert room.has_said("ann", "message01")
    assert room.has_said("bob", "message01")


def test_nobody_has_said_what_is_not_in_the_history(room: Room):
    apply(room, room.post("ann", "Hello", "message01", NOON))
    assert not room.has_said("bob", "message01")
    assert not room.has_said("ann", "message02")


STRANGERS: dict[str, Callable[[Room], object]] = {
    "post": lambda room: room.post("eve", "Hello", "message01", NOON),
    "rename": lambda room: room.rename("eve", nickname("Eve"), NOON),
    "promote": lambda room: room.promote("eve", Role.ADMIN, NOON),
    "clear": lambda room: room.clear("eve", NOON),
}


@pytest.mark.parametrize("action", STRANGERS)
def test_who_is_not_here_can_do_nothing(room: Room, action: str):
    with pytest.raises(NotHere):
        STRANGERS[action](room)


def test_only_an_admin_clears(room: Room):
    with pytest.raises(CommandRefused) as refused:
        room.clear("ann", NOON)
    assert refused.value.key == "admins-only"


def test_clearing_leaves_a_line_with_the_admins_name_and_nothing_else(room: Room):
    apply(room, room.promote("ann", Role.ADMIN, NOON))
    apply(room, room.post("bob", "Hello", "message01", NOON))
    apply(room, room.clear("ann", after(1)))
    assert len(room.history) == 0
    assert [item for _, item in room.timeline] == [Cleared(after(1), "Ann")]


# Typing.


def test_typing_begins_and_ends(room: Room):
    apply(room, room.type("ann", True, NOON))
    assert room.typing.members == ("ann",)
    apply(room, room.type("ann", False, NOON))
    assert room.typing.members == ()


def test_going_on_typing_is_no_news(room: Room):
    [fact] = room.type("ann", True, NOON)
    assert room.apply(fact)
    [fact] = room.type("ann", True, after(1))
    assert not room.apply(fact)


def test_not_typing_is_no_news_either(room: Room):
    assert room.type("ann", False, NOON) == []


def test_strangers_do_not_type(room: Room):
    assert room.type("eve", True, NOON) == []


def test_typing_ends_with_the_authors_message_only(room: Room):
    for who in ("ann", "bob"):
        apply(room, room.type(who, True, NOON))
    apply(room, room.post("ann", "Hello", "message01", NOON))
    assert room.typing.members == ("bob",)


def test_typing_ends_with_leaving(room: Room):
    apply(room, room.type("ann", True, NOON))
    apply(room, room.leave("ann", NOON))
    assert room.typing.members == ()


def test_typing_expires(room: Room):
    apply(room, room.type("ann", True, NOON))
    assert room.expire(after(4)) == []
    assert room.expire(after(5)) == [TypingStopped("lobby", ("ann",))]


# Facts.


def snapshot(room: Room) -> dict[str, Any]:
    """All that anybody can see of a room."""
    return {
        "history": list(room.history),
        "timeline": list(room.timeline),
        "gone": room.timeline.gone,
        "members": dict(room.members),
        "connected": {member_id: room.presence.is_connected(member_id) for member_id in room.members},
        "present": len(room.presence),
        "lost": sorted(room.presence.overdue(after(1_000_000))),
        "typing": room.typing.members,
    }


def scene(room: Room, moves: list[tuple[str, str, int]]) -> list[Fact]:
    """Let people do things, two seconds after each other; returns the facts in which something was new."""
    published: list[Fact] = []

    def publish(facts: Fact | Iterable[Fact]) -> None:
        published.extend(fact for fact in ([facts] if isinstance(facts, Fact) else facts) if room.apply(fact))

    for turn, move in enumerate(moves):
        try:
            publish(decide(room, move, f"message{turn:03}", after(turn * 2)))
        except ChatError:
            continue
    return published


def decide(room: Room, move: tuple[str, str, int], message_id: str, now: datetime) -> Fact | list[Fact]:
    who, what, number = move
    match what:
        case "connect":
            return room.connect(Member(who, nickname(f"{who} {number}")), f"tab {number}", now)
        case "disconnect":
            return room.disconnect(who, f"tab {number}", now)
        case "leave":
            return room.leave(who, now)
        case "rename":
            return room.rename(who, nickname(f"name {number}"), now)
        case "promote":
            return room.promote(who, Role.ADMIN, now)
        case "post":
            return room.post(who, f"Message {number}", message_id, now)
        case "act":
            return room.post(who, "waves", message_id, now, Kind.ACTION)
        case "clear":
            return room.clear(who, now)
        case "type":
            return room.type(who, number > 0, now)
    return room.expire(now)


WHAT = ["connect", "disconnect", "leave", "rename", "promote", "post", "act", "clear", "type", "wait"]
MOVES = st.lists(
    st.tuples(st.sampled_from(["ann", "bob", "cid"]), st.sampled_from(WHAT), st.integers(0, 2)), max_size=60
)

WHOLE_SCENE = [
    ("ann", "connect", 0), ("bob", "connect", 0), ("ann", "type", 1), ("ann", "type", 0), ("ann", "promote", 0),
    ("ann", "post", 0), ("ann", "clear", 0), ("bob", "disconnect", 0), ("bob", "leave", 0),
]  # fmt: skip


@given(MOVES)
@example(WHOLE_SCENE)
def test_the_facts_alone_make_the_same_room(moves: list[tuple[str, str, int]]):
    room, other = new_room(limit=5), new_room(limit=5)
    apply(other, scene(room, moves))
    assert snapshot(other) == snapshot(room)


@given(MOVES)
@example(WHOLE_SCENE)
def test_a_fact_that_comes_twice_changes_nothing(moves: list[tuple[str, str, int]]):
    facts = scene(new_room(limit=5), moves)
    room = new_room(limit=5)
    for fact in facts:
        room.apply(fact)
        before = snapshot(room)
        room.apply(fact)
        assert snapshot(room) == before, fact


@given(MOVES)
@example(WHOLE_SCENE)
def test_a_fact_that_comes_twice_is_no_news(moves: list[tuple[str, str, int]]):
    facts = scene(new_room(limit=5), moves)
    room = new_room(limit=5)
    for fact in facts:
        assert room.apply(fact), fact
        assert not room.apply(fact), fact


def test_every_kind_of_fact_is_in_a_whole_scene():
    assert {type(fact) for fact in scene(new_room(), WHOLE_SCENE)} == {
        Connected, Disconnected, HistoryCleared, MemberChanged, MemberJoined, MemberLeft, MessagePosted, TypingStarted,
        TypingStopped,
    }  # fmt: skip
