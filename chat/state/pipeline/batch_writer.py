"""Writes events in batches, so that simultaneous ones share one write, and applies those of other processes."""

import asyncio
import time
from collections.abc import Callable, Sequence
from contextvars import Context
from dataclasses import dataclass
from typing import Any

import structlog

from chat.domain.errors import ChatError, HistoryUnwritable
from chat.domain.events import DurableEvent, Event
from chat.state.pipeline.running_command import running_command
from chat.state.pipeline.signals import StoreWritten
from chat.storage.base import EventStore
from chat.storage.shared import Behind, CarriedOut, Reloaded, SentCommand, SharedStore

CATCH_UP_AGAIN_AFTER = 1.0  # seconds

log = structlog.get_logger()


class Outdated(Exception):
    """Another process changed the state after the event was decided: decide again."""


@dataclass(frozen=True, slots=True)
class _Waiting:
    event: DurableEvent
    done: asyncio.Future[None]
    version: int | None
    command: SentCommand | None


class BatchWriter:
    """Writes events to one store. Events that arrive while a write runs share the next one.

    Events of other processes are applied in between, in their order, and counted by `version`. `reload` gets a state
    that replaces the one before.
    """

    def __init__(
        self,
        store: EventStore[Any],
        apply_and_publish: Callable[[Event], None],
        signal: Callable[[StoreWritten], None],
        reload: Callable[[Any], None] = lambda state: None,
    ) -> None:
        self._store = store
        self._apply_and_publish = apply_and_publish
        self._signal = signal
        self._reload = reload
        self._waiting: list[_Waiting] = []
        self._task: asyncio.Task[None] | None = None
        self._is_behind = self._is_closed = False
        self.version = 0
        self._shared = store if isinstance(store, SharedStore) else None
        if self._shared:
            self._shared.listen(self._catch_up_soon)

    async def write(self, event: DurableEvent, version: int | None = None) -> None:
        """Return when the event is stored and applied.

        Raises `Outdated` if it was decided in a `version` that isn't the current one, and `CarriedOut` if another
        process has carried out the running command.
        """
        done = asyncio.get_running_loop().create_future()
        self._waiting.append(_Waiting(event, done, version, running_command.get()))
        self._start()
        await done

    @property
    def is_busy(self) -> bool:
        return self._task is not None and not self._task.done()

    async def finish(self) -> None:
        """Return when everything pending is written, and events of other processes are applied."""
        if self._task is not None:
            await self._task

    async def close(self) -> None:
        """Finish, and ignore further events of other processes."""
        self._is_closed = True
        await self.finish()

    def _start(self) -> None:
        if not self.is_busy:
            self._task = asyncio.create_task(self._run(), context=Context())  # not the caller's, which has its command

    async def _run(self) -> None:
        while self._waiting or self._is_behind:
            if self._is_behind and (problem := await self._catch_up()):
                self._settle_all(self._take(), problem)
            elif batch := self._take():
                await self._write(batch)

    def _take(self) -> list[_Waiting]:
        """Return the events that wait and can be written as they are."""
        batch, self._waiting = self._waiting, []
        self._settle_all([waiting for waiting in batch if not self._is_current(waiting)], Outdated())
        return [waiting for waiting in batch if self._is_current(waiting)]

    def _is_current(self, waiting: _Waiting) -> bool:
        return waiting.version in {None, self.version}

    async def _write(self, batch: list[_Waiting]) -> None:
        try:
            stored = await self._append(batch)
        except Behind:
            self._waiting, self._is_behind = [*batch, *self._waiting], True
        except CarriedOut as carried_out:
            self._settle_all([waiting for waiting in batch if waiting.command == carried_out.command], carried_out)
            self._waiting = [*(w for w in batch if w.command != carried_out.command), *self._waiting]
        except ChatError as problem:
            self._settle_all(batch, problem)
        else:
            for event, waiting in zip(stored, batch, strict=True):
                _settle(waiting.done, self._apply(event))

    async def _append(self, batch: list[_Waiting]) -> Sequence[DurableEvent]:
        started, events = time.perf_counter(), [waiting.event for waiting in batch]
        commands = {waiting.command for waiting in batch if waiting.command}
        try:
            stored = await (self._shared.append(events, commands) if self._shared else self._store.append(events))
            return [event for _, event in zip(events, stored, strict=True)]  # a store that loses one has failed
        except (ChatError, Behind, CarriedOut):
            raise
        except Exception:  # the callers get an error, and the writer continues
            log.exception("events can't be stored")
            raise HistoryUnwritable from None
        finally:
            self._signal(StoreWritten(time.perf_counter() - started))

    def _apply(self, event: DurableEvent) -> Exception | None:
        try:
            self._apply_and_publish(event)
        except Exception as problem:  # the other callers of the batch still get their results
            log.exception("event can't be applied", kind=type(event).__name__)
            return problem
        return None

    def _catch_up_soon(self) -> None:
        if not self._is_closed:
            self._is_behind = True
            self._start()

    async def _catch_up(self) -> ChatError | None:
        """Apply what other processes have stored; return why it can't be read, if so."""
        self._is_behind = False
        assert self._shared
        try:
            found = await self._shared.catch_up()
        except ChatError as problem:
            asyncio.get_running_loop().call_later(CATCH_UP_AGAIN_AFTER, self._catch_up_soon)
            return problem
        if isinstance(found, Reloaded):
            self._reload(found.state)
            self.version += 1
        else:
            for event in found:
                self._apply(event)
            self.version += len(found)
        return None

    def _settle_all(self, batch: list[_Waiting], problem: Exception) -> None:
        for waiting in batch:
            _settle(waiting.done, problem)


def _settle(done: asyncio.Future[None], problem: Exception | None) -> None:
    if done.done():  # the caller was cancelled
        return
    if problem is None:
        done.set_result(None)
    else:
        done.set_exception(problem)
