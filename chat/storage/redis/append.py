"""What a store asks of the engine, and how that may end."""

from collections.abc import Sequence
from dataclasses import dataclass

from chat.storage.redis.keys import Keys


class Refused(Exception):
    """Nothing was stored, and won't be later. The text is the reason."""


class OtherNumber(Exception):
    """The engine has more, or less, than this process knows."""


@dataclass(frozen=True, slots=True)
class Append:
    """Events of a room, or of a kind of state, as lines; with `content`, a snapshot that has them, instead.

    `after` is the number expected before them, None for any. At most about `kept` lines are kept.
    """

    name: str
    lines: Sequence[bytes] = ()
    after: int | None = None
    number: int = 0
    content: bytes = b""
    said_at: int | None = None
    kept: int | None = None

    def keys(self, keys: Keys, nonce: str) -> list[str]:
        """Return the keys in the order of `scripts/append.lua`."""
        shared = [keys.epoch, keys.writer, keys.last, keys.said_at]
        return [*shared, keys.events(self.name), keys.snapshot(self.name), keys.once(nonce)]

    def arguments(self, deadline: int) -> list[str | int | bytes]:
        """Return the arguments in the order of `scripts/append.lua`, after the two that say who asks.

        The deadline is in milliseconds, by the engine's clock.
        """
        numbers = ["" if n is None else n for n in (deadline, self.after, self.number, self.said_at)]
        return [self.name, *numbers, self.content, "" if self.kept is None else self.kept, *self.lines]
