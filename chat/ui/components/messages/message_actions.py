"""Actions on a message: reply, edit, delete, react, report, copy."""

from collections.abc import Awaitable, Callable
from functools import partial

from nicegui import events

from chat.domain.commands.replies import ReportReply
from chat.domain.errors import ChatError
from chat.domain.messages.message import Message
from chat.domain.messages.permissions import can_delete, can_edit
from chat.domain.users import Member
from chat.ui import browser
from chat.ui.browser.messages.acting import refocus
from chat.ui.components.composing.composer import Composer
from chat.ui.components.messages.message_list import MessageList
from chat.ui.components.messages.message_menu import MessageMenu
from chat.ui.components.messages.reactions import Reactions
from chat.ui.dialogs.moderation import ModerationDialogs
from chat.ui.dialogs.room import RoomDialogs
from chat.ui.page_context import PageContext

Action = Callable[[str, str], Awaitable[None] | None]
"""Takes a button's value and the id of the message it is on."""


class MessageActions:
    """The commands of the buttons on messages, which are HTML only.

    Values and ids come from a browser and may be anything: the domain validates them.
    """

    def __init__(
        self,
        page: PageContext,
        messages: MessageList,
        composer: Composer,
        reactions: Reactions,
        *,
        dialogs: RoomDialogs,
        moderation: ModerationDialogs,
    ) -> None:
        self._page = page
        self._messages = messages
        self._composer = composer
        self._dialogs = dialogs
        self._moderation = moderation
        self._reactions = reactions
        self._menu = MessageMenu(page, messages.element)
        dialogs.openers |= {
            "delete": partial(self._delete, ""),
            "describe": self._describe,
            "report": partial(self._report, ""),
        }

    @property
    def commands(self) -> dict[str, Action]:
        """The actions of the buttons."""
        return {
            "--reply": self._reply,
            "--edit": self._edit,
            "--delete": self._delete,
            "--describe": self._describe,
            "--remove-preview": self._remove_preview,
            "--react": self._react,
            "--more-reactions": self._more_reactions,
            "--mark-unread": self._mark_unread,
            "--more": lambda _, message_id: self._menu.offer_source(message_id),
            "--report": self._report,
            "--person": lambda member_id, _: self._moderation.moderate(member_id),
            "--jump": self._jump,
        }

    def _reply(self, _value: str, message_id: str) -> None:
        if message := self._find(message_id):
            self._composer.reply(message)

    def _edit(self, _value: str, message_id: str) -> None:
        if message := self._find(message_id, can_edit):
            self._composer.edit(message)

    def _delete(self, _value: str, message_id: str) -> None:
        if message := self._find(message_id, self._can_delete):
            self._dialogs.delete(message)

    def _describe(self, picture: str, _message_id: str = "") -> None:
        """Ask for the description of a picture, named by its message and its position there."""
        message_id, _, position = picture.rpartition("/")
        if position.isdecimal() and len(position) < 3 and (message := self._find(message_id, can_edit)):
            self._dialogs.describe_picture(message, int(position))

    async def _remove_preview(self, _value: str, message_id: str) -> None:
        message = self._find(message_id, self._can_delete)
        if message is None:
            return
        try:
            await self._page.chat.messages.remove_preview(self._page.member_id, self._page.room.id, message.id)
        except ChatError as problem:
            self._composer.problem.show(problem)
        else:
            browser.call(self._page.client, refocus, message.id)

    def _can_delete(self, member: Member, message: Message) -> bool:
        role, room = self._page.chat.people.role_of(message.author), self._page.room
        return can_delete(member, message, role, is_direct=room.is_direct)

    async def _react(self, emoji: str, message_id: str) -> None:
        if emoji:
            await self._reactions.react(emoji, message_id)
        elif message := self._find(message_id):
            self._reactions.open(message.id)

    def _more_reactions(self, _value: str, message_id: str) -> None:
        if not message_id or self._find(message_id):
            self._reactions.open_picker(message_id)

    def _mark_unread(self, _value: str, message_id: str) -> None:
        if message := self._find(message_id):
            self._page.chat.unread.mark_unread(self._page.member_id, message)

    def _report(self, _value: str, message_id: str) -> None:
        if message := self._find(message_id):
            self._moderation.report(message, lambda: self._composer.answer.show(ReportReply()))

    async def open_link(self, event: events.GenericEventArguments) -> None:
        """Go to the room and the message that a link within a message names."""
        if self._page.switcher:
            await self._page.switcher.open_link(event)

    async def _jump(self, target: str, _message_id: str) -> None:
        # The quote of a deleted message has no button, so a missing target is too old.
        await self.go_to(target, "message-old")

    async def go_to(self, target: object, error_key: str) -> None:
        """Go to a message of the room, or show why that isn't possible."""
        try:
            message = self._page.room.conversation.message(target, error_key)
        except ChatError as problem:
            self._composer.problem.show(problem)
        else:
            await self._messages.jump(message.id)

    def _find(
        self, message_id: str, is_allowed: Callable[[Member, Message], bool] = lambda member, message: True
    ) -> Message | None:
        """Return the message if it exists and the member is allowed to do that with it."""
        member = self._page.member
        try:
            message = self._page.room.conversation.message(message_id)
        except ChatError as problem:
            self._composer.problem.show(problem)
            return None
        return message if member and is_allowed(member, message) else None
