"""Find or install WebKitGTK with its driver, and start it on a display of its own."""

import os
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import NamedTuple

from selenium import webdriver
from selenium.webdriver.remote.webdriver import WebDriver
from selenium.webdriver.webkitgtk.options import Options
from selenium.webdriver.webkitgtk.service import Service

from tests.support.install import install_from_debian

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
            _resize(driver, *DESK)
            yield driver
        finally:
            driver.quit()


@contextmanager
def _display() -> Iterator[str]:
    """Run Xvfb on a free display."""
    number, chosen = os.pipe()
    command = [webkit().xvfb, "-displayfd", str(chosen), "-screen", "0", SCREEN, "-nolisten", "tcp"]
    server = subprocess.Popen(command, pass_fds=[chosen], stderr=subprocess.DEVNULL)
    os.close(chosen)
    try:
        with open(number) as answer:
            yield f":{answer.readline().strip()}"
    finally:
        server.terminate()
        server.wait()


def _resize(driver: WebDriver, width: int, height: int) -> None:
    """Give the page this size; the window has a toolbar besides."""
    driver.set_window_size(width, height)
    driver.set_window_size(width, 2 * height - driver.execute_script("return innerHeight"))
