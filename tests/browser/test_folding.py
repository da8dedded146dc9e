"""Long messages are folded, until the viewer wants the rest."""

from playwright.async_api import expect

LONG = "\n".join(f"line {number}" for number in range(1, 61))
SCROLL = "text => { text.scrollTop = 600 }"  # as a browser does when it finds a word in the page


async def test_long_message_unfolds_in_its_place_and_stays_so(enter, guest):
    ann, bob = await enter("Ann"), await guest("Bob")
    for number in range(10):
        await bob.say(f"before {number}")
    await bob.say(LONG)
    message = ann.message("line 60")
    button = message.get_by_role("button", name="Show more")
    await expect(button).to_have_attribute("aria-expanded", "false")
    folded = (await message.bounding_box())["height"]
    top = await ann.top_of("before 9")
    await button.click()
    await ann.stays("before 9", top)
    await expect(message.get_by_role("button", name="Show less")).to_be_visible()
    assert (await message.bounding_box())["height"] > 2 * folded
    await bob.react("line 60", "👍")
    await expect(ann.reaction("line 60", "👍")).to_be_visible()
    less = message.get_by_role("button", name="Show less")
    await less.focus()
    await ann.keys("Tab", "Shift+Tab")
    place = (await less.bounding_box())["y"]
    await ann.keys("Enter")
    await expect(button).to_be_focused()
    assert abs((await button.bounding_box())["y"] - place) <= 2


async def test_text_found_in_a_folded_message_is_shown(enter, guest):
    ann, bob = await enter("Ann"), await guest("Bob")
    await bob.say(LONG)
    await bob.say("after")
    message = ann.message("line 60")
    await expect(message.get_by_role("button", name="Show more")).to_be_visible()
    await message.locator(".text").evaluate(SCROLL)
    await expect(message.get_by_role("button", name="Show less")).to_be_visible()
    await message.get_by_role("button", name="Show less").click()
    await ann.search("line 50")
    await ann.open_result()
    await expect(message.get_by_role("button", name="Show less")).to_be_attached()
    await expect(message).to_be_focused()
