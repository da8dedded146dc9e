"""Find or install WebKitGTK with its driver, and start it on a display of its own."""

import asyncio
import os
import shutil
import subprocess
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager, contextmanager
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import NamedTuple

from selenium import webdriver
from selenium.webdriver.remote.webdriver import WebDriver
from selenium.webdriver.webkitgtk.options import Options
from selenium.webdriver.webkitgtk.service import Service

from tests.support.install import install_from_debian
from tests.support.raw_page import RawPage
from tests.support.webkit_hands import set_page_size
from tests.support.webkit_person import WebKitPerson

PARKING = "healthz"  # on the chat's host, whose storage is to be cleared
EMPTY = "localStorage.clear(), sessionStorage.clear()"
PACKAGES = ("webkit2gtk-driver", "xvfb")
NO_WEBKIT = (
    "The tests in WebKit need WebKitGTK's browser and driver and Xvfb: not all were found, and Debian's packages could "
    f"not be installed. Install them (apt-get install {' '.join(PACKAGES)}) and run the tests again."
)
SCREEN = "1400x1000x24"
DESK = (1280, 800)
WITHOUT_ANCHORS = "-CSSAnchorPositioning"  # as in Safari 18


class Programs(NamedTuple):
    """Paths of the programs."""

    driver: str
    browser: str
    xvfb: str


@cache
def webkit() -> Programs:
    """Return the programs, installing them if necessary; raise `RuntimeError` if that fails."""
    found = _find() or (install_from_debian(*PACKAGES) and _find())
    if not found:
        raise RuntimeError(NO_WEBKIT)
    return found


def _find() -> Programs | None:
    driver, xvfb = map(shutil.which, ("WebKitWebDriver", "Xvfb"))
    browser = next(Path("/usr/lib").glob("*/webkit2gtk-4.1/MiniBrowser"), None)
    return Programs(driver, str(browser), xvfb) if driver and browser and xvfb else None


@contextmanager
def launch_webkit(features: str = "") -> Iterator[WebDriver]:
    """Start WebKitGTK with an empty profile; `features` such as `-CSSAnchorPositioning` are those of MiniBrowser."""
    with TemporaryDirectory(prefix="webkit-") as home, _display() as display:
        options = Options()
        options.binary_location = webkit().browser
        options.add_argument("--automation")
        if features:
            options.add_argument(f"--features={features}")
        options.set_capability("browserName", "MiniBrowser")
        environment = {**os.environ, "DISPLAY": display, "HOME": home}
        driver = webdriver.WebKitGTK(options=options, service=Service(webkit().driver, env=environment))
        try:
            yield driver
        finally:
            driver.quit()


@asynccontextmanager
async def person_with(driver: WebDriver, url: str) -> AsyncIterator[Callable]:
    """Add the person at `url`, with an empty profile: the fixture `enter`, for WebKitGTK."""
    people: list[WebKitPerson] = []

    async def open_page(name: str | None = None, *, url: str = url) -> WebKitPerson:
        session = None
        if name is not None:
            async with RawPage(url, name, patience=20) as card:
                session = await card.join()
        await asyncio.to_thread(_clean, driver, url, session)
        people.append(person := WebKitPerson(driver, url))
        await person.open()
        if name is not None:
            await person.is_in()
        return person

    yield open_page
    errors = [await person.errors() for person in people]
    await asyncio.to_thread(driver.get, "about:blank")
    assert not any(errors), errors


def _clean(driver: WebDriver, url: str, session: dict[str, str] | None) -> None:
    """Empty the profile and give the page its usual size; with `session`, its holder has joined."""
    set_page_size(driver, *DESK)
    driver.get(url + PARKING)
    driver.execute_script(EMPTY)
    driver.delete_all_cookies()
    if session:
        driver.add_cookie(session)


@contextmanager
def _display() -> Iterator[str]:
    """Run Xvfb on a free display."""
    number, chosen = os.pipe()
    command = [webkit().xvfb, "-displayfd", str(chosen), "-screen", "0", SCREEN, "-nolisten", "tcp"]
    server = subprocess.Popen(command, pass_fds=[chosen], stderr=subprocess.DEVNULL)
    os.close(chosen)
    try:
        with os.fdopen(number) as answer:
            yield f":{answer.readline().strip()}"
    finally:
        server.terminate()
        server.wait()
