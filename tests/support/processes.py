"""Several processes of one chat on an engine, all in the test's own: each with a folder and a memory for itself."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any
from uuid import uuid4

from obstore.store import ObjectStore

from chat.domain.messages.message import Message
from chat.domain.rooms.directory.room_info import LOBBY
from chat.domain.users import Member
from chat.state.chat import Chat
from chat.storage.bucket.connection import Bucket
from chat.storage.bucket.files import FilesBucket
from chat.storage.ending import end
from chat.storage.redis.stores import Backend
from tests.support.engine import EngineProcess, shared_engine
from tests.unit.state.support import build_chat


class ChatProcess:
    """One process of a chat."""

    def __init__(
        self,
        folder: Path,
        engine: EngineProcess | None = None,
        limit: int = 100,
        *,
        grace: float = 10,
        bucket: ObjectStore | None = None,
        pictures: ObjectStore | None = None,
        **options: Any,
    ) -> None:
        path = folder / uuid4().hex
        path.mkdir()
        self.folder = path
        self.backend = Backend((engine or shared_engine()).url, folder.name, path, path, limit)
        files = FilesBucket(Bucket(bucket, bucket), path / "files") if bucket else None
        avatars = FilesBucket(Bucket(pictures, pictures), path / "avatars") if pictures else None
        stores = replace(self.backend.stores, files=files, avatars=avatars)
        self.chat: Chat = build_chat(stores, grace=grace, peers=self.backend.peers, **options)

    async def start(self) -> "ChatProcess":
        await self.chat.start()
        await self.backend.start()
        return self

    async def stop(self) -> None:
        await self.chat.close()
        await self.backend.close()

    def join(self, *members: Member) -> None:
        for member in members:
            self.chat.members.connect(member, self.tab(member))

    def tab(self, member: Member) -> str:
        return f"{member.id}'s tab in {self.folder.name}"

    async def say(self, member: Member, text: str, room_id: str = LOBBY) -> str:
        message_id = uuid4().hex[:12]
        await self.chat.messages.post(member.id, room_id, text, message_id)
        return message_id

    def messages(self, room_id: str = LOBBY) -> list[Message]:
        return list(self.chat._state.rooms[room_id].conversation.history)

    def texts(self, room_id: str = LOBBY) -> list[str]:
        return [message.text for message in self.messages(room_id)]


@asynccontextmanager
async def processes(
    folder: Path, count: int = 2, engine: EngineProcess | None = None, **options: Any
) -> AsyncIterator[list[ChatProcess]]:
    """Run processes of one chat; `options` are those of `ChatProcess`."""
    async with AsyncExitStack() as stack:
        found = [ChatProcess(folder, engine, **options) for _ in range(count)]
        for process in found:
            stack.push_async_callback(process.stop)
            await process.start()
        yield found


@asynccontextmanager
async def deaf(process: ChatProcess) -> AsyncIterator[None]:
    """Let a process hear nothing meanwhile."""
    subscription = process.backend._subscription
    await end(subscription._task)
    try:
        yield
    finally:
        await subscription.start(20)


async def eventually(condition: Callable[[], bool]) -> None:
    """Wait up to 20 seconds for a condition."""
    for _ in range(2000):
        if condition():
            return
        await asyncio.sleep(0.01)
    raise AssertionError("it did not become true")
