"""People in real browsers, at a real server."""

from playwright.async_api import expect


async def test_a_message_goes_both_ways(enter):
    ann = await enter("Ann")
    bob = await enter("Bob")
    await ann.say("Hello Bob")
    await bob.sees("Hello Bob")
    await bob.say("Hello Ann")
    await ann.sees("Hello Bob", "Hello Ann")
    await expect(ann.field).to_have_value("")
