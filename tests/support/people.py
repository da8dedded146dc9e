"""People at a browser: their actions, and locators of what they see, by accessible name."""

from typing import Any, Literal

from playwright.async_api import Error, Locator, Page, TimeoutError, expect

from tests.support.sights import TWO_FRAMES, Sights

MENU = "More actions"
IN_MENU = {"Copy text", "Copy link", "Report", "Delete"}
TALL = "\n".join(f"line {number}" for number in range(1, 31))

# How Chromium and Firefox say that another reload came before this one.
OTHER_RELOAD = ("ERR_ABORTED", "NS_BINDING_ABORTED", "Not attached", "interrupted by another navigation")

SUBMITTED = """text => ((field) => field.value !== text || !!field.dataset.returned
  )(document.querySelector('#composer textarea'))"""
SCROLLED_UP = "(log, by) => Math.max(log.scrollTop - by, log.clientHeight - log.scrollHeight) + 1"
SET_HIDDEN = """hidden => { Object.defineProperty(document, 'hidden', {value: hidden, configurable: true})
  document.dispatchEvent(new Event('visibilitychange')) }"""


class Person(Sights):
    """One person with one tab; `touch` means a touch screen without a keyboard."""

    def __init__(self, page: Page, url: str, touch: bool = False) -> None:
        self.page = page
        self.url = url
        self.touch = touch
        self.card_name = page.get_by_role("textbox", name="Name")
        self.join_button = page.get_by_role("button", name="Join")
        self.password = page.get_by_role("textbox", name="Password", exact=True)
        self.form_reason = page.locator(".form .reason")
        self.field = page.get_by_role("textbox", name="Message")
        self.uncovered_field = page.locator("body:not(:has(dialog:modal)) #composer textarea")
        self.send_button = page.get_by_role("button", name="Send")
        self.log = page.get_by_role("log", name="Messages")
        self.messages = self.log.get_by_role("article")
        self.notices = self.log.locator("p.notice, .notice summary")
        self.waiting = page.locator("#outbox p")
        self.people = page.get_by_role("list", name="People").get_by_role("listitem")
        self.online = page.get_by_role("status", name="Online")
        self.typing = page.get_by_role("status", name="Typing")
        self.answer = page.get_by_role("status", name="Response")
        self.reason = page.locator(".composer > .reason")
        self.menu_button = page.get_by_role("button", name="Menu")
        self.menu = page.locator("#menu")
        self.suggestions = page.get_by_role("listbox", name="Suggestions")
        self.options = self.suggestions.get_by_role("option")
        self.about = page.locator(".about")
        self.quick_row = page.get_by_role("toolbar", name="React")
        self.actions = page.get_by_role("dialog", name=MENU)
        self.picker = page.locator("emoji-picker")
        self.delete_dialog = page.get_by_role("dialog", name="Delete this message?")
        self.search_button = page.locator(".bar").get_by_role("button", name="Search")
        self.search_dialog = page.get_by_role("dialog", name="Search")
        self.searchbox = self.search_dialog.get_by_role("combobox", name="Search")
        self.results = page.get_by_role("listbox", name="Results").get_by_role("option")
        self.keys_dialog = page.get_by_role("dialog", name="Keyboard shortcuts")
        self.rename_dialog = page.get_by_role("dialog", name="Change name")
        self.leave_dialog = page.get_by_role("dialog", name="Leave the chat?")
        self.clear_dialog = page.get_by_role("dialog", name="Clear the history?")
        self.card = page.locator("#person")
        self.away = page.get_by_role("list", name="Away").get_by_role("listitem")
        self.offline_notice = page.get_by_role("alert").filter(has_text="Connection lost")
        self.settings = page.get_by_role("dialog", name="Settings")
        self.root = page.locator("html")
        self.pill = page.locator(".pill")

    async def ask(self, script: str, *arguments: object) -> Any:
        return await self.page.evaluate(f"(all) => ({script})(...all)", [*arguments])

    async def resize(self, width: int, height: int) -> None:
        """Give the page this size."""
        await self.page.set_viewport_size({"width": width, "height": height})

    async def join(self, name: str) -> None:
        """Enter a name at the welcome card and wait for the room."""
        await self.card_name.fill(name)
        await self.join_button.click()
        await self.is_in()

    async def is_in(self) -> None:
        """Wait until the room is shown, connected and filled."""
        await expect(self.field).to_be_visible()
        await expect(self.online).to_contain_text("online")

    async def is_at_the_card(self) -> None:
        """Wait for the welcome card."""
        await expect(self.card_name).to_be_visible()
        await expect(self.field).to_be_hidden()

    async def sign_up(self, name: str, password: str) -> None:
        """Create an account at the welcome card and wait for the room."""
        await self.fill_in(name, password, "Sign up")
        await self.is_in()

    async def sign_in(self, name: str, password: str) -> None:
        """Sign in at the welcome card and wait for the room."""
        await self.fill_in(name, password, "Sign in")
        await self.is_in()

    async def fill_in(self, name: str, password: str, button: str) -> None:
        """Enter name and password at the welcome card."""
        await self.card_name.fill(name)
        if not await self.password.is_visible():  # the card offers to sign in again
            await self.page.get_by_role("button", name=button).click()
        await self.password.fill(password)
        await self.page.get_by_role("button", name=button).click()

    async def leave(self) -> None:
        """Leave as a guest, confirm it, and wait for the welcome card."""
        await self.choose("Leave")
        await self.leave_dialog.get_by_role("button", name="Leave").click()
        await self.is_at_the_card()

    async def sign_out(self) -> None:
        """Sign out and wait for the welcome card."""
        await self.choose("Sign out")
        await self.is_at_the_card()

    async def open_another_tab(self) -> "Person":
        """Return the same person in another tab of the same window."""
        page = await self.page.context.new_page()
        await page.set_viewport_size(self.page.viewport_size)
        await page.goto(self.url)
        tab = Person(page, self.url)
        await tab.is_in()
        return tab

    async def reload(self) -> None:
        """Reload and wait for the room."""
        await self.reload_page()
        await self.is_in()

    async def reload_page(self) -> None:
        """Reload; after a restart, the page may just be doing so by itself."""
        try:
            await self.page.reload()
        except Error as error:
            if not any(sign in error.message for sign in OTHER_RELOAD):
                raise
            await self.page.wait_for_load_state()

    async def say(self, text: str) -> None:
        """Send a message with Enter, or with the button on a touch screen, and wait until the server has it.

        A command may lead to another room: wait for that, too.
        """
        await self.send(text)
        await self.has_sent_all()
        await self.holds_no_keys()

    async def send(self, text: str) -> None:
        """Send a message without waiting for the server, as while the connection is lost.

        A dialog that covers the field may close later than others see what was done in it.
        """
        await self.uncovered_field.fill(text)
        if not self.touch:
            await self.page.keyboard.press("Enter")
            return
        await self.send_button.tap()
        await self.eventually(True, SUBMITTED, text)

    async def write(self, text: str) -> None:
        """Type `text` key by key; a line break is Enter."""
        await self.field.press_sequentially(text)

    async def keys(self, *keys: str) -> None:
        """Press keys where the focus is, such as `Shift+Tab`."""
        for key in keys:
            await self.page.keyboard.press(key)

    async def click(self, role: Literal["button", "checkbox", "radio"], name: str) -> None:
        await self.page.get_by_role(role, name=name).click()

    async def enter_in(self, label: str, text: str) -> None:
        """Replace the text of a field."""
        await self.page.get_by_role("textbox", name=label).fill(text)

    async def sees(self, *texts: str) -> None:
        """Wait until exactly these messages are shown, in this order."""
        await expect(self.messages.locator(".text")).to_have_text(list(texts))

    async def sees_line(self, text: str) -> None:
        """Wait until a notice between the messages contains `text`."""
        await expect(self.notices.filter(has_text=text)).to_be_visible()

    async def sees_people(self, *names: str) -> None:
        """Wait until the roster lists exactly these names, in this order, and the count matches."""
        await expect(self.people.locator("bdi")).to_have_text(list(names))
        await expect(self.online).to_have_text(f"{len(names)} online")

    async def sees_typing(self, text: str) -> None:
        """Wait until the typing line reads exactly `text`."""
        await expect(self.typing).to_have_text(text, use_inner_text=True)

    async def is_refused(self, text: str, because: str) -> None:
        """Wait for the reason for a refusal, with the text back in the field."""
        await expect(self.reason).to_contain_text(because)
        await expect(self.field).to_have_value(text)

    def message(self, text: str) -> Locator:
        """Return the messages that contain `text`."""
        return self.messages.filter(has_text=text)

    async def press(self, button: str, text: str) -> None:
        """Press a button of the newest message that contains `text`, after hovering over or tapping it."""
        message = self.message(text).last
        if self.touch:
            await message.locator(".text").tap()
            await message.get_by_role("button", name=MENU).tap()
            if button != "React":  # the menu has the emoji themselves
                await self.actions.get_by_role("button", name=button, exact=True).tap()
            return
        found = message.get_by_role("button", name=MENU if button in IN_MENU else button, exact=True)
        for patience in (2_000, 2_000, 2_000, 10_000):
            await message.locator(".text").hover()
            try:
                await found.click(timeout=patience)
                break
            except TimeoutError:
                pass  # the message moved away from the mouse: hover again
        else:
            raise AssertionError(f"no button {button} to press on {text!r}")
        if button in IN_MENU:
            await self.actions.get_by_role("button", name=button, exact=True).click()

    async def reply(self, to: str, text: str) -> None:
        await self.press("Reply", to)
        await expect(self.about.filter(has_text="Replying to")).to_be_visible()
        await self.say(text)

    async def edit(self, text: str, into: str) -> None:
        await self.press("Edit", text)
        await expect(self.about.filter(has_text="Editing")).to_be_visible()
        await self.say(into)

    async def delete(self, text: str) -> None:
        """Delete a message and confirm."""
        await self.press("Delete", text)
        await self.delete_dialog.get_by_role("button", name="Delete").click()
        await expect(self.delete_dialog).to_be_hidden()

    async def react(self, text: str, emoji: str) -> None:
        """Add a reaction from the quick row."""
        await self.press("React", text)
        await self.quick_row.get_by_role("button", name=emoji).click()

    async def sees_quick_row(self) -> None:
        await expect(self.quick_row).to_be_in_viewport(ratio=1)

    async def pick(self, text: str, emoji_name: str) -> None:
        """Search the picker for an emoji and add it to a message."""
        await self.press("React", text)
        await self.quick_row.get_by_role("button", name="More emoji").click()
        await self._find_emoji(emoji_name)

    async def insert_emoji(self, name: str) -> None:
        """Put an emoji into the field by its button."""
        await self.page.get_by_role("button", name="Emoji", exact=True).click()
        await self._find_emoji(name)

    async def search(self, query: str) -> None:
        """Open the search from the bar, enter a query, and wait until what is listed is for that, not for nothing."""
        await self.search_button.click()
        await self.searchbox.fill(query)
        await expect(self.page.locator("#results")).to_have_attribute("data-query", query)

    async def open_result(self) -> None:
        """Go to the only result of the search."""
        await self.results.click()

    async def moderate(self, name: str, action: str, reason: str = "") -> None:
        """Apply an action from the dialog of a person's row."""
        await self.page.get_by_role("button", name=f"Moderate {name}").click()
        dialog = self.page.get_by_role("dialog", name=name)
        await dialog.get_by_role("button", name=f"{action}…", exact=True).click()
        await dialog.get_by_role("textbox", name="Reason").fill(reason)
        await dialog.get_by_role("button", name=action, exact=True).click()
        await expect(dialog).to_be_hidden()

    async def _find_emoji(self, name: str) -> None:
        """Search the open picker and click on what it finds: only then are there options, beside the favourites."""
        await self.picker.get_by_role("combobox").fill(name)
        await self.picker.get_by_title(name, exact=True).and_(self.picker.get_by_role("option")).click()

    def reaction(self, text: str, emoji: str) -> Locator:
        """Return the button that counts this reaction to a message."""
        return self.message(text).locator(".reactions").get_by_role("button", name=emoji)

    def row(self, name: str) -> Locator:
        """Return this person's row in the roster."""
        return self.people.filter(has_text=name)

    async def look_away(self, hidden: bool = True) -> None:
        """Put another window in front of the page, or with `hidden=False` come back to it."""
        await self.page.evaluate(SET_HIDDEN, hidden)

    async def choose(self, item: str) -> None:
        """Open the menu and choose an item."""
        await self.menu_button.click()
        await self.menu.get_by_role("button", name=item).click()

    async def choose_language(self, language: str, field: str) -> None:
        """Choose another language in the menu and wait for the field, by its name in this language."""
        await self.menu_button.click()
        await self.menu.get_by_label("Language").select_option(language)
        self.field = self.page.get_by_role("textbox", name=field)
        await expect(self.field).to_be_visible()

    async def rename(self, name: str) -> None:
        await self.choose("Change name")
        await self.rename_dialog.get_by_role("textbox", name="Name").fill(name)
        await self.rename_dialog.get_by_role("button", name="Save").click()

    async def become_admin(self, password: str) -> None:
        """Use `/admin` as a guest, wait for the role, and decline the account that is offered then."""
        await self.say(f"/admin {password}")
        await self.sees_line("is now an admin")
        await self.page.locator("[command=--close-answer]").click()

    async def clear_history(self) -> None:
        await self.choose("Clear history")
        await self.clear_dialog.get_by_role("button", name="Clear history").click()
        await expect(self.clear_dialog).to_be_hidden()

    async def read_in_the_middle(self, of: int, written_by: "Person | None" = None) -> None:
        """Scroll to the middle of so many tall messages (`part 0`, `part 1` ...), once they are written."""
        for number in range(of):
            await (written_by or self).say(f"part {number}\n{TALL}")
        await expect(self.messages).to_have_count(of)
        await self.log.evaluate("e => e.scrollTo(0, -e.scrollHeight / 2)")
        await self.has_kept_its_place()

    async def scroll_up(self, pixels: int) -> None:
        """Turn the mouse wheel over the messages, wait until they have moved, and give the page two frames to react."""
        await self.log.hover()
        place = await self.log.evaluate(SCROLLED_UP, pixels)
        await self.page.mouse.wheel(0, -pixels)
        await self.page.wait_for_function("(place) => document.querySelector('.log').scrollTop <= place", arg=place)
        await self.page.evaluate(TWO_FRAMES)

    async def mark_page(self) -> None:
        """Set a mark that a reload removes."""
        await self.page.evaluate("() => { window.mark = 'same page' }")

    async def is_on_the_same_page(self) -> None:
        """Check that the page has not been reloaded since `mark_page`."""
        assert await self.page.evaluate("() => window.mark") == "same page"
