"""Fixtures: real servers, a real browser for several people, and NiceGUI's simulated users."""

import gc
import itertools
import os
import tempfile
from collections.abc import AsyncIterator, Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import AsyncExitStack, ExitStack
from pathlib import Path

import pytest
import pytest_asyncio
from playwright.async_api import Browser, async_playwright, expect

from tests.support.chromium import chromium
from tests.support.guest import Guest
from tests.support.page_program import Program
from tests.support.prepared import PreparedServer
from tests.support.profiles import Profiles, people_with
from tests.support.proxy import Proxy
from tests.support.raw_page import RawPage
from tests.support.server import ADMIN_PASSWORD, Server, steady_port

pytest_plugins = ["nicegui.testing.user_plugin"]

SCENES = Path(__file__).parent / "scenes"  # which are played in this process

expect.set_options(timeout=20_000)  # generous, for busy machines


def pytest_xdist_auto_num_workers() -> int:
    """Run two workers per processor: tests mostly wait for a browser."""
    return (os.cpu_count() or 1) * 2


def pytest_collection_finish() -> None:
    """NiceGUI collects garbage twice for each simulated app: spare it the modules and tests, which stay anyway."""
    gc.collect()
    gc.freeze()


@pytest.fixture(scope="session")
def data_dirs(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """Return the paths of data folders, which the app creates if it runs: most tests need none."""
    root = tmp_path_factory.mktemp("data")
    return (root / str(number) for number in itertools.count())


@pytest.fixture(autouse=True)
def own_data_dir(data_dirs: Iterator[Path], monkeypatch: pytest.MonkeyPatch) -> Path:
    """Keep tests away from the project's own history: the app in this process gets a folder per test."""
    for name in [name for name in os.environ if name.startswith("CHAT_")]:
        monkeypatch.delenv(name)
    path = next(data_dirs)
    monkeypatch.setenv("CHAT_DATA_DIR", str(path))
    monkeypatch.setenv("CHAT_ADMIN_PASSWORD", ADMIN_PASSWORD)
    monkeypatch.setenv("CHAT_PREVIEWS", "off")  # no test asks the web for anything
    return path


@pytest.fixture
def make_server(tmp_path: Path) -> Iterator[Callable[..., Server]]:
    """Start servers, with files in `data_dir` if given; all are killed after the test."""
    servers: list[Server] = []
    with ExitStack() as ports:

        def make(data_dir: Path | None = None, **environment: str) -> Server:
            data_dir = data_dir or Path(tempfile.mkdtemp(prefix="data-", dir=tmp_path))
            servers.append(PreparedServer(data_dir, ports.enter_context(steady_port()), **environment))
            return servers[-1].start()

        yield make
        for server in servers:
            if server.process and server.process.poll() is None:
                server.kill()


@pytest.fixture
def server(make_server: Callable[..., Server]) -> Server:
    """Start a server with a grace of one second, so that leaving takes effect quickly."""
    return make_server(CHAT_GRACE="1")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Run browser tests on one event loop, because they share a browser, and those of guests on that of the guests.

    Real browsers and servers may be late on a busy machine: their tests get a second attempt. The summary lists those
    that needed it.
    """
    for item in items:
        fixtures = set(getattr(item, "fixturenames", ()))
        if fixtures & {"browser", "guest"}:
            item.add_marker(pytest.mark.asyncio(loop_scope="session"), append=False)
        if fixtures & {"browser", "make_server", "enter"} and not item.path.is_relative_to(SCENES):
            item.add_marker(pytest.mark.flaky(reruns=1))


@pytest.fixture
async def program(server: Server) -> AsyncIterator[Callable[..., Program]]:
    """Create a `Program` for `server` or another `url`: `program("Eve")`."""
    async with AsyncExitStack() as stack:
        programs: list[Program] = []

        def make(name: str, like: RawPage | None = None, url: str = server.url) -> Program:
            programs.append(Program(url, name, like))
            return programs[-1]

        yield make
        for made in programs:
            await stack.enter_async_context(made)


@pytest_asyncio.fixture(loop_scope="session")
async def make_proxy(server: Server) -> AsyncIterator[Callable]:
    """Put proxies in front of `server`: `await make_proxy(delay=0.075)`, then `enter("Ann", url=proxy.url)`."""
    proxies: list[Proxy] = []
    with ExitStack() as ports:

        async def make(delay: float = 0.0) -> Proxy:
            proxies.append(Proxy(ports.enter_context(steady_port()), server.port, delay))
            await proxies[-1].heal()
            return proxies[-1]

        yield make
        for proxy in proxies:
            await proxy.cut()


@pytest.fixture
def home(request: pytest.FixtureRequest) -> str:
    """Return the URL of `server`; a test marked `own_server` starts its own and has no other."""
    if request.node.get_closest_marker("own_server"):
        return ""
    server: Server = request.getfixturevalue("server")
    return server.url


@pytest_asyncio.fixture(loop_scope="session")
async def guest(home: str) -> AsyncIterator[Callable]:
    """Add members without a browser, at `server` or another `url`: `bob = await guest("Bob")`."""
    async with AsyncExitStack() as stack:

        async def join(name: str, url: str = home) -> Guest:
            page = await stack.enter_async_context(Guest(url, name))
            await page.open()
            stack.push_async_callback(page.close)
            return page

        yield join


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def browser() -> AsyncIterator[Browser]:
    with ThreadPoolExecutor(1) as thread:
        path = thread.submit(chromium).result()
    async with async_playwright() as playwright:
        # One renderer process per profile: starting another takes as long as loading a page.
        flags = ["--no-sandbox", "--disable-background-networking", "--renderer-process-limit=1"]
        launched = await playwright.chromium.launch(executable_path=path, args=flags)
        yield launched
        await launched.close()


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def profiles(browser: Browser) -> Profiles:
    return Profiles(browser)


@pytest_asyncio.fixture(loop_scope="session")
async def enter(profiles: Profiles, home: str) -> AsyncIterator[Callable]:
    """Add people, each with their own browser profile: `ann = await enter("Ann")`.

    `url` replaces that of `server`; other options are those of Playwright's `new_context`. With a name, the
    person has already joined, without a browser, because loading the page twice takes longer than most tests. Without
    a name, they are at the welcome card. A JavaScript error in any page fails the test.
    """
    async with people_with(profiles, home) as open_page:
        yield open_page
