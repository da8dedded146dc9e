"""Who gets a push, and when."""

import asyncio
from collections.abc import AsyncIterator, Callable, Iterator
from datetime import UTC, datetime
from zoneinfo import ZoneInfo, reset_tzpath

import pytest

from chat.domain.accounts.preference_choices import NotificationLevel
from chat.domain.accounts.preferences import Preferences
from chat.domain.accounts.push_devices import PushDevice
from chat.domain.client_identity import ClientIdentity
from chat.domain.messages.message import Message
from chat.domain.rooms.directory.room_info import LOBBY, RoomInfo
from chat.domain.users import Member
from chat.state import clock
from chat.state.chat import Chat
from chat.state.pushes import push_devices, push_notifications, push_sending
from chat.state.pushes.push_notifications import News, PushNotifications
from chat.state.pushes.push_sending import PushOutcome
from tests.support.push import TakingService, device
from tests.support.scene_page import until
from tests.unit.state.support import ANN, BOB, CID, OWNER, tab

NIGHT = datetime(2026, 7, 1, 21, 30, tzinfo=UTC)  # half past eleven in Berlin


class Pushed:
    """A chat that Ann, a guest, has closed on her phone, and what her push service gets."""

    def __init__(self, chat: Chat) -> None:
        self.chat = chat
        self.service = TakingService()
        self.refused: set[str] = set()
        self.readers: set[str] = set()
        self.notifications = PushNotifications(
            chat,
            self.service,
            describe=_describe,
            may_receive=lambda device: device.id not in self.refused,
            is_reading=lambda member_id: member_id in self.readers,
        )
        self.numbers = iter(range(100))

    async def turn_on(self, name: str = "ann's phone", member: Member = ANN, **fields: object) -> PushDevice:
        saved = device(name, member.id, **fields)
        await self.chat.push_devices.save(saved)
        return saved

    async def say(self, text: str, room_id: str = LOBBY, member: Member = BOB) -> str:
        message_id = f"message{next(self.numbers):05}"
        await self.chat.messages.post(member.id, room_id, text, message_id)
        return message_id

    async def create_plans(self) -> RoomInfo:
        """Create a private room of the owner's."""
        self.chat.members.connect(OWNER, tab(OWNER))
        return await self.chat.rooms.create(OWNER.id, "Plans", is_private=True)

    @property
    def texts(self) -> list[str]:
        return [push.payload.decode() for push in self.service.pushes]

    async def gets(self, *texts: str) -> None:
        await until(lambda: self.texts == list(texts), lambda: f"{self.texts} instead of {list(texts)}")

    async def gets_nothing(self) -> None:
        """Expect nothing to wait, and nothing to have been sent."""
        await until(lambda: not self.notifications._tasks)
        assert self.texts == []


def _describe(device: PushDevice, news: News, room: RoomInfo, count: int) -> bytes:
    return f"{news.text if isinstance(news, Message) else f'to {room.name}'} ({count})".encode()


@pytest.fixture(autouse=True)
def at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(push_notifications, "BACK_WITHIN", 0)
    monkeypatch.setattr(push_notifications, "PAUSE", 0)
    monkeypatch.setattr(push_notifications, "RETRIES", (0, 0))


@pytest.fixture
async def pushed(chat: Chat) -> AsyncIterator[Pushed]:
    found = Pushed(chat)
    chat.members.disconnect("ann", tab(ANN))
    yield found
    await found.notifications.close()


async def test_mention_is_pushed_to_all_devices_and_other_messages_are_not(pushed: Pushed):
    await pushed.turn_on("phone")
    await pushed.turn_on("laptop")
    await pushed.turn_on("bob's", BOB)
    await pushed.say("for nobody")
    await pushed.say("@Ann hello")
    await pushed.gets("@Ann hello (1)", "@Ann hello (1)")
    assert {push.device.id for push in pushed.service.pushes} == {"phone", "laptop"}


async def test_direct_message_is_pushed_to_a_guest_who_closed_the_chat(pushed: Pushed):
    await pushed.turn_on()
    room = await pushed.chat.direct_rooms.open("bob", ["ann"])
    await pushed.say("first", room.id)
    await pushed.gets("first (1)")
    pushed.chat.pipeline.apply_and_publish(*pushed.chat.people.leave("ann", clock.now()))
    await pushed.say("second", room.id)
    await pushed.gets("first (1)", "second (2)")


async def test_who_is_added_to_a_room_gets_a_push_unless_they_want_none(pushed: Pushed):
    await pushed.turn_on("phone")
    await pushed.turn_on("laptop", preferences=Preferences(desktop=NotificationLevel.NOTHING))
    room = await pushed.create_plans()
    await pushed.chat.rooms.add_member(OWNER.id, room.id, "ann")
    await pushed.gets("to Plans (1)")
    assert pushed.service.pushes[0].device.id == "phone"


async def test_who_follows_a_link_to_a_room_gets_no_push(pushed: Pushed):
    await pushed.turn_on()
    room = await pushed.create_plans()
    link = await pushed.chat.room_links.create(OWNER.id, room.id)
    await pushed.chat.room_links.follow("ann", link)
    await pushed.gets_nothing()


async def test_message_of_a_private_room_is_pushed_to_nobody_outside(pushed: Pushed, make_chat: Callable[..., Chat]):
    await pushed.turn_on(preferences=Preferences(desktop=NotificationLevel.EVERYTHING))
    pushed.chat.members.connect(CID, tab(CID))
    room = await pushed.chat.direct_rooms.open("bob", ["cid"])
    await pushed.say("@Ann a secret", room.id)
    await pushed.gets_nothing()
    await pushed.say("in public")
    await pushed.gets("in public (1)")


async def test_nothing_is_pushed_while_another_device_reads(pushed: Pushed):
    await pushed.turn_on()
    pushed.chat.members.connect(ANN, "at home")
    pushed.chat.members.set_viewing_latest("ann", "at home", LOBBY, is_viewing=True)
    await pushed.say("@Ann one")
    await pushed.gets_nothing()
    pushed.chat.members.set_viewing_latest("ann", "at home", LOBBY, is_viewing=False)
    pushed.readers.add("ann")  # further up
    await pushed.say("@Ann two")
    await pushed.gets_nothing()
    pushed.readers.clear()
    await pushed.say("@Ann three")
    await pushed.gets("@Ann three (1)")


async def test_hidden_page_notifies_by_itself_but_not_on_a_phone(pushed: Pushed):
    await pushed.turn_on("laptop", is_phone=False)
    await pushed.turn_on("phone", is_phone=True)
    for name in "laptop", "phone":
        pushed.chat.members.connect(ANN, f"tab in the {name}", ClientIdentity(name))
    await pushed.say("@Ann one")
    await pushed.gets("@Ann one (1)")
    assert pushed.service.pushes[0].device.id == "phone"
    pushed.chat.members.disconnect("ann", "tab in the laptop")
    await pushed.say("@Ann two")
    await until(lambda: len(pushed.service.pushes) == 3)
    assert {push.device.id for push in pushed.service.pushes[1:]} == {"laptop", "phone"}


async def test_page_that_reloads_gets_no_push(pushed: Pushed, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(push_notifications, "BACK_WITHIN", 0.2)
    await pushed.turn_on()
    await pushed.say("@Ann one")
    pushed.chat.members.connect(ANN, "again")
    pushed.chat.members.set_viewing_latest("ann", "again", LOBBY, is_viewing=True)
    await pushed.gets_nothing()


@pytest.mark.parametrize(
    ("timezone", "is_pushed"),
    [("Europe/Berlin", False), ("America/New_York", True), ("Nowhere/At_All", True), ("../../etc/passwd", True)],
)
async def test_quiet_hours_are_those_where_the_person_is(pushed: Pushed, monkeypatch, timezone: str, is_pushed: bool):
    monkeypatch.setattr(clock, "now", lambda: NIGHT)
    preferences = Preferences(quiet=True, quiet_from="22:00", quiet_until="07:00")
    await pushed.turn_on(timezone=timezone, preferences=preferences)
    room = await pushed.create_plans()
    await pushed.say("@Ann one")
    await pushed.chat.rooms.add_member(OWNER.id, room.id, "ann")
    await (pushed.gets("@Ann one (1)", "to Plans (2)") if is_pushed else pushed.gets_nothing())


@pytest.fixture
def no_time_zones() -> Iterator[None]:
    """Take those of the system away, as on Windows and in small containers."""
    reset_tzpath([])
    ZoneInfo.clear_cache()
    yield
    reset_tzpath()


async def test_quiet_hours_need_no_time_zones_of_the_system(pushed: Pushed, monkeypatch, no_time_zones: None):
    monkeypatch.setattr(clock, "now", lambda: NIGHT)
    preferences = Preferences(quiet=True, quiet_from="22:00", quiet_until="07:00")
    await pushed.turn_on(timezone="Europe/Berlin", preferences=preferences)
    await pushed.say("@Ann one")
    await pushed.gets_nothing()


async def test_nothing_is_pushed_to_members_who_may_not_join(pushed: Pushed):
    await pushed.turn_on()
    pushed.refused.add("ann's phone")
    await pushed.say("@Ann one")
    await pushed.gets_nothing()


async def test_message_that_was_deleted_meanwhile_is_not_pushed(pushed: Pushed, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(push_notifications, "BACK_WITHIN", 0.2)
    await pushed.turn_on()
    message_id = await pushed.say("@Ann one")
    await pushed.chat.messages.delete("bob", LOBBY, message_id)
    await pushed.gets_nothing()


async def test_last_message_of_a_room_replaces_those_that_wait(pushed: Pushed, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(push_notifications, "BACK_WITHIN", 0.2)
    await pushed.turn_on()
    for number in range(5):
        await pushed.say(f"@Ann {number}")
    await pushed.gets("@Ann 4 (1)")


async def test_reading_ends_the_count(pushed: Pushed):
    await pushed.turn_on()
    await pushed.say("@Ann one")
    await pushed.gets("@Ann one (1)")
    pushed.chat.members.connect(ANN, "at home")
    pushed.chat.members.set_viewing_latest("ann", "at home", LOBBY, is_viewing=True)
    pushed.chat.members.disconnect("ann", "at home")
    await pushed.say("@Ann two")
    await pushed.gets("@Ann one (1)", "@Ann two (1)")


@pytest.mark.parametrize(
    ("outcomes", "attempts", "is_kept"),
    [
        ([PushOutcome.FAILED], 2, True),
        ([PushOutcome.FAILED] * 3, 3, True),
        ([PushOutcome.REFUSED], 1, True),
        ([PushOutcome.DEVICE_GONE], 1, False),
        ([PushOutcome.FAILED, PushOutcome.DEVICE_GONE], 2, False),
    ],
)
async def test_push_service_that_fails_is_asked_again_and_one_that_has_forgotten_the_device_ends_it(
    pushed: Pushed, outcomes: list[PushOutcome], attempts: int, is_kept: bool
):
    await pushed.turn_on()
    pushed.service.outcomes = outcomes
    await pushed.say("@Ann one")
    await until(lambda: len(pushed.service.pushes) == attempts)
    await until(lambda: not pushed.notifications._tasks)
    await until(lambda: pushed.chat.push_devices.reaches("ann") is is_kept)
    assert len(pushed.service.pushes) == attempts


async def test_slow_push_service_delays_neither_posts_nor_others(pushed: Pushed, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(push_sending, "AT_ONCE", 1)
    stuck = asyncio.Event()
    send = pushed.service.send

    async def send_slowly(push):
        if "slow" in push.device.endpoint:
            await stuck.wait()
        return await send(push)

    pushed.service.send = send_slowly
    await pushed.turn_on("slow", endpoint="https://slow.example/1")
    await pushed.turn_on("slow too", endpoint="https://slow.example/2")
    await pushed.turn_on("fast")
    await pushed.say("@Ann one")
    await pushed.gets("@Ann one (1)")
    stuck.set()
    await until(lambda: len(pushed.texts) == 3)


async def test_of_several_processes_one_pushes_and_all_count(make_chat: Callable[..., Chat]):
    class OtherIsFaster:
        async def claim(self, name: str, owner: str) -> bool:
            asked.append(name)
            return len(asked) == 2

    asked: list[str] = []
    pushed = Pushed(make_chat())
    pushed.notifications._peers = OtherIsFaster()
    await pushed.turn_on()
    pushed.chat.members.disconnect("ann", tab(ANN))
    await pushed.say("@Ann one")
    await until(lambda: bool(asked))
    await pushed.gets_nothing()
    await pushed.say("@Ann two")
    await pushed.gets("@Ann two (2)")
    await pushed.notifications.close()


async def test_level_of_a_room_holds_on_all_devices_and_all_else_in_its_browser(pushed: Pushed, monkeypatch):
    monkeypatch.setattr(push_devices, "DELAY", 0)
    await pushed.turn_on("phone")
    await pushed.turn_on("laptop")
    levels = {"tea": NotificationLevel.EVERYTHING}
    pushed.chat.push_devices.follow("laptop", "ann", Preferences(push_text=True, levels=levels))
    devices = pushed.chat.push_devices
    await until(lambda: all(found.preferences.levels == levels for found in devices.of_member("ann")))
    assert devices.get("laptop").preferences.push_text
    assert not devices.get("phone").preferences.push_text
