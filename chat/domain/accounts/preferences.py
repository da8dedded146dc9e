"""What a person chose for themselves: how the chat looks, and of what it tells them while they look elsewhere."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, fields, replace
from enum import StrEnum
from typing import Any

from chat.domain.messages.mentions import ALL
from chat.domain.messages.message import Message


class ColorScheme(StrEnum):
    """Light, dark, or as the system is."""

    SYSTEM = "system"
    LIGHT = "light"
    DARK = "dark"


class Accent(StrEnum):
    """The colour of what is one's own: that of the chat, or another."""

    CHAT = "chat"
    BLUE = "blue"
    TEAL = "teal"
    GREEN = "green"
    AMBER = "amber"
    RED = "red"
    PINK = "pink"
    VIOLET = "violet"


class Density(StrEnum):
    """How much room is between and in messages."""

    COMFORTABLE = "comfortable"
    COMPACT = "compact"


class TextSize(StrEnum):
    """The size of all text, in percent of the browser's."""

    SMALL = "90"
    NORMAL = "100"
    LARGE = "115"
    LARGER = "130"


class NotificationLevel(StrEnum):
    """Which messages of others somebody is told of."""

    EVERYTHING = "everything"
    MENTIONS = "mentions"
    NOTHING = "nothing"

    def includes(self, message: Message, member_id: str) -> bool:
        """Whether a member with this choice is told of a message. Of one's own, nobody is."""
        match self:
            case NotificationLevel.EVERYTHING:
                return message.author != member_id
            case NotificationLevel.MENTIONS:
                return is_addressed_to(message, member_id)
        return False


class NotificationSound(StrEnum):
    """The sounds there are, by the names of their files in `assets/sounds`."""

    DROP = "drop"
    CHIME = "chime"
    KNOCK = "knock"
    BELL = "bell"


@dataclass(frozen=True, slots=True)
class Preferences:
    """All that can be chosen. `volume` is in percent; `title` is about the number in the title of the tab."""

    scheme: ColorScheme = ColorScheme.SYSTEM
    contrast: bool = False
    accent: Accent = Accent.CHAT
    density: Density = Density.COMFORTABLE
    size: TextSize = TextSize.NORMAL
    desktop: NotificationLevel = NotificationLevel.MENTIONS
    sound: NotificationLevel = NotificationLevel.MENTIONS
    title: NotificationLevel = NotificationLevel.EVERYTHING
    tone: NotificationSound = NotificationSound.DROP
    volume: int = 60
    muted: bool = False

    @classmethod
    def from_dict(cls, values: Mapping[str, Any]) -> "Preferences":
        """What was kept; what is unknown by now is as if it had not been chosen."""
        preferences = cls()
        for name, value in values.items():
            try:
                preferences = preferences.choose(name, value)
            except ValueError:
                continue
        return preferences

    def choose(self, name: object, value: object) -> "Preferences":
        """With one other choice; raises `ValueError` for what there is not."""
        if not isinstance(name, str) or name not in {field.name for field in fields(self)}:
            raise ValueError(f"no preference {name!r}")
        before = getattr(self, name)
        if isinstance(before, StrEnum):
            value = type(before)(str(value))
        elif type(value) is not type(before) or value not in range(101):
            raise ValueError(f"no {name} {value!r}")
        chosen: dict[str, Any] = {name: value}
        return replace(self, **chosen)

    @property
    def to_dict(self) -> dict[str, Any]:
        """What is not as it is for everybody, to be kept."""
        plain = asdict(Preferences())
        return {name: value for name, value in asdict(self).items() if value != plain[name]}


def is_addressed_to(message: Message, member_id: str) -> bool:
    """Whether a message of somebody else mentions a member, or everybody, or answers something they said."""
    if message.author == member_id:
        return False
    answers = message.reply is not None and message.reply.author == member_id
    return answers or not {member_id, ALL}.isdisjoint(message.mentions.values())
