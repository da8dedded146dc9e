"""The contract of messages between the processes of one chat, for state that no store keeps, such as presence."""

from collections.abc import Mapping
from typing import Any, Protocol

from chat.storage.shared import SentCommand


class Peer:
    """A part of this process that receives the values and notes of the same part in other processes.

    A subclass has the methods for what it wants to know.
    """

    def on_published(self, process: str, key: str, note: bytes) -> None:
        """Called for each value that another process has published, or removed (empty), under a key."""

    def on_broadcast(self, process: str, note: bytes) -> None:
        """Called for each note that another process has broadcast."""

    def on_process_lost(self, process: str) -> None:
        """Called when another process has ended: its values are gone."""


class Peers(Protocol):
    """The other processes of a chat. Values and notes arrive in their order, if at all, and no caller waits.

    Values that were published before this process started are received until it `is_synced`.
    """

    @property
    def is_synced(self) -> bool: ...

    def add(self, topic: str, peer: Peer) -> None:
        """Have a part receive the values and notes of a topic."""

    def publish(self, topic: str, key: str, note: bytes) -> None:
        """Publish a value until this process ends, also to processes that start later; an empty one removes it."""

    def broadcast(self, topic: str, note: bytes) -> None:
        """Send a note once, to the processes that are running now."""

    async def claim(self, name: str, owner: str) -> bool:
        """Reserve a name for its owner for a minute, across all processes. Return whether it is reserved.

        Also returns True if that can't be found out.
        """

    async def have_carried_out(self, command: SentCommand) -> bool:
        """Return whether another process has stored events of a command; False if that can't be found out."""


class SharedLogins(Protocol):
    """The one-time logins of all processes, by their tokens."""

    async def keep(self, token: str, login: bytes, seconds: int) -> None:
        """Store the content of a login."""

    async def find(self, token: str) -> bytes:
        """Return the content of a login; empty if it has expired."""

    async def take(self, token: str) -> bool:
        """Use up a login; return False if it was used before, or if that can't be found out."""


class SharedSessions(Protocol):
    """The sessions of browsers that all processes have."""

    @property
    def logins(self) -> SharedLogins: ...

    def save(self, name: str, values: Mapping[str, Any]) -> None:
        """Save the content of a session in the background."""

    def create(self, name: str, values: Mapping[str, Any]) -> None:
        """Save the content of a new session, and write its file. Raises `OSError`."""

    async def written(self) -> None:
        """Return when all saved sessions are stored, or can't be."""
