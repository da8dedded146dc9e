"""Links to web sites that do harm, posted by many at once. The server is led to them by `own_web.py`."""

import asyncio
import json
from collections import Counter
from contextlib import suppress
from uuid import uuid4

from chat.domain.rooms.directory.room_info import LOBBY
from tests.programs.hostile.attacker import Attacker
from tests.programs.hostile.guests import Guest, staying
from tests.programs.hostile.own_web import PORT
from tests.support.hostile_pictures import HOSTILE, drawn, encoded
from tests.support.web_sites import WebSites, web_sites

LINKS = 12  # of each guest
PAUSE = 1.0  # seconds between two of a guest
PATIENCE = 20.0  # seconds for what is still being fetched
NESTED = "<title>Nested</title>" + "<b>" * 300_000
LARGE = b"<title>Large</title>" + b"<p>tea</p>" * 100_000


async def links_of_twenty_guests(attacker: Attacker) -> Counter[str]:
    """Post links to pages that are slow, endless, nested, large, redirected, or have pictures that do harm."""
    outcome: Counter[str] = Counter()
    async with web_sites(port=PORT) as sites, staying(attacker) as guests:
        kinds = _fill(sites)
        await asyncio.gather(*(_post(guest, number, kinds, outcome) for number, guest in enumerate(guests)))
        await asyncio.sleep(PATIENCE)
        outcome["requests"] = len(sites.asked)
        _, history = await attacker.get("history.json", Cookie=guests[0].cookie)
        outcome["previews kept"] = sum(bool(message.get("preview")) for message in json.loads(history)["messages"])
    return outcome


def _fill(sites: WebSites) -> list[str]:
    """Put up the sites, whose answers are the same at any host; return their paths."""
    large = encoded(drawn(4000, 3000), "PNG")
    sites.stream("/slow", b"<p>", pause=0.5)
    sites.stream("/endless", b"<p>" * 20_000)
    sites.page("/nested", NESTED)
    sites.page("/large", LARGE)
    sites.redirect("/round", "/round")
    sites.redirect("/inside", "http://169.254.169.254/")
    sites.page("/photo", large, "image/png")
    for number, (make, _) in enumerate(HOSTILE.values()):
        sites.page(f"/picture{number}", make(), "image/png")
        sites.page(f"/page{number}", f"<title>Tea</title><meta property=og:image content=/picture{number}>")
    return [*sites.answers]


async def _post(guest: Guest, number: int, kinds: list[str], outcome: Counter[str]) -> None:
    target = next(iter(guest.page.listeners("submit")))
    for count in range(LINKS):
        path = kinds[(number + count) % len(kinds)]
        text = f"http://{uuid4().hex}.example{path}"  # each is fetched: none was seen before
        with suppress(OSError):
            await guest.page.emit(*target, [uuid4().hex[:20], text, "", LOBBY])
            outcome["links"] += 1
        await asyncio.sleep(PAUSE)
