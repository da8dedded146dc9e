"""Downloads of the history, for members only."""

import asyncio
import csv
import gc
import gzip
import io
import json
import re
from collections.abc import AsyncIterator, Iterator
from dataclasses import replace
from pathlib import Path
from urllib.error import HTTPError
from urllib.parse import quote
from urllib.request import urlopen
from zipfile import ZipFile

import httpx
import pytest
from fastapi import FastAPI
from starlette.types import ASGIApp

from chat.domain.rooms.directory.room_info import LOBBY
from chat.domain.users import Member
from chat.state.chat import Chat
from chat.storage.files_folder import FilesFolder
from chat.storage.memory import memory_stores
from chat.web.routes.exports import MAX_ASKED, register
from tests.support.raw_page import RawPage
from tests.support.server import Server
from tests.unit.state.support import ANN, BOB, CID, MODERATOR, OWNER, build_chat, unload


async def download(person, form: str) -> tuple[str, str]:
    """Download the history from the menu. Return the file's name and content."""
    await person.menu_button.click()
    async with person.page.expect_download() as started:
        await person.menu.get_by_role("link", name=f"Download as {form}").click()
    saved = await started.value
    await person.page.keyboard.press("Escape")
    path = await saved.path()
    return saved.suggested_filename, await asyncio.to_thread(read, path)


def read(path: Path) -> str:
    return path.read_bytes().decode()


async def test_history_downloads_in_four_formats(enter, server):
    ann = await enter("Ann")
    await ann.say("*Hello*, größe\n=1+1")
    await ann.say("/me waves")
    await ann.sees("Hello, größe =1+1", "Ann waves")
    files = {form: await download(ann, form) for form in ("Text", "Markdown", "JSON", "CSV")}
    suffixes = [name.rsplit(".", 1)[1] for name, _ in files.values()]
    assert suffixes == ["txt", "md", "json", "csv"]
    assert all(name.startswith("lobby-20") for name, _ in files.values())
    text, markdown, as_json, as_csv = (content for _, content in files.values())
    assert "Ann: *Hello*, größe\n    =1+1\n" in text
    assert "* Ann waves\n" in text
    assert "\\*Hello\\*, größe" in markdown
    assert [message["text"] for message in json.loads(as_json)["messages"]] == ["*Hello*, größe\n=1+1", "waves"]
    assert as_csv.startswith("\ufeffat,name,")
    rows = list(csv.DictReader(io.StringIO(as_csv, newline="")))
    assert [(row["name"], row["kind"], row["text"]) for row in rows] == [
        ("Ann", "text", "*Hello*, größe\n'=1+1"),
        ("Ann", "action", "waves"),
    ]
    await ann.is_in()


def test_history_download_requires_joining(server):
    for suffix in "txt", "md", "json", "csv":
        with pytest.raises(HTTPError, match="403"):
            urlopen(f"{server.url}history.{suffix}", timeout=5)


async def test_history_is_denied_before_joining_and_after_leaving(enter, server):
    ann = await enter()
    history = f"{server.url}history.txt"
    assert (await ann.page.request.get(history)).status == 403
    await ann.join("Ann")
    assert (await ann.page.request.get(history)).status == 200
    assert (await ann.page.request.get(f"{server.url}history.exe")).status == 404
    await ann.leave()
    assert (await ann.page.request.get(history)).status == 403


async def test_history_is_compressed_for_clients_that_accept_it(server: Server):
    async with RawPage(server.url, "Ann", patience=10) as ann:
        await ann.open()
        await ann.post("message01", "größe " * 600)
        sizes = {}
        for accepted in "gzip, deflate, br, zstd", "br", "gzip;q=0", "identity":
            headers = {"Accept-Encoding": accepted}
            async with ann.http.get(f"{server.url}history.txt", headers=headers, auto_decompress=False) as response:
                content = await response.read()
                assert len(content) == int(response.headers["Content-Length"])
                is_compressed = response.headers.get("Content-Encoding") == "gzip"
                assert "größe größe" in (gzip.decompress(content) if is_compressed else content).decode()
                sizes[accepted] = len(content)
        assert sizes.pop("gzip, deflate, br, zstd") < 500
        assert len(set(sizes.values())) == 1
        await ann.close()


class Reader:
    """Says who asks: a member, or a stranger."""

    asks: Member | None = ANN

    def current_member(self, _request: object) -> Member | None:
        return self.asks


@pytest.fixture
async def chat(tmp_path: Path) -> AsyncIterator[Chat]:
    """A chat with Ann and Bob, a moderator and the owner in it."""
    stores = replace(memory_stores(), files=FilesFolder(tmp_path / "files"))
    chat = build_chat(stores, ANN, BOB, MODERATOR, OWNER)
    yield chat
    await chat.close()


@pytest.fixture
def reader() -> Reader:
    return Reader()


@pytest.fixture
def app(chat: Chat, reader: Reader) -> Iterator[FastAPI]:
    """The downloads of `chat`, without any other part of a server."""
    app = FastAPI()
    transcripts = register(app, chat, "My Chat", reader.current_member)
    yield app
    transcripts.close()


def client(app: ASGIApp) -> httpx.AsyncClient:
    return httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://test")


async def test_member_has_one_download_at_a_time_and_may_be_refused_meanwhile(app: FastAPI, reader: Reader):
    sending, may_go_on = asyncio.Event(), asyncio.Event()

    async def slow_app(scope, receive, send) -> None:
        async def send_slowly(message) -> None:
            sending.set()
            await may_go_on.wait()
            await send(message)

        await app(scope, receive, send_slowly)

    async with client(slow_app) as ann:
        first = asyncio.create_task(ann.get("/history.txt"))
        await sending.wait()
        others = [asyncio.create_task(ann.get(f"/history.{suffix}")) for suffix in ("md", "csv", "json", "txt")]
        await asyncio.sleep(0)
        reader.asks = None
        may_go_on.set()
        assert (await first).status_code == 200
        assert [(await other).status_code for other in others] == [403] * 4


async def test_waiting_downloads_of_a_member_are_few(app: FastAPI):
    async with client(app) as ann, asyncio.timeout(10):
        answers = await asyncio.gather(*(ann.get("/history.txt") for _ in range(MAX_ASKED + 3)))
        assert sorted(answer.status_code for answer in answers) == [200] * MAX_ASKED + [429] * 3
        assert (await ann.get("/history.txt")).status_code == 200


async def test_each_room_downloads_under_its_name(app: FastAPI, chat: Chat, reader: Reader):
    tea = await chat.rooms.create(OWNER.id, "Tea & Träume")
    await chat.messages.post(ANN.id, tea.id, "Green", "message01")
    house = await chat.rooms.create(OWNER.id, "お茶", is_private=True)
    await chat.rooms.add_member(OWNER.id, house.id, ANN.id)
    await chat.messages.post(ANN.id, house.id, "Sencha", "message02")
    talk = await chat.direct_rooms.post(BOB.id, [ANN.id], "Between us", "message03")
    async with client(app) as ann:
        files = [await ann.get(path) for path in (
            "/history.txt", f"/room/{tea.slug}/history.txt", f"/room/{house.slug}/history.txt",
            f"/direct/{talk.id}/history.txt",
        )]  # fmt: skip
    heads = [re.sub(r"\d{4}-\d\d-\d\d", "DATE", file.headers["Content-Disposition"]) for file in files]
    assert heads == [
        'attachment; filename="lobby-DATE.txt"',
        'attachment; filename="tea-traume-DATE.txt"',
        f"attachment; filename*=UTF-8''{quote(house.slug)}-DATE.txt",
        'attachment; filename="ann-bob-DATE.txt"',
    ]
    assert [file.text.split("\n\n")[0] for file in files] == [
        "My Chat",
        "My Chat · Tea & Träume",
        "My Chat · お茶",
        "My Chat · Ann, Bob",
    ]
    assert [line.split(": ")[-1] for file in files for line in file.text.splitlines()[2:]] == [
        "Green",
        "Sencha",
        "Between us",
    ]


async def test_former_address_leads_to_the_download(app: FastAPI, chat: Chat):
    tea = await chat.rooms.create(OWNER.id, "Tea")
    await chat.rooms.rename(OWNER.id, tea.id, "Ĉajo")
    async with client(app) as ann:
        answer = await ann.get("/room/tea/history.txt")
        assert (answer.status_code, answer.headers["Location"]) == (303, "/room/cajo/history.txt")
        assert (await ann.get("/room/tea/history.txt", follow_redirects=True)).status_code == 200


@pytest.mark.parametrize("asks", [BOB, MODERATOR, OWNER, None], ids=["guest", "moderator", "owner", "stranger"])
async def test_download_of_a_room_that_one_may_not_see_is_that_of_none(app, chat: Chat, reader: Reader, asks: Member):
    chat.members.connect(CID, "Cid's tab")
    plans = await chat.rooms.create(OWNER.id, "Plans", is_private=True)
    await chat.rooms.add_member(OWNER.id, plans.id, ANN.id)
    await chat.rooms.rename(OWNER.id, plans.id, "Secrets")
    await chat.rooms.remove_member(OWNER.id, plans.id, OWNER.id)
    talk = await chat.direct_rooms.post(ANN.id, [CID.id], "Between us", "message01")
    await unload(chat)
    reader.asks = asks
    async with client(app) as person:
        for address in (plans.slug, chat.directory.get(plans.id).slug, plans.id):
            assert await answer(person, f"/room/{address}") == await answer(person, "/room/nowhere")
        for room_id in (talk.id, plans.id, LOBBY):
            assert await answer(person, f"/direct/{room_id}") == await answer(person, "/direct/nowhere")
    assert len(chat._loader) == 0, "it was loaded"


async def answer(person: httpx.AsyncClient, address: str) -> tuple[int, httpx.Headers, str]:
    found = await person.get(f"{address}/history.txt")
    assert found.status_code in {403, 404}
    return found.status_code, found.headers, found.text


async def test_download_ends_for_a_member_who_is_removed_while_they_wait(app: FastAPI, chat: Chat):
    plans = await chat.rooms.create(OWNER.id, "Plans", is_private=True)
    await chat.rooms.add_member(OWNER.id, plans.id, ANN.id)
    async with client(app) as ann:
        waiting = asyncio.create_task(ann.get(f"/room/{plans.slug}/history.txt"))
        await asyncio.sleep(0)
        await chat.rooms.remove_member(OWNER.id, plans.id, ANN.id)
        assert (await waiting).status_code == 404


# With files.

FILM = b"\0\0\0\x20ftypisom\0\0\2\0isomiso2avc1mp41" + bytes(1_000_000)


async def share(chat: Chat, room_id: str, message_id: str, content: bytes, name: str) -> None:
    """Let Ann post a message with a file."""

    async def chunks() -> AsyncIterator[bytes]:
        yield content

    upload = await chat.uploads.receive(ANN.id, room_id, name, chunks())
    await chat.messages.post(ANN.id, room_id, "Look", message_id, files=[(upload.id, "")])


async def test_history_downloads_with_its_files(app: FastAPI, chat: Chat):
    tea = await chat.rooms.create(OWNER.id, "Tea")
    await share(chat, tea.id, "message01", b"Darjeeling", "größe.txt")
    await share(chat, tea.id, "message02", b"Assam", "größe.txt")
    async with client(app) as bob:
        answer = await bob.get("/room/tea/history.zip")
        assert (await bob.get("/history.zip")).status_code == 200
    assert answer.headers["Content-Type"] == "application/zip"
    assert re.fullmatch(r'attachment; filename="tea-[\d-]+\.zip"', answer.headers["Content-Disposition"])
    with ZipFile(io.BytesIO(answer.content)) as found:
        assert found.testzip() is None
        assert {name: found.read(name).decode() for name in found.namelist()[1:]} == {
            "files/größe.txt": "Darjeeling",
            "files/größe (2).txt": "Assam",
        }
        assert found.read("history.txt").decode().startswith("My Chat · Tea\n")


async def test_download_with_files_is_for_those_who_see_the_room(app: FastAPI, chat: Chat, reader: Reader):
    plans = await chat.rooms.create(OWNER.id, "Plans", is_private=True)
    async with client(app) as person:
        assert (await person.get(f"/room/{plans.slug}/history.zip")).status_code == 404
        reader.asks = None
        assert (await person.get("/history.zip")).status_code == 403


async def test_download_with_files_is_cut_for_those_who_are_removed(app: FastAPI, chat: Chat, reader: Reader):
    await share(chat, LOBBY, "message01", FILM, "film.mp4")
    bodies: list[dict] = []
    problems: list[dict] = []
    asyncio.get_running_loop().set_exception_handler(lambda _, problem: problems.append(problem))

    async def send(message: dict) -> None:
        if message["type"] == "http.response.body":
            bodies.append(message)
            reader.asks = None

    scope = {"type": "http", "method": "GET", "path": "/history.zip", "headers": [], "query_string": b""}
    await app(scope | {"root_path": "", "client": ("192.0.2.1", 1)}, asyncio.Event().wait, send)
    assert len(bodies) == 1
    assert bodies[0]["more_body"]
    for _ in range(3):  # the garbage is found, closed, and gone with its problems
        gc.collect()
        await asyncio.sleep(0)
    assert not problems
