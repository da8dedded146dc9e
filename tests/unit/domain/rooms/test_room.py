"""The room: who comes and goes and under which name, and that facts alone are enough to rebuild all of it.

What is said in it is in `test_conversation`.
"""

from collections.abc import Callable, Iterable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from chat.domain.errors import ChatError, NameRefused, NotHere
from chat.domain.events import (
    AuthorAnonymized,
    Connected,
    Disconnected,
    DurableEvent,
    Event,
    HistoryCleared,
    MemberChanged,
    MemberJoined,
    MemberLeft,
    MessageDeleted,
    MessageEdited,
    MessagePosted,
    Reacted,
    TopicChanged,
    TypingStarted,
    TypingStopped,
    ViewingChanged,
)
from chat.domain.messages.history import History
from chat.domain.messages.message import Kind, Message
from chat.domain.rooms.room import Room
from chat.domain.rooms.timeline import (
    HistoryClearedNotice,
    JoinLeaveSummary,
    JoinOrLeave,
    RenamedNotice,
    RoleChangedNotice,
)
from chat.domain.users import Member, Nickname, Role
from chat.text.nicknames import parse_nickname

NOON = datetime(2026, 5, 1, 12, tzinfo=UTC)
ANN = Member("ann", parse_nickname("Ann"))
BOB = Member("bob", parse_nickname("Bob"))


def after(seconds: float) -> datetime:
    return NOON + timedelta(seconds=seconds)


def new_room(limit: int = 100) -> Room:
    return Room("lobby", History(limit), grace=timedelta(seconds=10))


def apply(room: Room, events: Event | Iterable[Event]) -> None:
    for event in [events] if isinstance(events, Event) else events:
        room.apply(event)


@pytest.fixture
def room() -> Room:
    """Ann and Bob are here, with a tab each."""
    room = new_room()
    for member in (ANN, BOB):
        apply(room, room.connect(member, f"{member.id}'s tab", NOON))
    return room


def notices(room: Room) -> list[object]:
    return [
        item
        for _, item in room.conversation.timeline
        if isinstance(item, RenamedNotice | RoleChangedNotice | HistoryClearedNotice)
    ]


# Coming and going.


def test_the_first_tab_is_news():
    assert new_room().connect(ANN, "tab", NOON) == [MemberJoined("lobby", ANN, NOON), Connected("lobby", "ann", "tab")]


def test_another_tab_is_not(room: Room):
    assert room.connect(ANN, "tab 2", NOON) == [Connected("lobby", "ann", "tab 2")]


@pytest.mark.parametrize("name", ["Ann", "ANN", "Ａｎｎ", " ann "])
def test_a_name_that_is_taken_is_refused_in_every_form(room: Room, name: str):
    with pytest.raises(NameRefused) as refused:
        room.connect(Member("eve", parse_nickname(name)), "tab", NOON)
    assert refused.value.key == "name-taken"


def eves(room: Room) -> Room:
    """A room where names that begin with an E are Eve's."""

    def owned_by_eve(name: Nickname) -> str | None:
        return "eve" if name.key[0] == "e" else None

    return Room(room.name, room.conversation.history, timedelta(), reserved_by=owned_by_eve)


def test_a_name_that_belongs_to_somebody_is_refused_to_others(room: Room):
    room = eves(room)
    apply(room, room.connect(ANN, "tab", NOON))
    for attempt in (
        lambda: room.connect(Member("bob", parse_nickname("Emil")), "tab", NOON),
        lambda: room.rename("ann", parse_nickname("EMIL"), NOON),
    ):
        with pytest.raises(NameRefused) as refused:
            attempt()
        assert refused.value.key == "name-account"


def test_its_owner_can_have_it(room: Room):
    room = eves(room)
    apply(room, room.connect(Member("eve", parse_nickname("Eve")), "tab", NOON))
    apply(room, room.rename("eve", parse_nickname("Emil"), NOON))
    assert room.member("eve").name == "Emil"


def test_what_can_be_no_name_stays_so_for_its_owner(room: Room):
    with pytest.raises(NameRefused, match="name-reserved"):
        eves(room).check_name("eve", parse_nickname("everyone"))


def test_a_name_is_free_again_when_its_owner_has_left(room: Room):
    apply(room, room.leave("ann", NOON))
    assert room.connect(Member("eve", parse_nickname("Ann")), "tab", NOON)


def test_who_reconnects_within_the_grace_never_left(room: Room):
    apply(room, room.disconnect("ann", "ann's tab", NOON))
    assert room.expire(after(9)) == []
    apply(room, room.connect(ANN, "ann's tab", after(9)))
    assert room.expire(after(60)) == []


def test_who_stays_away_has_left_after_the_grace(room: Room):
    apply(room, room.disconnect("ann", "ann's tab", NOON))
    events = room.expire(after(10))
    assert events == [MemberLeft("lobby", ANN, after(10))]
    apply(room, events)
    assert room.roster() == [BOB]
    assert "ann" not in room.presence


def test_who_leaves_on_purpose_leaves_at_once_and_once(room: Room):
    events = room.leave("ann", NOON)
    assert events == [MemberLeft("lobby", ANN, NOON)]
    apply(room, events)
    assert room.leave("ann", NOON) == []


def test_comings_and_goings_are_in_the_timeline(room: Room):
    apply(room, room.leave("bob", NOON))
    [(_, line)] = room.conversation.timeline
    assert isinstance(line, JoinLeaveSummary)
    assert (line.names(JoinOrLeave.JOINED), line.names(JoinOrLeave.LEFT)) == (["Ann"], ["Bob"])


def test_the_roster_is_sorted_by_name_whatever_the_case(room: Room):
    apply(room, room.connect(Member("zed", parse_nickname("aaron")), "tab", NOON))
    assert [member.name for member in room.roster()] == ["aaron", "Ann", "Bob"]


# Names and roles.


def test_a_rename_is_told_with_both_names(room: Room):
    apply(room, room.rename("ann", parse_nickname("Anna"), NOON))
    assert room.member("ann").name == "Anna"
    assert notices(room) == [RenamedNotice(NOON, "Ann", "Anna")]


def test_nobody_can_take_a_name_in_use_or_reserved(room: Room):
    for name, key in [("BOB", "name-taken"), ("admin", "name-reserved")]:
        with pytest.raises(NameRefused) as refused:
            room.rename("ann", parse_nickname(name), NOON)
        assert refused.value.key == key


def test_ones_own_name_may_change_its_case(room: Room):
    apply(room, room.rename("ann", parse_nickname("ANN"), NOON))
    assert room.member("ann").name == "ANN"


def test_the_same_name_again_is_no_news(room: Room):
    assert not room.apply(room.rename("ann", parse_nickname("Ann"), NOON))
    assert notices(room) == []


def test_who_becomes_an_admin_is_told_to_everybody(room: Room):
    apply(room, room.apply_role("ann", Role.ADMIN, NOON))
    assert room.member("ann").role is Role.ADMIN
    assert notices(room) == [RoleChangedNotice(NOON, "Ann", Role.ADMIN)]


def test_a_role_that_one_has_is_no_news(room: Room):
    assert not room.apply(room.apply_role("ann", Role.GUEST, NOON))
    assert notices(room) == []


STRANGERS: dict[str, Callable[[Room], object]] = {
    "look up": lambda room: room.member("eve"),
    "rename": lambda room: room.rename("eve", parse_nickname("Eve"), NOON),
    "promote": lambda room: room.apply_role("eve", Role.ADMIN, NOON),
}


@pytest.mark.parametrize("action", STRANGERS)
def test_who_is_not_here_can_do_nothing(room: Room, action: str):
    with pytest.raises(NotHere):
        STRANGERS[action](room)


# Names in mentions.


def mentions(room: Room, text: str) -> dict[str, str]:
    return room.conversation.post(BOB, text, "message99", NOON).message.mentions


def test_who_is_here_can_be_mentioned(room: Room):
    assert mentions(room, "@Ann") == {"Ann": "ann"}


def test_who_has_left_can_be_mentioned_too(room: Room):
    apply(room, room.leave("ann", NOON))
    assert mentions(room, "@Ann") == {"Ann": "ann"}


def test_a_name_means_who_bears_it_now(room: Room):
    apply(room, room.rename("ann", parse_nickname("Anna"), NOON))
    apply(room, room.connect(Member("eve", parse_nickname("Ann")), "tab", NOON))
    assert mentions(room, "@Ann and @Anna") == {"Ann": "eve", "Anna": "ann"}


def test_a_mention_follows_who_is_renamed(room: Room):
    mentioned = mentions(room, "@Ann")["Ann"]
    apply(room, room.rename("ann", parse_nickname("Anna"), NOON))
    assert room.conversation.name_of(mentioned) == "Anna"


# Watching.


def test_who_comes_looks_at_what_is_newest(room: Room):
    assert room.presence.is_viewing_latest("ann")


def test_looking_away_and_back_is_news_once(room: Room):
    for on in (False, True):
        event = room.set_viewing_latest("ann", "ann's tab", on)
        assert event == ViewingChanged("lobby", "ann", "ann's tab", on)
        assert room.apply(event)
        assert not room.apply(event)
        assert room.presence.is_viewing_latest("ann") is on


@pytest.mark.parametrize(("who", "tab"), [("ann", "bob's tab"), ("eve", "ann's tab"), ("ann", "")])
def test_a_tab_that_is_not_there_watches_nothing(room: Room, who: str, tab: str):
    assert not room.apply(room.set_viewing_latest(who, tab, False))
    assert room.presence.is_viewing_latest("ann")
    assert room.presence.is_viewing_latest("bob")


# Typing.


def test_typing_begins_and_ends(room: Room):
    apply(room, room.type("ann", True, NOON))
    assert room.typing.members == ("ann",)
    apply(room, room.type("ann", False, NOON))
    assert room.typing.members == ()


def test_going_on_typing_is_no_news(room: Room):
    [event] = room.type("ann", True, NOON)
    assert room.apply(event)
    [event] = room.type("ann", True, after(1))
    assert not room.apply(event)


def test_not_typing_is_no_news_either(room: Room):
    assert room.type("ann", False, NOON) == []


def test_strangers_do_not_type(room: Room):
    assert room.type("eve", True, NOON) == []


def test_typing_ends_with_the_authors_message_only(room: Room):
    for who in ("ann", "bob"):
        apply(room, room.type(who, True, NOON))
    apply(room, room.conversation.post(ANN, "Hello", "message01", NOON))
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
    talk = room.conversation
    return {
        "history": list(talk.history),
        "topic": talk.history.topic,
        "timeline": list(talk.timeline),
        "gone": talk.timeline.last_evicted,
        "names": {who: talk.name_of(who) for who in WHO},
        "said": {turn for turn in range(80) if any(talk.has_posted(who, f"message{turn:03}") for who in WHO)},
        "members": dict(room.members),
        "connected": {member_id: room.presence.is_connected(member_id) for member_id in room.members},
        "watching": {member_id: room.presence.is_viewing_latest(member_id) for member_id in room.members},
        "present": len(room.presence),
        "lost": sorted(room.presence.overdue(after(1_000_000))),
        "typing": room.typing.members,
    }


def scene(room: Room, moves: list[tuple[str, str, int]]) -> list[Event]:
    """Let people do things, two seconds after each other; returns the facts in which something was new."""
    published: list[Event] = []

    def publish(events: Event | Iterable[Event]) -> None:
        published.extend(event for event in ([events] if isinstance(events, Event) else events) if room.apply(event))

    for turn, move in enumerate(moves):
        try:
            publish(decide(room, move, f"message{turn:03}", after(turn * 2)))
        except ChatError:
            continue
    return published


def decide(room: Room, move: tuple[str, str, int], message_id: str, now: datetime) -> Event | list[Event]:
    who, what, number = move
    match what:
        case "connect":
            return room.connect(Member(who, parse_nickname(f"{who} {number}")), f"tab {number}", now)
        case "disconnect":
            return room.disconnect(who, f"tab {number}", now)
        case "look":
            return room.set_viewing_latest(who, "tab 0", number > 0)
        case "leave":
            return room.leave(who, now)
        case "rename":
            return room.rename(who, parse_nickname(f"name {number}"), now)
        case "promote":
            return room.apply_role(who, Role.ADMIN, now)
        case "type":
            return room.type(who, number > 0, now)
        case "wait":
            return room.expire(now)
        case "anonymise":
            return room.conversation.anonymize(who, f"{who} was it", now)
    return say(room, move, message_id, now)


def say(room: Room, move: tuple[str, str, int], message_id: str, now: datetime) -> Event:
    """Say something, or do something with one of the last messages."""
    who, what, number = move
    talk, member = room.conversation, room.member(who)
    target = next((m.id for at, m in enumerate(reversed(talk.history)) if at == number), "")
    match what:
        case "post":
            return talk.post(member, f"Message {number}, @name {number} and @all", message_id, now)
        case "act":
            return talk.post(member, "waves", message_id, now, kind=Kind.ACTION)
        case "reply":
            return talk.post(member, "Hi", message_id, now, reply_to=target or "message999")
        case "edit":
            return talk.edit(member, target, f"Message {number}, better", now)
        case "delete":
            return talk.delete(member, target)
        case "react":
            return talk.react(member, target, "🎉👍😂"[number])
        case "topic":
            return talk.change_topic(member, ["-", "Tea", "Cake"][number], now)
    return talk.clear(member, now)


WHO = ["ann", "bob", "cid"]
WHAT = [
    "connect", "disconnect", "look", "leave", "rename", "promote", "type", "wait", "post", "act", "reply", "edit",
    "delete", "react", "topic", "clear", "anonymise",
]  # fmt: skip
MOVES = st.lists(st.tuples(st.sampled_from(WHO), st.sampled_from(WHAT), st.integers(0, 2)), max_size=60)

WHOLE_SCENE = [
    ("ann", "connect", 0), ("bob", "connect", 0), ("ann", "type", 1), ("ann", "type", 0), ("ann", "look", 0),
    ("ann", "promote", 0), ("bob", "post", 0), ("ann", "reply", 0), ("bob", "edit", 1), ("ann", "react", 1),
    ("ann", "topic", 1), ("ann", "delete", 1), ("bob", "react", 0), ("ann", "anonymise", 0), ("ann", "clear", 0),
    ("bob", "disconnect", 0), ("bob", "leave", 0),
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
    events = scene(new_room(limit=5), moves)
    room = new_room(limit=5)
    for event in events:
        room.apply(event)
        before = snapshot(room)
        room.apply(event)
        assert snapshot(room) == before, event


@given(MOVES)
@example(WHOLE_SCENE)
def test_a_fact_that_comes_twice_is_no_news(moves: list[tuple[str, str, int]]):
    events = scene(new_room(limit=5), moves)
    room = new_room(limit=5)
    for event in events:
        assert room.apply(event), event
        assert not room.apply(event), event


def test_every_kind_of_fact_is_in_a_whole_scene():
    assert {type(event) for event in scene(new_room(), WHOLE_SCENE)} == {
        AuthorAnonymized, Connected, Disconnected, HistoryCleared, MemberChanged, MemberJoined, MemberLeft,
        MessageDeleted, MessageEdited, MessagePosted, Reacted, TopicChanged, TypingStarted, TypingStopped, ViewingChanged,
    }  # fmt: skip


@given(MOVES)
@example(WHOLE_SCENE)
def test_the_timeline_shows_the_history(moves: list[tuple[str, str, int]]):
    room = new_room(limit=5)
    scene(room, moves)
    timeline = room.conversation.timeline
    assert [item for _, item in timeline if isinstance(item, Message)] == list(room.conversation.history)


@given(MOVES)
@example(WHOLE_SCENE)
def test_a_restart_loses_nothing_that_was_said(moves: list[tuple[str, str, int]]):
    room, kept = new_room(limit=5), History(5)
    for event in scene(room, moves):
        if isinstance(event, DurableEvent):
            is_news = kept.apply(event) is not None
            assert is_news or isinstance(event, AuthorAnonymized), event  # that may be about notices only
    assert list(kept) == list(room.conversation.history)
    assert kept.topic == room.conversation.history.topic
