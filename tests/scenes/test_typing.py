"""The typing indicator: shown to others, and cleared."""

import pytest


async def test_typing_is_shown_to_others_only(ann, bob):
    await ann.write("Hello")
    await bob.sees_typing("Ann is typing")
    assert ann.typing == ""


async def test_two_typing_members_see_each_other(enter, ann, bob):
    cid = await enter("Cid")
    await ann.write("Hello")
    await bob.write("Hello")
    await cid.sees_typing("Ann and Bob are typing")
    await ann.sees_typing("Bob is typing")
    await bob.sees_typing("Ann is typing")


async def test_typing_ends_when_the_message_is_sent(ann, bob):
    await ann.write("Hello")
    await bob.sees_typing("Ann is typing")
    await ann.say("Hello")
    await bob.sees_typing("")


async def test_typing_ends_when_the_field_is_empty(ann, bob):
    await ann.write("Hello")
    await bob.sees_typing("Ann is typing")
    await ann.write("")
    await bob.sees_typing("")


@pytest.mark.parametrize("text", ["/admin", " /me"])
async def test_typing_of_a_command_is_not_shown(ann, bob, text):
    await ann.write(text)
    await bob.write("Hello")
    await ann.sees_typing("Bob is typing")
    assert bob.typing == ""
