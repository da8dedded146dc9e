"""What people do with a message: answer, edit, delete it, react to it. The buttons are HTML only (`frame`)."""

from collections.abc import Awaitable, Callable

from chat.domain.commands.registry import Reply
from chat.domain.errors import ChatError
from chat.domain.messages.message import Message
from chat.domain.permissions import can_delete, can_edit
from chat.domain.users import Member
from chat.ui.components.composer import Composer
from chat.ui.components.message_list import MessageList
from chat.ui.components.reactions import Reactions
from chat.ui.dialogs.dialog import Dialogs
from chat.ui.dialogs.moderation import Moderation
from chat.ui.page_context import PageContext

Action = Callable[[str, str], Awaitable[None] | None]


class Actions:
    """The commands of those buttons. Each gets a button's value and the id of the message it is on.

    Both come from a browser and may be anything: what they mean is asked of the domain.
    """

    def __init__(
        self, page: PageContext, log: MessageList, composer: Composer, dialogs: Dialogs, reactions: Reactions
    ) -> None:
        self._page = page
        self._log = log
        self._composer = composer
        self._dialogs = dialogs
        self._reactions = reactions
        self._moderation = Moderation(page, dialogs)
        self.commands: dict[str, Action] = {
            "--reply": self._reply,
            "--edit": self._edit,
            "--delete": self._delete,
            "--react": self._react,
            "--report": self._report,
            **self._moderation.commands,
            "--more-reactions": self._open_picker,
            "--jump": self._jump,
            "--found": self._show_found,
        }

    def _reply(self, _value: str, message_id: str) -> None:
        if message := self._message(message_id):
            self._composer.reply(message)

    def _edit(self, _value: str, message_id: str) -> None:
        if message := self._message(message_id, can_edit):
            self._composer.edit(message)

    def _delete(self, _value: str, message_id: str) -> None:
        if message := self._message(message_id, self._may_delete):
            self._dialogs.delete(message)

    def _may_delete(self, member: Member, message: Message) -> bool:
        return can_delete(member, message, self._page.chat.room.role_of(message.author))

    async def _react(self, emoji: str, message_id: str) -> None:
        if emoji:
            await self._reactions.react(emoji, message_id)
        elif message := self._message(message_id):
            self._reactions.open(message.id)

    def _report(self, _value: str, message_id: str) -> None:
        if message := self._message(message_id):
            self._moderation.report(message, lambda: self._composer.answer(Reply("reported")))

    def _open_picker(self, _value: str, _message_id: str) -> None:
        self._reactions.open_picker()

    async def _jump(self, target: str, _message_id: str) -> None:
        await self._go(target, "message-old")  # of a deleted one, nothing is quoted that could be pressed

    async def _show_found(self, target: str, _message_id: str) -> None:
        self._dialogs.close()
        await self._go(target, "message-gone")

    async def _go(self, target: str, problem: str) -> None:
        try:
            self._page.chat.room.conversation.message(target, problem)
        except ChatError as refused:
            self._composer.refuse(refused)
        else:
            await self._log.jump(target)

    def _message(
        self, message_id: str, has_permission: Callable[[Member, Message], bool] = lambda member, message: True
    ) -> Message | None:
        """The message with this id, if it is there and the person may do that with it."""
        member = self._page.member
        try:
            message = self._page.chat.room.conversation.message(message_id)
        except ChatError as problem:
            self._composer.refuse(problem)
            return None
        return message if member and has_permission(member, message) else None
