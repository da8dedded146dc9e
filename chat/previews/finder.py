"""Finds previews of links: each once, few at a time, and within limits."""

import asyncio
import re
from contextlib import suppress
from dataclasses import dataclass
from urllib.parse import urldefrag, urlsplit
from weakref import WeakValueDictionary

import structlog
from aiolimiter import AsyncLimiter
from cachetools import TTLCache
from yarl import URL

from chat.domain.messages.link_preview import LinkPreview
from chat.previews.fetcher import Document, Fetcher, Unfetchable
from chat.previews.page import file_name, host_of, read_page
from chat.text.markup.renderer import first_link
from chat.text.site_urls import SiteUrl, normalize_host

LINK_LIMIT = 2000  # characters
PICTURES = {"image/": 4_000_000}  # bytes
DOCUMENTS = {"text/html": 1_000_000, "application/xhtml+xml": 1_000_000, **PICTURES}
AT_ONCE, WAITING = 4, 40
RATE = 60, 60.0  # links, in seconds
KEPT, KEPT_BYTES = 30 * 60.0, 16_000_000

_TO_MESSAGE = re.compile(r"#m-[a-z0-9]{8,24}\Z")  # of a chat, which shows it to its members only

log = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class Found:
    """A preview, and the bytes of its picture, which are not examined yet."""

    preview: LinkPreview
    picture: bytes = b""


class PreviewFinder:
    """Caches results, also negative ones. `site` is the chat's own, whose pages get no previews."""

    def __init__(self, fetcher: Fetcher, site: SiteUrl | None = None) -> None:
        self._fetcher = fetcher
        self._site = site
        self._found: TTLCache[str, Found | None] = TTLCache(KEPT_BYTES, KEPT, getsizeof=_size)
        self._turns: WeakValueDictionary[str, asyncio.Lock] = WeakValueDictionary()
        self._rate = AsyncLimiter(*RATE)
        self._places = asyncio.Semaphore(AT_ONCE)
        self._waiting = 0

    def link_in(self, text: str) -> str:
        """Return the URL in a text to find a preview of, or an empty text."""
        link = first_link(text)
        is_unwanted = len(link) > LINK_LIMIT or _TO_MESSAGE.search(link) or self._is_own(link)
        return "" if is_unwanted else link

    async def find(self, link: str) -> Found | None:
        """Return the preview of a link, if there is one; None, too, if many others wait."""
        url = urldefrag(link).url
        async with self._turn(url):
            with suppress(KeyError):
                return self._found[url]
            if self._waiting >= WAITING:
                return None
            found = self._found[url] = await self._look(url)
            return found

    async def close(self) -> None:
        await self._fetcher.close()

    async def _look(self, url: str) -> Found | None:
        self._waiting += 1
        try:
            async with self._places, self._rate:
                document = await self._fetcher.fetch(url, DOCUMENTS)
                return await self._read(document, _site(URL(url), document.url))
        except Unfetchable as problem:
            log.debug("no preview", problem=str(problem))
            return None
        finally:
            self._waiting -= 1

    async def _read(self, document: Document, site: str) -> Found | None:
        if document.type.startswith(tuple(PICTURES)):
            return Found(LinkPreview(file_name(document.url), "", site), document.body)
        page = await read_page(document)
        if page is None:
            return None
        return Found(LinkPreview(page.title, page.description, site), await self._picture(page.picture))

    async def _picture(self, url: str) -> bytes:
        if not url:
            return b""
        try:
            return (await self._fetcher.fetch(url, PICTURES)).body
        except Unfetchable as problem:
            log.debug("no picture", problem=str(problem))
            return b""

    def _is_own(self, link: str) -> bool:
        if self._site is None:
            return False
        parts = urlsplit(link)
        is_below = f"{parts.path}/".startswith(f"{self._site.path}/")
        return is_below and normalize_host(parts.netloc) == self._site.host

    def _turn(self, url: str) -> asyncio.Lock:
        return self._turns.setdefault(url, asyncio.Lock())


def _site(link: URL, end: URL) -> str:
    """Return the host of a link and, if it redirects to another one, that: it may lead people elsewhere."""
    return " → ".join(dict.fromkeys([host_of(link), host_of(end)]))


def _size(found: Found | None) -> int:
    return 1000 + (len(found.picture) if found else 0)
