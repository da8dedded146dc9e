"""The choices that members have in their preferences."""

from enum import StrEnum

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
    def is_on(self) -> bool:
        """Whether a member with this level is notified of what concerns them besides messages."""
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
