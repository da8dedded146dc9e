"""What people do with a message once it is there: answer it, edit it, delete it."""

import pytest
from playwright.async_api import expect

from tests.support.people import TALL
from tests.support.server import ADMIN_PASSWORD

TOUCH = {"has_touch": True, "is_mobile": True, "viewport": {"width": 390, "height": 844}}
IS_MARKED = "() => document.activeElement.getAnimations().length > 0"


@pytest.fixture
def server(make_server):
    """A server that waits five seconds for who is gone: pages that come back then are the same pages."""
    return make_server(CHAT_GRACE="5")


def quote(person, text):
    """The quoted line above the reply with this text."""
    return person.message(text).locator(".quote")


async def has_no_button(person, button, text):
    """Look for a button where the mouse makes the others appear."""
    message = person.message(text)
    await message.locator(".text").hover()
    await expect(message.get_by_role("button", name="Reply")).to_be_visible()
    await expect(message.get_by_role("button", name=button)).to_be_hidden()


def is_on_disk(server, text):
    """Whether the text is in any file of the data folder."""
    files = [path for path in server.data_dir.rglob("*") if path.is_file()]
    assert server.history_file in files
    return any(text.encode() in path.read_bytes() for path in files)


# Reply.


async def test_a_reply_quotes_author_and_first_words(enter):
    ann, bob = await enter("Ann"), await enter("Bob")
    await ann.say("Shall we meet\non *Thursday*?")
    await bob.reply(to="Thursday", text="Fine by me")
    for person in ann, bob:
        await expect(quote(person, "Fine by me")).to_have_text("Ann Shall we meet on Thursday?")
        await person.sees("Shall we meet on Thursday?", "Fine by me")
    await expect(bob.about).to_be_hidden()
    await bob.say("See you")
    await ann.sees("Shall we meet on Thursday?", "Fine by me", "See you")
    await expect(quote(ann, "See you")).to_have_count(0)


async def test_of_a_long_message_only_the_beginning_is_quoted(enter):
    ann = await enter("Ann")
    await ann.say("word " * 700)
    await ann.reply(to="word", text="That is a lot")
    await expect(quote(ann, "That is a lot")).to_contain_text("Ann word word")
    line, box = await quote(ann, "That is a lot").bounding_box(), await ann.log.bounding_box()
    assert line["height"] < 30
    assert line["x"] + line["width"] <= box["x"] + box["width"]


@pytest.mark.parametrize("locale", ["en", "ar"])
@pytest.mark.parametrize("word", ["word ", "كلمة "])
async def test_it_begins_with_the_first_words_in_either_direction(enter, locale, word):
    bob, ann = await enter("Bob"), await enter(locale=locale, **TOUCH)
    await ann.page.locator("input[name=name]").fill("Ann")
    await ann.page.keyboard.press("Enter")
    await bob.say(word * 50)
    await bob.reply(to=word, text="That is a lot")
    assert await ann.page.locator("article .quote").evaluate("""quote => {
      const range = document.createRange()
      const {left, right} = quote.getBoundingClientRect()
      return [...quote.children].every(part => {
        range.setStart(part.firstChild, 0)
        range.setEnd(part.firstChild, 3)
        const begins = range.getBoundingClientRect()
        return begins.width > 0 && begins.left >= left && begins.right <= right })}""")


async def test_a_reply_to_a_reply_quotes_only_that(enter):
    ann, bob = await enter("Ann"), await enter("Bob")
    await ann.say("one")
    await bob.reply(to="one", text="two")
    await ann.reply(to="two", text="three")
    await expect(quote(bob, "three")).to_have_text("Bob two")


async def test_an_action_as_a_reply(enter):
    ann, bob = await enter("Ann"), await enter("Bob")
    await ann.say("Coffee?")
    await bob.reply(to="Coffee?", text="/me nods")
    await expect(quote(ann, "nods")).to_have_text("Ann Coffee?")


async def test_a_click_on_the_quote_leads_to_the_original(enter):
    ann, bob = await enter("Ann"), await enter("Bob")
    await ann.say("the question")
    await ann.say(TALL)
    await bob.reply(to="the question", text="the answer")
    await ann.say(TALL)
    for person in ann, bob:
        original = person.messages.first
        await quote(person, "the answer").click()
        await person.page.wait_for_function(IS_MARKED)
        await expect(original).to_be_focused()
        await expect(original.locator(".text")).to_be_in_viewport()
        await expect(person.messages.last).not_to_be_in_viewport()


async def test_a_quote_leads_to_the_original_by_keyboard(enter):
    ann = await enter("Ann")
    await ann.say("the question")
    await ann.say(TALL)
    await ann.reply(to="the question", text="the answer")
    await quote(ann, "the answer").focus()
    await ann.page.keyboard.press("Enter")
    await expect(ann.messages.first).to_be_focused()
    await expect(ann.messages.first).to_be_in_viewport()
    await ann.page.keyboard.press("Escape")
    await expect(ann.field).to_be_focused()


async def test_the_quote_of_a_deleted_message_says_so(enter):
    ann, bob, cid = await enter("Ann"), await enter("Bob"), await enter("Cid")
    await ann.say("to be deleted")
    await bob.reply(to="to be deleted", text="the answer")
    await expect(quote(cid, "the answer")).to_contain_text("to be deleted")
    await quote(ann, "the answer").wait_for()
    await ann.messages.first.locator(".text").hover()
    await ann.messages.first.get_by_role("button", name="Delete").click()
    await ann.delete_dialog.get_by_role("button", name="Delete").click()
    for person in ann, bob, cid:
        await expect(quote(person, "the answer")).to_have_text("The message was deleted.")
        await person.sees("the answer")
    await cid.reload()
    await expect(quote(cid, "the answer")).to_have_text("The message was deleted.")


async def test_a_quote_of_what_is_not_kept_any_more_says_so(enter, make_server):
    short = make_server(CHAT_HISTORY_LIMIT="2")
    ann = await enter("Ann", url=short.url)
    await ann.say("the question")
    await ann.reply(to="the question", text="the answer")
    await ann.say("and more")
    await ann.sees("the answer", "and more")
    await quote(ann, "the answer").click()
    await expect(ann.reason).to_have_text("That message is no longer kept.")


async def test_the_quote_of_an_edited_message_is_renewed(enter):
    ann, bob = await enter("Ann"), await enter("Bob")
    await ann.say("At sevn")
    await bob.reply(to="At sevn", text="Fine by me")
    await expect(quote(ann, "Fine by me")).to_have_text("Ann At sevn")
    await ann.field.press("ArrowUp")
    await expect(ann.field).to_have_value("At sevn")
    await ann.say("At seven")
    for person in ann, bob:
        await expect(quote(person, "Fine by me")).to_have_text("Ann At seven")


async def test_escape_ends_a_reply_and_keeps_what_was_written(enter):
    ann = await enter("Ann")
    await ann.say("the question")
    await ann.press("Reply", "the question")
    await expect(ann.about).to_have_text("Replying to Ann the question")
    await expect(ann.field).to_be_focused()
    await ann.write("by the way")
    await ann.field.press("Escape")
    await expect(ann.about).to_be_hidden()
    await expect(ann.field).to_have_value("by the way")
    await ann.field.press("Enter")
    await ann.sees("the question", "by the way")
    await expect(quote(ann, "by the way")).to_have_count(0)


async def test_the_button_ends_a_reply(enter):
    ann = await enter("Ann")
    await ann.say("the question")
    await ann.press("Reply", "the question")
    await ann.about.get_by_role("button", name="Cancel").click()
    await expect(ann.about).to_be_hidden()
    await expect(ann.field).to_be_focused()
    await ann.say("by the way")
    await ann.sees("the question", "by the way")
    await expect(quote(ann, "by the way")).to_have_count(0)


async def test_another_message_is_answered_instead(enter):
    ann = await enter("Ann")
    await ann.say("one")
    await ann.say("two")
    await ann.press("Reply", "one")
    await expect(ann.about).to_contain_text("one")
    await ann.write("half a sent")
    await ann.press("Reply", "two")
    await expect(ann.about).to_contain_text("two")
    await ann.write("ence\n")
    await expect(quote(ann, "half a sentence")).to_have_text("Ann two")


async def test_a_reply_on_touch(enter):
    ann, bob = await enter("Ann", **TOUCH), await enter("Bob")
    await bob.say("the question")
    await ann.reply(to="the question", text="the answer")
    await expect(quote(bob, "the answer")).to_have_text("Bob the question")


async def test_a_reply_by_keyboard(enter):
    ann = await enter("Ann")
    await ann.say("one")
    await ann.say("two")
    await ann.sees("one", "two")
    await ann.log.focus()
    await ann.page.keyboard.press("ArrowUp")
    await ann.page.keyboard.press("ArrowUp")
    await expect(ann.messages.first).to_be_focused()
    reply = ann.messages.first.get_by_role("button", name="Reply")
    await ann.page.keyboard.press("Tab")
    await ann.page.keyboard.press("Tab")
    await expect(reply).to_be_focused()
    await ann.page.keyboard.press("Enter")
    await expect(ann.field).to_be_focused()
    await ann.write("three\n")
    await expect(quote(ann, "three")).to_have_text("Ann one")


async def test_a_reply_survives_a_lost_connection(enter, make_proxy):
    proxy = await make_proxy()
    ann, bob = await enter("Ann", url=proxy.url), await enter("Bob")
    await bob.say("the question")
    await ann.press("Reply", "the question")
    await expect(ann.about).to_be_visible()
    await proxy.cut()
    await expect(ann.offline_notice).to_be_visible()
    await ann.say("the answer")
    await expect(ann.about).to_be_hidden()
    await proxy.heal()
    for person in ann, bob:
        await expect(quote(person, "the answer")).to_have_text("Bob the question")
        await person.sees("the question", "the answer")


async def test_a_reply_to_what_was_deleted_meanwhile_is_refused_and_the_text_stays(enter):
    ann, bob = await enter("Ann"), await enter("Bob")
    await ann.say("the question")
    await bob.press("Reply", "the question")
    await expect(bob.about).to_be_visible()
    await ann.delete("the question")
    await bob.sees()
    await bob.say("the answer")
    await bob.is_refused("the answer", because="The message you replied to was deleted")
    await bob.field.press("Enter")
    await ann.sees("the answer")
    await expect(quote(ann, "the answer")).to_have_count(0)
    await expect(bob.reason).to_be_hidden()


# Edit.


async def test_everybody_sees_the_new_text_and_that_it_was_edited(enter, server):
    ann, bob = await enter("Ann"), await enter("Bob")
    await ann.say("At sevn")
    await ann.edit("At sevn", into="At *seven*")
    for person in ann, bob:
        await person.sees("At seven")
        await expect(person.message("At seven").locator(".text em")).to_have_text("seven")
        await person.page.mouse.move(0, 0)
        mark = person.message("At seven").get_by_text("edited")
        await expect(mark).to_be_visible()
        await expect(mark.locator("relative-time")).to_be_hidden()
        await person.message("At seven").locator(".text").hover()
        await expect(mark.locator("relative-time")).to_be_visible()
    await expect(ann.field).to_have_value("")
    await expect(ann.about).to_be_hidden()
    assert [message["text"] for message in server.messages()] == ["At *seven*"]


async def test_the_up_arrow_edits_ones_last_message(enter):
    ann, bob = await enter("Ann"), await enter("Bob")
    await ann.say("first")
    await ann.say("secnd")
    await bob.say("third")
    await ann.sees("first", "secnd", "third")
    await ann.field.press("ArrowUp")
    await expect(ann.field).to_have_value("secnd")
    await expect(ann.about).to_contain_text("Editing your message")
    await ann.field.press("End")
    await ann.field.press("Backspace")
    await ann.field.press("Backspace")
    await ann.write("ond\n")
    await bob.sees("first", "second", "third")


async def test_the_up_arrow_stays_within_what_is_being_written(enter):
    ann = await enter("Ann")
    await ann.say("first")
    await ann.sees("first")
    await ann.write("half")
    await ann.field.press("ArrowUp")
    await ann.write("a\n")
    await ann.sees("first", "ahalf")


async def test_the_up_arrow_without_a_message_of_ones_own(enter):
    ann, bob = await enter("Ann"), await enter("Bob")
    await bob.say("hello")
    await ann.sees("hello")
    await ann.field.press("ArrowUp")
    await ann.write("hi\n")
    await bob.sees("hello", "hi")


async def test_escape_ends_an_edit_and_gives_the_draft_back(enter):
    ann, bob = await enter("Ann"), await enter("Bob")
    await ann.say("stays")
    await ann.write("half a sent")
    await ann.press("Edit", "stays")
    await expect(ann.field).to_have_value("stays")
    await ann.write(" or not")
    await ann.field.press("Escape")
    await expect(ann.field).to_have_value("half a sent")
    await expect(ann.about).to_be_hidden()
    await ann.write("ence\n")
    await bob.sees("stays", "half a sentence")


async def test_after_an_edit_the_draft_is_back(enter):
    ann, bob = await enter("Ann"), await enter("Bob")
    await ann.say("one")
    await ann.write("half a sent")
    await ann.edit("one", into="two")
    await bob.sees("two")
    await expect(ann.field).to_have_value("half a sent")
    await ann.field.press("End")
    await ann.write("ence\n")
    await bob.sees("two", "half a sentence")


async def test_only_own_messages_can_be_edited(enter):
    ann, bob = await enter("Ann"), await enter("Bob")
    await ann.say("mine")
    await ann.become_admin(ADMIN_PASSWORD)
    await bob.say("yours")
    await has_no_button(bob, "Edit", "mine")
    await has_no_button(ann, "Edit", "yours")
    await ann.message("mine").locator(".text").hover()
    await expect(ann.message("mine").get_by_role("button", name="Edit")).to_be_visible()


@pytest.mark.parametrize("blank", ["", " \n ", "\u200b"])
async def test_an_edit_to_nothing_changes_nothing(enter, blank):
    ann, bob = await enter("Ann"), await enter("Bob")
    await ann.say("stays")
    await ann.edit("stays", into=blank)
    await expect(ann.about).to_be_visible()  # again, where only the server sees that it is nothing
    await expect(ann.about).to_contain_text("Editing your message")
    await ann.say("stays, changed")
    await bob.sees("stays, changed")


async def test_a_text_of_many_lines_is_edited_as_it_was_typed(enter, server):
    ann, bob = await enter("Ann"), await enter("Bob")
    await ann.say(f"{TALL}\n\n  - *indented* :tada:")
    await expect(ann.messages).to_have_count(1)
    await ann.field.press("ArrowUp")
    await expect(ann.field).to_have_value(f"{TALL}\n\n  - *indented* :tada:")
    await ann.field.press("Control+Home")
    await ann.write("line 0")
    await ann.field.press("Shift+Enter")
    await ann.field.press("Enter")
    await expect(bob.messages.get_by_text("line 0")).to_be_visible()
    assert [message["text"] for message in server.messages()] == [f"line 0\n{TALL}\n\n  - *indented* :tada:"]


async def test_a_text_with_a_slash_is_edited_with_two(enter):
    ann, bob = await enter("Ann"), await enter("Bob")
    await ann.say("//home/an")
    await ann.sees("/home/an")
    await ann.field.press("ArrowUp")
    await expect(ann.field).to_have_value("//home/an")
    await ann.write("n\n")
    await bob.sees("/home/ann")


async def test_a_message_can_not_become_a_command(enter):
    ann, bob = await enter("Ann"), await enter("Bob")
    await ann.say("stays")
    await ann.write("half a sent")
    await ann.edit("stays", into="/me waves")
    await ann.is_refused("/me waves", because="can't turn a message into a command")
    await expect(ann.about).to_contain_text("Editing your message")
    await ann.say("waves")
    await bob.sees("waves")
    await expect(ann.reason).to_be_hidden()
    await expect(ann.field).to_have_value("half a sent")


async def test_an_edit_that_is_too_long_comes_back(enter):
    ann, bob = await enter("Ann"), await enter("Bob")
    await ann.say("short")
    await ann.edit("short", into="x" * 4001)
    await ann.is_refused("x" * 4001, because="up to 4,000 characters")
    await ann.field.press("Backspace")
    await ann.field.press("Enter")
    await bob.sees("x" * 4000)


async def test_an_edit_survives_a_lost_connection(enter, make_proxy):
    proxy = await make_proxy()
    ann, bob = await enter("Ann", url=proxy.url), await enter("Bob")
    await ann.say("before")
    await ann.sees("before")
    await ann.write("half a sent")
    await ann.press("Edit", "before")
    await expect(ann.about).to_be_visible()
    await proxy.cut()
    await expect(ann.offline_notice).to_be_visible()
    await ann.say("after")
    await expect(ann.field).to_have_value("half a sent")
    await proxy.heal()
    for person in ann, bob:
        await person.sees("after")
    await expect(ann.waiting).to_have_count(0)


async def test_an_edit_of_what_was_deleted_meanwhile_is_refused_and_the_text_stays(enter):
    ann, bob = await enter("Ann"), await enter("Bob")
    await bob.become_admin(ADMIN_PASSWORD)
    await ann.say("to be deleted")
    await ann.press("Edit", "to be deleted")
    await expect(ann.about).to_be_visible()
    await bob.delete("to be deleted")
    await ann.sees()
    await ann.say("long and dear")
    await ann.is_refused("long and dear", because="That message was deleted")
    await ann.field.press("Enter")
    await bob.sees("long and dear")


async def test_who_was_away_sees_the_new_text(enter, make_proxy):
    proxy = await make_proxy()
    ann, bob = await enter("Ann", url=proxy.url), await enter("Bob")
    await bob.say("before")
    await ann.sees("before")
    await ann.mark_page()
    await proxy.cut()
    await expect(ann.offline_notice).to_be_visible()
    await bob.edit("before", into="after")
    await bob.sees("after")
    await proxy.heal()
    await ann.sees("after")
    await ann.is_on_the_same_page()


# Delete.


async def test_a_question_comes_first(enter):
    ann = await enter("Ann")
    await ann.say("stays")
    await ann.press("Delete", "stays")
    await expect(ann.delete_dialog).to_contain_text("stays")
    await expect(ann.delete_dialog.get_by_role("button", name="Cancel")).to_be_focused()
    await ann.delete_dialog.get_by_role("button", name="Cancel").click()
    await expect(ann.delete_dialog).to_be_hidden()
    await ann.say("too")
    await ann.sees("stays", "too")


async def test_a_deleted_message_is_gone_for_everybody(enter, server):
    ann, bob = await enter("Ann"), await enter("Bob")
    tab = await bob.open_another_tab()
    for text in "one", "two", "three":
        await ann.say(text)
    await ann.delete("two")
    for person in ann, bob, tab:
        await person.sees("one", "three")
    await bob.reload()
    await bob.sees("one", "three")
    server.kill()
    server.start()
    await ann.sees("one", "three")
    await bob.reload()
    await bob.sees("one", "three")


async def test_a_deleted_message_is_gone_from_the_disk(enter, server):
    ann, bob = await enter("Ann"), await enter("Bob")
    await ann.say("rosebud")
    await bob.reply(to="rosebud", text="Who?")
    await ann.say("never mind")
    await ann.sees("rosebud", "Who?", "never mind")
    assert is_on_disk(server, "rosebud")
    await ann.messages.first.locator(".text").hover()
    await ann.messages.first.get_by_role("button", name="Delete").click()
    await ann.delete_dialog.get_by_role("button", name="Delete").click()
    await bob.sees("Who?", "never mind")
    assert not is_on_disk(server, "rosebud")
    await ann.say("anything")
    await bob.sees("Who?", "never mind", "anything")
    server.stop()
    assert not is_on_disk(server, "rosebud")


async def test_what_an_edit_has_replaced_is_gone_from_the_log(enter, server):
    ann, bob = await enter("Ann"), await enter("Bob")
    await ann.say("rosebud")
    await ann.edit("rosebud", into="tulip")
    await bob.sees("tulip")
    assert "rosebud" not in server.history_file.read_text()
    assert "rosebud" not in await bob.page.content()


async def test_a_deleted_message_is_gone_from_what_others_have_open(enter):
    ann, bob, cid = await enter("Ann"), await enter("Bob"), await enter("Cid")
    for text in "my secret", "a secret of all":
        await ann.say(text)
    await bob.press("Reply", "my secret")
    await expect(bob.about).to_have_text("Replying to Ann my secret")
    await cid.search("secret")
    await expect(cid.results).to_have_count(2)
    await ann.delete("my secret")
    await expect(bob.about).to_have_text("The message was deleted.")
    await expect(cid.results).to_have_count(1)
    await expect(cid.results).to_contain_text("a secret of all")
    await cid.page.keyboard.press("Escape")
    await expect(cid.search_dialog).to_be_hidden()
    await ann.edit("a secret of all", into="known to all")
    await cid.sees("known to all")
    for person in bob, cid:
        await person.page.wait_for_function("() => !document.body.textContent.includes('secret')")


async def test_only_the_author_and_admins_can_delete(enter):
    ann, bob = await enter("Ann"), await enter("Bob")
    await ann.say("mine")
    await bob.say("yours")
    await has_no_button(ann, "Delete", "yours")
    await has_no_button(bob, "Delete", "mine")
    await ann.become_admin(ADMIN_PASSWORD)
    await ann.delete("yours")
    for person in ann, bob:
        await person.sees("mine")


async def test_who_was_away_does_not_see_it_again(enter, make_proxy):
    proxy = await make_proxy()
    ann, bob = await enter("Ann", url=proxy.url), await enter("Bob")
    await bob.say("to be deleted")
    await bob.say("stays")
    await ann.sees("to be deleted", "stays")
    await ann.mark_page()
    await proxy.cut()
    await expect(ann.offline_notice).to_be_visible()
    await bob.delete("to be deleted")
    await bob.sees("stays")
    await proxy.heal()
    await ann.sees("stays")
    await ann.is_on_the_same_page()


async def test_two_delete_the_same_message(enter):
    ann, bob = await enter("Ann"), await enter("Bob")
    await ann.say("to be deleted")
    await bob.become_admin(ADMIN_PASSWORD)
    await bob.press("Delete", "to be deleted")
    await expect(bob.delete_dialog).to_be_visible()
    await ann.delete("to be deleted")
    await bob.sees()
    await bob.delete_dialog.get_by_role("button", name="Delete").click()
    await expect(bob.delete_dialog).to_contain_text("That message was deleted")
    await bob.page.keyboard.press("Escape")
    await expect(bob.delete_dialog).to_be_hidden()


async def test_the_next_of_a_run_says_whose_it_is(enter):
    ann, bob = await enter("Ann"), await enter("Bob")
    await ann.say("one")
    await ann.say("two")
    await bob.sees("one", "two")
    await expect(bob.message("two").locator("bdi")).to_have_count(0)
    await ann.delete("one")
    await expect(bob.message("two").locator("bdi")).to_have_text("Ann")


async def test_after_deleting_by_keyboard_the_focus_is_not_lost(enter):
    ann = await enter("Ann")
    await ann.say("stays")
    await ann.say("to be deleted")
    await ann.sees("stays", "to be deleted")
    await ann.log.focus()
    await ann.page.keyboard.press("ArrowUp")
    await ann.message("to be deleted").get_by_role("button", name="Delete").press("Enter")
    await ann.delete_dialog.get_by_role("button", name="Delete").press("Enter")
    await ann.sees("stays")
    await expect(ann.delete_dialog).to_be_hidden()
    await ann.page.wait_for_function("() => document.activeElement !== document.body")


async def test_deleting_on_touch(enter):
    ann, bob = await enter("Ann", **TOUCH), await enter("Bob")
    await ann.say("to be deleted")
    await bob.sees("to be deleted")
    await ann.delete("to be deleted")
    await bob.sees()


# On its way.


async def test_what_is_sent_before_the_page_is_connected_arrives(enter, make_proxy):
    proxy = await make_proxy(0.4)
    ann, bob = await enter(url=proxy.url), await enter("Bob")
    await ann.card_name.fill("Ann")
    await ann.join_button.click()
    await ann.say("quick")
    await bob.sees("quick")
    await ann.sees("quick")
    await expect(ann.waiting).to_have_count(0)


async def test_half_an_emoji_is_sent_as_a_gap(enter):
    ann, bob = await enter("Ann"), await enter("Bob")
    await ann.field.evaluate("field => { field.value = 'half: \\ud83c'; field.form.requestSubmit() }")
    await bob.sees("half: \ufffd")
    await expect(ann.waiting).to_have_count(0)


async def test_an_emoji_as_the_second_character_is_typing_too(enter):
    ann, bob = await enter("Ann"), await enter("Bob")
    await ann.field.fill("a🎉")
    await bob.sees_typing("Ann is typing")
