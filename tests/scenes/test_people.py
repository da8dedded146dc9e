"""People: the card of each, those who are away, and their colours."""

import re

import pytest

from tests.support.scene_page import until
from tests.support.server import ADMIN_PASSWORD

PASSWORD = "seven wild geese"


async def test_card_says_who_somebody_is_and_what_can_be_done(ann, bob):
    await ann.open_card("Bob")
    assert ann.card == "Bob guest · Here now Message Mention Show messages"
    await ann.become_admin(ADMIN_PASSWORD)
    await ann.open_card("Bob")
    assert "Moderate Bob" in ann.card
    await bob.open_card("Ann")
    assert "admin · Here now" in bob.card
    assert "Moderate" not in bob.card


async def test_own_card_offers_no_mention(ann):
    await ann.open_card("Ann")
    assert ann.card == "Ann you guest · Here now Change name… Change picture… Show messages"


async def test_open_card_follows_its_person(ann, bob):
    await ann.open_card("Bob")
    await bob.rename("Robert")
    await until(lambda: "Robert guest · Here now" in ann.card)
    bob.close()
    await until(lambda: "Robert guest · reconnecting…" in ann.card)
    await bob.reload()
    await until(lambda: "Robert guest · Here now" in ann.card)
    await bob.say("Hello")
    await bob.leave()
    await until(lambda: "Robert guest · Away" in ann.card)


async def test_moderation_is_opened_from_the_card(ann, bob):
    await ann.become_admin(ADMIN_PASSWORD)
    await ann.open_card("Bob")
    ann.press_in_card("Moderate Bob")
    await until(lambda: any(label.startswith("Ban") for label in ann.shown_buttons))


async def test_messages_by_somebody_are_found_under_all_their_names(ann, bob):
    await bob.say("as Bob")
    await bob.rename('Robert "Bob" Lee')
    await bob.say("as Robert")
    await ann.say("by Ann")
    await ann.sees("as Bob", "as Robert", "by Ann")
    await ann.open_card_in("as Bob", ann.author_id("as Bob"))
    ann.press_in_card("Show messages")
    await until(lambda: [re.sub("<.*?>", "", result) for result in ann.results] == ["as Robert", "as Bob"])


async def test_card_opens_from_a_message_and_a_mention(enter, ann):
    for name in "Bob", "Ann ❤️", "👨‍👩‍👧", "田中", "Cid 1️⃣", "عمر":
        person = await enter(name)
        text = f"Hi @Ann, says @{name}"
        await person.say(text)
        await ann.shows(text)
        member_id = ann.author_id(text)
        assert f'data-mention="{member_id}"' in ann.message(text)
        await ann.open_card_in(text, member_id)
        await until(lambda name=name: ann.card.startswith(f"{name} guest"), lambda: ann.card)


async def test_card_of_nobody_does_not_open(ann):
    await ann.say("Hello")
    await ann.shows("Hello")
    for member_id in "nobody", "all", "", "<b>", None, 7, ["x"]:
        for command in "--card", "--mention", "--direct", "--close-direct", "--messages-by":
            ann.invoke([command, member_id, ""])
        ann._the(lambda tag: tag.props.get("class") == "log").trigger("click", [member_id, "x"])
    await ann.say("Still here")
    await ann.shows("Still here")
    assert ann.card == "" and not ann.is_dialog_open


async def test_those_who_left_are_away_until_they_come_back(enter, ann, bob):
    await bob.say("Hello")
    await ann.shows("Hello")
    olga = await enter()
    await olga.sign_up("Olga", PASSWORD)
    silent = await enter("Silent")
    for person in bob, silent:
        await person.leave()
    await olga.choose("Sign out")
    await ann.sees_people("Ann")
    await until(lambda: ann.away == ["Bob", "Olga"])
    await ann.open_card("Olga")
    assert ann.card == "Olga member · Away Mention Show messages"
    await bob.is_at_the_card()
    await bob.join("Bob")
    await until(lambda: ann.away == ["Olga"])


@pytest.mark.parametrize("anonymize", ["", "on"])
async def test_deleted_account_is_not_away(enter, ann, anonymize):
    olga = await enter()
    await olga.sign_up("Olga", PASSWORD)
    await olga.say("Hello")
    await ann.shows("Hello")
    await olga.choose("Account")
    olga.click("Delete account…")
    olga.submit_dialog(PASSWORD, anonymize)
    await ann.sees_people("Ann")
    await until(lambda: ann.away == [])


async def test_five_people_have_five_colours_also_in_their_messages(enter, ann):
    for name in "Bob", "Cid", "Dora", "Eve":
        await enter(name)
    await ann.sees_people("Ann", "Bob", "Cid", "Dora", "Eve")
    avatars = {name: re.findall("<i class=[^>]*>", ann.row_html(name))[0] for name in ann.people}
    assert len({avatar.partition(" data-is")[0] for avatar in avatars.values()}) == 5
    await ann.say("Hello")
    await ann.shows("Hello")
    assert avatars["Ann"] in ann.message("Hello")
