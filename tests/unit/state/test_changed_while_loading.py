"""Changes while a slow disk loads a room: access is checked again before anybody enters."""

import asyncio
import threading
from collections.abc import AsyncIterator, Awaitable, Callable
from functools import partial

import pytest

from chat.domain.rooms.directory.room_info import LOBBY
from chat.domain.rooms.moderation.moderation_actions import BanMember, MuteMember
from chat.state.chat import Chat
from chat.storage.memory import memory_stores
from tests.unit.state.support import ANN, BOB, OWNER, build_chat, refusal, unload


class SlowDisk:
    """Rooms that are being read until `runs` is set."""

    def __init__(self) -> None:
        self.stores = memory_stores()
        self.runs, self.is_reading = threading.Event(), threading.Event()
        self.runs.set()
        open_store = self.stores.histories.open

        def open_slowly(room_id: str) -> object:
            store = open_store(room_id)
            load = store.load

            def wait_and_load() -> object:
                self.is_reading.set()
                self.runs.wait()
                return load()

            store.load = wait_and_load  # type: ignore[method-assign]
            return store

        self.stores.histories.open = open_slowly  # type: ignore[assignment, method-assign]


@pytest.fixture
def disk() -> SlowDisk:
    return SlowDisk()


@pytest.fixture
async def chat(disk: SlowDisk) -> AsyncIterator[Chat]:
    chat = build_chat(disk.stores, ANN, BOB, OWNER)
    yield chat
    await chat.close()


@pytest.fixture
async def room_id(chat: Chat, disk: SlowDisk) -> str:
    """Return the id of a private room with Ann, Bob and Olga in it, which isn't loaded."""
    room = await chat.rooms.create(OWNER.id, "Plans", is_private=True)
    for member in (ANN, BOB):
        await chat.rooms.add_member(OWNER.id, room.id, member.id)
    await chat.messages.post(ANN.id, room.id, "Tomorrow", "message00001")
    await unload(chat)
    disk.is_reading.clear()
    return room.id


async def meanwhile(disk: SlowDisk, attempt: Awaitable[object], change: Callable[[], Awaitable[object]]) -> str:
    """Return why an attempt is refused if something changes while it waits for the disk."""
    disk.runs.clear()
    refused = asyncio.create_task(refusal(attempt))
    await asyncio.to_thread(disk.is_reading.wait)
    await change()
    disk.runs.set()
    return (await refused).key


async def look(chat: Chat, room_id: str) -> None:
    async with chat.room_access.view(BOB.id, room_id):
        pass


ATTEMPTS: dict[str, Callable[[Chat, str], Awaitable[object]]] = {
    "look": look,
    "post": lambda chat, room_id: chat.messages.post(BOB.id, room_id, "Hello", "message00002"),
    "command": lambda chat, room_id: chat.messages.post(BOB.id, room_id, "/me waves", "message00002"),
    "reply": lambda chat, room_id: chat.messages.post(BOB.id, room_id, "Yes", "message00002", "message00001"),
    "edit": lambda chat, room_id: chat.messages.edit(BOB.id, room_id, "message00001", "Never"),
    "react": lambda chat, room_id: chat.messages.react(BOB.id, room_id, "message00001", "🎉"),
    "delete": lambda chat, room_id: chat.messages.delete(BOB.id, room_id, "message00001"),
    "report": lambda chat, room_id: chat.moderation.report(BOB.id, room_id, "message00001"),
}
WRITING = ("post", "command", "reply", "edit", "react")


@pytest.mark.parametrize("attempt", ATTEMPTS)
async def test_member_who_is_removed_gets_in_no_more(chat: Chat, disk: SlowDisk, room_id: str, attempt: str):
    remove = partial(chat.rooms.remove_member, OWNER.id, room_id, BOB.id)
    assert await meanwhile(disk, ATTEMPTS[attempt](chat, room_id), remove) == "room-gone"


@pytest.mark.parametrize("attempt", WRITING)
async def test_nothing_is_written_in_a_room_that_is_archived(chat: Chat, disk: SlowDisk, room_id: str, attempt: str):
    archive = partial(chat.rooms.archive, OWNER.id, room_id)
    assert await meanwhile(disk, ATTEMPTS[attempt](chat, room_id), archive) == "room-archived"


async def test_nothing_is_written_to_somebody_who_left(chat: Chat, disk: SlowDisk):
    talk = await chat.direct_rooms.post(ANN.id, [BOB.id], "Hello", "message00001")
    await unload(chat)
    disk.is_reading.clear()

    async def leave() -> None:
        chat.members.leave(BOB.id)

    assert await meanwhile(disk, chat.messages.post(ANN.id, talk.id, "Bye", "message00002"), leave) in {
        "nobody",
        "room-gone",
    }


@pytest.mark.parametrize(("action", "expected"), [(BanMember(BOB.id), "not-here"), (MuteMember(BOB.id), "muted")])
async def test_moderation_holds_at_once(chat: Chat, disk: SlowDisk, room_id: str, action, expected: str):
    moderate = partial(chat.moderation.perform, OWNER.id, LOBBY, action)
    assert await meanwhile(disk, ATTEMPTS["post"](chat, room_id), moderate) == expected
