"""Push devices: who is found for a message, and what goes beyond the limits."""

from dataclasses import replace
from datetime import datetime, time, timedelta

import pytest

from chat.domain.accounts import push_devices
from chat.domain.accounts.preference_choices import NotificationLevel
from chat.domain.accounts.preferences import Preferences
from chat.domain.accounts.push_devices import PushDevice, PushDeviceRemoved, PushDevices, PushDeviceSaved
from chat.domain.messages.message import Message, Quote
from tests.support.push import NOON, device

EVERYTHING, NOTHING = NotificationLevel.EVERYTHING, NotificationLevel.NOTHING


def message(text: str = "hi", room: str = "lobby", **fields: object) -> Message:
    return replace(Message("message00001", room, "bob", "Bob", text, NOON), **fields)


def later(seconds: float) -> datetime:
    return NOON + timedelta(seconds=seconds)


def ids(found: list[PushDevice]) -> set[str]:
    return {each.id for each in found}


DEVICES = PushDevices(
    [
        device("of ann"),
        device("of cid", "cid", preferences=Preferences(desktop=EVERYTHING)),
        device("of dan", "dan", preferences=Preferences(levels={"tea": EVERYTHING})),
    ]
)


@pytest.mark.parametrize(
    ("posted", "members", "found"),
    [
        (message(), None, {"of cid"}),
        (message(mentions={"Ann": "ann"}), None, {"of ann", "of cid"}),
        (message(mentions={"all": "all"}), None, {"of ann", "of cid", "of dan"}),
        (message(reply=Quote("message00000", "ann", "Ann", "?")), None, {"of ann", "of cid"}),
        (message(room="tea"), None, {"of cid", "of dan"}),
        (message(room="direct1"), {"ann", "bob"}, {"of ann"}),
        (message(room="plans", mentions={"Ann": "ann"}), {"bob", "dan"}, {"of dan"}),
    ],
)
def test_only_those_who_may_want_to_know_are_asked(posted: Message, members: set[str] | None, found: set[str]):
    assert ids(DEVICES.concerned_by(posted, members)) == found


@pytest.mark.parametrize(
    ("preferences", "posted", "is_direct", "wants"),
    [
        (Preferences(), message(), False, False),
        (Preferences(), message(), True, True),
        (Preferences(), message(mentions={"Ann": "ann"}), False, True),
        (Preferences(), message(author="ann", mentions={"Ann": "ann"}), False, False),
        (Preferences(desktop=NOTHING), message(mentions={"Ann": "ann"}), True, False),
        (Preferences(levels={"lobby": NOTHING}), message(mentions={"Ann": "ann"}), False, False),
        (Preferences(quiet=True, quiet_from="11:00", quiet_until="13:00"), message(), True, False),
        (Preferences(quiet=False, quiet_from="11:00", quiet_until="13:00"), message(), True, True),
    ],
)
def test_device_wants_what_its_preferences_say(preferences, posted: Message, is_direct: bool, wants: bool):
    assert device("a", preferences=preferences).wants(posted, time(12), is_direct=is_direct) is wants


def test_member_has_a_few_devices_and_the_oldest_ends():
    devices = PushDevices()
    for number in range(7):
        devices.apply(PushDeviceSaved(device(str(number), at=later(number))))
    devices.apply(PushDeviceSaved(device("of bob", "bob")))
    assert ids(devices.of_member("ann")) == {"2", "3", "4", "5", "6"}
    assert ids(devices.of_member("bob")) == {"of bob"}


def test_beyond_the_limit_of_all_guests_go_first(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(push_devices, "MAX_DEVICES", 2)
    devices = PushDevices()
    for each in device("1", "ann", generation=1), device("2", "bob"), device("3", "cid", at=later(1)):
        devices.apply(PushDeviceSaved(each))
    assert ids(list(devices)) == {"1", "3"}


def test_browser_that_lost_its_cookie_is_not_pushed_to_twice():
    devices = PushDevices()
    for name in "before", "after":
        devices.apply(PushDeviceSaved(device(name, endpoint="https://push.example/same")))
    assert ids(list(devices)) == {"after"}


def test_device_of_another_member_takes_the_place_of_that_before():
    devices = PushDevices([device("shared", "ann")])
    devices.apply(PushDeviceSaved(device("shared", "bob")))
    assert not devices.of_member("ann")
    assert ids(devices.of_member("bob")) == {"shared"}


def test_event_applied_again_changes_nothing():
    devices, saved = PushDevices(), PushDeviceSaved(device("a"))
    assert [devices.apply(saved), devices.apply(saved)] == [True, False]
    assert ids(list(devices)) == {"a"}


def test_removed_device_is_found_by_nothing():
    devices = PushDevices([device("a", preferences=Preferences(desktop=EVERYTHING))])
    copy = devices.copy()
    assert devices.apply(PushDeviceRemoved("a"))
    assert not devices.apply(PushDeviceRemoved("a"))
    assert not devices.of_member("ann")
    assert not devices.concerned_by(message(), None)
    assert ids(copy.concerned_by(message(), None)) == {"a"}
