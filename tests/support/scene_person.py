"""A person on a simulated page: the methods of `people.Person` on the same page components, without a browser.

The browser's own state is missing: focus, content of the field, layout and storage. The message being replied to or
edited is therefore remembered here until the next `say`.
"""

import re
from html import unescape
from itertools import count

from nicegui import ui
from nicegui.events import GenericEventArguments, handle_event
from nicegui.testing.user_interaction import UserInteraction

from chat.framework.elements import HtmlElement
from tests.support.scene_page import BUTTON, ScenePage, SimulatedUser, attribute, until

message_ids = (f"message{number:05}" for number in count())


class ScenePerson(ScenePage):
    """One person with one page."""

    def __init__(self, user: SimulatedUser) -> None:
        super().__init__(user)
        self._about = ""

    # Joining and leaving.

    async def open(self, path: str = "/") -> None:
        await self.user.open(path)

    async def join(self, name: object, *others: object) -> None:
        """Enter a name, and anything else that the welcome card asks for, and wait for the room."""
        self.submit_card(name, *others)
        await self.is_in()

    def submit_card(self, *values: object) -> None:
        """Submit the form of the welcome card."""
        self._the(lambda tag: tag.tag == "form").trigger(
            "submit.prevent", values[0] if len(values) == 1 else list(values)
        )

    async def fill_in(self, name: str, password: str, button: str, room_password: str = "") -> None:
        """Enter name and password at the welcome card."""
        if self._is_clickable(button):
            self.click(button)
        self.submit_card(name, password, *([room_password] if room_password else []))

    async def sign_up(self, name: str, password: str) -> None:
        """Create an account at the welcome card and wait for the room."""
        await self.fill_in(name, password, "Sign up")
        await self.is_in()

    async def sign_in(self, name: str, password: str) -> None:
        """Sign in at the welcome card and wait for the room."""
        await self.fill_in(name, password, "Sign in")
        await self.is_in()

    async def reload(self) -> None:
        """Reload and wait for the room."""
        await self.open()
        await self.is_in()

    async def leave(self) -> None:
        """Leave, and confirm it."""
        await self.choose("Leave")
        self.click("Leave")

    async def is_in(self) -> None:
        """Wait until the room is connected and filled."""
        await until(lambda: self.is_in_the_roster, lambda: f"not in the room: {self.reason}")

    async def is_at_the_card(self) -> None:
        """Wait for the welcome card."""
        await until(lambda: any(tag.props.get("class") == "card" for tag in self._tags()))

    async def open_another_tab(self) -> "ScenePerson":
        """Return the same person in another tab of the same browser."""
        tab = SimulatedUser()
        tab.http_client.cookies = self.user.http_client.cookies
        other = ScenePerson(tab)
        await other.reload()
        return other

    # Messages.

    async def say(self, text: str, message_id: str | None = None, *, knowing: bool = False) -> None:
        """Send a text and wait until the server has it; `knowing` means that the last refusal's reason was shown."""
        about, self._about = self._about, ""
        message_id = message_id or next(message_ids)
        self.user.settled.discard(message_id)
        self.submit([message_id, text, about, self.room_id, knowing])
        await until(lambda: message_id in self.user.settled, lambda: f"{text!r} waits")

    async def say_late(self, text: str) -> None:
        """Send a text that was written while the page was offline, and wait until the server has it."""
        message_id = next(message_ids)
        self._composer().trigger("resend", [message_id, text, "", self.room_id])
        await until(lambda: message_id in self.user.settled, lambda: f"{text!r} waits")

    def submit(self, arguments: object) -> None:
        """Submit the composer with arbitrary arguments."""
        self._composer().trigger("submit.prevent", arguments)

    async def write(self, text: str) -> None:
        """Type without sending."""
        self._composer().trigger("input", text[:2])

    def suggest(self, arguments: object) -> None:
        """Request suggestions with arbitrary arguments."""
        self._composer().trigger("input", arguments)

    def suggested(self, before: str) -> list[str]:
        """Return the suggestions after typing `before`."""
        self.suggest([before, 0])
        html = [tag.props["innerHTML"] for tag in self._tags() if tag.props.get("id") == "completion"]
        return re.findall('data-text="([^"]*)"', unescape("".join(html)))

    def press_escape(self) -> None:
        self._composer().trigger("keydown", "cancel")

    async def press(self, button: str, text: str) -> None:
        """Press a button of the newest message that contains `text`, once it is shown."""
        await self.shows(text)
        self.invoke([f"--{button.lower()}", "", self.message_id(text)])

    async def reply(self, to: str, text: str) -> None:
        await self.start("Reply", to)
        await self.say(text)

    async def edit(self, text: str, into: str) -> None:
        await self.start("Edit", text)
        await self.say(into)

    async def start(self, button: str, text: str) -> None:
        """Start to reply to or to edit a message; `button` is `Reply` or `Edit`."""
        await self.press(button, text)
        await until(lambda: "Replying to" in self.about or "Editing" in self.about)
        self._about = f"{button.lower()}-{self.message_id(text)}"

    async def delete(self, text: str) -> None:
        """Delete a message and confirm."""
        await self.press("Delete", text)
        self.click("Delete")

    async def react(self, text: str, emoji: str) -> None:
        """Add or remove a reaction, once the message is shown."""
        await self.shows(text)
        self.invoke(["--react", emoji, self.message_id(text)])

    def open_link(self, message_id: object) -> None:
        """Open the page with the link to a message, which may be anything."""
        self._the(lambda tag: tag.props.get("class") == "room").trigger("vnodeMounted", ["", message_id, "keep"])

    async def go(self, path: str, message_id: str = "") -> None:
        """Follow a link to a room, and wait until the page shows it."""
        self._the(lambda tag: tag.props.get("class") == "room").trigger("vnodeMounted", [path, message_id, "push"])
        await until(lambda: self.user.client is not None and self.room_id == (path.rpartition("/")[2] or "lobby"))

    def open_mention(self, text: str) -> None:
        """Follow a link in the list of mentions."""
        rows = re.findall(r"<li>(.*?)</li>", "".join(self._inner("class", "results mentions")), re.DOTALL)
        path, _, message_id = attribute(next(row for row in rows if text in row), "href").partition("#m-")
        self._the(lambda tag: tag.props.get("class") == "results mentions").trigger("click", [path, message_id, "push"])

    def scroll(self, *, to_end: bool) -> None:
        """Scroll up from the newest message, or back down to it."""
        assert self.user.client
        end = next(found for found in self.user.client.elements.values() if found.props.get("class") == "sentinel end")
        self._interact(end).trigger("visibility", to_end)

    async def look_away(self, hidden: bool = True) -> None:
        """Put another window in front of the page, or with `hidden=False` come back to it."""
        self._menu().trigger("vnodeMounted", "hidden" if hidden else "visible")

    async def press_shift_escape(self) -> None:
        self._menu().trigger("vnodeMounted", "read")

    def report_permission(self, permission: object) -> None:
        """Report to the offer of notifications what the browser allows."""
        self._the(lambda tag: tag.props.get("class") == "offer").trigger("vnodeMounted", permission)

    def close(self) -> None:
        """Close the page."""
        assert self.user.client
        for socket in [*self.user.client._socket_to_document_id]:
            self.user.client.handle_disconnect(socket)

    # Pushes.

    async def open_push_settings(self, permission: str = "granted", *, can_push: bool = True) -> None:
        """Open the settings in a browser that says this of notifications and pushes."""
        await self.choose("Settings")
        self._the(lambda tag: tag.props.get("textContent") == "Allow notifications").trigger("vnodeMounted", permission)
        self._the(lambda tag: tag.props.get("class") == "settings push").trigger("vnodeMounted", can_push)
        if can_push:
            await until(lambda: bool(self._push_switch().props.get("data-key")))

    def switch_push(self, outcome: object) -> None:
        """Press the switch in a browser that says this of what came of it, which may be None."""
        switch, client = self._push_switch(), self.user.client
        assert client
        [listener] = switch._event_listeners.values()
        with client:
            handle_event(listener.handler, GenericEventArguments(sender=switch, client=client, args=outcome))

    def choose_for_push(self, name: str, value: object) -> None:
        self._the(lambda tag: "name=push_text" in tag.props.get("innerHTML", "")).trigger("change", [name, value])

    @property
    def push_choices(self) -> str:
        """What belongs to pushes in the settings, as HTML."""
        return next(html for tag in self._tags() if "name=push_text" in (html := tag.props.get("innerHTML", "")))

    @property
    def gets_pushes(self) -> bool:
        """Whether the settings are open, and show that pushes are on."""
        groups = (tag.parent_slot for tag in self._tags() if "name=push_text" in tag.props.get("innerHTML", ""))
        return any(slot and not slot.parent.props.get("hidden") for slot in groups)

    @property
    def is_offered_pushes(self) -> bool:
        slot = self._push_switch().parent_slot
        return slot is not None and not slot.parent.props.get("hidden")

    def _push_switch(self) -> HtmlElement:
        return next(tag for tag in self._tags() if tag.props.get("role") == "switch")

    # The card of a person.

    async def open_card(self, name: str) -> None:
        """Open the card of somebody in the roster, here or away, and wait for it."""
        rows = BUTTON.findall(self._html_of("people") + self._html_of("away"))
        value = next(attribute(button, "value") for button, row in rows if f"<bdi>{name}</bdi>" in row)
        self.invoke(["--card", value, ""])
        await until(lambda: name in self.card)

    async def open_card_in(self, text: str, member_id: str) -> None:
        """Open the card of the author of a message, or of somebody mentioned in it."""
        self._the(lambda tag: tag.props.get("class") == "log").trigger("click", [member_id, self.message_id(text)])
        await until(lambda: bool(self.card))

    def press_in_card(self, label: str) -> None:
        buttons = BUTTON.findall("".join(self._inner("id", "person")))
        button = next(button for button, name in buttons if name == label)
        self.invoke([attribute(button, "command"), attribute(button, "value"), ""])

    # The menu and its dialogs.

    async def choose(self, item: str) -> None:
        """Choose an item of the menu."""
        buttons = BUTTON.findall("".join(self._inner("id", "menu")))
        self.invoke([next(attribute(button, "command") for button, name in buttons if name.startswith(item)), "", ""])

    def invoke(self, arguments: object) -> None:
        """Trigger the command of an HTML-only button with arbitrary arguments."""
        self._menu().trigger("command", arguments)

    async def set_preference(self, name: str, value: object) -> None:
        self._menu().trigger("change", [name, value])

    def click(self, name: str) -> None:
        self._the(lambda tag: tag.tag == "button" and tag.props.get("textContent") == name).click()

    def submit_dialog(self, *values: object) -> None:
        """Submit the form of the last opened dialog."""
        forms = [tag for tag in self._tags() if tag.tag == "form" and tag.props.get("class") == "form"]
        self._interact(forms[-1]).trigger("submit.prevent", values[0] if len(values) == 1 else list(values))

    async def rename(self, name: str) -> None:
        await self.choose("Change name")
        self.submit_dialog(name)

    async def become_admin(self, password: str) -> None:
        """Use `/admin` and wait for the role."""
        await self.say(f"/admin {password}")
        await self.sees_line("is now an admin")

    async def clear_history(self) -> None:
        await self.choose("Clear history")
        self.click("Clear history")

    async def search(self, query: object) -> None:
        """Open the search if necessary, and enter a query."""
        if not self.is_search_open:
            self.invoke(["--search", "", ""])
        self._the(lambda tag: tag.props.get("role") == "combobox").trigger("input", query)

    def open_result(self, *where: object) -> None:
        """Choose a result of the search that leads there: to a room's path and a message, or to `person` and an id."""
        self._the(lambda tag: tag.props.get("id") == "results").trigger("click", list(where))

    async def report(self, text: str, reason: str) -> None:
        await self.press("Report", text)
        self.submit_dialog(reason)

    async def moderate(self, name: str, choice: str, *details: str) -> None:
        """Apply a moderation action through the dialog of a person's row, with these values of its fields."""
        self.open_moderation(name)
        await until(lambda: any(label.startswith(choice) for label in self.shown_buttons))
        self.click(next(label for label in self.shown_buttons if label.startswith(choice)))
        if details:
            await until(lambda: choice in self.shown_buttons)
            self.submit_dialog(*details)

    def open_moderation(self, name: str) -> None:
        """Open the dialog that offers the moderation actions against a person."""
        rows = BUTTON.findall(self._html_of("people") + self.sections)
        person = next(attribute(button, "value") for button, label in rows if f"Moderate {name}" in button + label)
        self.invoke(["--person", person, ""])

    async def press_in(self, section: str, button: str) -> None:
        """Press a button in a section of the moderation page."""
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
