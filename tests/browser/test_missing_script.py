"""Without the chat's own script: nothing typed is lost or put into an address, and the page says what is missing."""

import pytest
import pytest_asyncio
from playwright.async_api import expect

from tests.support.people import Person
from tests.support.raw_page import RawPage

pytestmark = pytest.mark.asyncio(loop_scope="session")


@pytest_asyncio.fixture(loop_scope="session")
async def ann(profiles, server):
    """Ann at the welcome card, in a browser that can't load the script."""
    page = await profiles.take()
    await page.route("**/assets/browser-*.js", lambda route: route.abort())
    await page.goto(server.url)
    yield Person(page, server.url)
    await page.unroute_all()
    await profiles.give_back(page)


async def test_welcome_card_keeps_the_name_and_password(ann):
    await ann.card_name.fill("Ann")
    await ann.page.get_by_role("button", name="Sign up").click()
    await ann.password.fill("seven wild geese")
    await ann.password.press("Enter")
    await ann.page.get_by_role("button", name="Sign up").click()
    await expect(ann.page.locator(".no-script")).to_be_visible()
    assert ann.page.url == ann.url
    await expect(ann.card_name).to_have_value("Ann")
    await expect(ann.password).to_have_value("seven wild geese")


async def test_room_keeps_the_text(ann):
    async with RawPage(ann.url, "Ann", patience=20) as card:
        await ann.page.context.add_cookies([{**await card.join(), "url": ann.url}])
    await ann.page.goto(ann.url)
    await ann.is_in()
    await ann.field.fill("Nothing of this may get lost")
    await expect(ann.send_button).to_be_disabled()
    await expect(ann.page.locator(".no-script")).to_be_visible()
    assert ann.page.url == ann.url
    await expect(ann.field).to_have_value("Nothing of this may get lost")


async def test_notice_is_gone_once_the_script_has_run(ann):
    await ann.page.unroute_all()
    await ann.page.goto(ann.url)
    await expect(ann.page.locator(":root[data-script]")).to_have_count(1)
    await expect(ann.page.locator(".no-script")).to_be_hidden()
