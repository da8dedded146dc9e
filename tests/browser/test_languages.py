"""Right-to-left languages."""

import re
import urllib.request
from collections.abc import Callable

import pytest
from playwright.async_api import Locator, expect

from tests.support.people import Person


async def arabic(enter: Callable, name: str) -> Person:
    """Join with a browser in Arabic."""
    person = await enter(locale="ar")
    await person.page.get_by_role("textbox", name="الاسم").fill(name)
    await person.page.get_by_role("button", name="انضمام").click()
    person.field = person.page.get_by_role("textbox", name="الرسالة")
    person.answer = person.page.get_by_role("status", name="الإجابة")
    person.menu_button = person.page.get_by_role("button", name="القائمة")
    await expect(person.field).to_be_visible()
    return person


async def is_left_to_right(place: Locator, text: str) -> bool:
    """Return whether a Latin text ends to the right of its start."""
    shown = place.get_by_text(text)
    await expect(shown).to_be_visible()
    return await shown.evaluate(ENDS_ON_THE_RIGHT, text)


@pytest.mark.parametrize(("language", "direction"), [("ar", "rtl"), ("he", "rtl"), ("de", "ltr"), ("zh-TW", "ltr")])
def test_direction_is_set_before_any_script(server, language: str, direction: str):
    request = urllib.request.Request(server.url, headers={"Accept-Language": language})
    with urllib.request.urlopen(request, timeout=5) as response:
        assert re.search(r"<html[^>]* dir=.(\w+)", response.read().decode())[1] == direction


async def test_arabic_is_laid_out_right_to_left_and_latin_in_it_stays_in_one_piece(enter):
    ann = await arabic(enter, "Ann!")
    await expect(ann.page.locator("html")).to_have_attribute("dir", "rtl")
    await expect(ann.field).to_have_css("direction", "rtl")
    await ann.field.fill("Hello")
    await expect(ann.field).to_have_css("direction", "ltr")
    await ann.say("/help")
    assert await is_left_to_right(ann.answer, "/nick")
    await ann.say("/nope")
    assert await is_left_to_right(ann.page.get_by_role("alert"), "/nope")
    await ann.say("/who")
    assert await is_left_to_right(ann.answer, "Ann!")
    await ann.menu_button.click()
    assert await is_left_to_right(ann.page.locator(".menu"), "Ann!")


ENDS_ON_THE_RIGHT = """(element, text) => {
  const node = element.firstChild, start = node.data.indexOf(text), range = document.createRange();
  const left = (at) => (range.setStart(node, at), range.setEnd(node, at + 1), range.getBoundingClientRect().left);
  return left(start) < left(start + text.length - 1);
}"""
