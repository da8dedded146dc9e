"""Old versions of Chromium: npm's `@sparticuz/chromium` contains a headless one, compressed with Brotli."""

import asyncio
import os
import shutil
import tarfile
import tempfile
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from functools import cache
from pathlib import Path

import brotli
from playwright.async_api import Browser, Playwright

from tests.support.install import run

PACKAGE = "@sparticuz/chromium"
CACHE = Path(os.environ.get("XDG_CACHE_HOME", Path.home() / ".cache")) / "tcpchatnet-tests"
NO_OLD_CHROMIUM = (
    f"The tests in old browsers need {PACKAGE}@%s: npm could not download it. "
    "Install npm (apt-get install npm), check the connection to its registry, and run the tests again."
)


@cache
def old_chromium(version: str) -> Path:
    """Return the path of a Chromium, downloading it once; raise `RuntimeError` if that fails.

    `version` is that of the package, whose first number is Chromium's.
    """
    program = CACHE / f"chromium-{version}"
    if not program.exists():
        CACHE.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(dir=CACHE) as name:
            _download(version, Path(name)).replace(program)
    return program


def _download(version: str, into: Path) -> Path:
    command = ["npm", "pack", "--silent", f"--pack-destination={into}", f"{PACKAGE}@{version}"]
    if not shutil.which("npm") or not run(command, timeout=120):
        raise RuntimeError(NO_OLD_CHROMIUM % version)
    program = into / "chromium"
    with tarfile.open(next(into.glob("*.tgz"))) as package:
        packed = package.extractfile("package/bin/chromium.br")
        assert packed
        program.write_bytes(brotli.decompress(packed.read()))
    program.chmod(0o755)
    return program


@asynccontextmanager
async def launch_old_chromium(playwright: Playwright, version: str) -> AsyncIterator[Browser]:
    """Start a version of `@sparticuz/chromium`; Playwright can drive 109 and newer."""
    flags = ["--no-sandbox", "--disable-background-networking", "--renderer-process-limit=1"]
    path = await asyncio.to_thread(old_chromium, version)
    browser = await playwright.chromium.launch(executable_path=path, args=flags)
    try:
        yield browser
    finally:
        await browser.close()
