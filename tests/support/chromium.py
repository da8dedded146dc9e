"""Finds a Chromium for the browser tests, or fetches one. Never skips: without a browser the tests fail."""

import os
import shutil
import subprocess
import sys
from functools import cache
from pathlib import Path

# The headless shell takes half the time: it draws no window, toolbar or new-tab page for each person.
NAMES = ("chromium-headless-shell", "chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
NONE_TO_BE_HAD = (
    "The browser tests need Chromium: none was found, and neither Playwright's download nor Debian's package "
    "could be had. Install Chromium (apt-get install chromium) and run the tests again."
)


@cache
def chromium() -> str:
    """The path of a Chromium; raises `RuntimeError` with one clear sentence if there is none and none can be had."""
    for attempt in (_nothing, _download_playwrights, _install_debians):
        attempt()
        found = next(filter(None, map(shutil.which, NAMES)), None) or _playwrights()
        if found:
            return found
    raise RuntimeError(NONE_TO_BE_HAD)


def _nothing() -> None:
    pass


def _playwrights() -> str | None:
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        path = playwright.chromium.executable_path
    return path if Path(path).exists() else None


def _download_playwrights() -> None:
    _run([sys.executable, "-m", "playwright", "install", "chromium"], timeout=180)


def _install_debians() -> None:
    if shutil.which("apt-get"):
        sudo = [] if os.geteuid() == 0 else ["sudo", "-n"]
        _run([*sudo, "apt-get", "update", "-qq"], timeout=180)
        install = [*sudo, "apt-get", "install", "-y", "-qq", "--no-install-recommends"]
        if not _run([*install, "chromium-headless-shell"], timeout=400):
            _run([*install, "chromium"], timeout=400)


def _run(command: list[str], timeout: int) -> bool:
    print("+", *command, file=sys.stderr)
    try:
        return subprocess.run(command, timeout=timeout, check=False, stdout=sys.stderr).returncode == 0
    except (OSError, subprocess.TimeoutExpired) as problem:
        print(problem, file=sys.stderr)
        return False
