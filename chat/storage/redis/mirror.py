"""Copies in the data folder of what is in the engine: to go back to files, and to fill an engine that was emptied."""

import asyncio
from collections.abc import Callable, Sequence
from contextlib import suppress
from typing import Any, Generic, Protocol, TypeVar

from chat.domain.errors import ChatError, StartupError
from chat.storage.base import State, StateStore

S = TypeVar("S", bound=State)


class StateFiles(StateStore[S, Any], Protocol[S]):
    """A store of files that also takes what another store keeps."""

    async def replace(self, state: S, events: Sequence[Any] = ()) -> None: ...


class Mirror(Generic[S]):
    """A copy of one state, in files. One that can't be written is no reason to refuse anything; its store logs it."""

    def __init__(self, open_files: Callable[[], StateFiles[S]]) -> None:
        self._open_files = open_files
        self._files: StateFiles[S] | None = None

    def load(self) -> S:
        """Return what the files have. Raises `StartupError`."""
        self._files = self._open_files()
        return self._files.load()

    async def write(self, state: S, events: Sequence[Any] = ()) -> None:
        """Replace what the files have; `events` are the last that led to the state."""
        if self._files is None:
            with suppress(StartupError):  # what can't be read is kept beside it
                await asyncio.to_thread(self.load)
        assert self._files
        with suppress(ChatError):
            await self._files.replace(state, events)
