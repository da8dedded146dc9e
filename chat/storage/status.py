"""The status of a store, for `/healthz`."""

from collections.abc import Iterable
from datetime import datetime

from pydantic import BaseModel


class StoreStatus(BaseModel):
    """A store's state for `/healthz`. `last_write` is in UTC; the others name files.

    A `changed` file is what another program had made of the store's own. An `unreadable` one is a room's, which is
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
    """Return the names of files in one text."""
    return ", ".join(name for name in names if name) or None
