"""Measure the cost of a new message in the browser: `python -m tests.programs.smooth` (not a test).

Durations depend on the machine, so compare 1,000 messages on screen with 100.
"""

import asyncio
import tempfile
from pathlib import Path

from playwright.async_api import Browser, CDPSession, Page, async_playwright

from tests.support.chromium import chromium
from tests.support.people import Person
from tests.support.server import Server
from tests.support.stored_history import write_history

MESSAGES = 2000
NEW = 30
LAST_IS = "(text) => [...document.querySelectorAll('article .text')].at(-1)?.textContent === text"
PARTS = {"script": "ScriptDuration", "style": "RecalcStyleDuration", "layout": "LayoutDuration", "all": "TaskDuration"}


async def main() -> None:
    """Measure with 100 and with 1,000 messages on screen and print a table."""
    with tempfile.TemporaryDirectory() as folder:
        rate = {"CHAT_MESSAGE_RATE": "1000 per 1 second"}
        server = Server(Path(folder) / "data", CHAT_HISTORY_LIMIT="10000", **rate)
        texts = [f"Message {n} with **bold** words, `code` and https://example.org/{n}" for n in range(MESSAGES)]
        write_history(server.history_file, texts, in_a_row=3)
        server.start()
        try:
            async with async_playwright() as playwright:
                browser = await playwright.chromium.launch(executable_path=path, args=["--no-sandbox"])
                few, many = await measure(browser, server.url, 100), await measure(browser, server.url, 1000)
        finally:
            server.kill()
    print("| per new message | 100 on screen | 1,000 on screen |\n|---|---|---|")
    for part in PARTS:
        print(f"| {part} | {few[part]:.1f} ms | {many[part]:.1f} ms |")


async def measure(browser: Browser, url: str, shown: int) -> dict[str, float]:
    """Return the milliseconds that a reader's page spends on each incoming message."""
    reader, writer = await enter(browser, url, f"Reader {shown}"), await enter(browser, url, f"Writer {shown}")
    while await reader.messages.count() < shown:
        count = await reader.messages.count()
        await reader.log.evaluate("log => { log.scrollTop = -log.scrollHeight }")
        await reader.page.wait_for_function(f"() => document.querySelectorAll('article').length > {count}")
    await reader.log.evaluate("log => { log.scrollTop = 0 }")
    devtools = await reader.page.context.new_cdp_session(reader.page)
    await devtools.send("Performance.enable")
    before = await metrics(devtools)
    for number in range(NEW):
        text = f"new message {number} to {shown}"
        await writer.say(text)
        await reader.page.wait_for_function(LAST_IS, arg=text)
    after = await metrics(devtools)
    for person in (reader, writer):
        await person.page.context.close()
    return {part: (after[name] - before[name]) / NEW * 1000 for part, name in PARTS.items()}


async def metrics(devtools: CDPSession) -> dict[str, float]:
    """Return Chromium's counters, in seconds."""
    answer = await devtools.send("Performance.getMetrics")
    return {metric["name"]: metric["value"] for metric in answer["metrics"]}


async def enter(browser: Browser, url: str, name: str) -> Person:
    page: Page = await (await browser.new_context(viewport={"width": 1280, "height": 800})).new_page()
    person = Person(page, url)
    await page.goto(url)
    await person.join(name)
    return person


if __name__ == "__main__":
    path = chromium()
    asyncio.run(main())
