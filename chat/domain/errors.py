"""Errors of refused requests, as keys and details; `chat.i18n.error_messages` turns them into sentences."""

from datetime import datetime


class StartupError(Exception):
    """The chat can't start; the text is one line for the operator."""


class ChatError(Exception):
    """A request was refused and nothing changed.

    `key` names the reason (`name-taken`, `text-too-long` ...), `details` hold the values for its sentence.
    """

    def __init__(self, key: str, **details: str | int) -> None:
        super().__init__(key, details)
        self.key = key
        self.details = details


class NameRefused(ChatError):
    """A nickname is invalid, reserved or taken."""


class TextRefused(ChatError):
    """A message's text is empty or too long, or comes too fast."""


class CommandRefused(ChatError):
    """A slash command is unknown or used wrongly."""


class NotAllowed(ChatError):
    """The member's role lacks the permission, or does not outrank the target."""


class SpeechRefused(ChatError):
    """The member is muted, must wait in slow mode, or the room is locked."""


class EntryRefused(ChatError):
    """A kicked or banned member can't join before `until`; None is never."""

    def __init__(self, key: str, *, until: datetime | None, left: int, reason: str) -> None:
        super().__init__(key, left=left, reason=reason)
        self.until = until
        self.reason = reason


class MessageRefused(ChatError):
    """The message is gone, belongs to another member, or has the maximum number of reactions."""


class FileRefused(ChatError):
    """A file is too large, broken, or more than there is room for, or isn't there any longer."""


class RoomRefused(ChatError):
    """The room isn't there or isn't the member's, or can't be changed like this."""


class NotHere(ChatError):
    """The member is not in the room."""

    def __init__(self) -> None:
        super().__init__("not-here")


class AccountRefused(ChatError):
    """A wrong name or password, too many attempts, a weak password ..."""


class AccountsUnwritable(ChatError):
    """The accounts could not be stored; nothing changed."""

    def __init__(self, key: str = "accounts-unwritable") -> None:
        super().__init__(key)


class RoomsUnwritable(ChatError):
    """The rooms could not be stored; nothing changed."""

    def __init__(self, key: str = "rooms-unwritable") -> None:
        super().__init__(key)


class HistoryUnwritable(ChatError):
    """The history could not be stored; nothing was posted."""

    def __init__(self, key: str = "history-unwritable") -> None:
        super().__init__(key)
