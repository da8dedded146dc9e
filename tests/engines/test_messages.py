"""Replies, edits and deletions."""


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
    await ann.sees("a mistak")
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
