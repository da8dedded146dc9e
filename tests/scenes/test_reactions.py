"""Reactions: counted for everyone, removed by their authors."""

import pytest

from tests.support.scene_page import until

TWENTY = [*"😀😃😄😁😆😅🤣😂🙂🙃😉😊😇🥰😍🤩😘😗😚😙"]


async def expect_reactions(person, text, **reactions):
    """Expect exactly these reactions, with their authors, on the message with this text."""
    await until(lambda: person.reactions(text) == reactions, lambda: f"{person.reactions(text)} instead of {reactions}")


async def test_reaction_is_counted_for_everyone_and_can_be_removed(enter, ann, bob):
    cid = await enter("Cid")
    await ann.say("Cake?")
    await bob.sees("Cake?")
    await bob.react("Cake?", "👍")
    for person in ann, bob, cid:
        await expect_reactions(person, "Cake?", **{"👍 1": "Bob"})
    await cid.react("Cake?", "👍")
    await ann.react("Cake?", "🎉")
    for person in ann, bob, cid:
        await expect_reactions(person, "Cake?", **{"👍 2": "Bob and Cid", "🎉 1": "Ann"})
    await bob.react("Cake?", "👍")
    await ann.react("Cake?", "🎉")
    for person in ann, bob, cid:
        await expect_reactions(person, "Cake?", **{"👍 1": "Cid"})
    await cid.react("Cake?", "👍")
    await expect_reactions(ann, "Cake?")


async def test_own_reaction_is_highlighted_by_the_style_sheet_of_its_author(ann, bob):
    await ann.say("Cake?")
    await bob.sees("Cake?")
    await bob.react("Cake?", "👍")
    await expect_reactions(ann, "Cake?", **{"👍 1": "Bob"})
    mark = ann.message("Cake?").partition('data-by="')[2].partition('"')[0]
    pressed = f'[data-by~="{mark}"]+[aria-pressed=true]{{display:inline-flex}}'
    assert pressed in bob.style
    assert pressed not in ann.style


async def test_reaction_must_be_an_emoji(ann):
    await ann.say("Cake!")
    await ann.shows("Cake!")
    for emoji in "x", "🎉🎉", "<b>", "x" * 100_000:
        await ann.react("Cake!", emoji)
        await ann.is_refused(because="You can only react with emoji.")
        await expect_reactions(ann, "Cake!")
        await ann.say("Sorry", knowing=True)
        await ann.is_not_refused()


async def test_rejection_of_a_reaction_is_cleared_by_the_next_action(ann):
    refusal = "You can only react with emoji."
    await ann.say("Cake!")
    await ann.sees("Cake!")
    for next_action in (lambda: ann.say("Well then"), lambda: ann.react("Cake!", "🎉")):
        await ann.react("Cake!", "none")
        await ann.is_refused(because=refusal)
        await next_action()
        await ann.reads_no(refusal)
    await ann.react("Cake!", "none")
    await ann.is_refused(because=refusal)
    ann.press_escape()
    await ann.is_not_refused()


@pytest.mark.settings(CHAT_MESSAGE_RATE="1000 per minute")
async def test_message_has_at_most_twenty_different_reactions(ann, bob):
    await ann.say("Cake?")
    await bob.sees("Cake?")
    for emoji in TWENTY:
        await ann.react("Cake?", emoji)
    await expect_reactions(bob, "Cake?", **{f"{emoji} 1": "Ann" for emoji in TWENTY})
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
    await expect_reactions(bob, "Cake?", **{"👍 1": "Bob"})


async def test_open_reactions_show_that_their_message_was_deleted(ann, bob):
    await ann.say("stays")
    await ann.say("to be deleted")
    await bob.sees("stays", "to be deleted")
    await bob.press("React", "to be deleted")
    await ann.delete("to be deleted")
    await bob.sees("stays")
    await bob.is_refused(because="That message was deleted.")
