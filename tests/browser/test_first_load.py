"""Page weight: small at first, almost nothing when cached, and all of it from the chat's own host."""

from urllib.parse import urlsplit

from playwright.async_api import expect

from tests.programs.first_load import AGAIN, FIRST, weighed
from tests.support.people import Person

SEEN = """() => { const title = document.querySelector('.splash h1')
  return title?.checkVisibility() && title.textContent }"""


async def test_first_load_is_small_and_the_next_is_smaller(browser, server):
    context = await browser.new_context()
    ann = Person(await context.new_page(), server.url)
    async with weighed(ann.page) as first:
        await ann.page.goto(server.url)
        await ann.is_at_the_card()
    async with weighed(ann.page) as again:
        await ann.page.goto(server.url)
        await ann.is_at_the_card()
    async with weighed(ann.page):  # until all is in the cache
        await ann.join("Ann")
    async with weighed(ann.page) as in_the_room:
        await ann.page.goto(server.url)
        await ann.is_in()
    await context.close()
    assert 100_000 < first.total < FIRST
    assert again.total < AGAIN, again.files
    assert in_the_room.total < AGAIN, in_the_room.files
    assert not [url for url in first.files if "relative-time" in url]  # the card shows no times
    assert first.hosts | again.hosts | in_the_room.hosts == {urlsplit(server.url).netloc}


async def test_name_of_the_chat_is_shown_before_any_script(enter):
    ann = await enter("Ann")
    page = await ann.page.context.new_page()
    await page.route("**/*.js", lambda route: route.abort())
    await page.goto(ann.url)
    assert await page.evaluate(SEEN) == "TCPChatNet"
    await expect(ann.page.locator(".splash")).to_be_hidden()
    await page.close()
