"""Web sites on this machine, and what fetches from them."""

from collections.abc import AsyncIterator

import pytest

from chat.previews.fetcher import Fetcher
from tests.support.web_sites import WebSites, web_sites


@pytest.fixture
async def sites() -> AsyncIterator[WebSites]:
    async with web_sites() as found:
        yield found


@pytest.fixture
async def fetcher(sites: WebSites) -> AsyncIterator[Fetcher]:
    fetcher = sites.fetcher()
    yield fetcher
    await fetcher.close()
