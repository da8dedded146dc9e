"""Days divide by the calendar of each viewer, in the page's language; who speaks is shown wherever the talk divides."""

from collections.abc import AsyncIterator, Awaitable, Callable

import pytest
import pytest_asyncio
from playwright.async_api import Browser, Page, expect

from chat.ui.browser.script import script
from tests.support.past import said, used_server
from tests.support.script_page import PAGE, URL

pytestmark = pytest.mark.asyncio(loop_scope="session")

NOW = "2026-03-10T12:00:00Z"
TIMES = ["2026-03-08T09:30Z", "2026-03-09T10:30Z", "2026-03-09T23:30Z", "2026-03-10T07:30Z"]
FILL = """times => { const log = document.querySelector('.log')
  log.firstElementChild.innerHTML = times.map((time, i) => time.includes(':')
    ? `<article id=m-${i}><i></i><relative-time datetime=${time}></relative-time></article>`
    : '<button class=gap></button>').join('') }"""
HEADS = """unread => { const log = document.querySelector('.log')
  log.dataset.new = 'New messages'
  log.dataset.unread = unread
  chat.divide(log)
  return [...log.querySelectorAll('article')].map(e =>
    [e.matches('[data-head]') && 'head', e.querySelector('.day')?.textContent, e.dataset.new].filter(Boolean)) }"""


class Log:
    """Messages on a bare page."""

    def __init__(self, page: Page) -> None:
        self.page = page

    async def days(self) -> list[str]:
        return [heads[1] if len(heads) > 1 else "" for heads in await self.heads()]

    async def heads(self, unread: str = "") -> list[list[str]]:
        return await self.page.evaluate(HEADS, unread)

    async def use(self, language: str) -> None:
        await self.page.evaluate("language => { document.documentElement.lang = language }", language)

    async def fill(self, *times: str) -> None:
        await self.page.evaluate(FILL, list(times))


@pytest_asyncio.fixture(loop_scope="session")
async def show(browser: Browser) -> AsyncIterator[Callable[..., Awaitable[Log]]]:
    """Show messages with these times, or a gap, to a viewer in a time zone, at noon on March 10 in London."""
    contexts = []

    async def show(*times: str, zone: str = "Europe/London") -> Log:
        contexts.append(context := await browser.new_context(timezone_id=zone))
        page = await context.new_page()
        await page.clock.install(time=NOW)
        await page.route(URL, lambda route: route.fulfill(body=PAGE, content_type="text/html"))
        await page.goto(URL)
        await page.add_script_tag(content=script())
        log = Log(page)
        await log.use("en")
        await log.fill(*times)
        return log

    yield show
    for context in contexts:
        await context.close()


@pytest.mark.parametrize(
    ("zone", "days"),
    [
        ("Europe/London", ["Sunday, March 8", "yesterday", "", "today"]),
        # Summer time began on March 8, a day of 23 hours.
        ("America/Los_Angeles", ["Sunday, March 8", "yesterday", "", "today"]),
        ("Pacific/Kiritimati", ["Sunday, March 8", "yesterday", "", ""]),
        ("Asia/Kathmandu", ["Sunday, March 8", "yesterday", "today", ""]),
        ("Pacific/Pago_Pago", ["Saturday, March 7", "Sunday, March 8", "yesterday", ""]),
    ],
)
async def test_day_begins_at_the_viewers_midnight(show, zone, days):
    log = await show(*TIMES, zone=zone)
    assert await log.days() == days


async def test_dates_are_in_the_language_of_the_page(show):
    times = "2025-12-31T12:00Z", "2026-03-02T12:00Z", "2026-03-09T12:00Z", "2026-03-10T11:00Z"
    log = await show(*times)
    for language, days in {
        "de": ["Mittwoch, 31. Dezember 2025", "Montag, 2. März", "gestern", "heute"],
        "ja": ["2025年12月31日水曜日", "3月2日月曜日", "昨日", "今日"],
        "ar": ["الأربعاء، 31 ديسمبر 2025", "الاثنين، 2 مارس", "أمس", "اليوم"],
        "pt-BR": ["quarta-feira, 31 de dezembro de 2025", "segunda-feira, 2 de março", "ontem", "hoje"],
    }.items():
        await log.use(language)
        await log.fill(*times)
        assert await log.days() == days


async def test_today_becomes_yesterday_at_midnight(show):
    log = await show(*TIMES)
    assert await log.days() == ["Sunday, March 8", "yesterday", "", "today"]
    await log.page.evaluate("chat.keep_dividing(document.querySelector('.log'))")
    await log.page.clock.fast_forward("12:00:01")
    shown = log.page.locator(".day")
    await expect(shown).to_have_text(["Sunday, March 8", "Monday, March 9", "yesterday"])
    await log.page.clock.fast_forward("24:00:00")
    await expect(shown).to_have_text(["Sunday, March 8", "Monday, March 9", "Tuesday, March 10"])


async def test_date_moves_to_the_next_message_when_its_own_is_deleted(show):
    log = await show(*TIMES)
    await log.heads()
    await log.page.evaluate("document.querySelectorAll('article')[1].remove()")
    assert await log.days() == ["Sunday, March 8", "yesterday", "today"]


async def test_date_moves_to_an_earlier_message_that_is_loaded(show):
    log = await show(*TIMES[1:])
    assert await log.days() == ["yesterday", "", "today"]
    await log.page.evaluate("""() => document.querySelector('article').insertAdjacentHTML('beforebegin',
      '<article><relative-time datetime=2026-03-09T08:00Z></relative-time></article>')""")
    assert await log.days() == ["yesterday", "", "", "today"]


async def test_author_is_shown_after_a_gap_and_below_the_unread_line(show):
    log = await show("2026-03-10T09:00Z", "2026-03-10T09:01Z", "gap", "2026-03-10T11:00Z", "2026-03-10T11:01Z")
    assert await log.heads() == [["head", "today"], [], ["head"], []]
    assert await log.heads(unread="4") == [["head", "today"], [], ["head"], ["head", "New messages"]]
    assert await log.heads() == [["head", "today"], [], ["head"], []]


@pytest.mark.own_server
async def test_date_floats_while_reading_further_up(enter, tmp_path):
    with used_server(tmp_path / "old", 4000) as server:  # one message a minute: three days
        ann = await enter("Ann", url=server.url, timezone_id="America/Los_Angeles")
        await expect(ann.message(said(4000))).to_be_in_viewport()
        floating = ann.page.locator("#day")
        await expect(floating).to_be_hidden()
        await ann.search("message 0900")
        await ann.results.first.click()
        await expect(ann.message(said(900))).to_be_focused()
        await expect(floating).to_be_visible()
        first = await ann.page.evaluate("document.querySelector('.day').textContent")
        await expect(floating).to_have_text(first)
        assert "day, " in first
        await ann.say("back to today")
        await expect(floating).to_be_hidden()
