"""Take the README's screenshots: `python -m tests.programs.screenshots` (not a test)."""

import asyncio
import tempfile
from pathlib import Path

from playwright.async_api import Browser, async_playwright

from tests.support.chromium import chromium
from tests.support.people import Person
from tests.support.server import ROOT, Server
from tests.support.stored_rooms import write_rooms

PHONE = {"viewport": {"width": 390, "height": 844}, "has_touch": True, "is_mobile": True, "device_scale_factor": 2}
DESKTOP = {"viewport": {"width": 1280, "height": 800}}
TALK = (
    ("Maya", "Morning everyone ☀️ Are we still on for **Thursday**?"),
    ("Jonas", "Yes! 18:30, the small room on the second floor. Plan: https://example.org/thursday"),
    ("Priya Shah", "I bring the projector. @Maya, it needs an adapter:\n- HDMI or\n- USB-C"),
    ("Maya", "I have both, no worries"),
    ("Sam", "And this draws the seats:\n```python\nfor row in range(3):\n    print('🪑 ' * 4)\n```"),
    ("Sam", "/me puts coffee on the list"),
    ("Priya Shah", "Then we are complete 🎉"),
)


async def main() -> None:
    with tempfile.TemporaryDirectory() as folder:
        server = Server(Path(folder) / "data", CHAT_TITLE="Study group")
        write_rooms(server.data_dir, "Coffee", "Exam", "Projects")
        server.start()
        try:
            async with async_playwright() as playwright:
                browser = await playwright.chromium.launch(executable_path=chromium_path, args=["--no-sandbox"])
                await take(browser, server.url)
        finally:
            server.kill()


async def take(browser: Browser, url: str) -> None:
    """Have four people chat; take the desktop in light and the phone in dark."""
    people = {name: await enter(browser, url, name) for name in ("Maya", "Jonas", "Sam")}
    people["Priya Shah"] = await enter(browser, url, "Priya Shah", **PHONE, color_scheme="dark")
    for number, (name, text) in enumerate(TALK, 1):
        await people[name].field.fill(text)
        await people[name].send_button.click()
        for person in people.values():
            await person.messages.nth(number - 1).wait_for()
    await people["Maya"].reply("bring the projector", "The **HDMI** one is in my bag already")
    await people["Sam"].react("Are we still on", "👍")
    await people["Jonas"].react("Are we still on", "👍")
    await people["Jonas"].react("draws the seats", "😂")
    await write_elsewhere(people["Sam"])
    await people["Jonas"].field.press_sequentially("See")
    for person in (people["Maya"], people["Priya Shah"]):
        await person.page.get_by_text("Jonas is typing").first.wait_for()
    await people["Maya"].page.screenshot(path=ROOT / "assets" / "screenshot-desktop.png")
    await people["Priya Shah"].page.screenshot(path=ROOT / "assets" / "screenshot-phone.png")


async def write_elsewhere(sam: Person) -> None:
    """Write in two rooms, and to one person."""
    for room, text in (("Exam", "The questions of last year are here"), ("Coffee", "@Maya a quick one at four?")):
        await sam.page.locator(".room-link", has_text=room).click()
        await sam.page.wait_for_url(f"**/room/{room.lower()}")
        await sam.say(text)
    await sam.say("/msg @Maya Can you print the slides?")


async def enter(browser: Browser, url: str, name: str, **options: object) -> Person:
    context = await browser.new_context(**{**DESKTOP, **options})
    person = Person(await context.new_page(), url)
    await person.page.goto(url)
    await person.join(name)
    return person


if __name__ == "__main__":
    chromium_path = chromium()
    asyncio.run(main())
