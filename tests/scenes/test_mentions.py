"""Mentions are bound to a person, not to a name."""

import json

from tests.support.scene_page import until
from tests.support.server import ADMIN_PASSWORD


async def expect_title(person, title):
    await until(lambda: person.title == title, lambda: f"{person.title} instead of {title}")


async def test_mention_is_highlighted_for_the_mentioned_member(enter, ann, bob):
    cid = await enter("Cid")
    await ann.say("Does @bob know?")
    for person in ann, bob, cid:
        await person.sees("Does @Bob know?")
    assert bob.mentions_me("know?")
    assert not ann.mentions_me("know?")
    assert not cid.mentions_me("know?")


async def test_mention_survives_a_reload(ann, bob):
    await ann.say("Does @Bob know?")
    await bob.sees("Does @Bob know?")
    tab = await bob.open_another_tab()
    for page in bob, tab:
        assert page.mentions_me("know?")


async def test_mentions_follow_a_rename(enter, ann, bob):
    await ann.say("Does @Bob know?")
    await bob.sees("Does @Bob know?")
    await bob.rename("Robert")
    for person in ann, bob:
        await person.sees("Does @Robert know?")
    assert bob.mentions_me("know?")
    await ann.say("And does @Robert care?")
    await bob.sees("Does @Robert know?", "And does @Robert care?")
    assert bob.mentions_me("care?")
    other = await enter("Bob")
    await other.sees("Does @Robert know?", "And does @Robert care?")
    assert not other.mentions_me("know?")
    await ann.say("Hello @Bob!")
    await other.sees("Does @Robert know?", "And does @Robert care?", "Hello @Bob!")
    assert other.mentions_me("Hello")
    assert not bob.mentions_me("Hello")


async def test_edit_of_an_old_message_mentions_the_same_person(enter, ann, bob, own_data_dir):
    await ann.say("Does @Bob know?")
    await bob.say("Sure")
    await ann.sees("Does @Bob know?", "Sure")
    await bob.rename("Robert")
    await ann.sees("Does @Robert know?", "Sure")
    other = await enter("Bob")
    await ann.start("Edit", "know?")
    await until(lambda: "Editing your message Does @Robert know?" in ann.about)
    await ann.say("Does @Robert know that?")
    await other.sees("Does @Robert know that?", "Sure")
    said, answer = json.loads((own_data_dir / "chat_log.json").read_text())["messages"]
    assert said["mentions"] == {"Robert": answer["author"]}


async def test_edit_adds_and_removes_mentions(ann, bob):
    await ann.say("Does anybody know?")
    await bob.sees("Does anybody know?")
    await ann.edit("know?", into="Does @Bob know?")
    await bob.sees("Does @Bob know?")
    assert bob.mentions_me("know?")
    await ann.edit("know?", into="Does nobody know?")
    await bob.sees("Does nobody know?")
    assert not bob.mentions_me("know?")


async def test_admin_mentions_everyone(enter, ann, bob):
    await ann.become_admin(ADMIN_PASSWORD)
    await ann.say("Lunch, @all!")
    for person in ann, bob:
        await person.sees("Lunch, @all!")
        assert person.mentions_me("Lunch")


async def test_guest_cannot_mention_everyone_and_email_and_code_mention_no_one(ann, bob):
    for text in (
        "Lunch, @all!",
        "mail me@bob.example or bob@bob, @bobby, @@bob and https://example.org/@bob",
        "see `@Bob`",
    ):
        await ann.say(text)
        await bob.shows(text.replace("`", ""))
        assert "class=mention" not in bob.message(text.split("`")[0]), text


async def test_names_with_spaces_and_in_other_scripts_are_mentioned(enter, ann):
    anna, layla = await enter("Anna Lee"), await enter("ليلى")
    await ann.say("Welcome, @anna lee, from @ann")
    await ann.say("Hello @ليلى (and everybody)")
    await layla.sees("Welcome, @Anna Lee, from @Ann", "Hello @ليلى (and everybody)")
    assert anna.mentions_me("Welcome")
    assert ann.mentions_me("Welcome")
    assert layla.mentions_me("Hello")
    assert not ann.mentions_me("Hello")


async def test_actions_and_formatted_text_can_mention(ann, bob):
    for text, shown in ("/me waves at @Bob", "Ann waves at @Bob"), ("**Dear @Bob**", "Dear @Bob"):
        await ann.say(text)
        await bob.shows(shown)
        assert bob.mentions_me(shown)


async def test_mention_needs_no_spaces_in_scripts_without_them(enter, ann):
    tanaka = await enter("田中")
    for text in "@田中さん", "こんにちは@田中", "「＠田中」をお願いします", "你好，@田中。":
        await ann.say(text)
        await tanaka.shows(shown := text.replace("＠", "@"))
        assert tanaka.mentions_me(shown)


async def test_code_formulas_and_urls_mention_no_one(ann, bob):
    await bob.set_preference("title", "mentions")
    await bob.look_away()
    for number, text in enumerate(
        (
            "see `@Bob`",
            "``a ` @Bob``",
            "```\n@Bob\n```",
            "- one\n- ```py\n  @Bob\n  ```",
            "> ~~~\n> @Bob",
            "it is $@Bob + 1$",
            "[profile](https://example.org/@Bob)",
            "<https://example.org/?to=@Bob>",
        )
    ):
        await ann.say(f"{text}\n\nend {number}")
        await bob.shows(f"end {number}")
        assert "class=mention" not in bob.message(f"end {number}"), text
    await ann.say("now @Bob")
    await bob.shows("now @Bob")
    await expect_title(bob, "(1) TCPChatNet")


async def test_other_markup_can_mention(ann, bob):
    await bob.set_preference("title", "mentions")
    await bob.look_away()
    texts = ["||@Bob||", "`code` and @Bob", "    @Bob", "\\`@Bob`", "| a |\n| - |\n| @Bob |", "# @Bob"]
    for number, text in enumerate(texts, 1):
        await ann.say(text)
        await expect_title(bob, f"({number}) TCPChatNet")
        assert bob.mentions_me("@Bob"), text
