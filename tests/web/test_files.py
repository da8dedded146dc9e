"""Uploads and files over HTTP, of a running server."""

import asyncio
from collections.abc import AsyncIterator, Callable
from functools import partial

import aiohttp
import pytest

from tests.support.hostile_pictures import png_that_claims
from tests.support.sender import Sender, opening
from tests.support.server import Server

PAGE = b"<!DOCTYPE html><html><script>alert(document.cookie)</script></html>"
DRAWING = b'<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>'
VIDEO = b"\0\0\0\x20ftypisom\0\0\2\0isomiso2avc1mp41" + bytes(5000)

SIZE = 24_000_000  # bytes; far more than a connection buffers


@pytest.fixture
async def join(server: Server) -> AsyncIterator[Callable]:
    async with opening(Sender) as open_page:
        yield partial(open_page, server.url)


FILES = {
    "page named as a picture": (PAGE, "cat.jpg", "application/octet-stream"),
    "drawing": (DRAWING, "cat.svg", "application/octet-stream"),
    "text": ("مرحبا".encode(), "größe 🦊.txt", "text/plain"),
    "video": (VIDEO, "tea.mp4", "video/mp4"),
}


async def test_every_file_is_sealed_and_served_to_save(join: Callable):
    ann, bob = await join("Ann"), await join("Bob")
    for number, (content, name, media_type) in enumerate(FILES.values()):
        address = await ann.share(f"message0{number}", content, name)
        async with bob.http.get(address) as response:
            assert await response.read() == content
            assert response.headers["Content-Type"] == media_type
            assert response.headers["Content-Disposition"].startswith("attachment;")
            assert response.content_disposition
            assert response.content_disposition.filename == name
            assert response.headers["X-Content-Type-Options"] == "nosniff"
            policies = response.headers.getall("Content-Security-Policy")
            assert any(policy.startswith("sandbox; default-src 'none'") for policy in policies)
            assert response.headers["Cache-Control"] == "private, no-cache"


PARTS = [
    ("bytes=0-1", "0-1", slice(0, 2)),  # Safari asks this first
    ("bytes=4-7", "4-7", slice(4, 8)),
    ("bytes=0-", f"0-{len(VIDEO) - 1}", slice(None)),
    ("bytes=-100", f"{len(VIDEO) - 100}-{len(VIDEO) - 1}", slice(-100, None)),
    ("bytes=5000-9999", f"5000-{len(VIDEO) - 1}", slice(5000, None)),
]


async def test_file_is_served_in_parts_and_not_again(join: Callable):
    ann = await join("Ann")
    address = await ann.share("message01", VIDEO, "tea.mp4")
    for asked, given, part in PARTS:
        async with ann.http.get(address, headers={"Range": asked}) as response:
            assert (response.status, await response.read()) == (206, VIDEO[part])
            assert response.headers["Content-Range"] == f"bytes {given}/{len(VIDEO)}"
            assert (response.headers["Accept-Ranges"], response.content_type) == ("bytes", "video/mp4")
            tag = response.headers["ETag"]
    async with ann.http.get(address, headers={"Range": "bytes=9999-"}) as response:
        assert (response.status, response.headers["Content-Range"]) == (416, f"bytes */{len(VIDEO)}")
    for condition, status in ((tag, 206), ('"of another file"', 200)):
        async with ann.http.get(address, headers={"Range": "bytes=0-1", "If-Range": condition}) as response:
            assert response.status == status
    async with ann.http.get(address, headers={"If-None-Match": tag}) as response:
        assert (response.status, await response.read()) == (304, b"")


async def test_file_is_missing_for_strangers_and_under_other_addresses(join: Callable, http: aiohttp.ClientSession):
    ann = await join("Ann")
    address = await ann.share("message01", b"tea", "tea.txt")
    wrong = (address.replace("lobby", "attic"), address.replace("message01", "message02"), f"{address}1")
    for session, url in ((http, address), *((ann.http, url) for url in (*wrong, f"{address}/small", f"{address}/x"))):
        async with session.get(url) as response:
            assert (response.status, await response.text()) == (404, "Page not found.\n")


async def test_refused_uploads_say_why_in_the_language_of_the_page(make_server: Callable):
    server = make_server(CHAT_UPLOAD_LIMIT="2 KB", CHAT_UPLOAD_QUOTA="3 KB")
    ann = Sender(server.url, "Ann")
    await ann.open()
    status, answer = await ann.upload(b"x" * 2001, "tea.txt")
    too_large = {"problem": "Diese Datei ist zu groß. Dateien dürfen bis zu 2 kB haben.", "retry": False}
    assert (status, answer) == (413, too_large)
    assert await ann.upload(b"", "tea.txt") == (400, {"problem": "Diese Datei ist leer.", "retry": False})
    too_many_pixels = {"problem": "Dieses Bild hat zu viele Pixel.", "retry": False}
    assert await ann.upload(png_that_claims(60_000, 60_000), "tea.png") == (400, too_many_pixels)
    assert (await ann.upload(b"x" * 2000, "tea.txt"))[0] == 200
    status, answer = await ann.upload(b"x" * 2000, "tea.txt")
    assert (status, answer["retry"]) == (429, True)
    assert (await ann.upload(b"x", "tea.txt", Origin="https://evil.example"))[0] == 403
    ann.room_id = "attic"
    assert (await ann.upload(b"x", "tea.txt"))[0] == 400
    assert [path for path in (server.data_dir / "files").rglob("*") if path.is_file()] != []
    await ann.close()
    await ann.http.close()


@pytest.mark.parametrize("path", ["upload?room=lobby&name=tea.txt", "avatar"])
async def test_refusal_reaches_a_browser_that_sends_everything_first(make_server: Callable, path: str):
    server = make_server(CHAT_UPLOAD_QUOTA="1 MB")
    ann = Sender(server.url, "Ann")
    await ann.open()
    cookies = "; ".join(f"{cookie.key}={cookie.value}" for cookie in ann.http.cookie_jar)
    reader, writer = await asyncio.open_connection("127.0.0.1", server.port)
    head = (f"POST /{path} HTTP/1.1", f"Host: 127.0.0.1:{server.port}", f"Cookie: {cookies}", f"Content-Length: {SIZE}")
    writer.write("\r\n".join([*head, "", ""]).encode() + bytes(SIZE))
    await writer.drain()
    assert (await reader.readline()).startswith(b"HTTP/1.1 429 ")
    writer.close()
    await ann.close()
    await ann.http.close()


async def test_uploads_can_be_off(make_server: Callable):
    server = make_server(CHAT_UPLOADS="off")
    ann = Sender(server.url, "Ann")
    await ann.open()
    status, answer = await ann.upload(b"tea", "tea.txt")
    assert (status, answer["problem"]) == (400, "Hier lassen sich keine Dateien senden.")
    assert not (server.data_dir / "files").exists()
    await ann.close()
    await ann.http.close()


async def test_stranger_cannot_upload(server: Server, http: aiohttp.ClientSession):
    async with http.post(f"{server.url}upload?room=lobby&name=tea.txt", data=b"tea") as response:
        assert response.status == 400
    async with http.delete(f"{server.url}upload/x") as response:
        assert response.status == 403
    assert not (server.data_dir / "files").exists()
