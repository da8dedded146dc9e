"""Keys and mouse at WebKitGTK, by Selenium, which blocks: everything happens in a thread."""

import asyncio
import re
from collections.abc import Callable
from typing import Any

from selenium.common.exceptions import (
    ElementClickInterceptedException,
    ElementNotInteractableException,
    NoSuchElementException,
    NoSuchShadowRootException,
    StaleElementReferenceException,
)
from selenium.webdriver import ActionChains, Keys
from selenium.webdriver.common.actions.wheel_input import ScrollOrigin
from selenium.webdriver.common.by import By
from selenium.webdriver.remote.command import Command
from selenium.webdriver.remote.webdriver import WebDriver
from selenium.webdriver.remote.webelement import WebElement

from tests.support.sights import NEWEST, PATIENCE, Sights

# What happens while the page changes under the mouse: try again.
PASSING = (
    ElementClickInterceptedException,
    ElementNotInteractableException,
    NoSuchElementException,
    NoSuchShadowRootException,
    StaleElementReferenceException,
)
CSS = {
    "button": "button",
    "checkbox": "input[type=checkbox]",
    "radio": "input[type=radio]",
    "textbox": "input, textarea",
}
# Collect errors across reloads: a page in automation mode has no console to read.
HOOK = """window.isWatched ||= ['error', 'unhandledrejection'].every((kind) => (addEventListener(kind, (event) =>
  sessionStorage.errors = (sessionStorage.errors ?? '') + (event.reason ?? event.message) + '\\n'), true));"""
VISIBLE = """(within, css) => [...document.querySelectorAll(within)].flatMap(
  (place) => [...place.querySelectorAll(css)].filter((e) => e.checkVisibility()).reverse())"""
FILL = """(field, text) => {
  field.focus();
  if (field.getRootNode().activeElement !== field) return false;
  field.select();
  document.execCommand(text ? 'insertText' : 'delete', false, text);
  return true }"""


class WebKitHands(Sights):
    """The part of a person that finds, presses and types; it tries again while the page changes."""

    def __init__(self, driver: WebDriver, url: str) -> None:
        self.driver = driver
        self.url = url

    async def ask(self, script: str, *arguments: object) -> Any:
        return await asyncio.to_thread(self._run, script, *arguments)

    async def resize(self, width: int, height: int) -> None:
        """Give the page this size, and wait until it is laid out."""
        await asyncio.to_thread(set_page_size, self.driver, width, height)
        await self.eventually(width, "() => innerWidth")

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
        """Return the visible element of this role with the shortest accessible name that contains `name`."""
        found = {element.accessible_name: element for element in self._run(VISIBLE, within, CSS[role])}
        if best := min((known for known in found if name in known), key=len, default=None):
            return found[best]
        raise NoSuchElementException(f"no {role} {name!r} among {[*found]}")

    def _in_picker(self, css: str) -> WebElement:
        return self._element("emoji-picker").shadow_root.find_element(By.CSS_SELECTOR, css)

    def _focus(self, css: str) -> None:
        self._run("(field) => field.focus()", self._element(css))

    def _type(self, text: str) -> None:
        self._new_actions().send_keys(text.replace("\n", Keys.ENTER)).perform()

    def _fill(self, field: WebElement, text: str) -> None:
        if not self._run(FILL, field, text):
            raise ElementNotInteractableException("the field can't be focused, as before its dialog is open")

    def _press(self, button: str, text: str) -> None:
        message = self._run(f"(text) => {{ {NEWEST}\n  return found }}", text)
        if not message:
            raise NoSuchElementException(f"no message {text!r}")
        self._new_actions().move_to_element(message.find_element(By.CSS_SELECTOR, ".text")).perform()
        message.find_element(By.CSS_SELECTOR, f".acts [aria-label='{button}']").click()

    def _move_up(self) -> None:
        """Move the mouse off the pressed button, towards the row."""
        button = self._element("article > .acts [command='--react']")
        self._new_actions().move_to_element_with_offset(button, 0, -20).perform()

    def _press_keys(self, keys: str) -> None:
        *held, key = map(_key, keys.split("+"))
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


def set_page_size(driver: WebDriver, width: int, height: int) -> None:
    """Give the page this size; the window has a toolbar besides."""
    driver.set_window_size(width, height)
    driver.set_window_size(width, 2 * height - driver.execute_script("return innerHeight"))


def _key(name: str) -> str:
    """Return Selenium's key for a name of the DOM, such as `ArrowUp`."""
    return name if len(name) == 1 else getattr(Keys, re.sub(r"(?<=[a-z])(?=[A-Z])", "_", name).upper())
