"""`EventBus`: listeners by room and kind of event, and none that disturbs another."""

from collections.abc import Callable
from dataclasses import replace
from functools import partial

import pytest
from structlog.testing import capture_logs

from chat.domain.events import Event
from chat.domain.messages.events import HistoryCleared, MessageDeleted, MessagePosted
from chat.domain.people.events import MemberLeft
from chat.domain.rooms.events import TypingStarted
from chat.domain.users import Member
from chat.state.pipeline.event_bus import EventBus
from chat.text.nicknames import parse_nickname
from tests.storage.samples import CLEARED, NOON, deleted, posted

LEFT = MemberLeft(Member("ann", parse_nickname("Ann")), NOON)
TYPING = TypingStarted("lobby", "ann", NOON)


@pytest.fixture
def bus() -> EventBus:
    return EventBus()


def test_listener_hears_the_kinds_that_it_subscribed_to(bus: EventBus):
    heard: list[Event] = []
    bus.subscribe(heard.append, MessagePosted, TypingStarted)
    for event in (posted(1), CLEARED, TYPING, deleted(1)):
        bus.publish(event)
    assert heard == [posted(1), TYPING]


def test_listener_without_kinds_hears_everything(bus: EventBus):
    heard: list[Event] = []
    bus.subscribe(heard.append)
    events = [posted(1), CLEARED, TYPING, deleted(1)]
    for event in events:
        bus.publish(event)
    assert heard == events


def test_listener_of_a_room_hears_only_its_events(bus: EventBus):
    heard: list[tuple[str, Event]] = []
    for name, room_id in (("everywhere", None), ("lobby", "lobby"), ("tea", "tea")):
        bus.subscribe(lambda event, name=name: heard.append((name, event)), MessagePosted, MemberLeft, room_id=room_id)
    in_tea = replace(posted(2), room_id="tea")
    for event in (posted(1), in_tea, LEFT):
        bus.publish(event)
    assert heard == [
        ("lobby", posted(1)),
        ("everywhere", posted(1)),
        ("tea", in_tea),
        ("everywhere", in_tea),
        ("everywhere", LEFT),
    ]


def test_listener_of_a_member_hears_only_what_is_about_them(bus: EventBus):
    heard: list[tuple[str, Event]] = []
    for name, member_id in (("everybody", None), ("ann", "ann"), ("bob", "bob")):
        listener = partial(lambda name, event: heard.append((name, event)), name)
        bus.subscribe(listener, MessagePosted, MemberLeft, TypingStarted, member_id=member_id)
    for event in (posted(1), LEFT, TYPING):
        bus.publish(event)
    assert heard == [
        ("everybody", posted(1)),
        ("ann", LEFT),
        ("everybody", LEFT),
        ("ann", TYPING),
        ("everybody", TYPING),
    ]


def test_unsubscribing_from_a_room_keeps_the_other_subscriptions(bus: EventBus):
    heard: list[Event] = []
    unsubscribe = bus.subscribe(heard.append, room_id="lobby")
    bus.subscribe(heard.append, MessagePosted)
    bus.publish(posted(1))
    unsubscribe()
    bus.publish(posted(2))
    assert heard == [posted(1), posted(1), posted(2)]


def test_all_listeners_hear_the_same_in_the_order_of_their_subscription(bus: EventBus):
    heard: list[tuple[str, Event]] = []
    for name in ("first", "second", "third"):
        bus.subscribe(lambda event, name=name: heard.append((name, event)), MessagePosted)
    for number in range(2):
        bus.publish(posted(number))
    assert heard == [(name, posted(number)) for number in range(2) for name in ("first", "second", "third")]


def test_listener_that_subscribed_twice_hears_an_event_once(bus: EventBus):
    heard: list[Event] = []
    listener = heard.append
    bus.subscribe(listener, MessagePosted)
    bus.subscribe(listener)
    bus.publish(posted(1))
    bus.publish(CLEARED)
    assert heard == [posted(1), CLEARED]


def test_unsubscribed_listener_hears_nothing(bus: EventBus):
    heard: list[Event] = []
    unsubscribe = bus.subscribe(heard.append, MessagePosted, HistoryCleared)
    bus.publish(posted(1))
    unsubscribe()
    unsubscribe()
    bus.publish(posted(2))
    bus.publish(CLEARED)
    assert heard == [posted(1)]


def test_failing_listener_is_logged_and_disturbs_no_other(bus: EventBus):
    heard: list[Event] = []

    def fail(event: Event) -> None:
        raise RuntimeError("a bug")

    bus.subscribe(fail, MessageDeleted)
    bus.subscribe(heard.append, MessageDeleted)
    with capture_logs() as logged:
        bus.publish(deleted(1))
        bus.publish(deleted(2))
    assert heard == [deleted(1), deleted(2)]
    assert [(entry["event"], entry["kind"]) for entry in logged] == [("a listener failed", "MessageDeleted")] * 2


def test_listeners_may_come_and_go_while_an_event_is_published(bus: EventBus):
    heard: list[str] = []
    stop: list[Callable[[], None]] = []

    def once(event: Event) -> None:
        heard.append("once")
        stop.pop()()
        bus.subscribe(lambda _: heard.append("new"), MessagePosted)

    stop.append(bus.subscribe(once, MessagePosted))
    bus.subscribe(lambda _: heard.append("other"), MessagePosted)
    bus.publish(posted(1))
    assert heard == ["once", "other"]
    bus.publish(posted(2))
    assert heard == ["once", "other", "other", "new"]
