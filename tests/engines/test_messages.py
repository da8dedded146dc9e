"""Messages: replies, edits, deletions, and the lines they take."""

import pytest


@pytest.fixture
def server(make_server):
    return make_server(CHAT_GRACE="1", CHAT_MESSAGE_RATE="1000 per second")


async def test_reply_quotes_its_message(enter, guest):
    ann, bob = await enter("Ann"), await guest("Bob")
    await bob.say("the question")
    await ann.reply("the question", "the answer")
    await bob.sees("the question", "the answer")
    await ann.sees_quote("the answer", "Bob the question")


async def test_edit_replaces_a_message(enter, guest):
    ann, bob = await enter("Ann"), await guest("Bob")
    await ann.say("a mistake")
    await ann.edit("a mistake", into="all right")
    await bob.sees("all right")
    await ann.sees("all right")


async def test_arrow_up_edits_the_last_own_message(enter, guest):
    ann, bob = await enter("Ann"), await guest("Bob")
    await ann.say("a mistak")
    await bob.say("not hers")
    await ann.sees("a mistak", "not hers")
    await ann.keys("ArrowUp")
    await ann.sees_subject("Editing your message a mistak")
    await ann.write("e")
    await ann.keys("Enter")
    await bob.sees("a mistake", "not hers")


async def test_deletion_is_confirmed(enter, guest):
    ann, bob = await enter("Ann"), await guest("Bob")
    await ann.say("never mind")
    await ann.say("stays")
    await ann.delete("never mind")
    await bob.sees("stays")
    await ann.sees("stays")


async def test_short_messages_keep_on_one_line(enter, guest):
    ann, bob = await enter("Ann"), await guest("Bob")
    texts = [
        f"{word} {other}"
        for word in ("yes", "tea", "why?", "later")
        for other in ("Ann", "it is", "I will", "now!", "said Eve", "and you", "or no")
    ]
    for text in texts:
        await bob.say(text)
    await ann.sees(*texts)
    assert await ann.broken_messages() == []
