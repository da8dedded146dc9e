"""Reads web pages."""

import unicodedata
from dataclasses import dataclass

from yarl import URL

from chat.domain.text.cleaning import is_visible, without_tricks
from chat.media.workers import run_worker
from chat.previews.fetcher import Document
from chat.text.markup.characters import remove_disruptive, truncate

WORKER = "chat.previews.page_worker"
TIMEOUT = 20.0  # seconds, on a slow machine
TITLE_LIMIT, DESCRIPTION_LIMIT = 200, 300


@dataclass(frozen=True, slots=True)
class Page:
    """A page as it describes itself. `picture` is a URL, or empty."""

    title: str
    description: str
    picture: str


async def read_page(document: Document) -> Page | None:
    """Return a page's description of itself, as plain text in one line each; None without a title."""
    charset = [document.charset] if document.charset.isascii() else []
    found = await run_worker(WORKER, *charset, given=document.body, seconds=TIMEOUT)
    title = clean_line(found["title"], TITLE_LIMIT) if found else ""
    if not found or not title:
        return None
    return Page(title, clean_line(found["description"], DESCRIPTION_LIMIT), _join(document.url, found["picture"]))


def file_name(url: URL) -> str:
    """Return the name of the file that a URL names, or else its host."""
    return clean_line(url.name, TITLE_LIMIT) or host_of(url)


def host_of(url: URL) -> str:
    """Return the host of a URL, in ASCII, so that none looks like another."""
    return (url.raw_host or "").removeprefix("www.")


def clean_line(text: str, limit: int) -> str:
    """Return a text in one line, without anything that affects the text around it; empty if nothing can be seen."""
    line = without_tricks(remove_disruptive(" ".join(text.split())))
    line = " ".join("".join(c for c in line if unicodedata.category(c) not in {"Cc", "Cs", "Co"}).split())
    return truncate(line, limit) if any(map(is_visible, line)) else ""


def _join(url: URL, picture: str) -> str:
    try:
        return str(url.join(URL(picture))) if picture else ""
    except ValueError:
        return ""
