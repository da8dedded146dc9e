"""Previews of links: as high as each other, reached by keyboard, and removed without moving those who read."""

from hashlib import sha256

import pytest
from playwright.async_api import expect

from tests.browser.test_accessibility import LOOKS, expect_no_axe_violations, join, say
from tests.support.hostile_pictures import drawn, encoded
from tests.support.server import ADMIN_PASSWORD, Server
from tests.support.stored_history import write_history

PICTURE = encoded(drawn(300, 200), "WEBP")
CONTENT = sha256(PICTURE).hexdigest()
ABOUT = {
    "content": CONTENT,
    "name": "cup.webp",
    "type": "image/webp",
    "size": len(PICTURE),
    "width": 300,
    "height": 200,
}
TEA = {"title": "Tea", "description": "A hot drink " * 20, "site": "site.example", "picture": ABOUT}
CAKE = {"title": "A cake with a very long name " * 6, "site": "other.example"}
PREVIEWS = {
    5: {"link": "https://site.example/tea", "preview": TEA},
    115: {"link": "https://other.example/cake", "preview": CAKE},
    118: {"link": "https://site.example/tea", "preview": TEA},
}


@pytest.fixture
def server(make_server, tmp_path) -> Server:
    """A chat with three previews in its history."""
    folder = tmp_path / "data"
    (folder / "files" / "lobby").mkdir(parents=True)
    for name in (CONTENT, f"{CONTENT}.small"):
        (folder / "files" / "lobby" / name).write_bytes(PICTURE)
    texts = [f"message {number:03}" for number in range(120)]
    write_history(folder / "chat_log.json", texts, more=lambda number: PREVIEWS.get(number, {}))
    return make_server(folder, CHAT_GRACE="5", CHAT_HISTORY_LIMIT="200")


@LOOKS
async def test_previews_have_one_height_and_pass_axe(enter, look):
    ann = await join(enter, "Ann", **look)
    await say(ann, f"/admin {ADMIN_PASSWORD}")
    cards = ann.page.locator(".preview")
    await expect(cards.last.locator("button")).to_be_visible()
    await cards.last.locator("img").scroll_into_view_if_needed()
    await ann.eventually(
        True, "() => [...document.querySelectorAll('.preview img')].every(image => image.naturalWidth)"
    )
    heights = await cards.evaluate_all("cards => cards.map(card => card.getBoundingClientRect().height)")
    assert heights[0] == heights[1] > 80
    for card in await cards.all():
        inside, around = await card.bounding_box(), await card.locator("xpath=..").bounding_box()
        assert around["x"] <= inside["x"] and inside["x"] + inside["width"] <= around["x"] + around["width"]
    await expect_no_axe_violations(ann)


async def test_preview_is_removed_by_keyboard_without_moving_those_who_read(enter):
    ann, bob = await enter("Ann"), await enter("Bob")
    await ann.become_admin(ADMIN_PASSWORD)
    await bob.scroll_up(1500)
    before = await bob.top_of("message 080")
    message = ann.message("message 118")
    await expect(message.get_by_role("link", name="Tea")).to_have_attribute("target", "_blank")
    await message.get_by_role("link", name="Tea").focus()
    await ann.keys("Tab")
    await expect(message.get_by_role("button", name="Remove preview")).to_be_focused()
    await ann.keys("Enter")
    await expect(message.locator(".preview")).to_have_count(0)
    await expect(message).to_be_focused()
    await expect(bob.message("message 118").locator(".preview")).to_have_count(0)
    await bob.stays("message 080", before)
    await expect(bob.message("message 115").get_by_role("button", name="Remove preview")).to_be_hidden()
