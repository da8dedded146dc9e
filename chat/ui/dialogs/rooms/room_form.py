"""The form of a room's settings: name, description, topic, slow mode, lock, blocked words."""

from collections.abc import Callable, Iterator

from chat.domain.commands.arguments import parse_number
from chat.domain.moderation.word_filter import parse_entry
from chat.domain.permissions import Permission, has_permission
from chat.domain.rooms.directory.room_info import LOBBY, RoomInfo, RoomKind
from chat.domain.rooms.directory.room_policy import may_manage
from chat.domain.rooms.moderation.moderation_actions import (
    ChangeTopic,
    ChangeWordFilter,
    LockRoom,
    ModerationAction,
    SetSlowMode,
    UnlockRoom,
)
from chat.domain.users import Member
from chat.i18n import phrases
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
"""The permission for each of these settings, in the order of their fields."""


def changeable(page: PageContext, member: Member, room: RoomInfo) -> list[str]:
    """Return the settings of a room that a member may change, in the order of their fields."""
    if room.kind is RoomKind.DIRECT:
        return []
    # A chat with one room has no name for it but its own.
    has_name = room.id != LOBBY or len(page.chat.directory.public()) > 1
    own = ["name", "description"] if has_name and may_manage(member, room) else []
    allowed = [name for name, permission in PERMISSIONS.items() if has_permission(member.role, permission)]
    # The blocked words are those of the whole chat.
    return own + [name for name in allowed if name != "words" or room.id == LOBBY]


class RoomForm:
    """Changes only what the member changed: what others change meanwhile stays."""

    def __init__(self, page: PageContext, dialog: Dialog, names: list[str], close: Callable[[], None]) -> None:
        self._page = page
        self._close = close
        self._room_id = page.room.id
        current = self._current()
        self._shown = {name: current[name] for name in names}
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
            "name": phrases.room_name(self._page.tr, self._page.room_info),
            "description": self._page.room_info.description,
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
            Field("name", tr("Name"), value=shown.get("name", "")),
            Field("description", tr("Description"), value=shown.get("description", "")),
            Field("topic", tr("Topic"), value=shown.get("topic", "")),
            Field("slow", tr("Slow mode: wait between messages"), value=shown.get("slow", ""), options=slow_modes),
            Field("words", words, value=shown.get("words", ""), is_long=True),
        ]

    async def _save(self, *values: object) -> None:
        for name, value in zip(self._shown, values, strict=True):
            if value != self._shown[name] and self._page.member:
                await self._change(self._page.member.id, name, str(value))
                self._shown[name] = str(value)
        self._close()

    async def _change(self, member_id: str, name: str, value: str) -> None:
        match name:
            case "name":
                await self._page.chat.rooms.rename(member_id, self._room_id, value)
            case "description":
                await self._page.chat.rooms.describe(member_id, self._room_id, value)
            case _:
                for action in _actions(name, self._shown[name], value):
                    await self._page.chat.moderation.perform(member_id, self._room_id, action)


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
