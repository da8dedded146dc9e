"""Measure the first load: bytes and Lighthouse scores. `python -m tests.programs.first_load` (not a test).

Chromium counts the bytes on the wire (with headers, without the WebSocket), for an empty and for a filled cache. If
Lighthouse is installed (`npm install -g lighthouse`, or its path in LIGHTHOUSE), it loads the page five times as on a
slow phone (its default), and the medians are printed.
"""

import asyncio
import json
import os
import shutil
import statistics
import subprocess
import tempfile
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlsplit

from playwright.async_api import Page, async_playwright

from tests.support.chromium import chromium
from tests.support.people import Person
from tests.support.server import Server

KB = 1000
FIRST, AGAIN = 330 * KB, 10 * KB
RUNS = 5
PATIENCE, QUIET = 30, 0.5  # seconds for what a page requests to arrive, and without requests after that
CATEGORIES = {"performance": 90, "accessibility": 100, "best-practices": 100, "seo": 100}
TIMES = ("first-contentful-paint", "largest-contentful-paint", "total-blocking-time", "cumulative-layout-shift")


@dataclass
class Weight:
    """Bytes on the wire while loading a page, by URL."""

    files: dict[str, int] = field(default_factory=dict)

    @property
    def total(self) -> int:
        return sum(self.files.values())

    @property
    def hosts(self) -> set[str]:
        return {urlsplit(url).netloc for url in self.files if urlsplit(url).scheme not in {"data", "blob"}}

    @property
    def requests(self) -> int:
        """Number of files that did not come from the browser's cache."""
        return sum(size > 0 for size in self.files.values())


@asynccontextmanager
async def weighed(page: Page) -> AsyncIterator[Weight]:
    """Count the bytes that the page loads within the block."""
    weight, urls, waiting = Weight(), dict[str, str](), set[str]()
    devtools = await page.context.new_cdp_session(page)
    await devtools.send("Network.enable")

    def requested(event: dict) -> None:
        urls[event["requestId"]] = event["request"]["url"]
        waiting.add(event["requestId"])

    def finished(event: dict) -> None:
        if url := urls.get(event["requestId"]):  # else the previous page requested it
            weight.files[url] = weight.files.get(url, 0) + round(event["encodedDataLength"])
        waiting.discard(event["requestId"])

    devtools.on("Network.requestWillBeSent", requested)
    devtools.on("Network.loadingFinished", finished)
    devtools.on("Network.loadingFailed", lambda event: waiting.discard(event["requestId"]))
    yield weight
    await page.wait_for_load_state()
    quiet_since = time.monotonic()
    deadline = quiet_since + PATIENCE
    while time.monotonic() - quiet_since < QUIET:
        await asyncio.sleep(0.05)
        if waiting:
            quiet_since = time.monotonic()
        assert quiet_since < deadline, [urls[request] for request in waiting]
    await devtools.detach()


def lighthouse(url: str) -> list[dict]:
    """Return the reports of `RUNS` runs, or none if Lighthouse is not installed."""
    program = os.environ.get("LIGHTHOUSE") or shutil.which("lighthouse")
    if not program:
        return []
    flags = "--headless=new --no-sandbox --disable-background-networking"
    command = [program, url, "--quiet", "--output=json", f"--chrome-flags={flags}"]
    environment = {**os.environ, "CHROME_PATH": os.environ.get("CHROME_PATH") or shutil.which("chromium") or ""}
    return [_report(command, environment) for _ in range(RUNS)]


def _report(command: list[str], environment: dict[str, str]) -> dict:
    for _ in range(3):  # Lighthouse's Chrome sometimes fails to start in time
        run = subprocess.run(command, env=environment, capture_output=True, check=False)
        if run.returncode == 0:
            return json.loads(run.stdout)
    raise RuntimeError(run.stderr.decode())


def rows(reports: list[dict]) -> list[tuple[str, str, str]]:
    """Return table rows with the medians of Lighthouse's scores and times."""
    found = []
    for name, least in CATEGORIES.items():
        score = 100 * statistics.median(report["categories"][name]["score"] for report in reports)
        found.append((f"Lighthouse, mobile: {name.replace('-', ' ')}", f"{score:.0f}", f"at least {least}"))
    for name in TIMES:
        value = statistics.median(report["audits"][name]["numericValue"] for report in reports)
        shown = f"{value:.2f}" if name.endswith("shift") else f"{value:,.0f} ms"
        found.append((name.replace("-", " "), shown, ""))
    return found


async def main() -> None:
    table: list[tuple[str, str, str]] = []
    with tempfile.TemporaryDirectory() as folder:
        server = Server(Path(folder) / "data").start()
        try:
            async with async_playwright() as playwright:
                browser = await playwright.chromium.launch(executable_path=chromium_path, args=["--no-sandbox"])
                person = Person(await browser.new_page(), server.url)
                for visit, visitor, limit in (
                    ("first", "stranger", FIRST),
                    ("again", "stranger", AGAIN),
                    ("again", "member", AGAIN),
                ):
                    if visitor == "member":
                        await person.join("Ann")
                    async with weighed(person.page) as weight:
                        await person.page.goto(server.url)
                    size = f"{weight.total / KB:.1f} KB in {weight.requests} requests"
                    table.append((f"load, {visitor}, {visit}", size, f"at most {limit // KB} KB"))
                await browser.close()
            if reports := lighthouse(server.url):
                table += rows(reports)
        finally:
            server.kill()
    print("| figure | value | limit |\n|---|---|---|")
    for row in table:
        print(f"| {' | '.join(row)} |")


if __name__ == "__main__":
    chromium_path = chromium()
    asyncio.run(main())
