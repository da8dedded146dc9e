"""Dialogs of the room page: questions before something is deleted, search, keyboard shortcuts, settings."""

from chat.domain.commands.replies import ClearPrompt, LeaveRoomPrompt, PurgePrompt, SearchPrompt
from chat.domain.messages.message import Message
from chat.framework.elements import HtmlElement
from chat.ui.dialogs.dialog import Dialog
from chat.ui.dialogs.forms import Field
from chat.ui.dialogs.mentions import Mentions
from chat.ui.dialogs.moderation import ModerationDialogs
from chat.ui.dialogs.rooms.new_message import NewMessage
from chat.ui.dialogs.rooms.new_room import NewRoom
from chat.ui.dialogs.rooms.room_settings import RoomSettings
from chat.ui.dialogs.search import Search
from chat.ui.dialogs.user_settings import UserSettings
from chat.ui.html import chrome

MAX_KEPT = 100  # characters of a query


class RoomDialogs:
    """Each method opens the page's dialog."""

    def __init__(self, dialog: Dialog) -> None:
        self._dialog = dialog
        self._page = dialog.page
        self.close, self.openers = dialog.close, dialog.openers
        settings = RoomSettings(dialog)
        self.room_settings, self.leave_room = settings.open, settings.leave
        self.new_room = NewRoom(dialog).open
        self.new_message = NewMessage(dialog).open
        self.purge = ModerationDialogs(dialog).purge
        dialog.openers |= {
            "clear": self.clear,
            "search": self.search,
            "mentions": self.mentions,
            "keys": self.keys,
            "settings": self.settings,
        }

    def ask(self, prompt: ClearPrompt | PurgePrompt | SearchPrompt | LeaveRoomPrompt) -> None:
        """Ask for what a command needs."""
        match prompt:
            case ClearPrompt():
                self.clear()
            case PurgePrompt(target=target, count=count):
                self.purge(target, count)
            case SearchPrompt(query=query):
                self.search(query)
            case LeaveRoomPrompt():
                self.leave_room()

    def clear(self) -> None:
        """Ask before the history is cleared."""
        tr, chat, room_id = self._page.tr, self._page.chat, self._page.room.id
        text = tr("All messages in this room will be deleted for everyone. This can't be undone.")

        async def clear(member_id: str) -> None:
            await chat.messages.clear(member_id, room_id)

        with self._dialog.open("clear", tr("Clear the history?")) as close:
            self._dialog.build_question(text, tr("Clear history"), clear, close)

    def delete(self, message: Message) -> None:
        """Ask before a message is deleted."""
        tr, chat, room_id = self._page.tr, self._page.chat, self._page.room.id
        text = tr("It will be deleted for everyone. This can't be undone.")

        async def delete(member_id: str) -> None:
            await chat.messages.delete(member_id, room_id, message.id)

        with self._dialog.open("delete", tr("Delete this message?"), "delete", message.id) as close:
            HtmlElement("blockquote", {"dir": "auto"}, chrome.excerpt(message))
            self._dialog.build_question(text, tr("Delete"), delete, close)

    def describe_picture(self, message: Message, position: int) -> None:
        """Ask the author to describe a picture for those who can't see it."""
        tr, chat, room_id = self._page.tr, self._page.chat, self._page.room.id
        if position >= len(message.attachments) or not message.attachments[position].is_picture:
            return

        async def describe(alt: object) -> None:
            await chat.messages.describe_picture(self._page.member_id, room_id, message.id, position, alt)
            close()

        again = f"{message.id}/{position}"
        with self._dialog.open("describe", tr("Describe this picture"), "describe", again) as close:
            field = Field("alt", tr("Description"), value=message.attachments[position].alt)
            self._dialog.build_form([field], tr("Save"), describe)

    def search(self, query: str = "") -> None:
        with self._dialog.open("search", self._page.tr("Search"), "search", query[:MAX_KEPT]) as close:
            Search(self._page, query, close)

    def mentions(self) -> None:
        with self._dialog.open("mentions", self._page.tr("Mentions")) as close:
            Mentions(self._page, close)

    def keys(self) -> None:
        """List the keyboard shortcuts."""
        with self._dialog.open("keys", self._page.tr("Keyboard shortcuts")):
            HtmlElement("dl", {"class": "keys"}, html=chrome.keys(self._page.tr))

    def settings(self) -> None:
        with self._dialog.open("settings", self._page.tr("Settings")):
            UserSettings(self._page)
