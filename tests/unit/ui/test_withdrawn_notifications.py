"""When notifications close."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from types import SimpleNamespace

import pytest

from chat.domain.events import Event
from chat.domain.messages.events import HistoryCleared, MessageDeleted, MessagePosted, MessagesPurged
from chat.domain.messages.message import Message
from chat.domain.moderation.events import MessageReported, ReportResolved
from chat.domain.people.events import ViewingChanged
from chat.domain.people.presence import Presence
from chat.domain.rooms.directory.directory import RoomDirectory
from chat.domain.rooms.events import MemberRemoved, RoomDeleted
from chat.domain.users import Role, UserRef
from chat.ui.notifications import Notifications

NOON = datetime(2026, 5, 1, 12, tzinfo=UTC)
ANN, BOB = UserRef("ann", "Ann"), UserRef("bob", "Bob")
TO_BOB = Message("message01", "lobby", "ann", "Ann", "@Bob Tea?", NOON, mentions={"Bob": "bob"})
OTHER = replace(TO_BOB, id="message02")


class Page:
    """A notifier that remembers what it shows."""

    wants_everything = is_page_visible = False
    rooms_wanted = ()

    def __init__(self, member_id: str, session: str) -> None:
        self.member_id, self.session = member_id, session
        self.shown: str | None = None
        self.room_id = ""

    def notify(self, message: Message) -> None:
        self.shown, self.room_id = message.id, message.room

    def notify_of_report(self, report: MessageReported) -> None:
        self.shown = report.message_id

    def withdraw_report(self, message_id: str) -> None:
        if self.shown == message_id:
            self.shown = None

    def withdraw(self, room_id: str, message_ids=None) -> None:
        if room_id == self.room_id and (message_ids is None or self.shown in message_ids):
            self.shown = None


@pytest.fixture
def room() -> SimpleNamespace:
    """Return Bob's pages on a laptop and a phone, neither in sight, and `tell`, which publishes an event."""
    presence, listeners = Presence(timedelta(seconds=10)), []
    people = SimpleNamespace(presence=presence, role_of=lambda _: Role.OWNER)
    chat = SimpleNamespace(
        people=people, directory=RoomDirectory(), subscribe=lambda listener, *_: listeners.append(listener)
    )
    notifications = Notifications(chat)
    laptop, phone = Page("bob", "laptop"), Page("bob", "phone")
    for page in laptop, phone:
        presence.connect("bob", page.session)
        notifications.add(page)

    def tell(event: Event) -> None:
        listeners[0](event)

    return SimpleNamespace(tell=tell, laptop=laptop, phone=phone)


@pytest.mark.parametrize(
    ("event", "shown"),
    [
        (ViewingChanged("bob", "phone", "lobby", True), None),
        (ViewingChanged("bob", "phone", "tea", True), "message01"),
        (ViewingChanged("bob", "phone", "lobby", False), "message01"),
        (ViewingChanged("ann", "tab", "lobby", True), "message01"),
        (MessageDeleted("lobby", ANN, ANN, NOON, "message01"), None),
        (MessageDeleted("lobby", ANN, ANN, NOON, "message02"), "message01"),
        (MessagesPurged("lobby", BOB, ANN, NOON, ("message00", "message01")), None),
        (MessagesPurged("lobby", BOB, ANN, NOON, ("message02",)), "message01"),
        (HistoryCleared("lobby", ANN, NOON), None),
        (HistoryCleared("tea", ANN, NOON), "message01"),
        (RoomDeleted("lobby", NOON), None),
        (MemberRemoved("lobby", ANN, BOB, NOON), None),
        (MemberRemoved("lobby", ANN, ANN, NOON), "message01"),
    ],
)
def test_notifications_close_when_their_message_was_read_anywhere_or_deleted(room, event, shown):
    room.tell(MessagePosted("lobby", TO_BOB))
    assert (room.laptop.shown, room.phone.shown) == ("message01", "message01")
    room.tell(event)
    assert (room.laptop.shown, room.phone.shown) == (shown, shown)


@pytest.mark.parametrize(("resolved", "shown"), [("message01", None), ("message02", "message01")])
def test_notification_of_a_report_closes_when_it_is_resolved(room, resolved, shown):
    room.tell(MessageReported("lobby", ANN, ANN, NOON, "message01"))
    assert room.phone.shown == "message01"
    room.tell(ReportResolved("lobby", ANN, ANN, NOON, resolved))
    assert (room.laptop.shown, room.phone.shown) == (shown, shown)
