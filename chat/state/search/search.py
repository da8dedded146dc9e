"""The search in all rooms that a member may see: in a thread of its own, and fair to all members."""

import asyncio
import time
from collections.abc import Callable
from concurrent.futures import Executor, Future, ThreadPoolExecutor
from dataclasses import dataclass, field
from functools import partial
from typing import Any, TypeVar

from cachetools import FIFOCache

from chat.domain.errors import RoomRefused
from chat.domain.messages.search import Hit, search
from chat.domain.messages.search_query import Query, parse_query
from chat.domain.rooms.chat_state import ChatState
from chat.domain.rooms.directory.room_info import may_see
from chat.domain.rooms.directory.room_names import names_of
from chat.state.rooms.room_loader import RoomLoader
from chat.state.search.searched_rooms import MAX_MESSAGES, SearchedRooms
from chat.storage.base import RoomStores
from chat.text.searchable import TEXT_FORMS

REST = 2  # times as long as a member's last search took, until their next one begins
MAX_REMEMBERED = 10_000
QUIET = 10 * 60.0  # seconds without a search, after which nothing is remembered

T = TypeVar("T")


@dataclass(slots=True)
class Found:
    """The newest messages that match, from so many rooms with the newest messages; older ones may match if not all."""

    hits: list[Hit]
    rooms: int
    is_complete: bool


@dataclass(slots=True)
class _Turn:
    lock: asyncio.Lock = field(default_factory=asyncio.Lock)
    next_at: float = 0  # by the monotonic clock


class MessageSearch:
    """Searches one after another, so that neither writes to disk nor the event loop wait for searches.

    Each member has one search at a time, and slow ones take at most a third of the time, however many are asked for.
    """

    def __init__(self, state: ChatState, loader: RoomLoader, stores: RoomStores) -> None:
        self._state = state
        self._rooms = SearchedRooms(state, loader, stores)
        self.forget = self._rooms.forget
        self._thread = ThreadPoolExecutor(1, "search")
        self._turns: FIFOCache[str, _Turn] = FIFOCache(MAX_REMEMBERED)
        self._quiet: asyncio.TimerHandle | None = None

    async def run(self, member_id: str, query: object, limit: int, present: Callable[[Found], T]) -> T:
        """Return the newest `limit` messages that match, as `present` (called in the thread) makes them.

        Searches all rooms that the member may see. Raises `NotHere`, and what `parse_query` raises.
        """
        self._state.people.member(member_id)
        parsed = parse_query(query, TEXT_FORMS.expand)
        turn = self._turns.setdefault(member_id, _Turn())
        async with turn.lock:
            await asyncio.sleep(turn.next_at - time.monotonic())
            thread = _MeteredThread(self._thread)
            try:
                found = await self._find(member_id, parsed, limit, thread)
                return await _run(thread, lambda: present(found))
            finally:
                turn.next_at = time.monotonic() + REST * thread.seconds
                self._forget_later()

    def close(self) -> None:
        if self._quiet:
            self._quiet.cancel()
        self._thread.shutdown(wait=False, cancel_futures=True)

    def _forget_later(self) -> None:
        if self._quiet:
            self._quiet.cancel()
        self._quiet = asyncio.get_running_loop().call_later(QUIET, self._rooms.trim, 0)

    async def _find(self, member_id: str, query: Query, limit: int, thread: Executor) -> Found:
        rooms = [room for room in self._state.directory if may_see(room, member_id)]
        if query.rooms:
            rooms = [room for room in rooms if query.admits_room(names_of(room, member_id, self._state.people))]
        found, left = Found([], 0, is_complete=True), MAX_MESSAGES
        for room_id, newest in await self._rooms.newest_first(rooms, thread):
            if len(found.hits) == limit and found.hits[-1].message.at > newest:
                break
            if left <= 0:
                found.is_complete = False
                break
            searched, hits = await self._search_room(room_id, query, limit, thread)
            found.hits = sorted([*found.hits, *hits], key=lambda hit: hit.message.at, reverse=True)[:limit]
            found.rooms += 1
            left -= searched
        self._rooms.trim()
        found.hits = [hit for hit in found.hits if self._may_see(member_id, hit.message.room)]
        return found

    async def _search_room(self, room_id: str, query: Query, limit: int, thread: Executor) -> tuple[int, list[Hit]]:
        """Return how many messages were searched, and those that match; none of a room that can't be read."""
        try:
            messages = await self._rooms.messages(room_id, thread)
        except RoomRefused:
            return 0, []
        texts = self._rooms.texts(room_id)
        return len(messages), await _run(thread, lambda: search(messages, query, limit, texts))

    def _may_see(self, member_id: str, room_id: str) -> bool:
        """Check access again: the member may have been removed from a room meanwhile."""
        room = self._state.directory.get(room_id)
        return room is not None and may_see(room, member_id)


class _MeteredThread(Executor):
    """The thread as used by one search, with its time in `seconds`: other searches run in between."""

    def __init__(self, thread: Executor) -> None:
        self._thread = thread
        self.seconds = 0.0

    def submit(self, work: Callable[..., T], /, *args: Any, **options: Any) -> Future[T]:
        return self._thread.submit(self._run, partial(work, *args, **options))

    def _run(self, work: Callable[[], T]) -> T:
        start = time.monotonic()
        try:
            return work()
        finally:
            self.seconds += time.monotonic() - start


async def _run(thread: Executor, work: Callable[[], T]) -> T:
    return await asyncio.get_running_loop().run_in_executor(thread, work)
