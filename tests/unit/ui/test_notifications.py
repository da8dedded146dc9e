"""Who is notified of a report."""

from datetime import timedelta

import pytest

from chat.domain.accounts.events import RoleChanged
from chat.domain.accounts.shared_password import SharedPassword
from chat.domain.messages.message import Message
from chat.domain.moderation.events import MessageReported
from chat.domain.rooms.directory.room_info import LOBBY
from chat.domain.users import Member, Role
from chat.state import clock
from chat.state.chat import Chat
from chat.storage.memory import memory_stores
from chat.text.nicknames import parse_nickname
from chat.ui.notifications import Notifications

ANN, BOB, MO, MIA, OLGA = (
    Member(name.lower(), parse_nickname(name), role)
    for name, role in (
        ("Ann", Role.GUEST),
        ("Bob", Role.MEMBER),
        ("Mo", Role.MODERATOR),
        ("Mia", Role.MODERATOR),
        ("Olga", Role.OWNER),
    )
)


class FakeNotifier:
    """A page that only notes of what it was notified."""

    wants_everything = False
    rooms_wanted = ()

    def __init__(self, member: Member, session: str = "", *, is_page_visible: bool = False) -> None:
        self.member_id = member.id
        self.session = session or member.id
        self.is_page_visible = is_page_visible
        self.reports: list[MessageReported] = []

    def notify(self, message: Message) -> None:
        raise AssertionError(message)

    def notify_of_report(self, report: MessageReported) -> None:
        self.reports.append(report)

    def play(self, preferences: object) -> None:
        raise AssertionError(preferences)


@pytest.fixture
async def chat():
    chat = Chat(memory_stores(), SharedPassword(""), grace=timedelta(seconds=10), message_rate="1000 per minute")
    for member in (ANN, BOB, MO, MIA, OLGA):
        chat.members.connect(member, f"{member.id}'s tab")
    await chat.messages.post("bob", LOBBY, "buy my pills", "message01")
    yield chat
    await chat.close()


def watch(notifications: Notifications, *notifiers: FakeNotifier) -> None:
    for notifier in notifiers:
        notifications.add(notifier)


async def test_moderators_who_see_no_page_are_notified(chat: Chat):
    away, reporter, member, owner = map(FakeNotifier, (MIA, MO, BOB, OLGA))
    watch(Notifications(chat), away, reporter, member, owner)
    await chat.moderation.report("mo", LOBBY, "message01", "advertising")
    assert [report.reason for report in away.reports] == ["advertising"]
    assert owner.reports == away.reports
    assert reporter.reports == member.reports == []


async def test_moderator_who_sees_any_page_is_not_notified(chat: Chat):
    hidden, visible = FakeNotifier(MIA), FakeNotifier(MIA, "phone", is_page_visible=True)
    watch(Notifications(chat), hidden, visible)
    await chat.moderation.report("ann", LOBBY, "message01")
    assert hidden.reports == visible.reports == []


async def test_one_tab_of_each_browser_is_notified(chat: Chat):
    tabs, phone = [FakeNotifier(MIA), FakeNotifier(MIA)], FakeNotifier(MIA, "phone")
    watch(Notifications(chat), *tabs, phone)
    await chat.moderation.report("ann", LOBBY, "message01")
    assert sorted(len(tab.reports) for tab in tabs) == [0, 1]
    assert len(phone.reports) == 1


@pytest.mark.parametrize(("role", "notified"), [(Role.MODERATOR, 1), (Role.MEMBER, 0), (Role.ADMIN, 1)])
async def test_role_at_the_time_of_the_report_counts(chat: Chat, role: Role, notified: int):
    bob = FakeNotifier(ANN)
    watch(Notifications(chat), bob)
    await chat.pipeline.submit(RoleChanged("lobby", OLGA.ref, ANN.ref, clock.now(), Role.GUEST, role))
    await chat.moderation.report("olga", LOBBY, "message01")
    assert len(bob.reports) == notified
