"""When the memory of closed pages is returned, and their garbage collected."""

import gc
from collections.abc import Iterator

import pytest

from chat.web import memory
from chat.web.memory import MIN_CLOSED, MUCH_GARBAGE, ClosedPageCollector, freeze_startup_heap


@pytest.fixture(autouse=True)
def returned(monkeypatch: pytest.MonkeyPatch) -> list[None]:
    """Have an entry for each time that memory was returned."""
    times: list[None] = []
    monkeypatch.setattr(memory, "_return_freed_memory", lambda: times.append(None))
    return times


def close(collector: ClosedPageCollector, pages: int) -> int:
    """Close pages, and return how often garbage was collected after that."""
    for _ in range(pages):
        collector.note_closed()
    before = gc.get_stats()[2]["collections"]
    gc.disable()
    try:
        collector.collect()
    finally:
        gc.enable()
    return gc.get_stats()[2]["collections"] - before


@pytest.mark.parametrize(
    ("open_pages", "closed", "times"), [(0, MIN_CLOSED - 1, 0), (0, MIN_CLOSED, 1), (1000, 249, 0), (1000, 250, 1)]
)
def test_memory_is_returned_when_many_more_pages_closed_than_are_open(
    returned: list[None], open_pages: int, closed: int, times: int
):
    close(ClosedPageCollector(lambda: open_pages), closed)
    assert len(returned) == times


def test_closed_pages_are_counted_once(returned: list[None]):
    collector = ClosedPageCollector(lambda: 0)
    close(collector, MIN_CLOSED)
    close(collector, 1)
    assert len(returned) == 1


def test_garbage_is_collected_seldom():
    collector = ClosedPageCollector(lambda: 0)
    assert close(collector, MUCH_GARBAGE - 1) == 0
    assert close(collector, MIN_CLOSED) == 1
    assert close(collector, MIN_CLOSED) == 0


@pytest.fixture
def frozen_heap() -> Iterator[None]:
    usual = gc.get_threshold()
    freeze_startup_heap()
    yield
    gc.set_threshold(*usual)
    gc.unfreeze()


def test_pages_that_open_hold_nobody_up_with_full_collections(frozen_heap: None):
    before = gc.get_stats()[2]["collections"]
    pages = [[] for _ in range(500 * 3000)]  # 500 pages
    assert gc.get_stats()[2]["collections"] == before
    assert pages
