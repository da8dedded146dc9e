"""The status of a store, for `/healthz`."""

from collections.abc import Iterable
from datetime import datetime

from pydantic import BaseModel


class StoreStatus(BaseModel):
    """A store's state for `/healthz`. `last_write` is in UTC; the others name files.

    A `changed` file was changed by another program, and is kept. An `unreadable` one is that of a room, which is
    refused.
    """

    writable: bool = True
    last_write: datetime | None = None
    quarantined: str | None = None
    restored_from: str | None = None
    changed: str | None = None
    unreadable: str | None = None

    @property
    def problems(self) -> str | None:
        """The files that weren't as the store had left them."""
        return join_names([self.quarantined, self.restored_from, self.changed, self.unreadable])


def join_names(names: Iterable[str | None]) -> str | None:
    """Join the names of files into one text."""
    return ", ".join(name for name in names if name) or None
