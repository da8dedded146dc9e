"""The service worker that shows pushes: Angular's, unchanged. It has a path of its own, so that it serves no page."""

from pathlib import Path

import orjson

from chat.web.files.static_files import StaticFile

SCOPE = "/push/"
WORKER = "vendor/angular-service-worker-22.2.0/ngsw-worker.js"
CHECKED_EACH_TIME = {"Cache-Control": "no-cache"}
NOTHING_CACHED = {
    "configVersion": 1,
    "timestamp": 0,
    "index": "/index.html",
    "assetGroups": [],
    "dataGroups": [],
    "hashTable": {},
    "navigationUrls": [],
    "navigationRequestStrategy": "performance",
}
"""The worker would unregister itself without this file."""


def worker_files(assets: Path) -> dict[str, StaticFile]:
    """Return the worker and its settings, by their paths."""
    settings = orjson.dumps(NOTHING_CACHED)
    return {
        f"{SCOPE}ngsw-worker.js": StaticFile.at(assets / WORKER, CHECKED_EACH_TIME),
        f"{SCOPE}ngsw.json": StaticFile(lambda: settings, "application/json", CHECKED_EACH_TIME),
    }
