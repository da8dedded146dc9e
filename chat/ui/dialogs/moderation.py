"""Dialogs to moderate a member, and to report a message."""

from collections.abc import Callable

from chat.domain.commands.arguments import parse_whole_duration
from chat.domain.messages.message import Message
from chat.domain.permissions import Permission, has_permission
from chat.domain.rooms.moderation_actions import (
    MUTE_DURATION,
    BanMember,
    ChangeRole,
    KickMember,
    ModerationAction,
    MuteMember,
    PurgeMessages,
)
from chat.domain.users import Member, Role
from chat.framework.elements import HtmlElement
from chat.ui.dialogs.dialog import Dialog
from chat.ui.dialogs.forms import Field, Form
from chat.ui.html import chrome


class ModerationDialogs:
    """Each method opens the page's dialog and offers only permitted actions; the domain decides when one is taken."""

    def __init__(self, dialog: Dialog) -> None:
        self._dialog = dialog
        self._page = dialog.page

    def moderate(self, member_id: str) -> None:
        """Offer the actions that the moderator may take against a member."""
        page, tr, room = self._page, self._page.tr, self._page.chat.room
        name, role = room.name_of(member_id), room.role_of(member_id)
        if not page.member or name is None or not has_permission(page.member.role, Permission.MUTE, role):
            return

        async def act(choice: object, time: object, reason: object) -> None:
            await self._act(choice, member_id, time, reason)
            self._dialog.close()

        with self._dialog.open("person", name):
            fields = [
                Field("time", tr("Duration (10m, 2h, 7d; if empty, bans are permanent)"), "off"),
                Field("reason", tr("Reason"), "off"),
            ]
            form = Form(page, fields, "", act, self._choices(page.member, member_id, role))
            with form.buttons:
                self._dialog.build_close_button(tr("Cancel"))

    def _choices(self, moderator: Member, member_id: str, role: Role) -> dict[str, str]:
        tr = self._page.tr
        choices = {
            "mute": tr("Mute"),
            "kick": tr("Kick"),
            "ban": tr("Ban"),
            "purge": tr("Delete recent messages"),
        }
        is_known = self._page.chat.room.find_member(member_id) is not None
        if is_known and has_permission(moderator.role, Permission.CHANGE_MODERATORS, role):
            if role is Role.MODERATOR:
                choices[f"role {Role.MEMBER}"] = tr("Remove as moderator")
            else:
                choices[f"role {Role.MODERATOR}"] = tr("Make moderator")
        return choices

    async def _act(self, choice: object, target_id: str, time: object, reason: object) -> None:
        action = _parse_action(choice, target_id, time, reason)
        if action and self._page.member:
            await self._page.chat.moderation.perform(self._page.member.id, action)

    def report(self, message: Message, on_reported: Callable[[], None]) -> None:
        """Ask why a message is reported."""
        page, tr = self._page, self._page.tr

        async def report(reason: object) -> None:
            if page.member:
                await page.chat.report(page.member.id, message.id, reason)
            self._dialog.close()
            on_reported()

        with self._dialog.open("report", tr("Report this message?")):
            HtmlElement("blockquote", {"dir": "auto"}, chrome.excerpt(message))
            HtmlElement("p", text=tr("Only moderators will see this report and your name."))
            self._dialog.build_form([Field("reason", tr("Reason"), "off")], tr("Report"), report)


def _parse_action(choice: object, target_id: str, time: object, reason: object) -> ModerationAction | None:
    """Return the chosen action; raises `CommandRefused` for an invalid duration."""
    match choice:
        case "mute":
            return MuteMember(target_id, parse_whole_duration(time) if time else MUTE_DURATION, reason)
        case "kick":
            return KickMember(target_id, reason)
        case "ban":
            return BanMember(target_id, parse_whole_duration(time) if time else None, reason)
        case "purge":
            return PurgeMessages(target_id)
        case str() if choice.startswith("role "):
            return ChangeRole(target_id, choice.removeprefix("role "))
    return None
