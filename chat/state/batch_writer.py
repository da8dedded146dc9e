"""Writes events in batches, so that those of a busy moment share one write."""

import asyncio
import time
from collections.abc import Callable, Sequence
from typing import Any

import structlog

from chat.domain.errors import ChatError, HistoryUnwritable
from chat.domain.events import DurableEvent, Event
from chat.state.signals import StoreWritten
from chat.storage.base import EventStore

log = structlog.get_logger()


class BatchWriter:
    """Writes events to one store. Events that arrive while a write runs share the next one."""

    def __init__(
        self,
        store: EventStore[Any],
        apply_and_publish: Callable[[Event], None],
        signal: Callable[[StoreWritten], None],
    ) -> None:
        self._store = store
        self._apply_and_publish = apply_and_publish
        self._signal = signal
        self._waiting: list[tuple[DurableEvent, asyncio.Future[None]]] = []
        self._task: asyncio.Task[None] | None = None

    async def write(self, event: DurableEvent) -> None:
        done = asyncio.get_running_loop().create_future()
        self._waiting.append((event, done))
        if self._task is None or self._task.done():
            self._task = asyncio.create_task(self._run())
        await done

    @property
    def is_busy(self) -> bool:
        return self._task is not None and not self._task.done()

    async def close(self) -> None:
        if self._task is not None:
            await self._task

    async def _run(self) -> None:
        while self._waiting:
            batch, self._waiting = self._waiting, []
            try:
                stored = await self._append([event for event, _ in batch])
            except ChatError as problem:
                for _, done in batch:
                    _settle(done, problem)
            else:
                for event, (_, done) in zip(stored, batch, strict=True):
                    _settle(done, self._apply(event))

    async def _append(self, events: list[DurableEvent]) -> Sequence[DurableEvent]:
        started = time.perf_counter()
        try:
            stored = await self._store.append(events)
            return [event for _, event in zip(events, stored, strict=True)]
        except ChatError:
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


def _settle(done: asyncio.Future[None], problem: Exception | None) -> None:
    if done.done():  # the caller was cancelled
        return
    if problem is None:
        done.set_result(None)
    else:
        done.set_exception(problem)
