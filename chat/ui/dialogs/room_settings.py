"""The room's settings for moderators: topic, slow mode, lock, blocked words."""

from collections.abc import Iterator

from chat.domain.commands.arguments import parse_number
from chat.domain.moderation.word_filter import parse_entry
from chat.domain.permissions import Permission, can_change_room, has_permission
from chat.domain.rooms.moderation_actions import (
    ChangeTopic,
    ChangeWordFilter,
    LockRoom,
    ModerationAction,
    SetSlowMode,
    UnlockRoom,
)
from chat.domain.users import Role
from chat.i18n.translator import Translator
from chat.ui.dialogs.dialog import Dialog
from chat.ui.dialogs.forms import Field, Form
from chat.ui.page_context import PageContext

SLOW_MODES = (0, 5, 10, 30, 60, 300, 900, 3600)  # seconds
PERMISSIONS = {
    "topic": Permission.CHANGE_TOPIC,
    "slow": Permission.SET_SLOW_MODE,
    "words": Permission.CHANGE_WORD_FILTER,
    "locked": Permission.LOCK_ROOM,
}
"""The permission for each setting, in the order of their fields."""


class RoomSettings:
    """Opens the page's dialog with the settings that the member may change."""

    def __init__(self, dialog: Dialog) -> None:
        self._dialog = dialog
        self._page = dialog.page

    def open(self) -> None:
        if self._page.member and can_change_room(self._page.member.role):
            tr = self._page.tr
            with self._dialog.open("room-settings", tr("Room settings")):
                _SettingsForm(self._page, self._page.member.role, self._dialog)


class _SettingsForm:
    """Changes only what the moderator changed: what others change meanwhile stays."""

    def __init__(self, page: PageContext, role: Role, dialog: Dialog) -> None:
        self._page = page
        self._dialog = dialog
        self._shown = {
            name: value for name, value in self._current().items() if has_permission(role, PERMISSIONS[name])
        }
        fields = [field for field in self._fields(page.tr) if field.name in self._shown]
        form = Form(page, fields, page.tr("Save"), self._save)
        for field, element in zip(fields, form.fields, strict=True):
            if field.is_long:
                element.set("rows", 3)
        if "locked" in self._shown:
            label = page.tr("Lock the room: only moderators can write")
            form.add_checkbox("locked", label, is_checked=bool(self._shown["locked"]))
        with form.buttons:
            dialog.build_close_button(page.tr("Cancel"))

    def _current(self) -> dict[str, str]:
        """Return the settings as the values of their fields."""
        room = self._page.room
        return {
            "topic": room.conversation.history.topic,
            "slow": str(room.restrictions.slow_mode.seconds),
            "words": " ".join(sorted(room.moderation.blocked_words)),
            "locked": "on" if room.restrictions.locked else "",
        }

    def _fields(self, tr: Translator) -> list[Field]:
        shown = self._shown
        seconds = sorted({*SLOW_MODES, int(shown.get("slow", 0))})
        slow_modes = {str(pause): tr.duration(pause) if pause else tr("Off") for pause in seconds}
        words = tr("Blocked words, separated by spaces (bad* blocks all that start with bad)")
        return [
            Field("topic", tr("Topic"), value=shown.get("topic", "")),
            Field("slow", tr("Slow mode: wait between messages"), value=shown.get("slow", ""), options=slow_modes),
            Field("words", words, value=shown.get("words", ""), is_long=True),
        ]

    async def _save(self, *values: object) -> None:
        for name, value in zip(self._shown, values, strict=True):
            if value != self._shown[name] and self._page.member:
                for action in _actions(name, self._shown[name], str(value)):
                    await self._page.chat.perform(self._page.member.id, self._page.room.id, action)
                self._shown[name] = str(value)
        self._dialog.close()


def _actions(name: str, before: str, value: str) -> Iterator[ModerationAction]:
    match name:
        case "topic":
            yield ChangeTopic(value)
        case "slow":
            yield SetSlowMode(parse_number(value, 0))
        case "words":
            old, new = set(before.split()), set(map(parse_entry, value.split()))
            if old != new:
                yield ChangeWordFilter(tuple(new - old), tuple(old - new))
        case "locked":
            yield LockRoom() if value else UnlockRoom()
