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

from chat.framework.elements import HtmlElement
from chat.framework.live_region import LiveRegion, LiveSlot
from tests.support.server import ADMIN_PASSWORD

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

    def says(self, text: str, message_id: str | None = None, *, about: str = "", knowing: bool = False) -> None:
        """Send a text, perhaps about a message, `knowing` why the one before was refused."""
        self.sends([message_id or next(message_ids), text, about, knowing])

    def presses(self, command: str, text: str, value: str = "") -> None:
        """Press a button on the message with this text."""
        self.invokes([command, value, self.message_id(text)])

    def sends(self, arguments: object) -> None:
        self._the(lambda tag: tag.props.get("id") == "composer").trigger("submit", arguments)

    def presses_escape(self) -> None:
        self._the(lambda tag: tag.props.get("id") == "composer").trigger("keydown", "escape")

    def types(self, text: str) -> None:
        self._the(lambda tag: tag.props.get("id") == "composer").trigger("input", text[:2])

    def clicks(self, name: str) -> None:
        self._the(lambda tag: tag.tag == "button" and tag.props.get("textContent") == name).click()

    def chooses(self, command: str) -> None:
        """Pick an item of the menu."""
        self.invokes([command, "", ""])

    def invokes(self, arguments: object) -> None:
        self._the(lambda tag: tag.props.get("id") == "menu").trigger("command", arguments)

    def renames(self, name: str) -> None:
        self._the(lambda tag: tag.tag == "form" and tag.props.get("id") != "composer").trigger("submit", name)

    def types_raw(self, arguments: object) -> None:
        self._the(lambda tag: tag.props.get("id") == "composer").trigger("input", arguments)

    def suggested(self, before: str) -> list[str]:
        """What is suggested after this was typed."""
        self.types_raw([before, 0])
        html = [tag.props["innerHTML"] for tag in self._tags() if tag.props.get("id") == "completion"]
        return re.findall('data-text="([^"]*)"', unescape("".join(html)))

    def searches(self, query: object) -> None:
        self._the(lambda tag: tag.props.get("type") == "search").trigger("input", query)

    @property
    def results(self) -> str:
        """What the search has found."""
        return "".join(tag.props.get("innerHTML", "") for tag in self._tags() if tag.props.get("class") == "results")

    @property
    def style(self) -> str:
        """The style sheet of this page."""
        return next(tag.props["textContent"] for tag in self._tags() if tag.tag == "style")

    def message_id(self, text: str) -> str:
        """The id of the message with this text."""
        nodes = self._region("log").snapshot()
        found, *_ = [node for node in nodes.values() if node and node["tag"] == "article" and text in _text(node)]
        return found["props"]["id"].removeprefix("m-")

    async def sees(self, text: str) -> None:
        await self.user.should_see(text, retries=PATIENCE)

    async def sees_no(self, text: str) -> None:
        await self.user.should_not_see(text, retries=PATIENCE)

    @property
    def log(self) -> str:
        return self._live("log")

    @property
    def header(self) -> str:
        return self._live("bar")

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

    def _tags(self) -> list[HtmlElement]:
        assert self.user.client
        return [element for element in self.user.client.elements.values() if isinstance(element, HtmlElement)]

    def _the(self, is_it: Callable[[HtmlElement], bool]) -> UserInteraction[ui.element]:
        [found] = filter(is_it, self._tags())
        self.user.find(HtmlElement)  # from now on this is the user who navigates
        return UserInteraction(self.user, {found}, None)

    def _region(self, node: str) -> LiveRegion:
        assert self.user.client
        lives = [element for element in self.user.client.elements.values() if isinstance(element, LiveSlot)]
        return next(live._region for live in lives if node in live._region.snapshot())

    def _live(self, node: str) -> str:
        return self._region(node).text(node)


def _text(node: dict) -> str:
    return unescape(re.sub("<[^>]*>", "", node["props"].get("innerHTML", "")))


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
    "arguments",
    [
        None,
        {},
        [],
        ["message01"],
        [1, "Hello", ""],
        ["not an id!", "Hello", ""],
        ["message01", ["Hello"], ""],
        "Hello",
        ["message01", "Hello"],
        ["message01", "Hello", None],
        ["message01", "Hello", {}],
    ],
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
    await until(lambda: "/who – List who is here" in ann.answer)
    assert "/clear" not in ann.answer
    assert bob.answer == ""


async def test_help_shows_an_admin_more(ann: Person):
    ann.says(f"/admin {ADMIN_PASSWORD}")
    await ann.sees("Ann is an admin now")
    ann.says("/help")
    await until(lambda: "/clear – Wipe the history for everyone" in ann.answer)


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


# Messages about messages.


async def test_a_reply_quotes_what_it_answers(ann: Person, bob: Person):
    ann.says("Shall we meet?")
    await bob.sees("Shall we meet?")
    bob.presses("--reply", "Shall we meet?")
    await bob.sees("Replying to Ann")
    bob.says("At eight", about=f"reply-{bob.message_id('Shall we meet?')}")
    await both_see(ann, bob, "Bob Ann Shall we meet? At eight")


async def test_a_reply_to_what_was_deleted_says_so(ann: Person, bob: Person):
    ann.says("Shall we meet?")
    await bob.sees("Shall we meet?")
    bob.says("At eight", about=f"reply-{bob.message_id('Shall we meet?')}")
    await ann.sees("At eight")
    ann.presses("--delete", "Shall we meet?")
    ann.clicks("Delete")
    await both_see(ann, bob, "The message was deleted. At eight")


async def test_an_edit_is_seen_by_all_and_marked(ann: Person, bob: Person):
    ann.says("Helo")
    await bob.sees("Helo")
    ann.presses("--edit", "Helo")
    await ann.sees("Editing your message")
    ann.says("Hello", about=f"edit-{ann.message_id('Helo')}")
    await both_see(ann, bob, "Hello")
    assert "edited" in bob.log
    assert "Helo" not in bob.log.replace("Hello", "")


async def test_what_is_somebody_elses_can_neither_be_edited_nor_deleted(ann: Person, bob: Person):
    ann.says("Mine")
    await bob.sees("Mine")
    bob.presses("--edit", "Mine")
    bob.presses("--delete", "Mine")
    await bob.sees_no("Editing")
    await bob.sees_no("Delete this message?")
    bob.says("Yours", about=f"edit-{bob.message_id('Mine')}")
    await bob.sees("That message is somebody else's.")
    assert ann.log.endswith("Mine")


async def test_an_admin_deletes_what_others_wrote(ann: Person, bob: Person):
    bob.says("Something silly")
    await ann.sees("Something silly")
    ann.says(f"/admin {ADMIN_PASSWORD}")
    await ann.sees("Ann is an admin now")
    ann.presses("--delete", "Something silly")
    await ann.sees("Delete this message?")
    ann.clicks("Delete")
    await until(lambda: "silly" not in ann.log + bob.log)


async def test_a_reaction_is_counted_and_taken_back(ann: Person, bob: Person):
    ann.says("Cake!")
    await bob.sees("Cake!")
    bob.presses("--react", "Cake!", "🎉")
    await ann.sees("🎉 1")
    ann.presses("--react", "Cake!", "🎉")
    await bob.sees("🎉 2")
    bob.presses("--react", "Cake!", "🎉")
    ann.presses("--react", "Cake!", "🎉")
    await until(lambda: "🎉" not in ann.log + bob.log)


@pytest.mark.parametrize("emoji", ["x", "🎉🎉", "<b>", "x" * 100_000])
async def test_only_emoji_are_reactions(ann: Person, emoji: str):
    ann.says("Cake!")
    await ann.sees("Cake!")
    ann.presses("--react", "Cake!", emoji)
    await ann.sees("That is not an emoji to react with.")
    assert ann.log.endswith("Cake!")


async def test_what_was_refused_is_not_told_for_ever(ann: Person):
    ann.says("Cake!")
    await ann.sees("Cake!")
    ann.presses("--react", "Cake!", "none")
    await ann.sees("That is not an emoji to react with.")
    ann.says("Well then")
    await ann.sees_no("That is not an emoji to react with.")
    ann.presses("--react", "Cake!", "none")
    await ann.sees("That is not an emoji to react with.")
    ann.presses("--react", "Cake!", "🎉")
    await ann.sees_no("That is not an emoji to react with.")
    ann.presses("--react", "Cake!", "none")
    await ann.sees("That is not an emoji to react with.")
    ann.presses_escape()
    assert not ann.reason


async def test_the_reason_for_a_text_that_came_back_stays_until_it_is_put_right(ann: Person):
    ann.says("/nick")
    await ann.sees("Something is missing after /nick.")
    ann.says("this was on its way already")
    await ann.sees("this was on its way already")
    assert ann.reason
    ann.says("better", knowing=True)
    await ann.sees("better")
    assert not ann.reason


@pytest.mark.parametrize(
    "command", ["--reply", "--edit", "--delete", "--react", "--jump", "--load", "--found", "--nothing"]
)
@pytest.mark.parametrize(
    "arguments",
    [["", "unknown0id"], ["🎉", "unknown0id"], [None, None], [1, {}], [], ["99999999999999", ""], ["-1", "x"]],
)
async def test_a_button_with_nonsense_does_nothing(ann: Person, bob: Person, command: str, arguments: list):
    ann.invokes([command, *arguments])
    ann.says("Still fine")
    await bob.sees("Still fine")


async def test_what_was_refused_after_a_reload_says_what_it_answers(ann: Person, bob: Person):
    ann.says("Cake?")
    await bob.sees("Cake?")
    bob.says("x" * 4001, about=f"reply-{bob.message_id('Cake?')}")
    await bob.sees("up to 4,000 characters")
    await bob.sees("Replying to")


async def test_a_result_that_was_deleted_meanwhile_says_so(ann: Person, bob: Person):
    ann.says("The tea is ready")
    await bob.sees("The tea is ready")
    message_id = bob.message_id("The tea is ready")
    ann.presses("--delete", "The tea is ready")
    ann.clicks("Delete")
    await bob.sees_no("The tea is ready")
    bob.invokes(["--found", message_id, ""])
    await bob.sees("That message has been deleted.")


async def test_a_mention_is_bound_to_the_person(ann: Person, bob: Person):
    bob.says("What do you think, @Ann")
    await ann.sees("@Ann")
    ann.says("/nick Anna")
    await both_see(ann, bob, "What do you think, @Anna")


async def test_the_topic_is_in_the_header(ann: Person, bob: Person):
    ann.says("/topic Cakes")
    await ann.sees("Only admins can do that.")
    ann.says(f"/admin {ADMIN_PASSWORD}")
    await ann.sees("Ann is an admin now")
    ann.says("/topic Cakes and pies")
    await bob.sees("Ann changed the topic: Cakes and pies")
    assert "Cakes and pies" in bob.header
    ann.says("/topic -")
    await bob.sees("Ann removed the topic")
    assert "Cakes and pies" not in bob.header


async def test_a_shrug_is_behind_the_text(ann: Person, bob: Person):
    ann.says("/shrug No idea")
    await bob.sees(r"No idea ¯\_(ツ)_/¯")


# Finding.


async def test_people_commands_and_emoji_are_suggested(ann: Person, bob: Person):
    assert ann.suggested("Hello @b") == ["@Bob "]
    assert ann.suggested("/sea") == ["/search "]
    assert ann.suggested("/to") == []
    assert "🎉 " in ann.suggested("Hello :tad")
    assert ann.suggested("Hello ") == []


@pytest.mark.parametrize("typed", [None, 1, [], {}, ["@b"], ["@b", "0"], [None, 0], "@b"])
async def test_a_page_that_types_nonsense_gets_no_suggestions(ann: Person, bob: Person, typed: object):
    ann.types_raw(typed)
    ann.says("Still fine")
    await bob.sees("Still fine")


async def test_what_was_said_is_found(ann: Person, bob: Person):
    bob.says("Crème brûlée for everyone")
    await ann.sees("Crème")
    ann.chooses("--search")
    ann.searches("CREME")
    await until(lambda: "<mark>Crème</mark> brûlée" in ann.results)
    ann.searches("salad")
    await ann.sees("0 messages found")
    ann.searches({"not": "a text"})
    ann.says("/search brulee")
    await until(lambda: "<mark>brûlée</mark>" in ann.results)


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


# Moderation.


async def test_who_is_muted_is_told_why_and_everybody_sees_it(ann: Person, bob: Person):
    ann.says(f"/admin {ADMIN_PASSWORD}")
    await ann.sees("Ann is an admin now")
    ann.says("/mute Bob 5 Too loud")
    await both_see(ann, bob, "Bob was muted by Ann (5 minutes)")
    bob.says("But")
    await bob.sees("You are muted and can only read. Time left: 5 minutes. Reason: Too loud")
    ann.says("/unmute Bob")
    await bob.sees("Ann lets Bob speak again")
    bob.says("Thanks")
    await ann.sees("Thanks")


async def test_who_is_banned_is_at_the_card_with_the_reason(ann: Person, bob: Person):
    ann.says(f"/admin {ADMIN_PASSWORD}")
    await ann.sees("Ann is an admin now")
    ann.says("/ban Bob 2h Spam")
    await ann.sees("Bob was banned by Ann (2 hours)")
    await bob.user.open("/")
    await bob.sees("You were banned from this chat.")
    assert bob.reason.endswith("Reason: Spam")
    bob.gives_name("Robert")
    await until(lambda: bob.reason.endswith("Reason: Spam"))
    ann.says("/who")
    await until(lambda: ann.answer == "1 person is here:\nAnn")


async def test_who_may_not_moderate_is_told_what_is_needed(ann: Person, bob: Person):
    bob.says("/ban Ann")
    await bob.sees("Only moderators can do that.")
    ann.says("Still here")
    await bob.sees("Still here")
