"""Reactions: counted for everyone, and taken back by those who gave them."""

import pytest

from tests.support.scene_page import until

TWENTY = [*"😀😃😄😁😆😅🤣😂🙂🙃😉😊😇🥰😍🤩😘😗😚😙"]


async def shows(person, text, **reactions):
    """See exactly these reactions at the message with this text, and the names of those who gave them."""
    await until(lambda: person.reactions(text) == reactions, lambda: f"{person.reactions(text)} instead of {reactions}")


async def test_reaction_is_counted_for_everyone_and_taken_back(enter, ann, bob):
    cid = await enter("Cid")
    await ann.say("Cake?")
    await bob.sees("Cake?")
    await bob.react("Cake?", "👍")
    for person in ann, bob, cid:
        await shows(person, "Cake?", **{"👍 1": "Bob"})
    await cid.react("Cake?", "👍")
    await ann.react("Cake?", "🎉")
    for person in ann, bob, cid:
        await shows(person, "Cake?", **{"👍 2": "Bob and Cid", "🎉 1": "Ann"})
    await bob.react("Cake?", "👍")
    await ann.react("Cake?", "🎉")
    for person in ann, bob, cid:
        await shows(person, "Cake?", **{"👍 1": "Cid"})
    await cid.react("Cake?", "👍")
    await shows(ann, "Cake?")


async def test_own_reaction_is_marked_by_the_style_sheet_of_its_giver(ann, bob):
    await ann.say("Cake?")
    await bob.sees("Cake?")
    await bob.react("Cake?", "👍")
    await shows(ann, "Cake?", **{"👍 1": "Bob"})
    given_by = ann.message("Cake?").partition('data-by="')[2].partition('"')[0]
    pressed = f'[aria-pressed=true][data-by~="{given_by}"]{{display:inline-flex}}'
    assert pressed in bob.style
    assert pressed not in ann.style


@pytest.mark.parametrize("emoji", ["x", "🎉🎉", "<b>", "x" * 100_000])
async def test_only_emoji_are_reactions(ann, emoji):
    await ann.say("Cake!")
    await ann.sees("Cake!")
    await ann.react("Cake!", emoji)
    await ann.is_refused(because="You can only react with emoji.")
    await shows(ann, "Cake!")


async def test_refusal_of_a_reaction_goes_with_the_next_action(ann):
    refusal = "You can only react with emoji."
    await ann.say("Cake!")
    await ann.sees("Cake!")
    for go_on in (lambda: ann.say("Well then"), lambda: ann.react("Cake!", "🎉")):
        await ann.react("Cake!", "none")
        await ann.is_refused(because=refusal)
        await go_on()
        await ann.reads_no(refusal)
    await ann.react("Cake!", "none")
    await ann.is_refused(because=refusal)
    ann.press_escape()
    await ann.is_not_refused()


@pytest.mark.settings(CHAT_MESSAGE_RATE="1000 per minute")
async def test_message_has_twenty_different_reactions_at_most(ann, bob):
    await ann.say("Cake?")
    await bob.sees("Cake?")
    for emoji in TWENTY:
        await ann.react("Cake?", emoji)
    await shows(bob, "Cake?", **{f"{emoji} 1": "Ann" for emoji in TWENTY})
    await bob.react("Cake?", "🎉")
    await bob.is_refused(because="A message can have up to 20 different reactions.")
    await bob.react("Cake?", TWENTY[0])
    await until(lambda: f"{TWENTY[0]} 2" in ann.reactions("Cake?"))


async def test_edited_message_keeps_its_reactions(ann, bob):
    await ann.say("Cke?")
    await bob.sees("Cke?")
    await bob.react("Cke?", "👍")
    await ann.edit("Cke?", into="Cake?")
    await bob.sees("Cake?")
    await shows(bob, "Cake?", **{"👍 1": "Bob"})


async def test_open_reactions_say_that_their_message_was_deleted(ann, bob):
    await ann.say("stays")
    await ann.say("to be deleted")
    await bob.sees("stays", "to be deleted")
    await bob.press("React", "to be deleted")
    await ann.delete("to be deleted")
    await bob.sees("stays")
    await bob.is_refused(because="That message was deleted.")
