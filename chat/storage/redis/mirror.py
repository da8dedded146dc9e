"""Copies in the data folder of what is in the engine: to go back to files, and to fill an engine that was emptied."""

import asyncio
from collections.abc import Sequence
from contextlib import suppress
from typing import Any, Generic, Protocol, TypeVar

from chat.domain.errors import ChatError, StartupError
from chat.storage.base import State, StateStore

S = TypeVar("S", bound=State)
S_contra = TypeVar("S_contra", bound=State, contravariant=True)


class FileStore(StateStore[S, Any], Protocol[S]):
    """A store of files that also takes what another store keeps."""

    async def replace(self, state: S, events: Sequence[Any] = ()) -> None: ...


class Mirror(Generic[S]):
    """A copy of one state, in files. One that can't be written is no reason to refuse anything; its store logs it."""

    def __init__(self, files: FileStore[S]) -> None:
        self._files = files
        self._is_loaded = self.is_written = False

    def load(self) -> S:
        """Return what the files have. Raises `StartupError`."""
        state = self._files.load()
        self._is_loaded = self.is_written = True
        return state

    async def write(self, state: S, events: Sequence[Any] = ()) -> None:
        """Replace what the files have; `events` are the last that led to the state."""
        if not self._is_loaded:
            with suppress(StartupError):  # what can't be read is kept beside it
                await asyncio.to_thread(self._files.load)
            self._is_loaded = True
        with suppress(ChatError):
            await self._files.replace(state, events)
            self.is_written = True
