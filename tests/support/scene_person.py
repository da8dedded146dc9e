"""A person on a simulated page, without a browser: the verbs of `people.Person`, answered by the same page components.

What only a browser knows is missing: the focus, what is in the field, the layout and the storage. A message that is
answered or edited is therefore remembered here until the next `say`.
"""

import re
from html import unescape
from itertools import count

from nicegui import ui
from nicegui.testing.user_interaction import UserInteraction

from tests.support.scene_page import BUTTON, ScenePage, SimulatedUser, attribute, until

message_ids = (f"message{number:05}" for number in count())


class ScenePerson(ScenePage):
    """One person with one page."""

    def __init__(self, user: SimulatedUser) -> None:
        super().__init__(user)
        self._about = ""

    # Coming and going.

    async def open(self, path: str = "/") -> None:
        """Load a page."""
        await self.user.open(path)

    async def join(self, name: object, *others: object) -> None:
        """Give a name on the card, and what else it asks for, and wait for the room."""
        self.submit_card(name, *others)
        await self.is_in()

    def submit_card(self, *values: object) -> None:
        """Send the form of the card."""
        self._the(lambda tag: tag.tag == "form").trigger("submit", values[0] if len(values) == 1 else list(values))

    async def fill_in(self, name: str, password: str, button: str, room_password: str = "") -> None:
        """Give name and password at the card."""
        if self._is_clickable(button):
            self.click(button)
        self.submit_card(name, password, *([room_password] if room_password else []))

    async def sign_up(self, name: str, password: str) -> None:
        """Make an account at the card and wait for the room."""
        await self.fill_in(name, password, "Sign up")
        await self.is_in()

    async def sign_in(self, name: str, password: str) -> None:
        """Give name and password at the card and wait for the room."""
        await self.fill_in(name, password, "Sign in")
        await self.is_in()

    async def reload(self) -> None:
        """Load the page again and wait for the room."""
        await self.open()
        await self.is_in()

    async def is_in(self) -> None:
        """See the room, connected and filled."""
        await until(lambda: self.is_in_the_roster, lambda: f"not in the room: {self.reason}")

    async def is_at_the_card(self) -> None:
        """See the card that asks for a name."""
        await until(lambda: any(tag.props.get("class") == "card" for tag in self._tags()))

    async def open_another_tab(self) -> "ScenePerson":
        """Return the same person in one more tab of the same browser."""
        tab = SimulatedUser()
        tab.http_client.cookies = self.user.http_client.cookies
        other = ScenePerson(tab)
        await other.reload()
        return other

    # Messages.

    async def say(self, text: str, message_id: str | None = None, *, knowing: bool = False) -> None:
        """Send a text, `knowing` why the one before was refused."""
        about, self._about = self._about, ""
        self.submit([message_id or next(message_ids), text, about, knowing])

    def submit(self, arguments: object) -> None:
        """Send the form of the composer with anything."""
        self._composer().trigger("submit", arguments)

    async def write(self, text: str) -> None:
        """Have this text in the field."""
        self._composer().trigger("input", text[:2])

    def suggest(self, arguments: object) -> None:
        """Ask for suggestions with anything."""
        self._composer().trigger("input", arguments)

    def suggested(self, before: str) -> list[str]:
        """Return what is suggested after this was typed."""
        self.suggest([before, 0])
        html = [tag.props["innerHTML"] for tag in self._tags() if tag.props.get("id") == "completion"]
        return re.findall('data-text="([^"]*)"', unescape("".join(html)))

    def press_escape(self) -> None:
        self._composer().trigger("keydown", "escape")

    async def press(self, button: str, text: str) -> None:
        """Press a button of the message with this text."""
        self.invoke([f"--{button.lower()}", "", self.message_id(text)])

    async def reply(self, to: str, text: str) -> None:
        """Answer the message with a text."""
        await self.start("Reply", to)
        await self.say(text)

    async def edit(self, text: str, into: str) -> None:
        """Give a message of one's own another text."""
        await self.start("Edit", text)
        await self.say(into)

    async def start(self, button: str, text: str) -> None:
        """Begin to answer (Reply) or to change (Edit) the message with this text."""
        await self.press(button, text)
        await until(lambda: "Replying to" in self.about or "Editing" in self.about)
        self._about = f"{button.lower()}-{self.message_id(text)}"

    async def delete(self, text: str) -> None:
        """Delete a message, and say that it is meant."""
        await self.press("Delete", text)
        self.click("Delete")

    async def react(self, text: str, emoji: str) -> None:
        """Put an emoji to a message, or take it back."""
        self.invoke(["--react", emoji, self.message_id(text)])

    async def look_away(self, hidden: bool = True) -> None:
        """Have another window in front of the page, or (not `hidden`) come back to it."""
        self._menu().trigger("vnodeMounted", "hidden" if hidden else "visible")

    # The menu and its dialogs.

    async def choose(self, item: str) -> None:
        """Pick an item of the menu."""
        buttons = BUTTON.findall("".join(self._inner("id", "menu")))
        self.invoke([next(attribute(button, "command") for button, name in buttons if name.startswith(item)), "", ""])

    def invoke(self, arguments: object) -> None:
        """Do what a button that is HTML only does, with anything."""
        self._menu().trigger("command", arguments)

    async def prefer(self, name: str, value: object) -> None:
        """Choose something for oneself."""
        self._menu().trigger("change", [name, value])

    def click(self, name: str) -> None:
        self._the(lambda tag: tag.tag == "button" and tag.props.get("textContent") == name).click()

    def submit_dialog(self, *values: object) -> None:
        """Send the form of the open dialog."""
        forms = [tag for tag in self._tags() if tag.tag == "form" and tag.props.get("class") == "form"]
        self._interact(forms[-1]).trigger("submit", values[0] if len(values) == 1 else list(values))

    async def rename(self, name: str) -> None:
        """Take another name through the menu."""
        await self.choose("Change name")
        self.submit_dialog(name)

    async def become_admin(self, password: str) -> None:
        """Give the admin password and see that it was right."""
        await self.say(f"/admin {password}")
        await self.sees_line("is now an admin")

    async def clear_history(self) -> None:
        """Wipe the history through the menu."""
        await self.choose("Clear history")
        self.click("Clear history")

    async def search(self, query: object) -> None:
        """Search through the menu, or type something else into the open search."""
        if not self.is_search_open:
            await self.choose("Search")
        self._the(lambda tag: tag.props.get("type") == "search").trigger("input", query)

    async def report(self, text: str, reason: str) -> None:
        """Report a message to the moderators."""
        await self.press("Report", text)
        self.submit_dialog(reason)

    async def moderate(self, name: str, choice: str, time: str = "", reason: str = "") -> None:
        """Do something with a person through the dialog that their row opens."""
        rows = BUTTON.findall(self._html_of("people") + self.sections)
        person = next(attribute(button, "value") for button, label in rows if f"Moderate {name}" in button + label)
        self.invoke(["--person", person, ""])
        await until(lambda: choice in self.shown_buttons)
        button = next(tag for tag in self._tags() if tag.props.get("textContent") == choice)
        self.submit_dialog(button.props["value"], time, reason)

    async def press_in(self, section: str, button: str) -> None:
        """Press a button in a section of the page for moderators."""
        command, value = next(
            (attribute(attributes, "command"), attribute(attributes, "value"))
            for attributes, name in BUTTON.findall(self.section_html(section))
            if name == button
        )
        self.invoke([command, value, ""])

    def _composer(self) -> UserInteraction[ui.element]:
        return self._the(lambda tag: tag.props.get("id") == "composer")

    def _menu(self) -> UserInteraction[ui.element]:
        return self._the(lambda tag: tag.props.get("id") == "menu")
