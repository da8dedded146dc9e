"""Direct messages in a real browser: from a card to an answer, on desk and phone, and the dialog by keyboard."""

import re

import pytest
from playwright.async_api import Locator, expect

from tests.support.matrix import sampled
from tests.support.people import Person
from tests.support.server import Server

PHONE = {"viewport": {"width": 390, "height": 844}, "has_touch": True, "is_mobile": True}
ADDRESS = re.compile(r"/direct/\w+$")
SPACE_ABOVE = """name => { const found = [...document.querySelectorAll('.roster :is(h2, li)')]
  const all = found.filter(element => element.checkVisibility())
  const at = all.findIndex(element => element.textContent === name)
  return Math.round(all[at].getBoundingClientRect().top - all[at - 1].getBoundingClientRect().bottom) }"""


DOT = "() => getComputedStyle(document.querySelector('.online'), '::before').backgroundColor"


@pytest.fixture
def server(make_server) -> Server:
    """A chat that waits long for guests to come back: their conversations end when they leave."""
    return make_server(CHAT_GRACE="60")


def heading(person: Person, name: str) -> Locator:
    return person.page.get_by_role("heading", level=1, name=name, exact=True)


def link(person: Person, name: str) -> Locator:
    return person.page.get_by_role("navigation", name="Rooms").get_by_role("link", name=name, exact=True)


async def open_sidebar(person: Person) -> None:
    if person.touch:
        await person.page.get_by_role("button", name="People").tap()


@pytest.mark.parametrize("look", sampled(PHONE, {}), ids=["phone", "desk"])
async def test_conversation_begins_at_a_card_and_is_answered(enter, look):
    ann, bob = await enter("Ann", **look), await enter("Bob", **look)
    await open_sidebar(ann)
    await ann.row("Bob").click()
    await ann.card.get_by_role("button", name="Message", exact=True).click()
    await expect(ann.page).to_have_url(ADDRESS)
    await expect(heading(ann, "Bob")).to_be_visible()
    await expect(ann.page).to_have_title("Bob · TCPChatNet")
    await ann.eventually("rgba(0, 0, 0, 0)", DOT)  # beside his name, it would say that he is here
    await expect(ann.field).to_have_attribute("placeholder", "Message Bob")
    await ann.say("Psst")
    await open_sidebar(bob)
    await link(bob, "Ann, 1 unread").click()
    await bob.sees("Psst")
    await bob.say("What?")
    await ann.sees("Psst", "What?")
    await ann.reload_page()
    await ann.sees("Psst", "What?")
    await open_sidebar(ann)
    assert await ann.ask(SPACE_ABOVE, "Direct messages") == await ann.ask(SPACE_ABOVE, "People")
    row = ann.page.get_by_role("listitem").filter(has=ann.page.get_by_role("link", name="Bob", exact=True))
    await row.get_by_role("button", name="Close conversation").click()
    await expect(heading(ann, "TCPChatNet")).to_be_attached()
    await expect(link(ann, "Bob")).to_have_count(0)
    await bob.say("Still there?")
    await expect(link(ann, "Bob, 1 unread")).to_have_count(1)


async def test_people_are_chosen_by_keyboard(enter, guest):
    ann, _, _ = await enter("Ann"), await guest("Bob"), await guest("Cem")
    await ann.choose("New message")
    dialog = ann.page.get_by_role("dialog", name="New message")
    field, options = dialog.get_by_role("combobox", name="People"), dialog.get_by_role("option")
    await expect(options).to_have_text(["Bob", "Cem"])
    await expect(field).to_be_focused()
    await ann.page.keyboard.type("ce")
    await expect(options).to_have_text(["Cem"])
    await expect(field).to_have_attribute("aria-activedescendant", "found-0")
    await ann.keys("Enter")
    await expect(dialog.get_by_role("button", name="Remove Cem")).to_be_visible()
    await ann.page.keyboard.type("bob")
    await ann.keys("Enter")  # the suggestions for it may not be there yet
    await expect(dialog.get_by_role("button", name="Remove Bob")).to_be_visible()
    await expect(field).to_have_value("")
    await ann.keys("Backspace")
    await expect(options).to_have_text(["Bob"])
    await ann.keys("ArrowDown", "Enter")
    await expect(options).to_have_count(0)
    await ann.keys("Enter")
    await expect(heading(ann, "Bob and Cem")).to_be_visible()
    await expect(dialog).to_be_hidden()
    await expect(ann.field).to_be_focused()
