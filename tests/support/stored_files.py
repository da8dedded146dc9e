"""Stores files as the services do, and reads them."""

from collections.abc import AsyncIterator
from hashlib import sha256
from uuid import uuid4

from chat.domain.messages.attachment import Attachment, Upload
from chat.storage.file_store import FileStore, StoredFile

TEA, CAKE = b"tea" * 100_000, b"cake"


async def chunks(content: bytes, problem: Exception | None = None) -> AsyncIterator[bytes]:
    for start in range(0, len(content), 65_536):
        yield content[start : start + 65_536]
    if problem:
        raise problem


async def upload(store: FileStore, content: bytes = TEA, *, is_picture: bool = False) -> Upload:
    """Receive a file, as `UploadService` does."""
    upload_id = uuid4().hex
    digest, size = await store.receive(upload_id, chunks(content))
    assert (digest, size) == (sha256(content).hexdigest(), len(content))
    if is_picture:
        store.small_path(upload_id).write_bytes(b"small")
    attachment = Attachment(digest, "tea.txt", "text/plain", size, width=is_picture, height=is_picture)
    return await store.share_upload(Upload(upload_id, "ann", attachment))


async def share(
    store: FileStore, content: bytes = TEA, room_id: str = "lobby", *, is_picture: bool = False
) -> Attachment:
    """Store a file of a message."""
    uploaded = await upload(store, content, is_picture=is_picture)
    await store.keep(uploaded.id, room_id, uploaded.attachment.content)
    store.note(room_id, [uploaded.attachment])
    await store.drop_upload(uploaded.id)
    return uploaded.attachment


async def read(file: StoredFile | None, part: slice | None = None) -> bytes:
    assert file
    return b"".join([piece async for piece in file.read(part or slice(0, file.size))])
