"""Downloads of the history, for members only."""

import asyncio
import csv
import io
import json
from pathlib import Path
from urllib.error import HTTPError
from urllib.request import urlopen

import pytest


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
