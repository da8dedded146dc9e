"""Fixtures: real servers, a real browser with several people, and NiceGUI's simulated users."""

import os
import tempfile
from collections.abc import AsyncIterator, Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import AsyncExitStack
from pathlib import Path

import pytest
import pytest_asyncio
from playwright.async_api import Browser, Error, Page, async_playwright, expect

from tests.support.chromium import chromium
from tests.support.guest import Guest
from tests.support.page_program import Program
from tests.support.people import Person
from tests.support.prepared import PreparedServer
from tests.support.profiles import Profiles
from tests.support.proxy import Proxy
from tests.support.raw_page import RawPage
from tests.support.server import ADMIN_PASSWORD, Server, steady_port

pytest_plugins = ["nicegui.testing.user_plugin"]

expect.set_options(timeout=20_000)  # seconds pass on a busy machine


def pytest_xdist_auto_num_workers() -> int:
    """Tests wait for a browser often enough for three of them on two processors."""
    return (os.cpu_count() or 1) * 3 // 2


@pytest.fixture(autouse=True)
def own_data_dir(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """No test touches the project's own history: the app in this process has a folder of the test's."""
    for name in [name for name in os.environ if name.startswith("CHAT_")]:
        monkeypatch.delenv(name)
    monkeypatch.setenv("CHAT_DATA_DIR", str(tmp_path / "data"))
    monkeypatch.setenv("CHAT_ADMIN_PASSWORD", ADMIN_PASSWORD)
    return tmp_path / "data"


@pytest.fixture(scope="session")
def port() -> int:
    """Where the first server of each test listens: the browser has the page's files from the test before."""
    return steady_port()


@pytest.fixture
def make_server(tmp_path: Path, port: int) -> Iterator[Callable[..., Server]]:
    """Start servers; all of them end with the test."""
    servers: list[Server] = []

    def make(**environment: str) -> Server:
        data_dir = Path(tempfile.mkdtemp(prefix="data-", dir=tmp_path))
        servers.append(PreparedServer(data_dir, None if servers else port, **environment))
        return servers[-1].start()

    yield make
    for server in servers:
        if server.process and server.process.poll() is None:
            server.kill()


@pytest.fixture
def server(make_server: Callable[..., Server]) -> Server:
    """One running server, with a short grace so that leaving takes a second."""
    return make_server(CHAT_GRACE="1")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Tests in the browser share one, and with it one event loop."""
    for item in items:
        if "browser" in getattr(item, "fixturenames", ()):
            item.add_marker(pytest.mark.asyncio(loop_scope="session"), append=False)


@pytest.fixture
async def program(server: Server) -> AsyncIterator[Callable[..., Program]]:
    """Make programs, `program("Eve")`, that speak to `server` or to another `url`."""
    async with AsyncExitStack() as stack:
        made: list[Program] = []

        def make(name: str, like: RawPage | None = None, url: str = server.url) -> Program:
            made.append(Program(url, name, like))
            return made[-1]

        yield make
        for one in made:
            await stack.enter_async_context(one)


@pytest_asyncio.fixture(loop_scope="session")
async def make_proxy(server: Server) -> AsyncIterator[Callable]:
    """Put networks in front of `server`: `await make_proxy(delay=0.075)`, then `enter("Ann", url=proxy.url)`."""
    proxies: list[Proxy] = []

    async def make(delay: float = 0.0) -> Proxy:
        proxies.append(Proxy(server.port, delay))
        await proxies[-1].heal()
        return proxies[-1]

    yield make
    for proxy in proxies:
        await proxy.cut()


@pytest_asyncio.fixture(loop_scope="session")
async def guest(server: Server) -> AsyncIterator[Callable]:
    """Let people be there who need no browser: `bob = await guest("Bob")`, at `server` or another `url`."""
    async with AsyncExitStack() as stack:

        async def join(name: str, url: str = server.url) -> Guest:
            page = await stack.enter_async_context(Guest(url, name))
            await page.open()
            stack.push_async_callback(page.close)
            return page

        yield join


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def browser() -> AsyncIterator[Browser]:
    """A real Chromium."""
    with ThreadPoolExecutor(1) as thread:
        path = thread.submit(chromium).result()
    async with async_playwright() as playwright:
        # A profile keeps its one process, which takes as long to start as a page to load.
        flags = ["--no-sandbox", "--disable-background-networking", "--renderer-process-limit=1"]
        launched = await playwright.chromium.launch(executable_path=path, args=flags)
        yield launched
        await launched.close()


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def profiles(browser: Browser) -> Profiles:
    """Pages for people."""
    return Profiles(browser)


@pytest_asyncio.fixture(loop_scope="session")
async def enter(profiles: Profiles, server: Server) -> AsyncIterator[Callable]:
    """Let people come in: `ann = await enter("Ann")`, each with a browser profile of their own.

    `url` leads somewhere else than to `server`; other options are those of Playwright's `new_context`. Who has a name
    gave it at the card before, without a browser (loading the page twice takes longer than most scenes); who has none
    is at the card. A JavaScript error in any page fails the test.
    """
    problems: list[str] = []
    pages: list[Page] = []

    def note(error: Error) -> None:
        problems.append(str(error))

    async def open_page(name: str | None = None, *, url: str = server.url, **options: object) -> Person:
        page = await profiles.take(**options)
        pages.append(page)
        page.on("pageerror", note)
        person = Person(page, url, touch=bool(options.get("has_touch")))
        if name is None:
            await page.goto(url)
            return person
        async with RawPage(url, name, patience=20) as card:
            await page.context.add_cookies([{"name": "session", "value": await card.join(), "url": url}])
        await page.goto(url)
        await person.is_in()
        return person

    yield open_page
    for page in pages:
        page.remove_listener("pageerror", note)
        await profiles.give_back(page)
    assert not problems
