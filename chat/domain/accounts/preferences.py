"""A member's own settings: how the chat looks, and its notifications while they are away."""

import re
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, fields, replace
from datetime import time
from enum import StrEnum
from typing import Any

from chat.domain.accounts.preference_choices import (
    Accent,
    ColorScheme,
    Density,
    JoinNotices,
    NotificationLevel,
    NotificationSound,
    TextSize,
)

MAX_LEVELS = 200  # rooms
MAX_ID = 40
TIME = re.compile(r"([01]\d|2[0-3]):[0-5]\d", re.ASCII)
TIMES = ("quiet_from", "quiet_until")
FOR_PUSH = ("desktop", "push_text", "quiet", *TIMES, "levels")


@dataclass(frozen=True, slots=True)
class Preferences:
    """All settings. `volume` is in percent; `title` is the level for the unread count in the tab title.

    `levels` are the levels chosen for rooms, by their ids. `offered` means that the member has answered whether to turn
    on notifications. `push_text` shows the text of messages that are pushed; in quiet hours, from `quiet_from` until
    `quiet_until`, none are.
    """

    scheme: ColorScheme = ColorScheme.SYSTEM
    contrast: bool = False
    accent: Accent = Accent.CHAT
    density: Density = Density.COMFORTABLE
    size: TextSize = TextSize.NORMAL
    joins: JoinNotices = JoinNotices.SMALL
    desktop: NotificationLevel = NotificationLevel.MENTIONS
    sound: NotificationLevel = NotificationLevel.MENTIONS
    title: NotificationLevel = NotificationLevel.EVERYTHING
    tone: NotificationSound = NotificationSound.DROP
    volume: int = 60
    muted: bool = False
    offered: bool = False
    push_text: bool = False
    quiet: bool = False
    quiet_from: str = "22:00"
    quiet_until: str = "07:00"
    levels: Mapping[str, NotificationLevel] = field(default_factory=dict)

    @classmethod
    def from_dict(cls, values: Mapping[str, Any]) -> "Preferences":
        """Restore stored settings, ignoring unknown ones."""
        preferences = cls()
        for name, value in values.items():
            try:
                preferences = preferences.choose(name, value)
            except ValueError:
                continue
        return preferences

    def choose(self, name: object, value: object) -> "Preferences":
        """Return the settings with one changed; raises `ValueError` if there is no such setting or value."""
        if not isinstance(name, str) or name not in {field.name for field in fields(self)}:
            raise ValueError(f"no preference {name!r}")
        before = getattr(self, name)
        if name == "levels":
            return replace(self, levels=_parse_levels(value))
        if name in TIMES:
            value = _parse_time(value)
        if isinstance(before, StrEnum):
            value = type(before)(str(value))
        elif type(value) is not type(before) or (isinstance(value, int) and not 0 <= value <= 100):
            raise ValueError(f"no {name} {value!r}")
        chosen: dict[str, Any] = {name: value}
        return replace(self, **chosen)

    def choose_level(self, room_id: str, value: object) -> "Preferences":
        """Return the settings with another level for a room, or the general one (empty). Raises `ValueError`."""
        others = {key: level for key, level in self.levels.items() if key != room_id}
        return replace(self, levels=_parse_levels({**others, room_id: value} if value else others))

    def in_room(self, room_id: str, *, is_direct: bool = False) -> "Preferences":
        """Return the settings that apply in a room.

        The level chosen for it replaces each general level but `nothing`. In a direct room, all messages count.
        """
        level = self.levels.get(room_id) or (NotificationLevel.EVERYTHING if is_direct else None)
        ways = {"desktop": self.desktop, "sound": self.sound, "title": self.title} if level else {}
        changed: dict[str, Any] = {name: level for name, general in ways.items() if general is not general.NOTHING}
        return replace(self, **changed)

    def shows_unread(self, room_id: str, calls: int) -> bool:
        """Tell whether a room with unread messages is shown as unread; `calls` of them are addressed to the member."""
        level = self.levels.get(room_id, NotificationLevel.EVERYTHING)
        return level is NotificationLevel.EVERYTHING or (level is NotificationLevel.MENTIONS and calls > 0)

    def is_quiet(self, at: time) -> bool:
        """Tell whether a time of the day is in the quiet hours, which may go on past midnight."""
        start, end = time.fromisoformat(self.quiet_from), time.fromisoformat(self.quiet_until)
        is_within = start <= at < end if start <= end else at >= start or at < end
        return self.quiet and is_within

    def for_push(self) -> "Preferences":
        """Return the settings that matter for pushes, with the defaults for all others."""
        chosen: dict[str, Any] = {name: getattr(self, name) for name in FOR_PUSH}
        return replace(Preferences(), **chosen)

    def to_dict(self) -> dict[str, Any]:
        """Return the settings that differ from the defaults, to be stored."""
        plain = asdict(Preferences())
        return {name: value for name, value in asdict(self).items() if value != plain[name]}


def _parse_levels(value: object) -> dict[str, NotificationLevel]:
    """Return levels by room, without the oldest if there are too many; raises `ValueError`."""
    if not isinstance(value, Mapping):
        raise ValueError(f"no levels {value!r}")
    if not all(isinstance(room_id, str) and len(room_id) <= MAX_ID for room_id in value):
        raise ValueError("no ids of rooms")
    newest = [*value.items()][-MAX_LEVELS:]
    return {room_id: NotificationLevel(str(level)) for room_id, level in newest}


def _parse_time(value: object) -> str:
    """Return a time of the day in hours and minutes; raises `ValueError`."""
    if not isinstance(value, str) or not TIME.fullmatch(value):
        raise ValueError(f"no time {value!r}")
    return value
