"""Pushes: turned on in the settings, they arrive once the chat is closed."""

import re
from collections.abc import Callable
from pathlib import Path

import pytest

from chat.state.pushes import push_devices, push_notifications
from chat.state.pushes.push_sending import PushOutcome
from chat.web.push.on_demand import PushOnDemand
from tests.support.push import TakingService, subscribed
from tests.support.scene_page import until
from tests.support.scene_person import ScenePerson


@pytest.fixture
def service(monkeypatch: pytest.MonkeyPatch) -> TakingService:
    """What push services get of the chat."""
    found = TakingService()
    monkeypatch.setattr(PushOnDemand, "_load", lambda self: found)
    monkeypatch.setattr(push_notifications, "BACK_WITHIN", 0)
    monkeypatch.setattr(push_notifications, "PAUSE", 0)
    monkeypatch.setattr(push_devices, "DELAY", 0)
    return found


async def turn_on(person: ScenePerson, name: str, *, is_phone: bool = False) -> None:
    await person.open_push_settings()
    found = subscribed(name, is_phone=is_phone)
    person.user.javascript_rules[re.compile(r"chat\.subscription\(")] = lambda _: found
    person.switch_push(found)
    await until(lambda: person.gets_pushes)


async def test_closed_page_gets_a_push_that_says_who_and_where(service: TakingService, ann, bob):
    await turn_on(ann, "1")
    await bob.say("@Ann with the page open")
    await ann.shows("with the page open")
    ann.close()
    await bob.say("@Ann with the page closed")
    await until(lambda: bool(service.pushes))
    shown = service.shown()
    assert (shown["title"], shown["body"]) == ("Bob", "1 new message")
    assert shown["navigate"].endswith(f"/room/lobby#m-{bob.message_id('page closed')}")
    assert len(service.pushes) == 1


async def test_text_is_shown_if_wanted(service: TakingService, ann, bob, own_data_dir: Path):
    await turn_on(ann, "1")
    for name, value in ("quiet_from", "23:30"), ("quiet", True), ("quiet_until", "soon"), ("push_text", True):
        ann.choose_for_push(name, value)
    await ann.open_push_settings()
    chosen = ann.push_choices
    assert all(part in chosen for part in ("quiet_from required value=23:30", "quiet_until required value=07:00"))
    assert re.search("name=push_text checked.*name=quiet checked", chosen)
    ann.choose_for_push("quiet", False)
    file = own_data_dir / "push_devices.json"
    await until(lambda: '"push_text": true' in file.read_text() and '"quiet": true' not in file.read_text())
    ann.close()
    await bob.say("@Ann **tea**?")
    await until(lambda: bool(service.pushes))
    assert service.shown()["body"] == "@Ann tea?"


async def test_direct_message_reaches_a_guest_who_closed_the_chat(service: TakingService, ann, bob):
    await turn_on(ann, "1", is_phone=True)
    await ann.say("hello")
    await bob.open_card_in("hello", bob.author_id("hello"))
    bob.press_in_card("Message")
    await until(lambda: bob.room_id != "lobby")
    ann.close()
    await bob.say("just for you")
    await until(lambda: bool(service.pushes))
    assert f"/direct/{bob.room_id}#m-" in service.shown()["navigate"]


async def test_test_arrives_although_the_page_is_open(service: TakingService, ann):
    await turn_on(ann, "1")
    ann.click("Send me a test")
    await until(lambda: bool(service.pushes))
    assert service.shown()["body"] == "Push notifications work."
    service.outcomes = [PushOutcome.REFUSED]
    ann.click("Send me a test")
    await ann.reads("can't be reached")
    assert ann.gets_pushes
    service.outcomes = [PushOutcome.DEVICE_GONE]
    ann.click("Send me a test")
    await until(lambda: not ann.gets_pushes)


async def test_reading_closes_what_was_pushed(service: TakingService, ann, bob):
    await turn_on(ann, "1")
    ann.close()
    await bob.say("@Ann hello")
    await until(lambda: bool(service.pushes))
    await ann.reload()
    ann.scroll(to_end=True)
    await until(lambda: ["lobby", None] in ann.user.closed)
    assert not bob.user.closed


async def test_deleting_closes_what_was_pushed_of_the_message(service: TakingService, ann, bob):
    await turn_on(ann, "1", is_phone=True)
    await ann.look_away()
    await bob.say("@Ann hello")
    await until(lambda: bool(service.pushes))
    message_id = bob.message_id("hello")
    await bob.delete("hello")
    await until(lambda: ["lobby", [message_id]] in ann.user.closed)
    assert not bob.user.closed


async def turn_off(ann: ScenePerson) -> None:
    ann.switch_push(None)
    await until(lambda: not ann.gets_pushes)


async def sign_out(ann: ScenePerson) -> None:
    await ann.leave()
    await ann.is_at_the_card()


async def forbid(ann: ScenePerson) -> None:
    """Take the permission back in the browser's own settings."""
    ann.user.javascript_rules[re.compile(r"chat\.subscription\(")] = lambda _: None
    await ann.reload()
    await ann.open_push_settings()
    while ann.gets_pushes:
        await ann.open_push_settings()


@pytest.mark.parametrize("end", [turn_off, sign_out, forbid])
async def test_pushes_end(service: TakingService, ann, bob, enter: Callable, end: Callable):
    await turn_on(ann, "ann's")
    await end(ann)
    ann.close()
    cid = await enter("Cid")
    await turn_on(cid, "cid's")
    cid.close()
    await bob.say("@Ann and @Cid")
    await until(lambda: bool(service.pushes))
    assert [push.device.endpoint for push in service.pushes] == ["https://push.example/cid's"]


async def test_browser_of_another_member_gets_pushes_for_them_alone(service: TakingService, ann, bob):
    await turn_on(ann, "1")
    await sign_out(ann)
    await ann.join("Cid")
    assert not ann.gets_pushes
    await turn_on(ann, "1")
    ann.close()
    await bob.say("@Cid hello")
    await until(lambda: bool(service.pushes))


@pytest.mark.parametrize(
    ("said", "text"),
    [
        ("denied", "Your browser blocks notifications"),
        ("default", "Your browser blocks notifications"),
        ("granted", "can't be reached"),
        (7, "can't be reached"),
        ([], "can't be reached"),
        ([{"endpoint": "http://inside"}, "UTC", False], "can't be reached"),
        ({"endpoint": "https://push.example/1"}, "can't be reached"),
    ],
)
async def test_settings_say_why_pushes_can_not_be_turned_on(service: TakingService, ann, said: object, text: str):
    await ann.open_push_settings()
    ann.switch_push(said)
    await ann.reads(text)
    assert not ann.gets_pushes


@pytest.mark.parametrize(
    "system", ["iPhone; CPU iPhone OS 18_6", "Macintosh; Intel Mac OS X 10_15", "X11; Linux x86_64"]
)
async def test_iphone_is_told_to_add_the_chat_to_the_home_screen(service: TakingService, ann, system: str):
    """Without that, it can't show notifications. An iPad says that it is a Mac, which can."""
    ann.user.http_client.headers["User-Agent"] = f"Mozilla/5.0 ({system}) AppleWebKit/605.1.15"
    await ann.reload()
    await ann.open_push_settings("", can_push=False)
    await ann.reads("can't show notifications")
    await (ann.reads_no if "Linux" in system else ann.reads)("first add this chat to the home screen")


async def test_browser_that_only_shows_notifications_is_offered_no_pushes(service: TakingService, ann):
    for can_push in False, True:
        await ann.open_push_settings(can_push=can_push)
        assert ann.is_offered_pushes == can_push


@pytest.mark.settings(CHAT_PUSH="off")
async def test_operator_can_turn_all_of_it_off(ann):
    await ann.choose("Settings")
    await ann.reads("Play sound")
    await ann.reads_no("Push notifications")
