"""Old versions of Chromium: from 123, everything has its place; before, the page says so, and can be read and written.

None of them has all that newer browsers offer: `field-sizing` since 123, `position-area` since 129, commands since 135.
"""

from collections.abc import AsyncIterator, Callable
from contextlib import AsyncExitStack

import pytest
import pytest_asyncio
from axe_playwright_python.async_playwright import Axe
from playwright.async_api import Browser, Error, async_playwright, expect

from tests.support.old_chromium import launch_old_chromium
from tests.support.people import Person
from tests.support.profiles import DESK

pytestmark = [pytest.mark.exhaustive, pytest.mark.asyncio(loop_scope="session")]

OLDEST_SUPPORTED = "123.0.1"
TOO_OLD = ["116.0.0", "109.0.6"]
PHONE = {"viewport": {"width": 390, "height": 844}, "has_touch": True}
NEAR = 12  # pixels


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def launch() -> AsyncIterator[Callable]:
    """Start versions of Chromium, each once."""
    browsers: dict[str, Browser] = {}
    async with async_playwright() as playwright, AsyncExitStack() as stack:

        async def start(version: str) -> Browser:
            if version not in browsers:
                browsers[version] = await stack.enter_async_context(launch_old_chromium(playwright, version))
            return browsers[version]

        yield start


@pytest_asyncio.fixture(loop_scope="session")
async def enter_old(launch, server) -> AsyncIterator[Callable]:
    """Have people join in old browsers: `ann = await enter_old("116.0.0", "Ann")`."""
    errors: list[str] = []

    def record(error: Error) -> None:
        errors.append(str(error))

    async with AsyncExitStack() as stack:

        async def join(version: str, name: str, **options: object) -> Person:
            browser = await launch(version)
            context = await browser.new_context(**{"viewport": DESK, **options})
            stack.push_async_callback(context.close)
            page = await context.new_page()
            page.on("pageerror", record)
            await page.goto(server.url)
            person = Person(page, server.url, touch=bool(options.get("has_touch")))
            await person.join(name)
            return person

        yield join
    assert not errors


async def field_heights(person: Person) -> list[float]:
    """Return the height of the field with one, two and five lines, and with one again."""
    heights = []
    for lines in 1, 2, 5, 1:
        await person.field.fill("\n".join("x" * lines))
        heights.append(await person.field.evaluate("(field) => field.offsetHeight"))
    await person.field.fill("")
    return heights


async def box(person: Person, selector: str) -> dict[str, float]:
    found = await person.page.locator(selector).bounding_box()
    assert found
    return found


async def has_readable_colours(person: Person) -> bool:
    """Whether all texts have enough contrast (WCAG 1.4.3)."""
    rules = {"runOnly": ["color-contrast"], "resultTypes": ["violations", "passes"]}
    results = await Axe().run(person.page, options=rules)
    assert not results.violations_count, results.generate_report()
    return bool(results.response["passes"])


async def test_supported_browser_has_everything(enter_old, guest):
    # To join, she moves the mouse to the button: with some colours, Chromium 123 crashes then.
    bob, ann = await guest("Bob"), await enter_old(OLDEST_SUPPORTED, "Ann")
    await expect(ann.page.locator(".outdated")).to_be_hidden()
    one, two, five, again = await field_heights(ann)
    assert one == again < two < five
    await bob.say("Who has the key?")
    await ann.reply("Who has the key?", "I have it")
    await expect(ann.message("I have it").locator(".quote")).to_contain_text("Who has the key?")
    await ann.edit("I have it", "I have both")
    await expect(ann.message("I have both")).to_be_visible()
    await ann.react("I have both", "❤️")
    await expect(ann.reaction("I have both", "❤️")).to_be_visible()
    await ann.field.fill("half a thought")
    await ann.reload()
    await expect(ann.field).to_have_value("half a thought")
    await ann.field.fill("")
    await ann.delete("I have both")
    await ann.sees("Who has the key?")
    await ann.search("key")
    await expect(ann.results).to_have_count(1)


async def test_phone_has_its_sheet_and_picker(enter_old):
    ann = await enter_old(OLDEST_SUPPORTED, "Ann", **PHONE)
    await ann.say("Where is everybody?")
    await ann.press("React", "everybody")
    await expect(ann.actions).to_be_in_viewport(ratio=1)
    await ann.quick_row.get_by_role("button").last.tap()
    await expect(ann.picker.get_by_role("combobox")).to_be_visible()
    await expect(ann.page.locator("#reactions")).to_be_in_viewport(ratio=1)


async def test_reactions_are_beside_their_message(enter_old, guest):
    bob, ann = await guest("Bob"), await enter_old(OLDEST_SUPPORTED, "Ann")
    await ann.say("Where is everybody?")
    await ann.press("React", "everybody")
    await expect(ann.quick_row).to_be_visible()
    button = await box(ann, "article [command='--react']")
    row = await box(ann, "#reactions")
    assert abs(button["y"] - row["y"] - row["height"]) <= NEAR
    assert row["x"] - NEAR <= button["x"] <= row["x"] + row["width"] - button["width"] + NEAR
    await expect(ann.page.locator("#reactions")).to_be_in_viewport(ratio=1)
    await ann.quick_row.get_by_role("button").last.click()
    await expect(ann.picker.get_by_role("combobox")).to_be_visible()
    await expect(ann.page.locator("#reactions")).to_be_in_viewport(ratio=1)
    picker = await box(ann, "#reactions")
    assert abs(button["y"] - picker["y"] - picker["height"]) <= NEAR
    await bob.say("Over here!")
    await expect(ann.message("Over here!")).to_be_visible()
    spot, picker = await box(ann, "#spot"), await box(ann, "#reactions")
    assert spot["y"] < button["y"]
    assert abs(spot["y"] - picker["y"] - picker["height"]) <= NEAR


@pytest.mark.parametrize("version", TOO_OLD)
async def test_old_browser_says_so_and_can_read_and_write(enter_old, guest, version):
    bob, ann = await guest("Bob"), await enter_old(version, "Ann", color_scheme="dark")
    await expect(ann.page.locator(".outdated")).to_be_visible()
    await expect(ann.people.first).to_be_visible()
    one, two, five, again = await field_heights(ann)
    assert one == again < two < five
    await bob.say("Can you read this?")
    await ann.sees("Can you read this?")
    await ann.say("Yes, @Bob 😀")
    await ann.sees("Can you read this?", "Yes, @Bob 😀")
    await expect(ann.waiting).to_have_count(0)
    await expect(ann.field).to_be_in_viewport(ratio=1)
    assert await has_readable_colours(ann)
    await ann.page.keyboard.press("Control+k")
    await expect(ann.search_dialog).to_be_visible()
    assert await has_readable_colours(ann)
