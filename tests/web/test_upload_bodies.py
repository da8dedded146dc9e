"""The bodies of uploads are read at a pace that leaves time for messages."""

import asyncio

import pytest
from starlette.requests import Request
from starlette.types import Message

from chat.web.files import upload_bodies
from chat.web.files.upload_bodies import UploadBodies


def upload(*chunks: bytes) -> Request:
    messages = iter([*({"type": "http.request", "body": chunk, "more_body": True} for chunk in chunks)])

    async def receive() -> Message:
        return next(messages, {"type": "http.request"})

    return Request({"type": "http"}, receive)


async def test_uploads_are_read_in_turn(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(upload_bodies, "AT_ONCE", 10)
    monkeypatch.setattr(upload_bodies, "SPEED", 0.001)
    bodies = UploadBodies()
    ann, bob = bodies.read(upload(b"tea", b"cake")), bodies.read(upload(b"sugar"))
    assert (await anext(ann), await anext(ann)) == (b"tea", b"cake")
    with pytest.raises(TimeoutError):
        await asyncio.wait_for(anext(bob), 0.05)


@pytest.mark.parametrize("size", [1, 9, 10, 11, 1000])
async def test_chunks_of_any_size_are_read(size: int, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(upload_bodies, "AT_ONCE", 10)
    monkeypatch.setattr(upload_bodies, "SPEED", 10_000)
    read = UploadBodies().read(upload(bytes(size), b"", bytes(size)))
    assert [len(chunk) async for chunk in read] == [size, size]
