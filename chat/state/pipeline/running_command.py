"""The command that a task carries out, so that everything it stores is noted as following from it."""

from contextvars import ContextVar

from chat.storage.shared import SentCommand

running_command: ContextVar[SentCommand | None] = ContextVar("running_command", default=None)
