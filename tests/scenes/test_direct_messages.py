"""Direct messages: how a conversation begins, who sees it, how its list changes, and how it ends."""

import re
from html import unescape

import pytest

from tests.support.room_nodes import plain
from tests.support.scene_page import until
from tests.support.scene_person import ScenePerson

PASSWORD = "seven wild geese"


def talks(person: ScenePerson) -> list[str]:
    """Return the names of the conversations in a person's list, from the top."""
    return [plain(name) for name in re.findall(r"<bdi dir=ltr>(.*?)</bdi></a>", list_html(person))]


def list_html(person: ScenePerson) -> str:
    return "".join(person._inner("class", "direct-rooms"))


def address_of(person: ScenePerson, name: str) -> str:
    [row] = [row for row in list_html(person).split("<li>") if plain(row) == name]
    return re.findall('href="([^"]*)"', row)[0]


def heading(person: ScenePerson) -> str:
    """Return what the bar says to a person: in a direct room, it is for everyone another."""
    [form] = (tag for tag in person._tags() if tag.props.get("id") == "composer")
    html = person._html_of("brand")
    found = re.findall(rf'<span data-viewer="{form.props["data-owner"]}">(.*?)</span>', html)
    return plain(found[0]) if found else "TCPChatNet"


def hint(person: ScenePerson) -> str:
    """Return what the empty field says."""
    return unescape("".join(re.findall('<textarea [^>]*placeholder="([^"]*)"', "".join(person.html()))))


async def is_talking_to(person: ScenePerson, name: str) -> None:
    await until(lambda: heading(person) == name, lambda: f"{heading(person)!r} instead of {name!r}")


async def write_to(person: ScenePerson, name: str) -> None:
    """Begin a conversation from somebody's card."""
    await person.open_card(name)
    person.press_in_card("Message")
    await is_talking_to(person, name)


async def go_to(person: ScenePerson, address: str) -> None:
    """Follow a link to a room."""
    person._the(lambda tag: tag.props.get("class") == "room").trigger("vnodeMounted", [address, "", "push"])


@pytest.fixture
async def cem(enter, bob) -> ScenePerson:
    return await enter("Cem")


async def test_conversation_begins_at_a_card_and_is_there_for_the_other_with_the_first_message(ann, bob, cem):
    await write_to(ann, "Bob")
    assert (talks(ann), talks(bob), hint(ann)) == (["Bob"], [], "Message Bob")
    await ann.reads("Only the people in this conversation can see it.")
    await ann.say("Psst")
    await until(lambda: talks(bob) == ["Ann"])
    await go_to(bob, address_of(bob, "Ann"))
    await is_talking_to(bob, "Ann")
    await bob.sees("Psst")
    await bob.say("What?")
    await ann.sees("Psst", "What?")
    assert (talks(cem), cem.messages) == ([], [])


@pytest.mark.parametrize("name", ["Bob", "Cem"])
async def test_command_leads_to_the_conversation(ann, bob, cem, name):
    await ann.say(f"/msg @{name}")
    await is_talking_to(ann, name)
    assert (talks(bob), talks(cem)) == ([], [])
    await ann.say("/msg @Cem @Bob Psst")
    await is_talking_to(ann, "Bob and Cem")
    await ann.sees("Psst")
    await until(lambda: (talks(bob), talks(cem)) == (["Ann and Cem"], ["Ann and Bob"]))


async def test_people_are_chosen_in_a_dialog(ann, bob, cem):
    await ann.choose("New message")
    await offers(ann, "Bob", "Cem")
    pick(ann, "keydown", ["enter", "ce", ""])
    await offers(ann, "Bob")
    pick(ann, "keydown", ["enter", "nobody", ""])
    await until(lambda: ann.reason == "Couldn't find anyone called nobody.")
    pick(ann, "keydown", ["backspace", "", ""])
    await offers(ann, "Bob", "Cem")
    pick(ann, "input", "c")
    await offers(ann, "Cem")
    for name, left in (("cem", ["Bob"]), ("bo", [])):
        pick(ann, "keydown", ["enter", name, ""])
        await offers(ann, *left)
    pick(ann, "keydown", ["enter", "", ""])
    await is_talking_to(ann, "Bob and Cem")
    await ann.say("Hello, you two")
    await until(lambda: (talks(bob), talks(cem)) == (["Ann and Cem"], ["Ann and Bob"]))


def pick(person: ScenePerson, event: str, arguments: object) -> None:
    person._the(lambda tag: tag.props.get("aria-controls") == "found").trigger(event, arguments)


async def offers(person: ScenePerson, *names: str) -> None:
    """Wait until the dialog suggests exactly these people."""
    await until(lambda: re.findall("<b><bdi>(.*?)</bdi>", "".join(person._inner("id", "found"))) == [*names])


async def test_dialog_ignores_what_no_browser_sends(ann, bob):
    await ann.choose("New message")
    for arguments in None, [], ["enter"], ["enter", 7, None], ["backspace"], {"enter": ""}, "enter":
        for event in ("keydown", "input"):
            pick(ann, event, arguments)
        person = ann._the(lambda tag: tag.props.get("id") == "found")
        person.trigger("click", arguments)
    pick(ann, "input", "")
    await offers(ann, "Bob")
    assert heading(ann) == "TCPChatNet"


async def test_names_follow_renamed_people(ann, bob):
    await write_to(ann, "Bob")
    await ann.say("Hi")
    await bob.rename("Robert")
    await is_talking_to(ann, "Robert")
    await until(lambda: talks(ann) == ["Robert"])


async def test_name_goes_with_the_account(enter, bob):
    eve = await enter()
    await eve.sign_up("Eve", PASSWORD)
    await write_to(bob, "Eve")
    await bob.say("Hi")
    await eve.choose("Account")
    eve.click("Delete account…")
    eve.submit_dialog(PASSWORD, "on")
    await eve.is_at_the_card()
    await is_talking_to(bob, "Deleted account")
    await until(lambda: talks(bob) == ["Deleted account"] and bob.title.startswith("Deleted account"))


async def test_newest_conversation_is_first(ann, bob, cem):
    for name in ("Bob", "Cem"):
        await write_to(ann, name)
        await ann.say(f"Hi {name}")
    assert talks(ann) == ["Cem", "Bob"]
    await until(lambda: talks(bob) == ["Ann"])
    await go_to(bob, address_of(bob, "Ann"))
    await is_talking_to(bob, "Ann")
    await bob.say("Hello")
    await until(lambda: talks(ann) == ["Bob", "Cem"])


async def test_closed_conversation_returns_with_the_next_message(ann, bob):
    await write_to(ann, "Bob")
    await ann.say("Hi")
    await until(lambda: talks(bob) == ["Ann"])
    await go_to(bob, address_of(bob, "Ann"))
    await is_talking_to(bob, "Ann")
    ann.invoke(["--close-direct", ann.room_id, ""])
    await until(lambda: talks(ann) == [] and heading(ann) == "TCPChatNet")
    await bob.say("Are you there?")
    await until(lambda: talks(ann) == ["Bob"])
    await write_to(ann, "Bob")
    await ann.sees("Hi", "Are you there?")


async def test_closed_conversation_is_no_longer_unread(ann, bob):
    await write_to(bob, "Ann")
    await bob.say("Hi")
    await until(lambda: talks(ann) == ["Bob"] and ann.unread_elsewhere == "1 unread")
    ann.invoke(["--close-direct", bob.room_id, ""])
    await until(lambda: talks(ann) == [] and ann.unread_elsewhere == "")
    await bob.say("Are you there?")
    await until(lambda: talks(ann) == ["Bob"] and ann.unread_elsewhere == "2 unread")


async def test_opened_conversation_is_shown_again_by_a_reload_and_to_nobody_else(ann, bob, cem):
    await write_to(ann, "Bob")
    address = f"/{address_of(ann, 'Bob')}"
    for person in (bob, cem):
        assert (await person.download(address)).status_code == 404
        await go_to(person, address[1:])
        await person.is_refused("This room doesn't exist.")
    await ann.open(address)
    await ann.is_in()
    await is_talking_to(ann, "Bob")
    await ann.say("Hi")
    assert (await bob.download(address)).status_code == 200
    assert (await cem.download(address)).status_code == 404


async def test_admins_see_no_conversation_of_others_and_have_no_settings_in_their_own(ann, bob, olga):
    await write_to(ann, "Bob")
    await ann.say("Secret")
    address = f"/{address_of(ann, 'Bob')}"
    assert ((await olga.download(address)).status_code, talks(olga)) == (404, [])
    await write_to(olga, "Ann")
    menu = "".join(olga._inner("id", "menu"))
    assert "Room settings" not in menu and "Clear history" not in menu
    for command in ("/lock", "/slow 5", "/topic Us", "/clear", "/purge Ann"):
        await olga.say(command)
        await olga.is_refused("This room can't be changed like that.")
    await write_to(ann, "Olga")
    await ann.say("Hi")
    await olga.press("Delete", "Hi")
    assert not olga.is_dialog_open


MISSING = {
    "en": ("This room doesn't exist.", "Back to chat"),
    "de": ("Diesen Raum gibt es nicht.", "Zurück zum Chat"),
    "ar": ("هذه الغرفة غير موجودة.", "العودة إلى المحادثة"),
}


@pytest.mark.parametrize("language", MISSING)
async def test_url_of_an_ended_conversation_or_of_others_leads_back(ann, bob, cem, language):
    await write_to(ann, "Bob")
    await ann.say("Hi")
    address = f"/{address_of(ann, 'Bob')}"
    pages = [await cem.download(address, language)]
    await bob.leave()
    await until(lambda: talks(ann) == [])
    pages += [await ann.download(path, language) for path in (address, "/direct/nowhere", "/room/nowhere")]
    assert {page.status_code for page in pages} == {404}
    assert len({page.text for page in pages}) == 1
    html, (told, way) = unescape(pages[0].text), MISSING[language]
    assert f'lang="{language}' in html and f"<h1>{told}</h1>" in html and f'href="./">{way}</a>' in html


async def test_conversation_with_a_guest_ends_with_the_guest(ann, bob, cem):
    await write_to(ann, "Bob")
    await ann.say("Hi")
    await until(lambda: talks(bob) == ["Ann"])
    await bob.leave()
    await until(lambda: heading(ann) == "TCPChatNet" and talks(ann) == [])
    await ann.reads("A guest left, so this conversation has ended.")
    await ann.say("Hello, all")
    await cem.sees("Hello, all")


async def test_conversation_of_several_goes_on_without_a_guest_who_leaves(ann, bob, cem):
    await ann.say("/msg @Cem @Bob Psst")
    await is_talking_to(ann, "Bob and Cem")
    await until(lambda: talks(cem) == ["Ann and Bob"])
    await bob.leave()
    await is_talking_to(ann, "Cem")
    await ann.sees_line("Bob left")
    await until(lambda: (talks(ann), talks(cem)) == (["Cem"], ["Ann"]))
    await go_to(cem, address_of(cem, "Ann"))
    await is_talking_to(cem, "Ann")
    await cem.say("Still here")
    await ann.sees("Psst", "Still here")
    await bob.is_at_the_card()
    await bob.join("Bob")
    assert talks(bob) == []


async def test_account_holders_write_to_each_other_while_one_is_away(enter, ann):
    olga, paul = await enter(), await enter()
    await olga.sign_up("Olga", PASSWORD)
    await paul.sign_up("Paul", PASSWORD)
    await paul.choose("Sign out")
    await ann.sees_people("Ann", "Olga")
    await ann.open_card("Paul")
    assert "Message" not in re.sub("Show messages", "", ann.card)
    await write_to(olga, "Paul")
    await olga.say("For later")
    await paul.is_at_the_card()
    await paul.sign_in("Paul", PASSWORD)
    await until(lambda: talks(paul) == ["Olga"])


async def test_guest_waits_for_the_other_to_come_back(enter, ann):
    olga = await enter()
    await olga.sign_up("Olga", PASSWORD)
    await write_to(ann, "Olga")
    await ann.say("Hi")
    await olga.choose("Sign out")
    await ann.sees_people("Ann")
    await ann.say("Still there?")
    await ann.is_refused("That person isn't here.")
    await olga.sign_in("Olga", PASSWORD)
    await ann.is_not_refused()
    await ann.say("There you are")
    await ann.sees("Hi", "There you are")


async def test_muted_member_cannot_write_here_either(ann, bob, olga):
    await write_to(bob, "Ann")
    await olga.moderate("Bob", "Mute", "10m", "")
    await until(lambda: bob.is_field_closed)
    assert talks(ann) == []


async def test_typing_is_shown_in_the_conversation_only(ann, bob, cem):
    await write_to(ann, "Bob")
    await ann.say("Hi")
    await until(lambda: talks(bob) == ["Ann"])
    await go_to(bob, address_of(bob, "Ann"))
    await is_talking_to(bob, "Ann")
    await ann.write("Psst")
    await bob.sees_typing("Ann is typing")
    assert cem.typing == ""
