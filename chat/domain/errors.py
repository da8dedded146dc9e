"""What the chat refuses, as keys and details; `chat.i18n.phrases` turns them into sentences."""

from datetime import datetime


class StartupError(Exception):
    """The chat can't start; the text is one line for the operator."""


class ChatError(Exception):
    """Something was refused and nothing changed.

    `key` names the reason (`name-taken`, `text-too-long` ...), `details` hold what its sentence needs.
    """

    def __init__(self, key: str, **details: str | int) -> None:
        super().__init__(key, details)
        self.key = key
        self.details = details


class NameRefused(ChatError):
    """A nickname that is invalid, reserved or taken."""


class TextRefused(ChatError):
    """A message text that is empty or too long, or comes too fast."""


class CommandRefused(ChatError):
    """A slash command that is unknown or used wrongly."""


class NotAllowed(ChatError):
    """What the role of somebody does not allow, or not with somebody who is not below them."""


class SpeechRefused(ChatError):
    """Something that is said by who is muted, or in slow mode, or in a locked room."""


class EntryRefused(ChatError):
    """Somebody who was kicked or banned can't come in before `until` (None: never); `why` is the reason given."""

    def __init__(self, key: str, *, until: datetime | None, left: int, why: str) -> None:
        super().__init__(key, left=left, why=why)
        self.until = until
        self.why = why


class MessageRefused(ChatError):
    """Something to be done with a message that is gone, somebody else's, or has all the reactions it can have."""


class NotHere(ChatError):
    """An action of somebody who is not in the room."""

    def __init__(self) -> None:
        super().__init__("not-here")


class AccountRefused(ChatError):
    """Something with an account: a wrong name or password, too many tries, a password that is too easy."""


class AccountsUnwritable(ChatError):
    """The accounts could not be made durable; nothing changed."""

    def __init__(self) -> None:
        super().__init__("accounts-unwritable")


class HistoryUnwritable(ChatError):
    """The history could not be made durable; the message was not posted."""

    def __init__(self) -> None:
        super().__init__("history-unwritable")
