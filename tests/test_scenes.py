"""Scenes: two and three people in one chat, each with a simulated page."""

import asyncio
import re
from collections.abc import Callable
from html import unescape
from itertools import count

import pytest
from nicegui import ui
from nicegui.testing import User
from nicegui.testing.user_interaction import UserInteraction

from chat.ui.live import Live, LiveRegion
from chat.ui.theme import Tag
from tests.server import ADMIN_PASSWORD

OWN_IMAGE = '<img src="/assets/favicon.svg"'
PATIENCE = 50
message_ids = (f"message{number:05}" for number in count())


class Person:
    """Somebody with a simulated page."""

    def __init__(self, user: User) -> None:
        self.user = user

    async def comes(self, name: str) -> None:
        """Open the page and join by the card."""
        await self.user.open("/")
        self.gives_name(name)
        await self.sees("online")

    def gives_name(self, name: object) -> None:
        self._the(lambda tag: tag.tag == "form").trigger("submit", name)

    def says(self, text: str, message_id: str | None = None, *, knowing: bool = False) -> None:
        """Send a text, `knowing` why the one before was refused."""
        self.sends([message_id or next(message_ids), text, knowing])

    def sends(self, arguments: object) -> None:
        self._the(lambda tag: tag.props.get("id") == "composer").trigger("submit", arguments)

    def types(self, text: str) -> None:
        self._the(lambda tag: tag.props.get("id") == "composer").trigger("input", text[:2])

    def clicks(self, name: str) -> None:
        self._the(lambda tag: tag.tag == "button" and tag.props.get("textContent") == name).click()

    def chooses(self, command: str) -> None:
        """Press a button that invokes a command of the menu's."""
        self._the(lambda tag: tag.props.get("id") == "menu").trigger("command", {"command": command})

    def renames(self, name: str) -> None:
        self._the(lambda tag: tag.tag == "form" and tag.props.get("id") != "composer").trigger("submit", name)

    async def sees(self, text: str) -> None:
        await self.user.should_see(text, retries=PATIENCE)

    async def sees_no(self, text: str) -> None:
        await self.user.should_not_see(text, retries=PATIENCE)

    @property
    def log(self) -> str:
        return self._live("log")

    @property
    def people(self) -> str:
        return self._live("people")

    @property
    def typing_line(self) -> str:
        """The typing line as the style sheet of this page shows it: the viewer's own version, if there is one."""
        html = self._region("typing").snapshot()["typing"]["props"]["innerHTML"]
        style = next(
            tag.props["textContent"] for tag in self._tags() if "data-viewer" in tag.props.get("textContent", "")
        )
        own = style.split('[data-viewer="')[1].split('"')[0]
        spans = dict(part.split(">", 1) for part in html.split("<span ")[1:])
        shown = spans.get(f'data-viewer="{own}"', spans.get("class=all", ""))
        return unescape(shown.replace("<bdi>", "").replace("</bdi>", "").replace("</span>", ""))

    @property
    def answer(self) -> str:
        """The answer to a command, that only this person sees."""
        answers = [tag.props["innerHTML"] for tag in self._tags() if tag.props.get("class") == "answer"]
        return unescape(re.sub("<[^>]*>", "", "".join(answers)))

    @property
    def reason(self) -> str:
        """Why something was refused, wherever that stands on the page."""
        return "".join(tag.props.get("textContent", "") for tag in self._tags() if tag.props.get("class") == "reason")

    def html(self) -> list[str]:
        """All HTML that the page is given as such."""
        nodes = [*self._region("log").snapshot().values(), *({"props": tag.props} for tag in self._tags())]
        return [node.get("props", {}).get("innerHTML", "") for node in nodes if node]

    def _tags(self) -> list[Tag]:
        assert self.user.client
        return [element for element in self.user.client.elements.values() if isinstance(element, Tag)]

    def _the(self, is_it: Callable[[Tag], bool]) -> UserInteraction[ui.element]:
        [found] = filter(is_it, self._tags())
        self.user.find(Tag)  # from now on this is the user who navigates
        return UserInteraction(self.user, {found}, None)

    def _region(self, node: str) -> LiveRegion:
        assert self.user.client
        lives = [element for element in self.user.client.elements.values() if isinstance(element, Live)]
        return next(live._region for live in lives if node in live._region.snapshot())

    def _live(self, node: str) -> str:
        return self._region(node).text(node)


@pytest.fixture
async def arrive(create_user: Callable[[], User]) -> Callable:
    """Let people come in: `ann = await arrive("Ann")`; without a name they stay at the card."""

    async def come(name: str | None = None) -> Person:
        person = Person(create_user())
        if name is None:
            await person.user.open("/")
        else:
            await person.comes(name)
        return person

    return come


@pytest.fixture
async def ann(arrive: Callable) -> Person:
    return await arrive("Ann")


@pytest.fixture
async def bob(arrive: Callable, ann: Person) -> Person:
    return await arrive("Bob")


async def until(is_so: Callable[[], bool]) -> None:
    """Wait for something to become true."""
    for _ in range(500):
        if is_so():
            return
        await asyncio.sleep(0.02)
    raise AssertionError("it did not become true")


async def both_see(ann: Person, bob: Person, text: str) -> None:
    await ann.sees(text)
    await bob.sees(text)


# Coming in.


async def test_a_stranger_sees_the_card_and_nothing_else(arrive: Callable, ann: Person):
    ann.says("Between us")
    await ann.sees("Between us")
    eve = await arrive()
    await eve.sees("Join")
    await eve.sees_no("Between us")
    await eve.sees_no("Ann")


async def test_two_people_come_in_and_see_each_other(ann: Person, bob: Person):
    await both_see(ann, bob, "2 online")
    await ann.sees("Ann and Bob joined")
    assert "Bob" in ann.people
    assert "Ann" in bob.people


async def test_an_empty_room_says_something_kind(ann: Person):
    await ann.sees("Say hello and get it started.")


@pytest.mark.parametrize(
    ("name", "reason"),
    [
        ("", "Please enter a name."),
        ("ann", "Somebody here is called ann already."),
        ("Admin", "The name Admin is reserved."),
        ("x" * 33, "Names can have up to 32 characters."),
        ("An\u200bn", "This name has characters that can't be used."),
        ("\u0410nn", "This name mixes look-alike letters"),
        (None, "Please enter a name."),
        ({"name": "Eve"}, "Please enter a name."),
    ],
)
async def test_a_refused_name_gets_its_reason(arrive: Callable, ann: Person, name: object, reason: str):
    eve = await arrive()
    eve.gives_name(name)
    await eve.sees(reason)
    await eve.sees("Join")
    await ann.sees("1 online")


async def test_after_a_refusal_another_name_is_fine(arrive: Callable, ann: Person):
    eve = await arrive()
    eve.gives_name("Ann")
    await eve.sees("Somebody here is called Ann already.")
    eve.gives_name("Eve")
    await both_see(ann, eve, "2 online")


async def test_who_comes_back_is_in_at_once(ann: Person, bob: Person):
    await bob.user.open("/")
    await bob.sees("2 online")
    assert ann.log.count("joined") == 1


# Talking.


async def test_both_see_what_both_say(ann: Person, bob: Person):
    ann.says("Hello Bob")
    await both_see(ann, bob, "Hello Bob")
    bob.says("Hello Ann")
    await both_see(ann, bob, "Hello Ann")


async def test_who_comes_later_sees_what_was_said(arrive: Callable, ann: Person, bob: Person):
    ann.says("Hello Bob")
    await bob.sees("Hello Bob")
    cid = await arrive("Cid")
    assert "Hello Bob" in cid.log


async def test_three_people_see_the_same(arrive: Callable, ann: Person, bob: Person):
    cid = await arrive("Cid")
    for person, text in ((ann, "one"), (bob, "two"), (cid, "three")):
        person.says(f"This is {text}")
        await cid.sees(f"This is {text}")
    assert ann.log == bob.log == cid.log


async def test_what_is_sent_again_is_shown_once(ann: Person, bob: Person):
    for _ in range(2):
        ann.says("Hello", "sent0again")
    ann.says("Goodbye")
    await bob.sees("Goodbye")
    assert bob.log.count("Hello") == 1


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("x" * 4001, "A message can have up to 4,000 characters; this one has 4,001."),
        ("   ", "There is nothing to send yet."),
        ("/unknown", "There is no command /unknown."),
        ("/nick", "Something is missing after /nick."),
    ],
)
async def test_a_refused_message_gets_its_reason(ann: Person, bob: Person, text: str, reason: str):
    ann.says(text)
    await ann.sees(reason)
    assert bob.reason == ""
    ann.says("Better now", knowing=True)
    await bob.sees("Better now")
    assert ann.reason == ""
    assert bob.log.endswith("Better now")


@pytest.mark.parametrize(
    "arguments", [None, {}, [], ["message01"], [1, "Hello"], ["not an id!", "Hello"], ["message01", ["Hello"]], "Hello"]
)
async def test_a_page_that_sends_nonsense_says_nothing(ann: Person, bob: Person, arguments: object):
    ann.sends(arguments)
    ann.says("Sorry")
    await bob.sees("Sorry")
    assert "Hello" not in bob.log


# Typing.


async def test_typing_is_shown_to_the_other_only(ann: Person, bob: Person):
    ann.types("Hello")
    await until(lambda: bob.typing_line == "Ann is typing")
    assert ann.typing_line == ""


async def test_each_of_two_sees_the_other_typing(arrive: Callable, ann: Person, bob: Person):
    cid = await arrive("Cid")
    ann.types("Hello")
    bob.types("Hello")
    await until(lambda: cid.typing_line == "Ann and Bob are typing")
    assert ann.typing_line == "Bob is typing"
    assert bob.typing_line == "Ann is typing"


async def test_typing_ends_with_the_message(ann: Person, bob: Person):
    ann.types("Hello")
    await until(lambda: bob.typing_line == "Ann is typing")
    ann.says("Hello")
    await until(lambda: bob.typing_line == "")


async def test_typing_ends_when_the_field_is_empty(ann: Person, bob: Person):
    ann.types("Hello")
    await until(lambda: bob.typing_line == "Ann is typing")
    ann.types("")
    await until(lambda: bob.typing_line == "")


@pytest.mark.parametrize("text", ["/admin", " /me"])
async def test_a_command_is_typed_in_secret(ann: Person, bob: Person, text: str):
    ann.types(text)
    bob.types("Hello")
    await until(lambda: ann.typing_line == "Bob is typing")
    assert bob.typing_line == ""


# Names.


async def test_a_new_name_is_told_to_everybody(ann: Person, bob: Person):
    ann.chooses("--rename")
    ann.renames("Anna")
    await both_see(ann, bob, "Ann is now called Anna")
    await until(lambda: "Anna" in bob.people)
    ann.says("It is me")
    await bob.sees("It is me")
    assert "Anna It is me" in bob.log


async def test_a_new_name_is_refused_with_the_reason(ann: Person, bob: Person):
    ann.chooses("--rename")
    ann.renames("BOB")
    await ann.sees("Somebody here is called BOB already.")
    assert "BOB" not in bob.people


async def test_a_new_name_stays_after_coming_back(ann: Person, bob: Person):
    ann.says("/nick Anna")
    await bob.sees("Ann is now called Anna")
    await ann.user.open("/")
    await ann.sees("2 online")
    assert "Anna" in ann.people


async def test_a_name_that_is_html_is_only_a_name(arrive: Callable, ann: Person):
    eve = await arrive("<img src=x>")
    eve.types("Hello")
    await until(lambda: ann.typing_line == "<img src=x> is typing")
    eve.says("<img src=y>")
    ann.says("/who")
    await until(lambda: ann.answer == "2 people are here:\n<img src=x>\nAnn")
    await ann.sees("&lt;img src=y&gt;")
    assert "<img src=" not in "".join(ann.html()).replace(OWN_IMAGE, "")


# Commands.


async def test_who_is_answered_to_the_asker_only(ann: Person, bob: Person):
    ann.says("/who")
    await until(lambda: ann.answer == "2 people are here:\nAnn\nBob")
    assert bob.answer == ""


async def test_help_is_answered_to_the_asker_only(ann: Person, bob: Person):
    ann.says("/help")
    await until(lambda: "/clear – Wipe the history for everyone (admins)" in ann.answer)
    assert bob.answer == ""


async def test_me_tells_what_somebody_does(ann: Person, bob: Person):
    ann.says("/me waves")
    await both_see(ann, bob, "Ann waves")


async def test_an_admin_is_asked_and_clears_for_everyone(ann: Person, bob: Person):
    bob.says("Something silly")
    await ann.sees("Something silly")
    ann.says(f"/admin {ADMIN_PASSWORD}")
    await both_see(ann, bob, "Ann is an admin now")
    ann.says("/clear")
    await ann.sees("Clear the history?")
    await bob.sees("Something silly")
    ann.clicks("Clear history")
    await both_see(ann, bob, "Ann cleared the history")
    assert "Something silly" not in ann.log + bob.log


async def test_nobody_else_clears_by_command_or_by_button(ann: Person, bob: Person):
    ann.says("Something wise")
    await bob.sees("Something wise")
    bob.says("/clear")
    await bob.sees("Only admins can do that.")
    bob.chooses("--clear")
    bob.clicks("Clear history")
    await until(lambda: bob.reason.count("Only admins can do that.") == 2)
    assert "Something wise" in ann.log


async def test_a_password_is_seen_by_nobody(ann: Person, bob: Person):
    ann.says("/admin open sesame")
    await ann.sees("That is not the admin password.")
    ann.says(f" /admin {ADMIN_PASSWORD}")
    await bob.sees("Ann is an admin now")
    await bob.sees_no("sesame")
    await bob.sees_no(ADMIN_PASSWORD)


async def test_guessing_the_password_costs_a_minute(ann: Person, bob: Person):
    for _ in range(6):
        ann.says("/admin sesame")
    await ann.sees("Too many wrong passwords.")
    bob.says(f"/admin {ADMIN_PASSWORD}")
    await ann.sees("Bob is an admin now")


# Leaving.


async def test_who_leaves_is_gone_for_the_others_and_a_stranger_again(ann: Person, bob: Person):
    bob.chooses("--leave")
    await ann.sees("1 online")
    await ann.sees("Bob left")
    await bob.user.open("/")
    await bob.sees("Join")
    await bob.sees_no("Messages")


async def test_who_left_can_do_nothing_more_on_the_old_page(ann: Person, bob: Person):
    bob.chooses("--leave")
    await ann.sees("Bob left")
    bob.says("Still here?")
    await bob.sees("You are not in the room any more.")
    bob.types("Still here?")
    assert "Still here?" not in ann.log
    assert ann.typing_line == ""


async def test_a_name_is_free_when_its_owner_has_left(arrive: Callable, ann: Person, bob: Person):
    bob.chooses("--leave")
    await ann.sees("Bob left")
    await arrive("Bob")
    await ann.sees("2 online")
