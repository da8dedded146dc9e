"""A member's own settings: how the chat looks, and its notifications while they are away."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, fields, replace
from enum import StrEnum
from typing import Any

from chat.domain.messages.mentions import is_addressed_to
from chat.domain.messages.message import Message


class ColorScheme(StrEnum):
    """Light, dark, or the system's setting."""

    SYSTEM = "system"
    LIGHT = "light"
    DARK = "dark"


class Accent(StrEnum):
    """The colour of the member's own items: that of the chat, or another."""

    CHAT = "chat"
    BLUE = "blue"
    TEAL = "teal"
    GREEN = "green"
    AMBER = "amber"
    RED = "red"
    PINK = "pink"
    VIOLET = "violet"


class Density(StrEnum):
    """The spacing in and between messages."""

    COMFORTABLE = "comfortable"
    COMPACT = "compact"


class TextSize(StrEnum):
    """The text size in percent of the browser's."""

    SMALL = "90"
    NORMAL = "100"
    LARGE = "115"
    LARGER = "130"


class NotificationLevel(StrEnum):
    """Which messages by others the member is notified of."""

    EVERYTHING = "everything"
    MENTIONS = "mentions"
    NOTHING = "nothing"

    def includes(self, message: Message, member_id: str) -> bool:
        """Tell whether a member with this level is notified of a message; never of their own."""
        match self:
            case NotificationLevel.EVERYTHING:
                return message.author != member_id
            case NotificationLevel.MENTIONS:
                return is_addressed_to(message, member_id)
        return False

    @property
    def includes_reports(self) -> bool:
        """Whether a moderator with this level is notified of reports."""
        return self is not NotificationLevel.NOTHING


class NotificationSound(StrEnum):
    """The sounds, by their file names in `assets/sounds`."""

    DROP = "drop"
    CHIME = "chime"
    KNOCK = "knock"
    BELL = "bell"


class JoinNotices(StrEnum):
    """Whether the message list shows who joined and left: always, never, or only in small rooms."""

    SHOW = "show"
    HIDE = "hide"
    SMALL = "small"


@dataclass(frozen=True, slots=True)
class Preferences:
    """All settings. `volume` is in percent; `title` is the level for the unread count in the tab title.

    `offered` means that the member has answered whether to turn on notifications.
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
        if isinstance(before, StrEnum):
            value = type(before)(str(value))
        elif type(value) is not type(before) or (isinstance(value, int) and not 0 <= value <= 100):
            raise ValueError(f"no {name} {value!r}")
        chosen: dict[str, Any] = {name: value}
        return replace(self, **chosen)

    def to_dict(self) -> dict[str, Any]:
        """The settings that differ from the defaults, to be stored."""
        plain = asdict(Preferences())
        return {name: value for name, value in asdict(self).items() if value != plain[name]}
