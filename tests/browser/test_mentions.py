"""Mentions: everybody sees who is meant, and who is meant sees it at once."""

import pytest
from playwright.async_api import expect

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
    """What is highlighted in the message with this text."""
    return person.message(text).locator(".mention")


async def is_meant(person, text):
    """Whether the mention in a message looks as one of oneself, not as that of somebody else. Both stand out."""
    await expect(mention(person, text)).to_be_visible()
    background = await mention(person, text).evaluate(BACKGROUND)
    assert background not in {NOTHING, await person.message(text).locator(".text").evaluate(BACKGROUND)}
    return background == await person.page.evaluate("""() => {
      const probe = document.body.appendChild(document.createElement('i'))
      probe.style.backgroundColor = 'var(--mention-me)'
      const colour = getComputedStyle(probe).backgroundColor
      probe.remove()
      return colour }""")


async def test_a_mention_is_highlighted_and_strongly_for_the_one_meant(enter):
    ann, bob, cid = await enter("Ann"), await enter("Bob"), await enter("Cid")
    await ann.say("Does @bob know?")
    for person in ann, bob, cid:
        await person.sees("Does @Bob know?")
        await expect(mention(person, "know?")).to_have_text("@Bob")
    assert await is_meant(bob, "know?")
    assert not await is_meant(ann, "know?")
    assert not await is_meant(cid, "know?")
    own = await bob.message("know?").locator(".text").evaluate(BACKGROUND)
    assert own != await cid.message("know?").locator(".text").evaluate(BACKGROUND)


@pytest.mark.parametrize("scheme", ["light", "dark"])
async def test_mentions_can_be_read(enter, scheme):
    ann, bob, cid = await enter("Ann", color_scheme=scheme), await enter("Bob", color_scheme=scheme), await enter("Cid")
    await ann.say("@Bob and @Cid")
    await cid.say("Hello @Ann")
    for person in ann, bob:
        await expect(person.log.locator(".mention")).to_have_text(["@Bob", "@Cid", "@Ann"])
        for place in await person.log.locator(".mention").all():
            assert await place.evaluate(CONTRAST) >= 4.5
        for text in "and", "Hello":
            assert await person.message(text).locator(".text").evaluate(CONTRAST) >= 4.5


async def test_a_mention_in_another_tab_and_after_a_reload(enter):
    ann, bob = await enter("Ann"), await enter("Bob")
    await ann.say("Does @Bob know?")
    tab = await bob.open_another_tab()
    await bob.reload()
    assert await is_meant(tab, "know?")
    assert await is_meant(bob, "know?")


async def test_a_mention_within_what_is_formatted(enter):
    ann, bob = await enter("Ann"), await enter("Bob")
    await ann.say("**Dear @Bob,** see `@Bob`")
    await bob.sees("Dear @Bob, see @Bob")
    await expect(bob.messages.locator("strong .mention")).to_have_text("@Bob")
    await expect(bob.messages.locator("code .mention")).to_have_count(0)
    assert await is_meant(bob, "Dear")


async def test_after_a_rename_old_mentions_show_the_new_name_and_mean_the_same_person(enter):
    ann, bob = await enter("Ann"), await enter("Bob")
    await ann.say("Does @Bob know?")
    await bob.sees("Does @Bob know?")
    await bob.rename("Robert")
    for person in ann, bob:
        await expect(mention(person, "know?")).to_have_text("@Robert")
    assert await is_meant(bob, "know?")
    await ann.say("And does @Robert care?")
    await bob.sees("Does @Robert know?", "And does @Robert care?")
    assert await is_meant(bob, "care?")


async def test_who_takes_the_old_name_is_not_meant_by_old_mentions(enter):
    ann, bob = await enter("Ann"), await enter("Bob")
    await ann.say("Does @Bob know?")
    await bob.sees("Does @Bob know?")
    await bob.rename("Robert")
    other = await enter("Bob")
    await expect(mention(other, "know?")).to_have_text("@Robert")
    assert not await is_meant(other, "know?")
    await ann.say("Hello @Bob!")
    assert await is_meant(other, "Hello")
    assert not await is_meant(bob, "Hello")


async def test_who_edits_an_old_message_mentions_the_same_person(enter, server):
    ann, bob = await enter("Ann"), await enter("Bob")
    await ann.say("Does @Bob know?")
    await bob.reply(to="Does @Bob know?", text="Sure")
    await bob.rename("Robert")
    for person in ann, bob:
        await expect(person.message("Sure").locator(".quote")).to_have_text("Ann Does @Robert know?")
    other = await enter("Bob")
    await ann.field.press("ArrowUp")
    await expect(ann.field).to_have_value("Does @Robert know?")
    await expect(ann.about).to_have_text("Editing your message Does @Robert know?")
    await ann.say("Does @Robert know that?")
    await other.sees("Does @Robert know that?", "Sure")
    said, answer = server.messages()
    assert said["mentions"] == {"Robert": answer["author"]}


async def test_old_mentions_mean_the_same_person_after_a_restart(enter, server):
    ann, bob = await enter("Ann"), await enter("Bob")
    await ann.say("Does @Bob know?")
    await bob.sees("Does @Bob know?")
    await bob.rename("Robert")
    await expect(mention(ann, "know?")).to_have_text("@Robert")
    server.kill()
    server.start()
    await bob.reload()
    await expect(mention(bob, "know?")).to_have_text("@Robert")
    assert await is_meant(bob, "know?")


async def test_an_admin_calls_all(enter):
    ann, bob, cid = await enter("Ann"), await enter("Bob"), await enter("Cid")
    await ann.become_admin(ADMIN_PASSWORD)
    await ann.say("Lunch, @all!")
    for person in ann, bob, cid:
        await expect(mention(person, "Lunch")).to_have_text("@all")
        assert await is_meant(person, "Lunch")


async def test_a_guest_does_not_call_all(enter):
    ann, bob = await enter("Ann"), await enter("Bob")
    await ann.say("Lunch, @all!")
    await bob.sees("Lunch, @all!")
    await expect(mention(bob, "Lunch")).to_have_count(0)


async def test_a_mail_address_and_unknown_names_are_no_mentions(enter):
    ann, bob = await enter("Ann"), await enter("Bob")
    await ann.say("mail me@bob.example or bob@bob, @bobby, @@bob and https://example.org/@bob")
    await bob.sees("mail me@bob.example or bob@bob, @bobby, @@bob and https://example.org/@bob")
    await expect(mention(bob, "mail")).to_have_count(0)


async def test_a_name_with_a_space(enter):
    ann, bob = await enter("Ann"), await enter("Anna Lee")
    await bob.say("Here I am")
    await ann.say("Welcome, @anna lee, from @ann")
    await bob.sees("Here I am", "Welcome, @Anna Lee, from @Ann")
    await expect(mention(bob, "Welcome")).to_have_text(["@Anna Lee", "@Ann"])


async def test_a_name_from_right_to_left(enter):
    ann, layla = await enter("Ann"), await enter("ليلى")
    await ann.say("Hello @ليلى (and everybody)")
    await layla.sees("Hello @ليلى (and everybody)")
    assert await is_meant(layla, "Hello")
    assert not await is_meant(ann, "Hello")
    await layla.say("مرحبا @Ann!")
    assert await is_meant(ann, "مرحبا")
    at = "(text) => ({x: text.getBoundingClientRect().x})"
    words = await ann.message("Hello").locator(".text").evaluate(at)
    assert (await mention(ann, "Hello").evaluate(at))["x"] > words["x"]


async def test_an_edit_adds_and_takes_back_mentions(enter):
    ann, bob = await enter("Ann"), await enter("Bob")
    await ann.say("Does anybody know?")
    await ann.edit("know?", into="Does @Bob know?")
    await expect(mention(bob, "know?")).to_have_text("@Bob")
    assert await is_meant(bob, "know?")
    await ann.field.press("ArrowUp")
    await expect(ann.field).to_have_value("Does @Bob know?")
    await ann.say("Does nobody know?")
    await bob.sees("Does nobody know?")
    await expect(mention(bob, "know?")).to_have_count(0)


async def test_an_action_mentions(enter):
    ann, bob = await enter("Ann"), await enter("Bob")
    await ann.say("/me waves at @Bob")
    await expect(mention(bob, "waves")).to_have_text("@Bob")
    assert await is_meant(bob, "waves")
