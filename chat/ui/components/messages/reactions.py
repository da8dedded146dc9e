"""Reacting to a message: a quick row of emoji, and a picker (a vendored web component) with all of them."""

from functools import cached_property

from nicegui import events

from chat.domain.errors import ChatError
from chat.domain.events import Event
from chat.domain.messages.events import HistoryCleared, MessageDeleted, MessagesPurged
from chat.framework.elements import HtmlElement
from chat.text.emoji import QUICK
from chat.ui import browser
from chat.ui.browser.messages.acting import focus_picker, leave_popover, open_reactions, refocus
from chat.ui.browser.messages.message_menu import end_menu
from chat.ui.browser.roving import move_in_toolbar, rove
from chat.ui.components.composing.composer import Composer
from chat.ui.components.messages import emoji_picker
from chat.ui.html.messages import actions
from chat.ui.page_context import PageContext

POPOVER = "reactions"


class Reactions:
    """The popover beside a message, built when it is opened for the first time."""

    def __init__(self, page: PageContext, parent: HtmlElement, composer: Composer) -> None:
        self._page = page
        self._parent = parent
        self._composer = composer
        self._target: str | None = None

    def open(self, message_id: str) -> None:
        """Show the quick row beside a message."""
        self._target = message_id
        self._show_quick_row()
        browser.call(self._page.client, open_reactions, message_id)

    def open_picker(self, message_id: str = "") -> None:
        """Replace the quick row with the picker; with an id, open it beside that message."""
        if message_id:
            self.open(message_id)
        self._show_picker()
        browser.call(self._page.client, focus_picker)

    def reopen(self) -> None:
        """Build the quick row if there was one before the page was built again."""
        if target := self._page.record.former.get("reactions"):
            self._target = target
            self._show_quick_row()

    def reopen_picker(self) -> None:
        """Build the picker if there was one before the page was built again."""
        match self._page.record.former.get("picker"):
            case "shown":
                self._show_picker()
            case "hidden":
                self._show_picker()
                self._show_quick_row()

    async def react(self, emoji: str, message_id: str) -> None:
        """Add or remove a reaction; an empty id means the popover's message."""
        target = message_id or self._target
        if self._target:
            self._close()
        if self._page.member is None or target is None:
            return
        try:
            await self._page.chat.messages.react(self._page.member.id, self._page.room.id, target, emoji)
        except ChatError as problem:
            self._composer.problem.show(problem)
        else:
            self._composer.problem.clear()
            browser.call(self._page.client, refocus, target, emoji)

    def _show_quick_row(self) -> None:
        self._quick_row.set("hidden", None)
        self._page.record.keep(reactions=self._target)
        if "_picker" in vars(self):
            self._picker.set("hidden", True)
            self._page.record.keep(picker="hidden")

    def _show_picker(self) -> None:
        self._quick_row.set("hidden", True)
        self._picker.set("hidden", None)
        self._page.record.keep(picker="shown")

    async def _pick(self, event: events.GenericEventArguments) -> None:
        match event.args:
            case {"detail": {"unicode": str() as emoji}}:
                await self.react(emoji, "")

    def _on_event(self, event: Event) -> None:
        """Close the popover if its message was deleted."""
        try:
            if self._target:
                self._page.room.conversation.message(self._target)
        except ChatError as problem:
            self._close()
            self._composer.problem.show(problem)

    def _close(self) -> None:
        self._target = None
        self._popover.run_method("hidePopover")

    @cached_property
    def _popover(self) -> HtmlElement:
        with self._parent:
            popover = HtmlElement("div", {"id": POPOVER, "popover": "auto"})
        browser.on(popover, "keydown", leave_popover)
        browser.on(popover, "keydown", move_in_toolbar)
        browser.on(popover, "focusin", rove)
        browser.on(popover, "toggle", end_menu)
        self._page.shown.subscribe(self._on_event, MessageDeleted, HistoryCleared, MessagesPurged)
        return popover

    @cached_property
    def _quick_row(self) -> HtmlElement:
        with self._page.record.numbering("reactions"), self._popover:
            attributes = {"class": "quick", "role": "toolbar", "aria-label": self._page.tr("React")}
            return HtmlElement("div", attributes, html=actions.quick_row(self._page.tr, QUICK))

    @cached_property
    def _picker(self) -> HtmlElement:
        with self._page.record.numbering("picker"), self._popover:
            picker = emoji_picker.build(self._page.tr)
        picker.on("emoji-click", self._pick, args=["detail"])
        return picker
