"""A person at WebKitGTK, driven by Selenium: the methods of `people.Person` that the scenes for all engines need."""

import asyncio
from functools import partial

from selenium.webdriver.support.select import Select

from tests.support.people import IN_MENU, MENU
from tests.support.sights import PATIENCE
from tests.support.webkit_hands import WebKitHands

FIELD = "#composer textarea"
SHOWS_PASSWORD = "() => document.querySelector('[name=password]').checkVisibility()"
ROW = "#reactions"


class WebKitPerson(WebKitHands):
    """One person with one window."""

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
        await self.eventually(True, "() => document.querySelector('.online').textContent.includes('online')")

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
        if not await self.ask(SHOWS_PASSWORD):  # the card offers to sign in again
            await self.click("button", button)
        await self.enter_in("Password", password)
        await self.click("button", button)
        await self.is_in()

    async def leave(self) -> None:
        """Leave as a guest, confirm it, and wait for the welcome card."""
        await self.choose("Leave")
        await self._do(lambda: self._named("button", "Leave", within="dialog[open]").click())
        await self.is_at_the_card()

    async def sign_out(self) -> None:
        """Sign out and wait for the welcome card."""
        await self.choose("Sign out")
        await self.is_at_the_card()

    async def say(self, text: str) -> None:
        """Send a message with Enter, and wait until the server has it; a command may lead to another room."""
        await self.send(text)
        await self.has_sent_all()
        await self.holds_no_keys()

    async def send(self, text: str) -> None:
        """Send a message without waiting for the server, as while the connection is lost."""
        await self._do(lambda: self._fill(self._element(FIELD), text))
        await self.keys("Enter")

    async def write(self, text: str) -> None:
        """Type `text` key by key; a line break is Enter."""
        await self._do(partial(self._focus, FIELD))
        await self._do(partial(self._type, text))

    async def keys(self, *keys: str) -> None:
        """Press keys where the focus is, such as `Shift+Tab`."""
        for key in keys:
            await self._do(partial(self._press_keys, key))

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
        await self.sees_texts("#people-drawer [data-member] bdi", *names)

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
        await self._do(lambda: self._press(MENU if button in IN_MENU else button, text))
        if button in IN_MENU:
            await self._do(lambda: self._named("button", button, within="#actions").click())

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
        await self._press_in_row(emoji)

    async def pick(self, text: str, emoji_name: str) -> None:
        """Search the picker for an emoji and add it to a message."""
        await self.press("React", text)
        await self._press_in_row("More emoji")
        await self._do(lambda: self._fill(self._in_picker("input"), emoji_name))
        await self._do(lambda: self._in_picker(f"[title='{emoji_name}']").click())

    async def insert_emoji(self, name: str) -> None:
        """Put an emoji into the field by its button."""
        await self.click("button", "Emoji")
        await self._do(lambda: self._fill(self._in_picker("input"), name))
        await self._do(lambda: self._in_picker(f"[title='{name}']").click())

    async def _press_in_row(self, name: str) -> None:
        await self.is_shown(ROW)
        await self._do(self._move_up)
        await self._do(lambda: self._named("button", name, within=ROW).click())

    async def sees_quick_row(self) -> None:
        """Wait until the quick row is laid out and painted: the driver finds no place for it before."""
        await self._do(lambda: self._element(f"{ROW} button").rect)

    async def search(self, query: str) -> None:
        """Open the search from the bar and enter a query."""
        await self.click("button", "Search")
        await self._do(lambda: self._fill(self._element("input.searchbox"), query))

    async def open_result(self) -> None:
        """Go to the only result of the search."""
        await self._do(lambda: self._element(".results a").click())

    async def moderate(self, name: str, action: str, reason: str = "") -> None:
        """Apply an action from the dialog of a person's row."""
        await self.click("button", f"Moderate {name}")
        await self._do(lambda: self._named("button", f"{action}…", within="dialog[open]").click())
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
        """Turn the mouse wheel over the messages until they have moved: a busy WebKit may lose a turn."""
        deadline = asyncio.get_running_loop().time() + PATIENCE
        while not await self.ask("() => document.querySelector('.log').scrollTop < 0"):
            assert asyncio.get_running_loop().time() < deadline, "the messages don't move"
            await self._do(lambda: self._scroll(-pixels))
            await asyncio.sleep(0.2)
