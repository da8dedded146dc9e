"""Mentions stand out for everyone, and most for the mentioned member."""

import pytest
from playwright.async_api import expect

from tests.support.scene_page import until
from tests.support.server import ADMIN_PASSWORD

BACKGROUND = "element => getComputedStyle(element).backgroundColor"
NOTHING = "rgba(0, 0, 0, 0)"
CONTRAST = """element => {
  const canvas = document.createElement('canvas').getContext('2d', {willReadFrequently: true})
  const light = colour => { canvas.fillStyle = colour; canvas.fillRect(0, 0, 1, 1)
    const [r, g, b] = [...canvas.getImageData(0, 0, 1, 1).data].map(x => x / 255)
      .map(x => x <= 0.04045 ? x / 12.92 : ((x + 0.055) / 1.055) ** 2.4)
    return 0.2126 * r + 0.7152 * g + 0.0722 * b + 0.05 }
  const {color, backgroundColor} = getComputedStyle(element)
  const [one, other] = [light(color), light(backgroundColor)]
  return Math.max(one, other) / Math.min(one, other) }"""


def mention(person, text):
    return person.message(text).locator(".mention")


async def is_highlighted_for(person, text):
    """Return whether the mention is highlighted as one of this person; expect it to stand out in any case."""
    await expect(mention(person, text)).to_be_visible()
    background = await mention(person, text).evaluate(BACKGROUND)
    assert background not in {NOTHING, await person.message(text).locator(".text").evaluate(BACKGROUND)}
    return background == await person.page.evaluate("""() => {
      const probe = document.body.appendChild(document.createElement('i'))
      probe.style.backgroundColor = 'var(--mention-me)'
      const colour = getComputedStyle(probe).backgroundColor
      probe.remove()
      return colour }""")


async def test_mention_stands_out_most_for_the_mentioned_member_and_in_either_direction(enter):
    ann, bob, layla = await enter("Ann"), await enter("Bob"), await enter("ليلى")
    await ann.say("Does @bob know?")
    for person in ann, bob, layla:
        await person.sees("Does @Bob know?")
        await expect(mention(person, "know?")).to_have_text("@Bob")
    assert await is_highlighted_for(bob, "know?")
    assert not await is_highlighted_for(ann, "know?")
    assert not await is_highlighted_for(layla, "know?")
    own = await bob.message("know?").locator(".text").evaluate(BACKGROUND)
    assert own != await layla.message("know?").locator(".text").evaluate(BACKGROUND)

    await ann.say("Hello @ليلى (and everybody)")
    await layla.sees("Does @Bob know?", "Hello @ليلى (and everybody)")
    assert await is_highlighted_for(layla, "Hello")
    assert not await is_highlighted_for(ann, "Hello")
    await layla.say("مرحبا @Ann!")
    assert await is_highlighted_for(ann, "مرحبا")
    at = "(text) => ({x: text.getBoundingClientRect().x})"
    words = await ann.message("Hello").locator(".text").evaluate(at)
    assert (await mention(ann, "Hello").evaluate(at))["x"] > words["x"]


@pytest.mark.exhaustive
@pytest.mark.parametrize("scheme", ["light", "dark"])
async def test_mentions_have_enough_contrast(enter, scheme, guest):
    ann, bob, cid = await enter("Ann", color_scheme=scheme), await enter("Bob", color_scheme=scheme), await guest("Cid")
    await ann.say("@Bob and @Cid")
    await bob.sees("@Bob and @Cid")
    await cid.say("Hello @Ann")
    for person in ann, bob:
        await expect(person.log.locator(".mention")).to_have_text(["@Bob", "@Cid", "@Ann"])
        for place in await person.log.locator(".mention").all():
            assert await place.evaluate(CONTRAST) >= 4.5
        for text in "and", "Hello":
            assert await person.message(text).locator(".text").evaluate(CONTRAST) >= 4.5


@pytest.mark.exhaustive
async def test_mentions_follow_a_rename_after_a_restart(enter, server):
    ann, bob = await enter("Ann"), await enter("Bob")
    await ann.say("Does @Bob know?")
    await bob.sees("Does @Bob know?")
    await bob.rename("Robert")
    await expect(mention(ann, "know?")).to_have_text("@Robert")
    sessions = server.data_dir / ".nicegui"  # written a moment later
    await until(lambda: any("Robert" in file.read_text() for file in sessions.glob("storage-user-*.json")))
    server.kill()
    server.start()
    await bob.reload()
    await expect(mention(bob, "know?")).to_have_text("@Robert")
    assert await is_highlighted_for(bob, "know?")


@pytest.mark.exhaustive
async def test_mention_of_everyone_stands_out_for_everyone(enter):
    ann, bob, cid = await enter("Ann"), await enter("Bob"), await enter("Cid")
    await ann.become_admin(ADMIN_PASSWORD)
    await ann.say("Lunch, @all!")
    for person in ann, bob, cid:
        await expect(mention(person, "Lunch")).to_have_text("@all")
        assert await is_highlighted_for(person, "Lunch")
