"""When closed pages are worth a garbage collection."""

import gc

import pytest

from chat.web.memory import ENOUGH, ClosedPageCollector


def collections(tidy: ClosedPageCollector, closed: int) -> int:
    for _ in range(closed):
        tidy.note_closed()
    before = gc.get_stats()[2]["collections"]
    tidy.tidy()
    return gc.get_stats()[2]["collections"] - before


@pytest.mark.parametrize(
    ("open_pages", "closed", "times"), [(0, ENOUGH - 1, 0), (0, ENOUGH, 1), (1000, 249, 0), (1000, 250, 1)]
)
def test_it_is_worth_it_when_many_were_closed_compared_to_those_open(open_pages: int, closed: int, times: int):
    gc.disable()
    try:
        assert collections(ClosedPageCollector(lambda: open_pages), closed) == times
    finally:
        gc.enable()


def test_what_was_collected_is_not_counted_again():
    tidy = ClosedPageCollector(lambda: 0)
    assert collections(tidy, ENOUGH) == 1
    assert collections(tidy, 1) == 0
