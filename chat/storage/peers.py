"""The contract of how the processes of one chat hear of each other what no store keeps: who is here, who is typing."""

from collections.abc import Mapping
from typing import Any, Protocol

from chat.storage.shared import SentCommand


class Peer(Protocol):
    """A part of this process that hears what the same part of other processes says."""

    def hear(self, process: str, key: str, note: bytes) -> None:
        """Hear what another process says about something, or no longer says (empty)."""

    def hear_passing(self, process: str, note: bytes) -> None:
        """Hear what another process has passed on."""

    def lose(self, process: str) -> None:
        """Another process has ended, and says nothing any longer."""


class Peers(Protocol):
    """The other processes of a chat. What is said or passed on arrives in its order, if at all, and nobody waits.

    What they had said before this process started is heard until it `has_learned`.
    """

    @property
    def has_learned(self) -> bool: ...

    def add(self, topic: str, peer: Peer) -> None:
        """Let a part hear what is said about a topic."""

    def say(self, topic: str, key: str, note: bytes) -> None:
        """Say something until this process ends, also to those that start later; nothing any longer if it is empty."""

    def pass_on(self, topic: str, note: bytes) -> None:
        """Say something once, to those that listen now."""

    async def claim(self, name: str, owner: str) -> bool:
        """Return whether a name is the owner's for a minute, in which no other process gives it away.

        It is if that can't be found out.
        """

    async def have_carried_out(self, command: SentCommand) -> bool:
        """Return whether another process has stored events of a command; False if that can't be found out."""


class SharedSessions(Protocol):
    """The sessions of browsers, and the one-time logins, that all processes have."""

    def save(self, name: str, values: Mapping[str, Any]) -> None:
        """Keep the content of a session, without anyone having to wait."""

    async def written(self) -> None:
        """Return when everything is kept that was saved, or it can't be."""

    async def keep_login(self, token: str, login: bytes, seconds: int) -> None:
        """Keep what a one-time login is for."""

    async def find_login(self, token: str) -> bytes:
        """Return what a one-time login is for, nothing if it is over."""

    async def take_login(self, token: str) -> bool:
        """Use a one-time login up; return False if it was, or if that can't be found out."""
