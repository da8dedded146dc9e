"""Pictures of people over HTTP, of a running server."""

import io
import re
from collections.abc import AsyncIterator, Callable
from functools import partial

import aiohttp
import pytest
from PIL import Image

from tests.support.hostile_pictures import drawn, encoded
from tests.support.raw_page import RawPage
from tests.support.sender import opening
from tests.support.server import Server

TEAL, RED = (encoded(Image.new("RGB", (60, 40), color), "PNG") for color in ("teal", "red"))


class Viewer(RawPage):
    """A person without a browser, who has a picture and sees others'."""

    async def choose(self, content: bytes, query: str = "", **headers: str) -> int:
        """Send a picture; return the status."""
        async with self.http.post(f"{self.url}avatar?{query}", data=content, headers=headers) as response:
            return response.status

    async def picture_on_page(self) -> str:
        """Return the address of a picture in the page, once there is one."""
        found = set[str]()

        def is_there() -> bool:
            found.update(re.findall(r"avatars/\w+/\w+", str(self.elements)))
            return bool(found)

        await self._until(is_there)
        [path] = found
        return self.url + path


@pytest.fixture
async def join(server: Server) -> AsyncIterator[Callable]:
    async with opening(Viewer) as open_page:
        yield partial(open_page, server.url)


async def test_picture_is_kept_by_browsers_and_only_for_members(join: Callable, http: aiohttp.ClientSession):
    ann, bob = await join("Ann"), await join("Bob")
    assert await ann.choose(TEAL) == 204
    address = await bob.picture_on_page()
    async with bob.http.get(address) as response:
        assert (response.status, response.content_type) == (200, "image/webp")
        assert response.headers["Cache-Control"] == "private, max-age=31536000, immutable"
        assert any("sandbox" in policy for policy in response.headers.getall("Content-Security-Policy"))
    for person, url in (http, address), (bob.http, f"{address}0"), (bob.http, address.replace("avatars/", "avatars/x")):
        async with person.get(url) as response:
            assert (response.status, await response.text()) == (404, "Page not found.\n")
    assert await ann.choose(RED) == 204
    async with bob.http.get(address) as response:
        assert response.status == 404


async def test_refused_pictures_say_why(join: Callable, http: aiohttp.ClientSession, server: Server):
    ann = await join("Ann")
    async with ann.http.post(f"{ann.url}avatar?lang=de", data=b"tea") as response:
        assert (response.status, await response.json()) == (
            400,
            {"problem": "Diese Datei ist kein Bild.", "retry": False},
        )
    assert await ann.choose(TEAL, Origin="https://evil.example") == 403
    async with http.post(f"{server.url}avatar", data=TEAL) as response:
        assert response.status == 400


async def test_square_is_the_chosen_one(join: Callable):
    ann = await join("Ann")
    assert await ann.choose(encoded(drawn(), "PNG"), "across=0&down=0&zoom=4") == 204
    async with ann.http.get(await ann.picture_on_page()) as response:
        red, green, _ = Image.open(io.BytesIO(await response.read())).getpixel((64, 64))
    assert (red > 220, green < 40) == (True, True)
    for wrong in "across=-1", "down=2", "zoom=0", "zoom=nan", "across=left":
        assert await ann.choose(TEAL, wrong) == 422, wrong
