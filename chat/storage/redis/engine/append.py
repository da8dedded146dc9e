"""Requests of stores to append events in the engine, and their outcomes."""

from collections.abc import Sequence
from dataclasses import dataclass

from chat.storage.redis.engine.keys import Keys
from chat.storage.shared import SentCommand


class Refused(Exception):
    """Nothing was stored, and won't be later. The text is the reason."""


class OtherNumber(Exception):
    """The engine has more, or less, than this process knows: its last event has `number`."""

    def __init__(self, number: int) -> None:
        super().__init__(number)
        self.number = number


@dataclass(frozen=True, slots=True)
class Append:
    """Events of a room, or of a kind of state, as lines; with `content`, also a snapshot that has them.

    `after` is the number expected before them, None for any; `number` that of the last one, if it doesn't follow from
    that. A snapshot takes the place of all lines before it but the last `kept`; without one, at most about `kept` lines
    are kept. `commands` are what the events follow from.
    """

    name: str
    lines: Sequence[bytes] = ()
    after: int | None = None
    number: int | None = None
    content: bytes = b""
    said_at: int | None = None
    kept: int | None = None
    commands: Sequence[SentCommand] = ()

    def keys(self, keys: Keys, nonce: str) -> list[str]:
        """Return the keys in the order of `scripts/append.lua`."""
        shared = [keys.epoch, keys.last, keys.said_at]
        own = [keys.events(self.name), keys.snapshot(self.name), keys.once(nonce)]
        return [*shared, *own, *(keys.commands(command.member_id) for command in self.commands)]

    def arguments(self, deadline: int, channel: str, process: str) -> list[str | int | bytes]:
        """Return the arguments in the order of `scripts/append.lua`, after the epoch.

        The deadline is in milliseconds, by the engine's clock. The events are published on `channel`. `process` carries
        out the commands.
        """
        numbers = ["" if n is None else n for n in (deadline, self.after, self.number, self.said_at)]
        kept = "" if self.kept is None else self.kept
        commands = (noted(command, process) for command in self.commands)
        return [self.name, *numbers, self.content, kept, channel, *commands, *self.lines]


@dataclass(frozen=True, slots=True)
class Appended:
    """The number of the last event, and how many lines there are since the snapshot."""

    number: int
    lines: int


def noted(command: SentCommand, process: str) -> str:
    """Return the entry that records that a process has carried out a command."""
    return f"{command.message_id} {process}"
