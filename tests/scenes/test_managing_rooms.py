"""Three people create, share, archive and leave rooms."""

import asyncio
import re

import pytest

from chat.state import rate_limits
from chat.ui import browser
from chat.ui.page_context import PageContext
from chat.ui.room_page import RoomPage
from tests.support.room_nodes import plain
from tests.support.scene_page import until
from tests.support.scene_person import ScenePerson
from tests.support.server import ADMIN_PASSWORD


@pytest.fixture
async def bob(enter, olga):
    return await enter("Bob")


@pytest.fixture
async def cid(enter, olga):
    return await enter("Cid")


def rooms(person: ScenePerson) -> list[str]:
    """Return the rooms in the navigation, public ones first."""
    nodes = person._nodes("rooms")
    shared = [nodes[row]["props"]["innerHTML"] for row in nodes["rooms"]["children"]]
    links = "".join([*shared, *(tag.props.get("innerHTML", "") for tag in person._tags() if tag.tag == "ul")])
    return [plain(name) for name in re.findall(r"class=\"room-link.*?<bdi>(.*?)</bdi>", links)]


async def sees_rooms(person: ScenePerson, *names: str) -> None:
    await until(lambda: rooms(person) == list(names), lambda: f"{rooms(person)} instead of {list(names)}")


async def is_in_room(person: ScenePerson, name: str) -> None:
    await until(lambda: person.title.startswith(f"{name} · "), lambda: f"{person.title!r} is not that of {name}")


async def is_in_lobby(person: ScenePerson) -> None:
    await until(lambda: " · " not in person.title, lambda: f"{person.title!r} is not that of the lobby")


async def create(person: ScenePerson, name: str, *, is_private: bool = False) -> None:
    """Create a room in the dialog, and wait until it is shown."""
    person.invoke(["--new-room", "", ""])
    person.submit_dialog(name, "on" if is_private else "")
    await is_in_room(person, name)


async def open_settings(person: ScenePerson) -> None:
    await person.choose("Room settings")
    await until(lambda: person.is_dialog_open)


def press(person: ScenePerson, label: str) -> None:
    """Press the button with this accessible name."""
    person._the(lambda tag: tag.props.get("aria-label") == label).click()


def add(person: ScenePerson, name: str) -> None:
    """Submit the form that adds someone."""
    forms = [tag for tag in person._tags() if tag.tag == "form" and tag.props.get("class") == "form"]
    person._interact(forms[-1]).trigger("submit.prevent", name)


def offers_new_room(person: ScenePerson) -> bool:
    return "--new-room:flex" in person.style


def link_of(person: ScenePerson) -> str:
    """Return the path of the link that the settings show."""
    [path] = re.findall(r'value="(/join/[^"]*)"', "".join(person._inner("class", "link")))
    return path


async def new_link(person: ScenePerson) -> str:
    await open_settings(person)
    person.click("Create link")
    await until(lambda: "/join/" in "".join(person._inner("class", "link")))
    return link_of(person)


# Creating.


async def test_new_public_room_is_listed_for_everyone_at_once_and_shown_to_its_creator(olga, bob, cid):
    assert rooms(bob) == ["Lobby"]
    await create(olga, "Tea & cake")
    for person in (olga, bob, cid):
        await sees_rooms(person, "Lobby", "Tea & cake")
    await is_in_lobby(bob)
    await olga.say("Hello?")
    await olga.sees("Hello?")
    assert bob.messages == []


async def test_private_room_asks_for_its_first_members_and_is_listed_for_them_only(olga, bob, cid):
    await create(olga, "Plans", is_private=True)
    await olga.reads("Only its members will see the room.")
    await olga.reads("Add someone…")
    await open_settings(olga)
    add(olga, "bob")
    await sees_rooms(bob, "Lobby", "Plans")
    assert rooms(cid) == ["Lobby"]
    assert "Plans" not in "".join(cid.html())


async def test_archived_private_room_offers_nobody_to_be_added(olga):
    await create(olga, "Plans", is_private=True)
    await olga.reads("Add someone…")
    await open_settings(olga)
    await olga.reads("Create link")
    olga.click("Archive room")
    await until(lambda: olga.is_field_closed)
    await olga.reads_no("Add someone…")
    await olga.reads("Only its members will see the room.")
    await open_settings(olga)
    await olga.reads("Leave room…")
    await olga.reads_no("Create link")
    for text in "Add someone", "Add":
        [found] = [tag for tag in olga._tags() if tag.props.get("textContent") == text]
        assert found.props.get("hidden") or found.parent_slot.parent.props.get("hidden"), text


async def test_person_added_to_a_private_room_is_told_and_finds_it_unread(olga, bob):
    phone = await bob.open_another_tab()
    await create(olga, "Plans", is_private=True)
    await olga.say("/room invite @Bob")
    for tab in bob, phone:
        await until(lambda tab=tab: tab.user.told == ["Olga added you to Plans."])
        await sees_rooms(tab, "Lobby", "Plans")
        await until(lambda tab=tab: [*tab.unread_rooms.values()] == ["unread"], lambda tab=tab: str(tab.unread_rooms))
    assert (olga.user.told, bob.user.notified) == ([], [])
    follow(phone, f"room/{room_slug(bob)}")
    await until(lambda: bob.unread_rooms == phone.unread_rooms == {})
    await olga.say("/room remove @Bob")
    await sees_rooms(bob, "Lobby")
    for tab in bob, phone:
        await tab.look_away()
    await olga.say("/room invite @Bob")
    await until(lambda: [*bob.user.notified, *phone.user.notified] == ["Olga added you to Plans. · TCPChatNet"])
    for tab in bob, phone:
        await until(lambda tab=tab: [*tab.unread_rooms.values()] == ["unread"], lambda tab=tab: str(tab.unread_rooms))


async def test_bar_of_a_private_room_names_its_members_besides_its_topic(olga, bob):
    await create(olga, "Tea", is_private=True)
    await until(lambda: olga.topic == "Olga")
    await olga.say("/room invite @Bob")
    await until(lambda: olga.topic == "Bob and Olga")
    await olga.say("/topic With **milk**")
    await until(lambda: olga.topic == "With milk · Bob and Olga")
    await bob.rename("Bo")
    await until(lambda: olga.topic == "With milk · Bo and Olga")
    await bob.leave()
    await until(lambda: olga.topic == "With milk · Olga")


async def test_three_people_talk_in_three_rooms(olga, bob, cid):
    await create(olga, "Tea")
    await create(olga, "Plans", is_private=True)
    await olga.say("/room invite Bob")
    await cid.open("/room/tea")
    await sees_rooms(bob, "Lobby", "Tea", "Plans")
    for person, text in ((olga, "in Plans"), (bob, "in the lobby"), (cid, "in Tea")):
        await person.say(text)
    for person, text in ((olga, "in Plans"), (bob, "in the lobby"), (cid, "in Tea")):
        await person.sees(text)
        assert not any(other in "".join(person.html()) for other in ("in Plans", "in Tea") if other != text)


async def test_refused_name_keeps_the_dialog_open(olga):
    olga.invoke(["--new-room", "", ""])
    for name in 7, None, "", "  ", "x" * 41:
        olga.submit_dialog(name, "on")
        await until(lambda name=name: olga.reason or not isinstance(name, str))
        assert olga.is_dialog_open
        assert rooms(olga) == ["Lobby"]


@pytest.mark.parametrize(
    ("policy", "roles"),
    [
        pytest.param("admins", (False, True), marks=pytest.mark.settings(CHAT_ROOMS="admins")),
        pytest.param("off", (False, False), marks=pytest.mark.settings(CHAT_ROOMS="off")),
    ],
)
async def test_only_who_may_create_rooms_sees_the_button(olga, bob, policy, roles):
    assert (offers_new_room(bob), offers_new_room(olga)) == roles
    person = bob if roles[1] else olga
    person.invoke(["--new-room", "", ""])
    assert not person.is_dialog_open
    await person.say("/room create Tea")
    assert person.reason
    assert rooms(person) == ["Lobby"]


async def test_help_and_suggestions_know_what_applies_here(olga, bob):
    await bob.say("/help")
    await until(lambda: "/nick" in bob.answer)
    assert "/room" not in bob.answer
    assert bob.suggested("/room") == []
    assert "/room create " in olga.suggested("/ro")
    await olga.say("/room private Plans")
    await is_in_room(olga, "Plans")
    assert olga.suggested("/room in") == ["/room invite @"]
    await olga.say("/help")
    await until(lambda: "/room leave" in olga.answer)


async def test_room_that_was_reopened_meanwhile_says_so(olga, enter):
    await create(olga, "Tea")
    await olga.say("/room archive")
    ada = await enter("Ada")
    await ada.become_admin(ADMIN_PASSWORD)
    ada.invoke(["--new-room", "", ""])
    await ada.say("/room reopen Tea", knowing=True)
    await is_in_room(ada, "Tea")
    press(ada, "Reopen Tea")
    await ada.is_refused("This room isn't archived.")


# Going from room to room.


@pytest.fixture
def few_switches(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(rate_limits.RATES, "switch", "3 per minute")


async def test_too_many_switches_are_refused_and_leave_the_room_as_it_is(few_switches, olga, bob):
    await create(olga, "Tea")
    await sees_rooms(bob, "Lobby", "Tea")
    for path in ("room/tea", "", "room/tea"):
        follow(bob, path)
        await (is_in_room(bob, "Tea") if path else is_in_lobby(bob))
    for path in ("", "room/tea", "room/nowhere"):
        follow(bob, path)
        await bob.is_refused("You're switching rooms too fast. Try again in ")
    assert bob.title.startswith("Tea · ")
    await bob.say("Still here")
    await olga.sees("Still here")
    follow(olga, "room/lobby")
    await is_in_lobby(olga)


async def test_of_several_rooms_asked_for_at_once_the_last_is_shown(few_switches, olga, bob):
    await create(olga, "Tea")
    await sees_rooms(bob, "Lobby", "Tea")
    for path in ["room/nowhere"] * 9 + ["room/tea"]:
        follow(bob, path)
    await is_in_room(bob, "Tea")


# Changing.


async def test_room_is_renamed_and_described_in_its_settings(olga, bob):
    await create(olga, "Tea")
    await bob.open("/room/tea")
    await is_in_room(bob, "Tea")
    await open_settings(olga)
    olga.submit_dialog("Coffee", "With milk", "", "0", "")  # blocked words are in the settings of the lobby
    await is_in_room(bob, "Coffee")
    await sees_rooms(bob, "Lobby", "Coffee")
    await bob.sees_line("Olga renamed the room: Coffee")
    await bob.sees_line("Olga changed the description: With milk")
    await until(lambda: bob.topic == "With milk")


async def test_new_name_leaves_the_unread_number_in_the_title(olga, bob):
    await create(olga, "Tea")
    await bob.open("/room/tea")
    await is_in_room(bob, "Tea")
    await bob.look_away()
    await olga.say("Hi")
    await until(lambda: bob.title.startswith("(1) Tea"), lambda: bob.title)
    await olga.say("/room rename Cake")
    await until(lambda: "Cake" in bob.title)
    assert bob.title.startswith("(1) Cake")


@pytest.mark.parametrize("way", ["dialog", "button"])
async def test_archived_room_can_be_read_and_is_reopened(olga, bob, way):
    await create(olga, "Tea")
    await bob.open("/room/tea")
    await bob.say("Green")
    await open_settings(olga)
    olga.click("Archive room")
    await sees_rooms(bob, "Lobby")
    await until(lambda: bob.is_field_closed and "archived" in bob.reason)
    await bob.sees("Green")
    await bob.sees_line("Olga archived the room")
    assert not bob._is_clickable("Reopen room")
    if way == "dialog":
        olga.invoke(["--new-room", "", ""])
        press(olga, "Reopen Tea")
    else:
        assert "archived" in olga.reason
        olga.click("Reopen room")
    await sees_rooms(bob, "Lobby", "Tea")
    await until(lambda: not bob.is_field_closed and not bob.reason)
    await bob.say("Black")
    await olga.sees("Green", "Black")


# Members.


async def test_removed_member_is_led_to_the_lobby_with_the_reason(olga, bob, cid):
    await create(olga, "Plans", is_private=True)
    await olga.say("/room invite @Bob")
    await sees_rooms(bob, "Lobby", "Plans")
    await bob.open(olga_path := f"/room/{room_slug(olga)}")
    await is_in_room(bob, "Plans")
    await bob.write("I think")
    await until(lambda: "Bob" in olga.typing)
    await open_settings(olga)
    press(olga, "Remove Bob")
    await is_in_lobby(bob)
    await until(lambda: plain(bob.answer).startswith("You're no longer a member of Plans."))
    await sees_rooms(bob, "Lobby")
    await olga.sees_line("Olga removed Bob")
    await until(lambda: not olga.typing)
    assert (await bob.download(olga_path)).status_code == (await bob.download("/room/nowhere")).status_code == 404


COMMANDS = [
    *("--reply", "--edit", "--delete", "--react", "--more-reactions", "--mark-unread", "--more", "--report", "--jump"),
    *("--card", "--mention", "--direct", "--messages-by", "--close-answer", "--cancel-reply", "--emoji", "--load"),
    *("--new-message", "--search", "--mentions", "--help", "--keys", "--settings", "--room", "--new-room", "--clear"),
    *("--mute", "--unmute", "--rename", "--close-direct", "--leave", "--read-all"),
]


@pytest.fixture
def is_lost(monkeypatch: pytest.MonkeyPatch) -> asyncio.Event:
    """Leave a page as it is in the moment after its room was lost, before it shows the lobby; it is told then."""
    is_lost = asyncio.Event()

    async def stay(*_: object) -> None:
        is_lost.set()

    monkeypatch.setattr(RoomPage, "_leave_lost", stay)
    return is_lost


@pytest.mark.parametrize("way", ["removed", "ended"])
async def test_controls_of_a_room_that_was_just_lost_are_refused_quietly(is_lost, olga, enter, caplog, way):
    bob, cid = await enter("Bob"), await enter("Cid")
    if way == "removed":
        await create(olga, "Plans", is_private=True)
        await olga.say("/room invite @Bob")
        await sees_rooms(bob, "Lobby", "Plans")
        follow(bob, f"room/{room_slug(bob)}")
        await is_in_room(bob, "Plans")
    else:
        await bob.say("/msg @Cid Psst")
        await is_in_room(bob, "Cid")
    await bob.say("Mine")
    message_id, room_id = bob.message_id("Mine"), bob.room_id
    if way == "removed":
        await olga.say("/room remove @Bob")
    else:
        await cid.leave()
    await is_lost.wait()
    caplog.clear()
    await bob.say("Lost?")
    await bob.is_refused("This room doesn't exist.")
    for tag in bob._tags():
        for kind in {listener.type for listener in tag._event_listeners.values()} - {"click"}:
            for arguments in (None, True, "I", "up", "edit", ["/", 0], ["@o", 0], [message_id, 0]):
                if not tag.is_deleted:
                    bob._interact(tag).trigger(kind, arguments)
    for command in COMMANDS:
        for value in ("", "0", "🎉", room_id):
            bob.invoke([command, value, message_id])
    await bob.say("Still lost?", knowing=True)
    await bob.is_refused("This room doesn't exist.")
    assert [record.getMessage() for record in caplog.records if record.levelname == "ERROR"] == []


@pytest.fixture
def built(monkeypatch: pytest.MonkeyPatch) -> list[PageContext]:
    """Return the pages, in the order in which they are built."""
    pages, build = list[PageContext](), RoomPage.__init__

    def note(self: RoomPage, page: PageContext) -> None:
        pages.append(page)
        build(self, page)

    monkeypatch.setattr(RoomPage, "__init__", note)
    return pages


@pytest.mark.parametrize("way", ["removed", "ended"])
async def test_room_that_is_lost_while_others_have_their_turn_is_not_shown(built, olga, bob, cid, way):
    if way == "removed":
        await create(olga, "Plans", is_private=True)
        await olga.say("/room invite @Bob")
        await sees_rooms(bob, "Lobby", "Plans")
        path = f"room/{room_slug(bob)}"
    else:
        await bob.say("/msg @Cid Psst")
        await is_in_room(bob, "Cid")
        path = f"direct/{bob.room_id}"
        await bob.go("")
    async with built[0].app.switch_turn:
        follow(bob, path)
        if way == "removed":
            await olga.say("/room remove @Bob")
        else:
            await cid.leave()
            await cid.is_at_the_card()
        await until(lambda: path not in "".join(bob.html()))
    await bob.is_refused("This room doesn't exist.")
    assert bob.room_id == "lobby"
    await bob.say("Still here")


async def test_browser_that_never_answers_keeps_no_room(olga, bob, monkeypatch):
    monkeypatch.setattr(browser, "TIMEOUT", 60)
    await create(olga, "Plans", is_private=True)
    await olga.say("Tomorrow")
    await olga.say("/room invite @Bob")
    await sees_rooms(bob, "Lobby", "Plans")
    bob.user.javascript_rules.clear()
    follow(bob, f"room/{room_slug(bob)}")
    await bob.sees("Tomorrow")
    await olga.say("/room remove @Bob")
    await is_in_lobby(bob)
    await olga.say("Without Bob")
    await bob.sees()


def follow(person: ScenePerson, path: str) -> None:
    """Click a link to a room in the page."""
    person._the(lambda tag: tag.props.get("class") == "room").trigger("vnodeMounted", [path, "", "push"])


async def test_member_who_comes_back_is_led_away_each_time(olga, bob):
    await create(olga, "Plans", is_private=True)
    for way in "removed", "leaves", "leaves", "removed":
        await olga.say("/room invite @Bob")
        await sees_rooms(bob, "Lobby", "Plans")
        follow(bob, f"room/{room_slug(bob)}")
        await is_in_room(bob, "Plans")
        if way == "removed":
            await olga.say("/room remove @Bob")
        else:
            await bob.say("/room leave")
            bob.click("Leave room")
        await is_in_lobby(bob)
    await olga.say("Without Bob")
    await bob.sees()


def room_slug(person: ScenePerson) -> str:
    links = "".join(tag.props.get("innerHTML", "") for tag in person._tags() if tag.tag == "ul")
    [slug] = re.findall(r'href="room/([^"]*)"', links)
    return slug


async def test_unknown_and_present_members_are_not_added(olga, bob):
    await create(olga, "Plans", is_private=True)
    await open_settings(olga)
    for name, because in [
        ("Nobody", "Couldn't find anyone called Nobody."),
        ("@olga", "Olga is already in this room."),
        ("", "Couldn't find anyone called"),
    ]:
        add(olga, name)
        await olga.is_refused(because)


async def test_last_member_who_leaves_ends_the_room(olga, bob):
    await create(olga, "Plans", is_private=True)
    await olga.say("/room invite @Bob")
    await sees_rooms(bob, "Lobby", "Plans")
    await bob.open(f"/room/{room_slug(bob)}")
    await is_in_room(bob, "Plans")
    await bob.say("/room leave")
    await bob.reads("You can only come back if a member adds you.")
    bob.click("Leave room")
    await is_in_lobby(bob)
    assert not bob.reason
    await olga.say("/room leave")
    await olga.reads("You are the last member.")
    olga.click("Leave room")
    await is_in_lobby(olga)
    await sees_rooms(olga, "Lobby")
    assert not olga.reason


async def test_guest_who_leaves_the_chat_is_warned_that_private_rooms_are_left_and_joins_them_anew(olga, bob):
    await create(olga, "Plans", is_private=True)
    link = await new_link(olga)
    await bob.open(link)
    await is_in_room(bob, "Plans")
    await bob.choose("Leave")
    await bob.reads("You also leave your private rooms and conversations.")
    bob.click("Leave")
    await olga.sees_line("Bob left")
    await bob.is_at_the_card()
    await bob.join("Bob")
    assert rooms(bob) == ["Lobby"]
    await bob.open(link)
    await is_in_room(bob, "Plans")


# Links.


async def test_link_leads_members_and_strangers_into_the_room(enter, olga, bob):
    await create(olga, "Plans", is_private=True)
    link = await new_link(olga)
    await bob.open(link)
    await is_in_room(bob, "Plans")
    await bob.say("Here I am")
    await olga.sees("Here I am")
    dan = await enter(path=link)
    await dan.join("Dan")
    await is_in_room(dan, "Plans")
    await dan.sees("Here I am")
    await olga.sees_line("Dan joined")


async def test_link_that_leads_nowhere_says_the_same_always(olga, bob, cid):
    await create(olga, "Plans", is_private=True)
    link = await new_link(olga)
    olga.click("Revoke link")
    await until(lambda: not "".join(olga._inner("class", "link")))
    for path in (link, "/join/wrong"):
        await bob.open(path)
        await bob.is_refused("This link no longer works. Ask for a new one.")
        await is_in_lobby(bob)
        assert rooms(bob) == ["Lobby"]


async def test_following_a_link_without_a_page_joins_nothing(olga, bob):
    await create(olga, "Plans", is_private=True)
    link = await new_link(olga)
    assert (await bob.download(link)).status_code == 200
    assert rooms(bob) == ["Lobby"]


@pytest.mark.parametrize("arguments", [["--room", "", ""], ["--new-room", "x", "y"]])
async def test_strangers_to_a_room_open_none_of_its_dialogs(olga, bob, arguments):
    bob.invoke(arguments)
    assert not bob.is_dialog_open


# The audit log.


async def test_audit_log_shows_rooms_at_once_and_names_no_private_one(olga):
    page = await olga.open_another_tab()
    await page.open("/moderation")
    await create(olga, "Tea")
    await page.reads_section("Audit log", "Olga created the room Tea")
    await create(olga, "Plans", is_private=True)
    await page.reads_section("Audit log", "Olga created a private room")
    assert "Plans" not in page.sections
