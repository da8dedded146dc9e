"""Downloads of the history, for members only."""

import asyncio
import csv
import gzip
import io
import json
from pathlib import Path
from urllib.error import HTTPError
from urllib.request import urlopen

import httpx
import pytest
from starlette.applications import Starlette
from starlette.routing import Route

from chat.domain.messages.history import History
from chat.domain.users import Member
from chat.state.transcripts import Transcripts
from chat.text.nicknames import parse_nickname
from chat.web.routes.exports import MAX_ASKED, HistoryDownload
from tests.support.raw_page import RawPage
from tests.support.server import Server


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


class Door:
    """Lets Ann download until it is closed."""

    is_open = True

    def current_member(self, _request: object) -> Member | None:
        return Member("ann", parse_nickname("Ann")) if self.is_open else None


class Chat:
    """A chat of which only the name of its room is asked."""

    class lobby:
        id = "lobby"


async def test_member_has_one_download_at_a_time_and_may_be_refused_meanwhile():
    door, transcripts = Door(), Transcripts("My Chat", History(100))
    download = HistoryDownload(Chat(), transcripts, door.current_member)
    app = Starlette(routes=[Route("/history.{suffix}", download)])
    sending, may_go_on = asyncio.Event(), asyncio.Event()

    async def slow_app(scope, receive, send) -> None:
        async def send_slowly(message) -> None:
            sending.set()
            await may_go_on.wait()
            await send(message)

        await app(scope, receive, send_slowly)

    async with httpx.AsyncClient(transport=httpx.ASGITransport(slow_app), base_url="http://test") as client:
        first = asyncio.create_task(client.get("/history.txt"))
        await sending.wait()
        others = [asyncio.create_task(client.get(f"/history.{suffix}")) for suffix in ("md", "csv", "json", "txt")]
        await asyncio.sleep(0)
        door.is_open = False
        may_go_on.set()
        assert (await first).status_code == 200
        assert [(await other).status_code for other in others] == [403] * 4
    transcripts.close()


async def test_waiting_downloads_of_a_member_are_few():
    door, transcripts = Door(), Transcripts("My Chat", History(100))
    download = HistoryDownload(Chat(), transcripts, door.current_member)
    async with (
        httpx.AsyncClient(
            transport=httpx.ASGITransport(Starlette(routes=[Route("/history.{suffix}", download)])),
            base_url="http://test",
        ) as client,
        asyncio.timeout(10),
    ):
        answers = await asyncio.gather(*(client.get("/history.txt") for _ in range(MAX_ASKED + 3)))
        assert sorted(answer.status_code for answer in answers) == [200] * MAX_ASKED + [429] * 3
        assert (await client.get("/history.txt")).status_code == 200
    transcripts.close()
