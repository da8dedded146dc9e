"""Messages look the same to everyone, and rejected ones get a reason."""

import pytest


async def test_messages_go_both_ways(ann, bob):
    await ann.say("Hello Bob")
    await bob.sees("Hello Bob")
    await bob.say("Hello Ann")
    for person in ann, bob:
        await person.sees("Hello Bob", "Hello Ann")


async def test_newcomer_sees_earlier_messages(enter, ann, bob):
    await ann.say("Hello Bob")
    await bob.sees("Hello Bob")
    cid = await enter("Cid")
    await cid.sees("Hello Bob")


async def test_three_people_see_the_same_order(enter, ann, bob):
    cid = await enter("Cid")
    for text in "one", "two", "three":
        for person in ann, bob, cid:
            await person.say(f"This is {text}")
    await cid.sees(*(f"This is {text}" for text in ("one", "two", "three") for _ in range(3)))
    assert ann.log == bob.log == cid.log


async def test_message_sent_twice_is_shown_once(ann, bob):
    for _ in range(2):
        await ann.say("Hello", "sent0again")
    await ann.say("Goodbye")
    await bob.sees("Hello", "Goodbye")


async def test_messages_of_one_author_are_grouped(ann, bob):
    await ann.say("first")
    await ann.say("second")
    await bob.sees("first", "second")
    await bob.say("third")
    await ann.say("fourth")
    await bob.sees("first", "second", "third", "fourth")
    assert [bob.begins_run(text) for text in bob.messages] == [True, False, True, True]


async def test_next_message_of_a_run_shows_the_name_after_the_first_is_deleted(ann, bob):
    await ann.say("one")
    await ann.say("two")
    await bob.sees("one", "two")
    assert not bob.begins_run("two")
    await ann.delete("one")
    await bob.sees("two")
    assert bob.begins_run("two")


async def test_rejected_message_gets_a_reason(ann, bob):
    refused = {
        "x" * 4001: "A message can have up to 4,000 characters; this one has 4,001.",
        "   ": "Type a message first.",
        "/unknown": "Unknown command: /unknown.",
        "/nick": "/nick needs more: NAME",
    }
    for number, (text, reason) in enumerate(refused.items(), 1):
        await ann.say(text)
        await ann.is_refused(because=reason)
        await bob.is_not_refused()
        await ann.say("Better now", knowing=True)
        await bob.sees(*["Better now"] * number)
        await ann.is_not_refused()


async def test_reason_for_a_returned_text_stays_until_it_is_fixed(ann):
    await ann.say("/nick")
    await ann.is_refused(because="/nick needs more: NAME")
    await ann.say("this was on its way already")
    await ann.sees("this was on its way already")
    assert ann.reason
    await ann.say("better", knowing=True)
    await ann.sees("this was on its way already", "better")
    await ann.is_not_refused()


@pytest.mark.settings(CHAT_MESSAGE_RATE="2 per minute")
async def test_message_sent_too_fast_is_rejected(ann):
    for text in "one", "two", "three":
        await ann.say(text)
    await ann.is_refused(because="You're sending too fast.")
    await ann.sees("one", "two")


@pytest.mark.settings(CHAT_HISTORY_LIMIT="3")
async def test_top_of_a_full_history_tells_how_to_keep_more(ann, bob):
    top = "Only the last 3 messages are kept. To keep more, set CHAT_HISTORY_LIMIT."
    for text in "one", "two":
        await ann.say(text)
    await bob.sees("one", "two")
    assert top not in bob.log
    await ann.say("three")
    await bob.sees("one", "two", "three")
    assert bob.log.startswith(top)
    await ann.say("four")
    await bob.sees("two", "three", "four")
    await ann.delete("three")
    await bob.sees("two", "four")
    assert bob.log.startswith(top)
