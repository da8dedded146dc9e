"""A person without a browser, who sends files."""

from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from typing import TypeVar

from tests.support.raw_page import RawPage

P = TypeVar("P", bound=RawPage)


@asynccontextmanager
async def opening(kind: type[P]) -> AsyncIterator[Callable[[str, str], Awaitable[P]]]:
    """Yield a function that opens the page of a person at a URL, under a name. The pages are closed at the end."""
    people: list[P] = []

    async def open_page(url: str, name: str) -> P:
        people.append(kind(url, name))
        await people[-1].open()
        return people[-1]

    try:
        yield open_page
    finally:
        for person in people:
            await person.close()
            await person.http.close()


class Sender(RawPage):
    """Uploads to `upload_url`, which may be another process's."""

    def __init__(self, url: str, name: str) -> None:
        super().__init__(url, name)
        self.upload_url = url

    async def upload(self, content: bytes, name: str, **headers: str) -> tuple[int, dict]:
        """Return the status and the answer."""
        query = {"room": self.room_id, "name": name, "lang": "de"}
        address = f"{self.upload_url}upload"
        async with self.http.post(address, params=query, data=content, headers=headers) as response:
            is_json = response.content_type == "application/json"
            return response.status, await response.json() if is_json else {}

    async def share(self, message_id: str, content: bytes, name: str) -> str:
        """Post a message with a file, and return its address."""
        status, answer = await self.upload(content, name)
        assert status == 200, answer
        await self.attach(message_id, answer["id"])
        assert message_id not in self.refused
        return f"{self.url}files/{self.room_id}/{message_id}/0"

    async def attach(self, message_id: str, upload_id: str) -> None:
        """Post a message with a file that was uploaded; it may be refused."""
        await self._emit("submit", message_id, "", "", self.room_id, False, [[upload_id, ""]])
        await self._until(lambda: message_id in self.settled)
