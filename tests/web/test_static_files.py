"""Static files: known by exact paths, read and compressed once, and answered from memory."""

import asyncio
import socket
import threading
from email.utils import formatdate
from pathlib import Path

import aiohttp
import httpx
import pytest
from yarl import URL

from chat.framework.page_template import page_files
from chat.web.files.static_files import FOR_A_YEAR, StaticFile, StaticFiles, files_in
from tests.support.server import ROOT, Server

TEXT = b"0123456789" * 20_000
MODIFIED = 1_700_000_000.0


class Disk:
    """Files, and the threads in which each was read."""

    def __init__(self) -> None:
        self.threads: list[threading.Thread] = []
        self.is_broken = False

    def file(self, media_type: str) -> StaticFile:
        return StaticFile(self.read, media_type, FOR_A_YEAR, MODIFIED)

    def read(self) -> bytes:
        self.threads.append(threading.current_thread())
        if self.is_broken:
            raise FileNotFoundError
        return TEXT


@pytest.fixture
def disk() -> Disk:
    return Disk()


@pytest.fixture
def client(disk: Disk) -> httpx.AsyncClient:
    files = StaticFiles({"/a.css": disk.file("text/css"), "/a.png": disk.file("image/png")})
    return httpx.AsyncClient(transport=httpx.ASGITransport(files), base_url="http://test")


async def test_file_is_read_once_in_another_thread(client: httpx.AsyncClient, disk: Disk):
    answers = await asyncio.gather(*(client.get("/a.css") for _ in range(20)))
    assert {answer.content for answer in answers} == {TEXT}
    assert len(disk.threads) == 1
    assert disk.threads != [threading.current_thread()]


@pytest.mark.parametrize(
    ("accepted", "encoding"),
    [
        ("gzip, deflate, br, zstd", "br"),
        ("gzip", "gzip"),
        ("br;q=0, gzip;q=0.5", "gzip"),
        ("BR ; Q=0.000 , gzip ; q=0", None),
        ("brotli", None),
        ("identity", None),
        ("", None),
    ],
)
async def test_encoding_is_one_that_the_client_accepts(client: httpx.AsyncClient, accepted: str, encoding: str | None):
    answer = await client.get("/a.css", headers={"Accept-Encoding": accepted})
    assert (answer.content, answer.headers.get("Content-Encoding")) == (TEXT, encoding)
    assert answer.headers["Vary"] == "Accept-Encoding"


async def test_pictures_are_not_compressed(client: httpx.AsyncClient):
    assert "Content-Encoding" not in (await client.get("/a.png", headers={"Accept-Encoding": "br"})).headers


@pytest.mark.parametrize("encoding", ["br", "gzip", "identity"])
async def test_client_that_has_the_file_gets_no_content(client: httpx.AsyncClient, disk: Disk, encoding: str):
    client.headers["Accept-Encoding"] = encoding
    first = await client.get("/a.css")
    tag, modified = first.headers["ETag"], first.headers["Last-Modified"]
    later = formatdate(MODIFIED + 60, usegmt=True)
    for name, value in [
        *(("If-None-Match", known) for known in (tag, f"W/{tag}", f'"other", {tag}', "*")),
        *(("If-Modified-Since", date) for date in (modified, later)),
    ]:
        answer = await client.get("/a.css", headers={name: value})
        assert (answer.status_code, answer.content, answer.headers["ETag"]) == (304, b"", tag), (name, value)
    assert len(disk.threads) == 1


@pytest.mark.parametrize(
    "headers",
    [
        {"If-None-Match": '"other"'},
        {"If-None-Match": "garbage"},
        {"If-None-Match": '"other"', "If-Modified-Since": formatdate(MODIFIED, usegmt=True)},
        {"If-Modified-Since": formatdate(MODIFIED - 60, usegmt=True)},
        {"If-Modified-Since": "yesterday"},
    ],
)
async def test_client_with_something_else_gets_the_file(client: httpx.AsyncClient, headers: dict[str, str]):
    answer = await client.get("/a.css", headers=headers)
    assert (answer.status_code, answer.content) == (200, TEXT)


@pytest.mark.parametrize(
    ("asked", "content", "content_range"),
    [
        ("bytes=0-9", TEXT[:10], "bytes 0-9/200000"),
        ("bytes=5-", TEXT[5:], "bytes 5-199999/200000"),
        ("bytes=-10", TEXT[-10:], "bytes 199990-199999/200000"),
        ("bytes=-999999", TEXT, "bytes 0-199999/200000"),
        ("bytes=199999-999999", TEXT[-1:], "bytes 199999-199999/200000"),
        ("Bytes= 1-2 ", TEXT[1:3], "bytes 1-2/200000"),
    ],
)
async def test_part_of_a_file(client: httpx.AsyncClient, disk: Disk, asked: str, content: bytes, content_range: str):
    for _ in range(3):
        answer = await client.get("/a.css", headers={"Range": asked, "Accept-Encoding": "br"})
        assert (answer.status_code, answer.content) == (206, content)
        assert answer.headers["Content-Range"] == content_range
        assert int(answer.headers["Content-Length"]) == len(content)
    assert len(disk.threads) == 1


@pytest.mark.parametrize("asked", ["bytes=0-1,5-6", "bytes=0-,0-,0-", "lines=1-2", "garbage"])
async def test_ranges_that_may_be_ignored_get_the_whole_file(client: httpx.AsyncClient, asked: str):
    answer = await client.get("/a.css", headers={"Range": asked})
    assert (answer.status_code, answer.content) == (200, TEXT)


@pytest.mark.parametrize(
    "asked", ["bytes=200000-", "bytes=9-1", "bytes=-0", "bytes=-", "bytes=", "bytes=a-b", "bytes=-1-2", "bytes=1e3-"]
)
async def test_impossible_range_is_refused(client: httpx.AsyncClient, asked: str):
    answer = await client.get("/a.css", headers={"Range": asked})
    assert (answer.status_code, answer.headers["Content-Range"]) == (416, "bytes */200000")


async def test_part_must_belong_to_what_the_client_has(client: httpx.AsyncClient):
    first = (await client.get("/a.css", headers={"Accept-Encoding": "identity"})).headers
    for known, status in ((first["ETag"], 206), (first["Last-Modified"], 206), ('"other"', 200), ("yesterday", 200)):
        answer = await client.get("/a.css", headers={"Range": "bytes=0-9", "If-Range": known})
        assert answer.status_code == status


async def test_files_are_only_read(client: httpx.AsyncClient):
    for method in "POST", "PUT", "DELETE", "OPTIONS":
        answer = await client.request(method, "/a.css")
        assert (answer.status_code, answer.headers["Allow"]) == (405, "GET, HEAD")


async def test_file_that_is_gone_is_missing_until_it_is_back(client: httpx.AsyncClient, disk: Disk):
    disk.is_broken = True
    assert (await client.get("/a.css")).status_code == 404
    disk.is_broken = False
    assert (await client.get("/a.css")).status_code == 200


async def test_long_file_is_sent_in_pieces(disk: Disk):
    sizes = []

    async def send(message: dict) -> None:
        sizes.append(len(message.get("body", b"")))

    scope = {"type": "http", "method": "GET", "path": "/a.css", "headers": []}
    await StaticFiles({"/a.css": disk.file("text/css")})(scope, None, send)
    assert sum(sizes) == len(TEXT)
    assert max(sizes) <= 64_000


def test_programs_and_unknown_types_are_not_served():
    names = {path.rpartition("/")[2] for path in files_in(ROOT / "assets", "/assets/")}
    assert {"chat.css", "favicon.svg", "bell.wav", "data.json"} <= names
    assert "make.py" not in names


def targets(url: str) -> list[str]:
    folder = next(path for path in page_files() if path.endswith("/nicegui.js")).rpartition("/")[0]
    return [
        *(f"{folder}/{path}" for path in ("./nicegui.js", "x/../nicegui.js", "%2e/nicegui.js", "/nicegui.js")),
        *("/assets/./chat.css", "/assets/x/../chat.css", "/assets/%2e/chat.css", "/assets/x/%2E%2e/chat.css"),
        *("//assets/chat.css", "/assets//chat.css", "/assets/chat.css/", "/assets/chat.css%00", "/assets/chat%2ecss"),
        *("/assets%2fchat.css", "/assets/%63hat.css", "/assets\\chat.css", "/assets/..%5cassets/chat.css"),
        *("/ASSETS/chat.css", "/assets/Chat.css", "/assets/chat.css;x", "/assets/vendor", "/assets/sounds/make.py"),
        *(f"{folder}/sass.default.js", f"{folder}/../../../pyproject.toml", "/assets/../main.py"),
    ]


async def test_range_counts_for_no_other_method_than_get(server: Server, http: aiohttp.ClientSession):
    for path in "assets/chat.css", "assets/icons/192.png", "favicon.ico":
        url, headers = f"{server.url}{path}", {"Range": "bytes=0-9", "Accept-Encoding": "br"}
        async with http.head(url, headers=headers) as head, http.get(url, headers={"Accept-Encoding": "br"}) as whole:
            assert (head.status, head.headers.get("Content-Range")) == (200, None)
            assert head.headers["Content-Length"] == whole.headers["Content-Length"]


async def test_other_spellings_are_missing(server: Server, http: aiohttp.ClientSession):
    for target in targets(server.url):
        for accepted in "br", "identity":
            url = URL(server.url.rstrip("/") + target, encoded=True)
            async with http.get(url, headers={"Accept-Encoding": accepted}) as response:
                assert response.status == 404, target
                assert "public" not in response.headers.get("Cache-Control", "")


def test_clients_that_close_early_leave_no_traceback(server: Server):
    paths = [path for path in (*files_in(ROOT / "assets", "/assets/"), *page_files()) if path.endswith(("js", "json"))]
    for path in paths:
        with socket.create_connection(("127.0.0.1", server.port)) as connection:
            head = f"GET {path} HTTP/1.1\r\nHost: 127.0.0.1:{server.port}\r\nAccept-Encoding: br\r\n\r\n"
            connection.sendall(head.encode())
    server.health()
    assert server.output.count("\n") == 1


async def test_every_file_of_the_page_is_served_without_a_cookie(server: Server, http: aiohttp.ClientSession):
    paths = {*files_in(ROOT / "assets", "/assets/"), *page_files(), "/favicon.ico"}
    for path in paths:
        async with http.get(server.url.rstrip("/") + path) as response:
            assert response.status == 200
            assert response.headers["Cache-Control"].startswith("public, max-age=")
            assert "Set-Cookie" not in response.headers


def test_style_sheets_are_sent_without_comments(tmp_path: Path):
    sheet = tmp_path / "a.css"
    sheet.write_text("/* One */\na { color: red; /* two\n * lines */ }\n\n/**/ b::after { content: '*/*' }\n")
    content = StaticFile.at(sheet).load("").content
    assert content == b"a { color: red; }\n\nb::after { content: '*/*' }\n"
