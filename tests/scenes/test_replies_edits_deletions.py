"""Replies, edits and deletions."""

import pytest

from chat.domain.rooms.directory.room_info import LOBBY
from tests.support.room_nodes import plain
from tests.support.scene_page import until
from tests.support.server import ADMIN_PASSWORD


def quote(person, text):
    return plain(person.message(text).partition("class=quote")[2].partition(">")[2].partition("<div")[0])


def is_on_disk(data_dir, text):
    """Return whether any file in the data folder contains the text."""
    files = [path for path in data_dir.rglob("*") if path.is_file()]
    assert data_dir / "chat_log.json" in files
    return any(text.encode() in path.read_bytes() for path in files)


# Reply.


async def test_reply_quotes_author_and_first_words(ann, bob):
    await ann.say("Shall we *meet*?")
    await bob.sees("Shall we meet?")
    await bob.start("Reply", "Shall we meet?")
    assert "Replying to Ann Shall we meet?" in bob.about
    await bob.say("At eight")
    for person in ann, bob:
        await person.sees("Shall we meet?", "At eight")
        assert quote(person, "At eight") == "Ann Shall we meet?"
    await bob.say("See you")
    await ann.sees("Shall we meet?", "At eight", "See you")
    assert quote(ann, "See you") == ""


async def test_reply_to_a_reply_quotes_only_that_reply(ann, bob):
    await ann.say("one")
    await bob.sees("one")
    await bob.reply(to="one", text="two")
    await ann.sees("one", "two")
    await ann.reply(to="two", text="three")
    await bob.sees("one", "two", "three")
    assert quote(bob, "three") == "Bob two"


async def test_action_can_be_a_reply(ann, bob):
    await ann.say("Coffee?")
    await bob.sees("Coffee?")
    await bob.reply(to="Coffee?", text="/me nods")
    await ann.sees("Coffee?", "Bob nods")
    assert quote(ann, "nods") == "Ann Coffee?"


async def test_quote_of_a_deleted_message_shows_its_deletion(enter, ann, bob):
    await ann.say("Shall we meet?")
    await bob.sees("Shall we meet?")
    await bob.reply(to="Shall we meet?", text="At eight")
    await ann.sees("Shall we meet?", "At eight")
    ann.invoke(["--delete", "", ann.message_ids[0]])
    ann.click("Delete")
    cid = await enter("Cid")
    for person in ann, bob, cid:
        await person.sees("At eight")
        assert quote(person, "At eight") == "The message was deleted."


async def test_quote_follows_an_edit_of_its_message(ann, bob):
    await ann.say("At sevn")
    await bob.sees("At sevn")
    await bob.reply(to="At sevn", text="Fine by me")
    await ann.sees("At sevn", "Fine by me")
    ann.invoke(["--edit", "", ann.message_ids[0]])
    await ann.reads("Editing your message")
    ann.submit(["edited00000", "At seven", f"edit-{ann.message_ids[0]}", LOBBY])
    for person in ann, bob:
        await until(lambda person=person: quote(person, "Fine by me") == "Ann At seven")


@pytest.mark.settings(CHAT_HISTORY_LIMIT="2")
async def test_quote_of_a_message_beyond_the_history_limit_is_reported_as_gone(ann):
    await ann.say("the question")
    await ann.sees("the question")
    original = ann.message_id("the question")
    await ann.reply(to="the question", text="the answer")
    await ann.say("and more")
    await ann.sees("the answer", "and more")
    ann.invoke(["--jump", original, ""])
    await ann.is_refused(because="That message is no longer kept.")


async def test_reply_to_a_message_deleted_meanwhile_is_rejected(ann, bob):
    await ann.say("the question")
    await bob.sees("the question")
    await bob.start("Reply", "the question")
    await ann.delete("the question")
    await bob.sees()
    await until(lambda: "The message was deleted." in bob.about)
    await bob.say("the answer")
    await bob.is_refused(because="The message you replied to was deleted. Send again to post without the reply.")
    await bob.say("the answer", knowing=True)
    await ann.sees("the answer")
    assert quote(ann, "the answer") == ""
    await bob.is_not_refused()


async def test_rejected_reply_after_a_reload_shows_its_quote(ann, bob):
    await ann.say("Cake?")
    await bob.sees("Cake?")
    bob.submit(["message0refused", "x" * 4001, f"reply-{bob.message_id('Cake?')}", LOBBY])
    await bob.is_refused(because="up to 4,000 characters")
    await bob.reads("Replying to")


# Edit.


async def test_edit_is_seen_by_everyone_and_marked(ann, bob):
    await ann.say("At sevn")
    await bob.sees("At sevn")
    await ann.edit("At sevn", into="At *seven*")
    for person in ann, bob:
        await person.sees("At seven")
        assert "<em>seven</em>" in person.message("At seven")
        assert "edited" in person.message("At seven")


async def test_edit_replaces_the_text_in_the_history_and_on_the_page(ann, bob, own_data_dir):
    await ann.say("rosebud")
    await bob.sees("rosebud")
    await ann.edit("rosebud", into="tulip")
    await bob.sees("tulip")
    assert "rosebud" not in (own_data_dir / "chat_log.json").read_text()
    assert "rosebud" not in "".join(bob.html())


async def test_message_of_another_member_cannot_be_edited_or_deleted(ann, bob):
    await ann.say("Mine")
    await bob.sees("Mine")
    await bob.press("Edit", "Mine")
    await bob.press("Delete", "Mine")
    await bob.reads_no("Editing")
    await bob.reads_no("Delete this message?")
    bob.submit(["message0foreign", "Yours", f"edit-{bob.message_id('Mine')}", LOBBY])
    await bob.is_refused(because="You can only change your own messages.")
    await ann.sees("Mine")


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("/me waves", "can't turn a message into a command"),
        ("x" * 4001, "A message can have up to 4,000 characters; this one has 4,001."),
        (" \n ", "Type a message first."),
    ],
)
async def test_rejected_edit_changes_nothing(ann, bob, text, reason):
    await ann.say("stays")
    await bob.sees("stays")
    await ann.edit("stays", into=text)
    await ann.is_refused(because=reason)
    assert "Editing your message stays" in ann.about
    await bob.sees("stays")
    ann.submit(["message0better1", "stays, changed", f"edit-{ann.message_id('stays')}", LOBBY, True])
    await bob.sees("stays, changed")
    await ann.is_not_refused()


async def test_edit_of_a_message_deleted_meanwhile_is_rejected(ann, bob):
    await bob.become_admin(ADMIN_PASSWORD)
    await ann.say("to be deleted")
    await bob.sees("to be deleted")
    await ann.start("Edit", "to be deleted")
    await bob.delete("to be deleted")
    await ann.sees()
    await ann.say("long and dear")
    await ann.is_refused(because="That message was deleted.")
    await ann.say("long and dear")
    await bob.sees("long and dear")


# Delete.


async def test_deleted_message_is_gone_for_everyone(enter, ann, bob):
    tab = await bob.open_another_tab()
    for text in "one", "two", "three":
        await ann.say(text)
    await ann.sees("one", "two", "three")
    await ann.delete("two")
    cid = await enter("Cid")
    for person in ann, bob, tab, cid:
        await person.sees("one", "three")


async def test_deletion_asks_for_confirmation(ann):
    await ann.say("stays")
    await ann.sees("stays")
    await ann.press("Delete", "stays")
    await ann.reads("Delete this message?")
    await ann.say("too")
    await ann.sees("stays", "too")


async def test_deleted_message_is_gone_from_the_disk(ann, bob, own_data_dir):
    await ann.say("rosebud")
    await bob.sees("rosebud")
    await bob.reply(to="rosebud", text="Who?")
    await ann.sees("rosebud", "Who?")
    assert is_on_disk(own_data_dir, "rosebud")
    ann.invoke(["--delete", "", ann.message_ids[0]])
    ann.click("Delete")
    await bob.sees("Who?")
    assert not is_on_disk(own_data_dir, "rosebud")
    await ann.say("anything")
    await bob.sees("Who?", "anything")
    assert not is_on_disk(own_data_dir, "rosebud")


async def test_deleted_message_is_gone_from_open_replies_and_search_results(enter, ann, bob):
    cid = await enter("Cid")
    for text in "my secret", "a secret of all":
        await ann.say(text)
    await bob.sees("my secret", "a secret of all")
    await bob.start("Reply", "my secret")
    await cid.search("secret")
    await until(lambda: len(cid.results) == 2)
    await ann.delete("my secret")
    await until(lambda: "The message was deleted." in bob.about)
    await until(lambda: len(cid.results) == 1)
    await ann.edit("a secret of all", into="known to all")
    await cid.sees("known to all")
    await until(lambda: not cid.results)
    for person in bob, cid:
        assert "secret" not in "".join(person.html())


async def test_admin_can_delete_messages_of_others(ann, bob):
    await bob.say("Something silly")
    await ann.sees("Something silly")
    await ann.become_admin(ADMIN_PASSWORD)
    await ann.delete("Something silly")
    for person in ann, bob:
        await person.sees()


async def test_second_deletion_reports_that_the_message_is_gone(ann, bob):
    await ann.say("to be deleted")
    await bob.become_admin(ADMIN_PASSWORD)
    await bob.press("Delete", "to be deleted")
    await bob.reads("Delete this message?")
    await ann.delete("to be deleted")
    await bob.sees()
    bob.click("Delete")
    await bob.is_refused(because="That message was deleted.")
