"""A member with pages in two processes: what they read or mark in one is so in both."""

from collections.abc import AsyncIterator
from dataclasses import replace
from pathlib import Path

import pytest

from chat.domain.rooms.reloads import StateReloaded
from chat.storage.redis import engine_state
from chat.web.read_marks import EVERYWHERE
from tests.support.engine import HAS_ENGINE
from tests.support.processes import ChatProcess, deaf, eventually, processes
from tests.unit.state.rooms.test_unread_rooms import Page
from tests.unit.state.support import ANN, BOB, OWNER, record

pytestmark = pytest.mark.skipif(not HAS_ENGINE, reason="there is no engine for this system")


@pytest.fixture
async def both(tmp_path: Path) -> AsyncIterator[list[ChatProcess]]:
    """Ann has a page in each."""
    async with processes(tmp_path) as found:
        for process in found:
            process.join(ANN)
        found[0].join(BOB)
        yield found


def pages(both: list[ChatProcess]) -> list[Page]:
    return [Page(process.chat, "ann", {}, process.tab(ANN)) for process in both]


def bring_marks(process: ChatProcess, source: Page, target: Page) -> None:
    """Do what `follow_session` does once the marks have arrived."""
    target.kept.update(source.kept)
    process.chat.unread.check_member("ann")


async def test_room_that_was_read_elsewhere_is_read_once_the_marks_are_known(both: list[ChatProcess]):
    here, there = pages(both)
    await both[0].say(BOB, "Hello")
    await eventually(lambda: list(there.unread) == ["lobby"])
    here.look_at("lobby")
    await eventually(lambda: there.unread == {})
    here.look_away("lobby")
    await eventually(lambda: list(there.unread) == ["lobby"])  # as the marks come later
    bring_marks(both[1], here, there)
    assert there.unread == {}
    assert there.received[-1] == {}


async def test_room_that_was_created_while_this_process_was_cut_off_is_unread_with_its_first_message(
    both: list[ChatProcess], monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(engine_state, "KEPT_SHARE", 1000)
    one, other = both
    one.join(OWNER)
    _, page = pages(both)
    reloaded = record(other.chat, StateReloaded)
    store = one.backend._states["@rooms"]
    store._known._format = replace(store._known._format, max_lines=1)
    async with deaf(other):
        rooms = [await one.chat.rooms.create("owner", name) for name in ("Tea", "Cake", "Pie")]
    await eventually(lambda: bool(reloaded))
    await one.say(OWNER, "Green", rooms[0].id)
    await eventually(lambda: list(page.unread) == [rooms[0].id])
    await eventually(lambda: bool(page.received))


async def test_rooms_are_marked_as_read_and_unread_in_all_processes(both: list[ChatProcess]):
    here, there = pages(both)
    end = both[1].chat.unread.marked.follow("ann", "lobby", there.marked.append)
    await both[0].say(BOB, "Hello")
    await eventually(lambda: list(there.unread) == ["lobby"])
    both[0].chat.unread.mark_all_read("ann")
    await eventually(lambda: there.marked == [None])
    bring_marks(both[1], here, there)
    assert there.unread == {}
    assert EVERYWHERE in there.kept["seen"]
    message = both[0].messages()[0]
    both[0].chat.unread.mark_unread("ann", message)
    await eventually(lambda: there.marked == [None, message.id])
    bring_marks(both[1], here, there)
    assert list(there.unread) == ["lobby"]
    end()
