"""Find or install Firefox, and start it for Playwright, which itself only drives a Firefox of its own making."""

import os
import shutil
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from functools import cache
from pathlib import Path

from playwright.async_api import Browser, Playwright

from tests.support.install import install_from_debian

RELAY = Path(__file__).with_name("bidi_relay.py")
NAMES = ("firefox-esr", "firefox")
NO_FIREFOX = (
    "The tests in Firefox need Firefox: none was found, and Debian's package could not be installed. "
    "Install Firefox (apt-get install firefox-esr) and run the tests again."
)


@cache
def firefox() -> str:
    """Return the path of a Firefox, installing one if necessary; raise `RuntimeError` if that fails."""
    found = _find() or (install_from_debian("firefox-esr") and _find())
    if not found:
        raise RuntimeError(NO_FIREFOX)
    return found


def _find() -> str | None:
    return next(filter(None, map(shutil.which, NAMES)), None)


@asynccontextmanager
async def launch_firefox(playwright: Playwright, **prefs: str | int | bool) -> AsyncIterator[Browser]:
    """Start Firefox with an empty profile and `prefs`; only one of its pages has the focus at a time."""
    path = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
    browser = await playwright.firefox.launch(
        channel="moz-firefox",
        executable_path=RELAY,
        env={**os.environ, "PATH": path, "FIREFOX": firefox()},
        firefox_user_prefs=prefs,
    )
    try:
        yield browser
    finally:
        await browser.close()
