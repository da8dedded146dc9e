"""The emoji to react with: a quick row, and all there are in a picker (a vendored web component)."""

from functools import cached_property

from nicegui import events

from chat.domain.errors import ChatError
from chat.domain.events import Event, HistoryCleared, MessageDeleted
from chat.framework.elements import HtmlElement
from chat.text.emoji import QUICK
from chat.ui import browser
from chat.ui.components import emoji_picker as picker
from chat.ui.components.composer import Composer
from chat.ui.html import chrome as frame
from chat.ui.page_context import PageContext

POPOVER = "reactions"


class Reactions:
    """A popover beside the message that one reacts to; built when it is opened for the first time."""

    def __init__(self, page: PageContext, home: HtmlElement, composer: Composer) -> None:
        self._page = page
        self._home = home
        self._composer = composer
        self._target: str | None = None

    def open(self, message_id: str) -> None:
        """Show the quick row beside a message."""
        self._target = message_id
        self._more.set("hidden", None)
        if "_picker" in vars(self):
            self._picker.set("hidden", True)
        browser.pop_up(self._page.client, POPOVER, message_id)

    def open_picker(self) -> None:
        """Show all emoji there are."""
        self._more.set("hidden", True)
        self._picker.set("hidden", None)
        browser.focus_picker(self._page.client)

    async def react(self, emoji: str, message_id: str) -> None:
        """Put an emoji to a message (that of the popover, if none is named), or take it back."""
        target = message_id or self._target
        if self._target:
            self._target = None
            self._popover.run_method("hidePopover")
        if self._page.member is None or target is None:
            return
        try:
            await self._page.chat.react(self._page.member.id, target, emoji)
        except ChatError as problem:
            self._composer.refuse(problem)
        else:
            self._composer.clear_error()
            browser.refocus(self._page.client, target, emoji)

    def _on_event(self, event: Event) -> None:
        try:
            if self._target:
                self._page.chat.room.conversation.message(self._target)
        except ChatError as problem:
            self._target = None
            self._popover.run_method("hidePopover")
            self._composer.refuse(problem)

    @cached_property
    def _popover(self) -> HtmlElement:
        attributes = {"id": POPOVER, "popover": "auto", "role": "group", "aria-label": self._page.tr("React")}
        with self._home:
            popover = HtmlElement("div", attributes)
        browser.on(popover, "keydown", browser.BACK)
        self._page.client.on_delete(self._page.chat.subscribe(self._on_event, MessageDeleted, HistoryCleared))
        return popover

    @cached_property
    def _more(self) -> HtmlElement:
        with self._popover:
            return HtmlElement("div", {"class": "quick"}, html=frame.quick_row(self._page.tr, QUICK))

    @cached_property
    def _picker(self) -> HtmlElement:
        language, names = picker.source(self._page.tr.code)
        with self._popover:
            built = HtmlElement("emoji-picker", {"locale": language, "data-source": names})
        browser.load_picker(self._page.client, picker.words(self._page.tr))
        built.on("emoji-click", self._pick, args=["detail"])
        return built

    async def _pick(self, event: events.GenericEventArguments) -> None:
        match event.args:
            case {"detail": {"unicode": str() as emoji}}:
                await self.react(emoji, "")
