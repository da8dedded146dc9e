"""Links to messages that can't be shown."""

import pytest


@pytest.mark.parametrize("target", ["unknown0id", "", "../moderation", "x" * 2000, None, 7, ["message01"], {}])
async def test_link_to_no_message_says_so(ann, target):
    ann.open_link(target)
    await ann.is_refused("That message no longer exists.")


async def test_link_to_a_deleted_message_says_so(ann, bob):
    await ann.say("Cake?")
    await bob.sees("Cake?")
    message_id = bob.message_id("Cake?")
    await ann.delete("Cake?")
    await bob.sees()
    bob.open_link(message_id)
    await bob.is_refused("That message no longer exists.")


async def test_link_to_a_message_is_followed_without_a_word(ann):
    await ann.say("Cake?")
    await ann.sees("Cake?")
    ann.open_link(ann.message_id("Cake?"))
    await ann.say("Tea?")
    await ann.sees("Cake?", "Tea?")
    assert ann.reason == ""
