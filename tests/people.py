"""People in front of a browser: what they do, and where they look. Names are the page's accessible names."""

from playwright.async_api import Locator, Page, expect


class Person:
    """One person with one tab."""

    def __init__(self, page: Page, url: str) -> None:
        self.page = page
        self.url = url
        self.card_name = page.get_by_role("textbox", name="Name")
        self.field = page.get_by_role("textbox", name="Message")
        self.send_button = page.get_by_role("button", name="Send")
        self.log = page.get_by_role("log", name="Messages")
        self.messages = self.log.get_by_role("article")
        self.people = page.get_by_role("list", name="People").get_by_role("listitem")
        self.online = page.get_by_role("status", name="Online")
        self.typing = page.get_by_role("status", name="Typing")
        self.menu_button = page.get_by_role("button", name="Menu")
        self.offline_notice = page.get_by_text("Connection lost")
        self.pill = page.locator(".pill")

    async def join(self, name: str) -> None:
        """Give a name on the card and wait for the room."""
        await self.card_name.fill(name)
        await self.page.get_by_role("button", name="Join").click()
        await self.is_in()

    async def is_in(self) -> None:
        """See the room, connected and filled."""
        await expect(self.field).to_be_visible()
        await expect(self.online).to_contain_text("online")

    async def say(self, text: str) -> None:
        """Write and press Enter."""
        await self.field.fill(text)
        await self.field.press("Enter")

    async def sees(self, *texts: str) -> None:
        """See exactly these messages, in this order (each contains the text)."""
        await expect(self.messages.locator("p")).to_have_text(list(texts))

    async def sees_line(self, text: str) -> None:
        """See a line between the messages."""
        await expect(self.log.locator(".notice").filter(has_text=text)).to_be_visible()

    def message(self, text: str) -> Locator:
        """The message with this text."""
        return self.messages.filter(has_text=text)

    async def choose(self, item: str) -> None:
        """Open the menu and pick an item."""
        await self.menu_button.click()
        await self.page.get_by_role("button", name=item).click()
