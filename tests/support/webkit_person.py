"""A person at WebKitGTK, driven by Selenium: the methods of `people.Person` that the scenes for all engines need."""

import asyncio
import re
from collections.abc import Callable
from typing import Any

from selenium.common.exceptions import (
    ElementClickInterceptedException,
    ElementNotInteractableException,
    NoSuchElementException,
    StaleElementReferenceException,
)
from selenium.webdriver import ActionChains, Keys
from selenium.webdriver.common.actions.wheel_input import ScrollOrigin
from selenium.webdriver.common.by import By
from selenium.webdriver.remote.command import Command
from selenium.webdriver.remote.webdriver import WebDriver
from selenium.webdriver.remote.webelement import WebElement
from selenium.webdriver.support.select import Select

from tests.support.sights import NEWEST, PATIENCE, Sights

# What happens while the page changes under the mouse: try again.
PASSING = (
    ElementClickInterceptedException,
    ElementNotInteractableException,
    NoSuchElementException,
    StaleElementReferenceException,
)
CSS = {"button": "button", "radio": "input[type=radio]", "textbox": "input, textarea", "dialog": "dialog[open]"}
FIELD = "#composer textarea"
PICKER = "emoji-picker"
# Collect errors across reloads: a page in automation mode has no console to read.
HOOK = """window.isWatched ||= ['error', 'unhandledrejection'].every((kind) => (addEventListener(kind, (event) =>
  sessionStorage.errors = (sessionStorage.errors ?? '') + (event.reason ?? event.message) + '\\n'), true));"""
FILL = """(field, text) => (field.focus(), field.select(),
  document.execCommand(text ? 'insertText' : 'delete', false, text))"""


class WebKitPerson(Sights):
    """One person with one window."""

    def __init__(self, driver: WebDriver, url: str) -> None:
        self.driver = driver
        self.url = url

    async def ask(self, script: str, *arguments: object) -> Any:
        return await asyncio.to_thread(self._run, script, *arguments)

    async def errors(self) -> str:
        return await self.ask("() => sessionStorage.errors ?? ''")

    async def open(self) -> None:
        await self._do(lambda: self.driver.get(self.url))

    async def reload(self) -> None:
        """Reload and wait for the room."""
        await self._do(self.driver.refresh)
        await self.is_in()

    async def join(self, name: str) -> None:
        """Enter a name at the welcome card and wait for the room."""
        await self.enter_in("Name", name)
        await self.click("button", "Join")
        await self.is_in()

    async def is_in(self) -> None:
        """Wait until the room is shown, connected and filled."""
        await self.is_shown(FIELD)
        await self.eventually(
            lambda texts: "online" in "".join(texts), "() => [document.querySelector('.online').textContent]"
        )

    async def is_at_the_card(self) -> None:
        """Wait for the welcome card."""
        await self.is_shown(".card input[name=name]")

    async def sign_up(self, name: str, password: str) -> None:
        """Create an account at the welcome card and wait for the room."""
        await self._fill_in(name, password, "Sign up")

    async def sign_in(self, name: str, password: str) -> None:
        """Sign in at the welcome card and wait for the room."""
        await self._fill_in(name, password, "Sign in")

    async def _fill_in(self, name: str, password: str, button: str) -> None:
        await self.enter_in("Name", name)
        await self.click("button", button)
        await self.enter_in("Password", password)
        await self.click("button", button)
        await self.is_in()

    async def sign_out(self) -> None:
        """Sign out and wait for the welcome card."""
        await self.choose("Sign out")
        await self.is_at_the_card()

    async def say(self, text: str) -> None:
        """Send a message with Enter."""
        await self._do(lambda: self._fill(self._element(FIELD), text))
        await self.keys("Enter")

    async def write(self, text: str) -> None:
        """Type `text` key by key; a line break is Enter."""
        await self.ask("(css) => document.querySelector(css).focus()", FIELD)
        await self._do(lambda: ActionChains(self.driver).send_keys(text.replace("\n", Keys.ENTER)).perform())

    async def keys(self, *keys: str) -> None:
        """Press keys where the focus is, such as `Shift+Tab`."""
        for key in keys:
            await self._do(lambda key=key: self._press_keys(*map(_key, key.split("+"))))

    async def click(self, role: str, name: str) -> None:
        await self._do(lambda: self._named(role, name).click())

    async def enter_in(self, label: str, text: str) -> None:
        """Replace the text of a field."""
        await self._do(lambda: self._fill(self._named("textbox", label), text))

    async def sees_line(self, text: str) -> None:
        """Wait until a notice between the messages contains `text`."""
        await self.eventually(
            True, "(text) => [...document.querySelectorAll('.notice')].some((e) => e.textContent.includes(text))", text
        )

    async def sees_people(self, *names: str) -> None:
        """Wait until the roster lists exactly these names, in this order."""
        await self.sees_texts("#people-drawer li bdi", *names)

    async def sees_typing(self, text: str) -> None:
        """Wait until the typing line reads exactly `text`."""
        await self.eventually(text, "() => document.querySelector('[role=status][aria-label=Typing]').innerText.trim()")

    async def is_refused(self, text: str, because: str) -> None:
        """Wait for the reason for a refusal, with the text back in the field."""
        await self.eventually(
            lambda seen: because in seen, "() => document.querySelector('.composer > .reason').textContent"
        )
        await self.field_has(text)

    async def press(self, button: str, text: str) -> None:
        """Press a button of the newest message that contains `text`, after hovering over it."""
        await self._do(lambda: self._press(button, text))

    async def reply(self, to: str, text: str) -> None:
        await self.press("Reply", to)
        await self.is_shown(".about")
        await self.say(text)

    async def edit(self, text: str, into: str) -> None:
        await self.press("Edit", text)
        await self.is_shown(".about")
        await self.say(into)

    async def delete(self, text: str) -> None:
        """Delete a message and confirm."""
        await self.press("Delete", text)
        await self._do(lambda: self._named("button", "Delete", within="dialog[open]").click())
        await self.sees_dialog()

    async def react(self, text: str, emoji: str) -> None:
        """Add a reaction from the quick row."""
        await self.press("React", text)
        await self._do(lambda: self._named("button", emoji, within="#reactions").click())

    async def pick(self, text: str, emoji_name: str) -> None:
        """Search the picker for an emoji and add it to a message."""
        await self.press("React", text)
        await self._do(lambda: self._named("button", "More emoji", within="#reactions").click())
        await self._do(lambda: self._fill(self._in_picker("input"), emoji_name))
        await self._do(lambda: self._in_picker(f"[title='{emoji_name}']").click())

    async def search(self, query: str) -> None:
        """Open the search from the menu and enter a query."""
        await self.choose("Search")
        await self._do(lambda: self._fill(self._element("input[type=search]"), query))

    async def open_result(self) -> None:
        """Go to the only result of the search."""
        await self._do(lambda: self._element(".search-dialog li button").click())

    async def moderate(self, name: str, action: str, reason: str = "") -> None:
        """Apply an action from the dialog of a person's row."""
        await self.click("button", f"Moderate {name}")
        await self.enter_in("Reason", reason)
        await self._do(lambda: self._named("button", action, within="dialog[open]").click())
        await self.sees_dialog()

    async def choose(self, item: str) -> None:
        """Open the menu and choose an item."""
        await self.click("button", "Menu")
        await self._do(lambda: self._named("button", item, within="#menu").click())

    async def choose_language(self, language: str, field: str) -> None:
        """Choose another language in the menu and wait for the field, by its name in this language."""
        await self.click("button", "Menu")
        await self._do(lambda: Select(self._element("#menu select")).select_by_visible_text(language))
        await self._do(lambda: self._named("textbox", field))

    async def become_admin(self, password: str) -> None:
        """Use `/admin` and wait for the role."""
        await self.say(f"/admin {password}")
        await self.sees_line("is now an admin")

    async def scroll_up(self, pixels: int) -> None:
        """Turn the mouse wheel over the messages, and wait until they have moved."""
        await self._do(lambda: self._scroll(-pixels))
        await self.eventually(True, "() => document.querySelector('.log').scrollTop < 0")

    # Blocking, in a thread.

    async def _do(self, action: Callable[[], object]) -> None:
        """Try an action until the page lets it succeed."""
        now = asyncio.get_running_loop().time
        deadline = now() + PATIENCE
        while True:
            try:
                await asyncio.to_thread(action)
            except PASSING:
                if now() > deadline:
                    raise
                await asyncio.sleep(0.02)
            else:
                return

    def _run(self, script: str, *arguments: object) -> Any:
        return self.driver.execute_script(f"{HOOK} return ({script})(...arguments)", *arguments)

    def _element(self, css: str) -> WebElement:
        return self.driver.find_element(By.CSS_SELECTOR, css)

    def _named(self, role: str, name: str, within: str = "body") -> WebElement:
        """Return the visible element with this role and accessible name, or the first one whose name contains it."""
        elements = self._element(within).find_elements(By.CSS_SELECTOR, CSS[role])
        names = {element.accessible_name: element for element in reversed(elements) if element.is_displayed()}
        for known, element in names.items():
            if known == name:
                return element
        for known, element in names.items():
            if name in known:
                return element
        raise NoSuchElementException(f"no {role} {name!r} among {[*names]}")

    def _in_picker(self, css: str) -> WebElement:
        return self._element(PICKER).shadow_root.find_element(By.CSS_SELECTOR, css)

    def _fill(self, field: WebElement, text: str) -> None:
        self._run(FILL, field, text)

    def _press(self, button: str, text: str) -> None:
        message = self._run(f"(text) => {{ {NEWEST}\n  return found }}", text)
        if not message:
            raise NoSuchElementException(f"no message {text!r}")
        self._new_actions().move_to_element(message.find_element(By.CSS_SELECTOR, ".text")).perform()
        message.find_element(By.CSS_SELECTOR, f".acts [aria-label={button}]").click()

    def _press_keys(self, *keys: str) -> None:
        *held, key = keys
        actions = self._new_actions()
        for modifier in held:
            actions.key_down(modifier)
        actions.send_keys(key)
        for modifier in held:
            actions.key_up(modifier)
        actions.perform()

    def _scroll(self, pixels: int) -> None:
        log = ScrollOrigin.from_element(self._element(".log"))
        self._new_actions().scroll_from_origin(log, 0, pixels).perform()

    def _new_actions(self) -> ActionChains:
        """Release keys and buttons first: the driver performs only what differs from the last action."""
        self.driver.execute(Command.W3C_CLEAR_ACTIONS)
        return ActionChains(self.driver, duration=0)


def _key(name: str) -> str:
    """Return Selenium's key for a name of the DOM, such as `ArrowUp`."""
    return name if len(name) == 1 else getattr(Keys, re.sub(r"(?<=[a-z])(?=[A-Z])", "_", name).upper())
