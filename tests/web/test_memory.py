"""When closed pages trigger a garbage collection."""

import gc

import pytest

from chat.web.memory import MIN_CLOSED, ClosedPageCollector


def collections(collector: ClosedPageCollector, closed: int) -> int:
    for _ in range(closed):
        collector.note_closed()
    before = gc.get_stats()[2]["collections"]
    collector.collect()
    return gc.get_stats()[2]["collections"] - before


@pytest.mark.parametrize(
    ("open_pages", "closed", "times"), [(0, MIN_CLOSED - 1, 0), (0, MIN_CLOSED, 1), (1000, 249, 0), (1000, 250, 1)]
)
def test_collection_runs_when_many_more_pages_closed_than_are_open(open_pages: int, closed: int, times: int):
    gc.disable()
    try:
        assert collections(ClosedPageCollector(lambda: open_pages), closed) == times
    finally:
        gc.enable()


def test_collected_pages_are_counted_once():
    collector = ClosedPageCollector(lambda: 0)
    assert collections(collector, MIN_CLOSED) == 1
    assert collections(collector, 1) == 0
