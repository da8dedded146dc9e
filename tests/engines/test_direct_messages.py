"""Choosing somebody for a direct message."""

HINT = "() => document.querySelector('#composer textarea').placeholder"


async def test_person_is_chosen_for_a_direct_message(enter, guest):
    ann, _ = await enter("Ann"), await guest("Bob")
    await ann.choose("New message…")
    await ann.eventually("People", "() => document.activeElement.ariaLabel")
    await ann.keys("b", "o")
    await ann.keys("Enter")
    await ann.eventually("Bob", "() => document.querySelector('.chips').textContent")
    await ann.keys("Enter")
    await ann.eventually("Message Bob", HINT)
    await ann.say("Psst")
    await ann.sees("Psst")
