"""What is typed on a slow line before the page shows what it is for goes there: nowhere else, and nothing is lost."""

import pytest
import pytest_asyncio
from playwright.async_api import expect

from tests.browser.test_direct_messages import heading, link
from tests.support.people import Person

LATE = 0.25  # seconds


@pytest_asyncio.fixture(loop_scope="session")
async def ann(server, make_proxy, enter, guest) -> Person:
    """Ann on a slow line, Bob, and a room for tea."""
    proxy = await make_proxy()
    ann = await enter("Ann", url=proxy.url)
    await guest("Bob")
    await ann.sees_people("Ann", "Bob")
    proxy.delay = LATE
    return ann


async def type_ahead(person: Person, *keys: str) -> None:
    """Press keys and type texts as fast as possible."""
    for key in keys:
        if key in ("Enter", "ArrowUp", "Control+k", "Shift+Tab", "Tab"):
            await person.page.keyboard.press(key)
        else:
            await person.page.keyboard.type(key)


async def test_typing_ahead_reaches_rooms_people_and_edits(ann):
    await ann.say("In the lobby")
    await type_ahead(ann, "/msg Bob", "Enter", "Psst", "Enter", "Control+k", "lob", "Enter", "Back", "Enter")
    await ann.sees("In the lobby", "Back")
    await type_ahead(ann, "ArrowUp", " again", "Enter")
    await ann.sees("In the lobby", "Back again")
    await type_ahead(ann, "Shift+Tab", "r", "euro", "Enter")
    await ann.sees("In the lobby", "Back again", "euro")
    await expect(ann.message("euro")).to_contain_text("Back again")
    await link(ann, "Bob").click()
    await type_ahead(ann, "Hey @bo", "Tab", "!", "Enter")
    await ann.sees("Psst", "Hey @Bob !")
    await expect(heading(ann, "Bob")).to_be_visible()


@pytest.mark.exhaustive
async def test_typing_ahead_reaches_dialogs_and_what_comes_after_them(ann):
    await ann.choose("Change name")
    await type_ahead(ann, "Anna", "Enter", "It's me", "Enter")
    await ann.sees("It's me")
    await ann.sees_people("Anna", "Bob")
    await ann.choose("New message")
    await type_ahead(ann, "bo", "Enter", "Enter", "Psst", "Enter")
    await ann.sees("Psst")
    await expect(heading(ann, "Bob")).to_be_visible()
    await ann.search_button.click()
    await type_ahead(ann, "nothing like that", "Enter", "?")
    await expect(ann.searchbox).to_have_value("nothing like that?")
