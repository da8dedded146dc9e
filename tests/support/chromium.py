"""Find or install Chromium for the browser tests. Without a browser the tests fail; they are never skipped."""

import shutil
import sys
from functools import cache
from pathlib import Path

from tests.support.install import install_from_debian, run

# The headless shell takes half the time: it draws no window, toolbar or new-tab page.
NAMES = ("chromium-headless-shell", "chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
NO_CHROMIUM = (
    "The browser tests need Chromium: none was found, and neither Playwright's download nor Debian's package "
    "could be installed. Install Chromium (apt-get install chromium) and run the tests again."
)


@cache
def chromium() -> str:
    """Return the path of a Chromium, installing one if necessary; raise `RuntimeError` if that fails."""
    for install in (_install_nothing, _install_from_playwright, _install_from_debian):
        install()
        found = next(filter(None, map(shutil.which, NAMES)), None) or _playwright_path()
        if found:
            return found
    raise RuntimeError(NO_CHROMIUM)


def _install_nothing() -> None:
    pass


def _playwright_path() -> str | None:
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        path = playwright.chromium.executable_path
    return path if Path(path).exists() else None


def _install_from_playwright() -> None:
    run([sys.executable, "-m", "playwright", "install", "chromium"], timeout=180)


def _install_from_debian() -> None:
    install_from_debian("chromium-headless-shell") or install_from_debian("chromium")
