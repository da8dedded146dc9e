"""The only path of an event: recorded if it is audited, stored if it is durable, then applied, then published."""

import asyncio
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import replace
from typing import Any

import pytest
from structlog.testing import capture_logs

from chat.domain.accounts.events import InvitationEvent, InvitationUsed
from chat.domain.audit import ActionFailed, AuditEntry
from chat.domain.errors import AccountsUnwritable, HistoryUnwritable, MessageRefused
from chat.domain.events import DurableEvent, EphemeralEvent, Event
from chat.domain.messages.events import MessageEvent, MessagePosted
from chat.domain.messages.history import History
from chat.domain.rooms.events import TypingStarted
from chat.state.pipeline.event_bus import EventBus
from chat.state.pipeline.event_pipeline import EventPipeline
from chat.storage.memory import MemoryAuditLog
from chat.storage.status import StoreStatus
from tests.storage.samples import BOB, CLEARED, NOON, deleted, posted, texts

DELETED_BY_A_MODERATOR = replace(deleted(1), actor=BOB)


class Store:
    """A store that notes its batches, fails with `problem`, and waits for its gate."""

    def __init__(self, steps: list[tuple[str, Event]]) -> None:
        self.batches: list[list[Event]] = []
        self.problem: Exception | None = None
        self.gate = asyncio.Event()
        self.gate.set()
        self._steps = steps

    async def append(self, events: Sequence[Event]) -> Sequence[Event]:
        self.batches.append(list(events))
        await self.gate.wait()
        if self.problem:
            raise self.problem
        self._steps += [("stored", event) for event in events]
        return events

    async def check(self) -> StoreStatus:
        return StoreStatus()

    async def close(self) -> None:
        pass


class AuditLog(MemoryAuditLog):
    """An audit log that can fail and wait."""

    def __init__(self, steps: list[tuple[str, Event]]) -> None:
        super().__init__()
        self.is_broken = False
        self.gate = asyncio.Event()
        self.gate.set()
        self._steps = steps

    async def append(self, entry: AuditEntry) -> None:
        await self.gate.wait()
        if self.is_broken:
            raise HistoryUnwritable
        await super().append(entry)
        self._steps.append(("recorded", entry))


class Pipeline(EventPipeline):
    """A pipeline with a history, whose steps are noted."""

    def __init__(self) -> None:
        self.steps: list[tuple[str, Event]] = []
        self.store, self.invitation_store = Store(self.steps), Store(self.steps)
        self.audit_log = AuditLog(self.steps)
        self.history = History(100)
        self.broken_event: Event | None = None
        bus = EventBus()
        super().__init__(bus, self.audit_log)
        self.attach(MessageEvent, self._apply, self.store)
        self.attach(InvitationEvent, lambda _: True, self.invitation_store)
        self.attach(EphemeralEvent, lambda _: True)
        bus.subscribe(lambda event: self.steps.append(("published", event)))

    def _apply(self, event: MessageEvent) -> bool:
        if event == self.broken_event:
            raise RuntimeError("a bug")
        self.steps.append(("applied", event))
        return self.history.apply(event) is not None

    def events(self, step: str) -> list[Event]:
        return [event for done, event in self.steps if done == step]


@pytest.fixture
async def pipeline() -> Pipeline:
    return Pipeline()


def steps_of(event: Event, *steps: str) -> list[tuple[str, Event]]:
    return [(step, event) for step in steps]


async def begun(work: Any) -> asyncio.Task[Any]:
    """Return a task that ran until it had to wait."""
    task = asyncio.create_task(work)
    for _ in range(5):
        await asyncio.sleep(0)
    return task


# The order of things.


async def test_event_is_stored_then_applied_then_published(pipeline: Pipeline):
    await pipeline.submit(posted(1))
    assert pipeline.steps == steps_of(posted(1), "stored", "applied", "published")


async def test_nothing_is_applied_while_an_event_is_being_stored(pipeline: Pipeline):
    pipeline.store.gate.clear()
    task = await begun(pipeline.submit(posted(1)))
    assert pipeline.steps == []
    assert not task.done()
    pipeline.store.gate.set()
    await task


async def test_ephemeral_event_is_applied_and_published_at_once(pipeline: Pipeline):
    typing = TypingStarted("lobby", "ann", NOON)
    pipeline.apply_and_publish(typing)
    assert pipeline.steps == steps_of(typing, "published")
    assert pipeline.store.batches == []


async def test_event_that_changes_nothing_is_not_published(pipeline: Pipeline):
    await pipeline.submit(posted(1))
    await pipeline.submit(posted(1))
    assert pipeline.events("published") == [posted(1)]


async def test_events_are_published_once_and_in_the_order_of_their_submission(pipeline: Pipeline):
    events = [deleted(number - 1) if number % 7 == 3 else posted(number) for number in range(50)]
    await asyncio.gather(*map(pipeline.submit, events))
    assert pipeline.events("stored") == pipeline.events("published") == events


# Batches.


async def test_events_that_arrive_during_a_write_share_the_next(pipeline: Pipeline):
    pipeline.store.gate.clear()
    tasks = [await begun(pipeline.submit(posted(number))) for number in range(4)]
    assert pipeline.store.batches == [[posted(0)]]
    pipeline.store.gate.set()
    await asyncio.gather(*tasks)
    assert pipeline.store.batches == [[posted(0)], [posted(1), posted(2), posted(3)]]
    assert pipeline.events("published") == [posted(number) for number in range(4)]


async def test_each_store_has_its_own_batches(pipeline: Pipeline):
    used = InvitationUsed("an-id", NOON)
    pipeline.store.gate.clear()
    slow = await begun(pipeline.submit(posted(1)))
    await pipeline.submit(used)
    assert pipeline.events("published") == [used]
    pipeline.store.gate.set()
    await slow


# Refusals.


@pytest.mark.parametrize("problem", [HistoryUnwritable(), AccountsUnwritable()], ids=lambda problem: problem.key)
async def test_refused_batch_refuses_all_of_its_callers_and_applies_nothing(pipeline: Pipeline, problem: Exception):
    pipeline.store.gate.clear()
    tasks = [await begun(pipeline.submit(posted(number))) for number in range(4)]
    pipeline.store.problem = problem
    pipeline.store.gate.set()
    assert await asyncio.gather(*tasks, return_exceptions=True) == [problem] * 4
    assert pipeline.steps == []
    pipeline.store.problem = None
    await pipeline.submit(posted(5))
    assert pipeline.events("published") == [posted(5)]


async def test_unexpected_problem_of_a_store_refuses_the_batch_only(pipeline: Pipeline):
    pipeline.store.problem = ValueError("a bug")
    with capture_logs() as logged:
        refused = await asyncio.gather(*(pipeline.submit(posted(n)) for n in range(2)), return_exceptions=True)
    assert [type(problem) for problem in refused] == [HistoryUnwritable] * 2
    assert [entry["event"] for entry in logged] == ["events can't be stored"]
    pipeline.store.problem = None
    await pipeline.submit(posted(2))
    assert pipeline.events("published") == [posted(2)]


async def test_event_that_cannot_be_applied_fails_its_own_caller_only(pipeline: Pipeline):
    pipeline.broken_event = posted(2)
    async with asyncio.timeout(5):
        results = await asyncio.gather(*(pipeline.submit(posted(n)) for n in range(1, 4)), return_exceptions=True)
        await pipeline.submit(posted(4))
    assert [type(result) for result in results] == [type(None), RuntimeError, type(None)]
    assert pipeline.events("published") == [posted(1), posted(3), posted(4)]


# Callers that are cancelled.


SUBMIT: dict[str, Callable[[EventPipeline, DurableEvent], Any]] = {
    "submitted": lambda pipeline, event: pipeline.submit(event),
    "decided": lambda pipeline, event: pipeline.decide(lambda: event),
}


@pytest.mark.parametrize("submit", SUBMIT.values(), ids=SUBMIT)
@pytest.mark.parametrize("event", [posted(2), DELETED_BY_A_MODERATOR], ids=("message", "audited event"))
@pytest.mark.parametrize("is_written", [True, False], ids=("written", "waiting"))
async def test_event_of_a_cancelled_caller_completes(
    pipeline: Pipeline, submit: Callable[..., Any], event: MessageEvent, is_written: bool
):
    await pipeline.submit(posted(1))
    pipeline.store.gate.clear()
    others = [] if is_written else [await begun(pipeline.submit(posted(3)))]
    cancelled = await begun(submit(pipeline, event))
    cancelled.cancel()
    with suppress(asyncio.CancelledError):
        await cancelled
    assert cancelled.cancelled()
    pipeline.store.gate.set()
    await asyncio.gather(*others)
    await pipeline.submit(posted(4))
    assert pipeline.events("published") == [posted(1), *[posted(3)] * (not is_written), event, posted(4)]


# Decisions.


async def test_decision_sees_the_ones_before_applied(pipeline: Pipeline):
    seen: list[list[str]] = []

    def decide(number: int) -> MessagePosted:
        seen.append(texts(pipeline.history))
        return posted(number)

    events = await asyncio.gather(*(pipeline.decide(lambda number=number: decide(number)) for number in range(3)))
    assert events == [posted(0), posted(1), posted(2)]
    assert seen == [[], ["Message 0"], ["Message 0", "Message 1"]]


async def test_refused_decision_stores_nothing_and_does_not_stop_the_next(pipeline: Pipeline):
    def refuse() -> MessagePosted:
        raise MessageRefused("message-gone")

    with pytest.raises(MessageRefused):
        await pipeline.decide(refuse)
    assert pipeline.store.batches == []
    assert await pipeline.decide(lambda: posted(1)) == posted(1)


async def test_decision_that_cannot_be_stored_does_not_stop_the_next(pipeline: Pipeline):
    pipeline.store.problem = HistoryUnwritable()
    with pytest.raises(HistoryUnwritable):
        await pipeline.decide(lambda: posted(1))
    pipeline.store.problem = None
    await pipeline.decide(lambda: posted(2))
    assert texts(pipeline.history) == ["Message 2"]


# The audit log.


async def test_audited_event_is_recorded_first(pipeline: Pipeline):
    await pipeline.submit(posted(1))
    pipeline.steps.clear()
    await pipeline.submit(DELETED_BY_A_MODERATOR)
    assert pipeline.steps == steps_of(DELETED_BY_A_MODERATOR, "recorded", "stored", "applied", "published")


async def test_event_that_is_not_audited_is_not_recorded(pipeline: Pipeline):
    await pipeline.submit(posted(1))
    await pipeline.submit(deleted(1))
    assert pipeline.audit_log.entries == []


async def test_event_that_cannot_be_recorded_is_refused(pipeline: Pipeline):
    await pipeline.submit(posted(1))
    pipeline.audit_log.is_broken = True
    with pytest.raises(HistoryUnwritable):
        await pipeline.submit(CLEARED)
    assert pipeline.store.batches == [[posted(1)]]
    assert pipeline.events("published") == [posted(1)]
    pipeline.audit_log.is_broken = False
    await pipeline.submit(CLEARED)
    assert pipeline.events("published") == [posted(1), CLEARED]


@pytest.mark.parametrize("problem", [HistoryUnwritable(), AccountsUnwritable(), ValueError("a bug")], ids=repr)
async def test_recorded_event_that_cannot_be_stored_is_not_applied_and_the_log_says_so(
    pipeline: Pipeline, problem: Exception
):
    pipeline.store.problem = problem
    with pytest.raises((HistoryUnwritable, AccountsUnwritable)):
        await pipeline.submit(CLEARED)
    assert pipeline.steps == [("recorded", CLEARED), ("recorded", ActionFailed(CLEARED))]


async def test_event_that_was_stored_is_not_called_failed(pipeline: Pipeline):
    pipeline.broken_event = CLEARED
    with pytest.raises(RuntimeError):
        await pipeline.submit(CLEARED)
    assert pipeline.audit_log.entries == [CLEARED]


# The end.


async def test_closing_finishes_everything_that_was_submitted(pipeline: Pipeline):
    pipeline.store.gate.clear()
    pipeline.audit_log.gate.clear()
    events = [posted(number) for number in range(8)]
    tasks = [
        *[await begun(pipeline.submit(event)) for event in events[:5]],
        await begun(pipeline.submit(DELETED_BY_A_MODERATOR)),
        *[await begun(pipeline.decide(lambda event=event: event)) for event in events[5:]],
    ]
    closing = await begun(pipeline.close())
    assert not closing.done()
    pipeline.store.gate.set()
    pipeline.audit_log.gate.set()
    await closing
    assert [event for event in pipeline.events("published") if event in events] == events
    assert DELETED_BY_A_MODERATOR in pipeline.events("published")
    await asyncio.gather(*tasks)
