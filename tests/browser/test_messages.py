"""Replies, edits and deletions."""

import pytest
from playwright.async_api import expect

from tests.support.matrix import sampled
from tests.support.people import TALL
from tests.support.server import ADMIN_PASSWORD

TOUCH = {"has_touch": True, "is_mobile": True, "viewport": {"width": 390, "height": 844}}
IS_MARKED = "() => document.activeElement.getAnimations().length > 0"


@pytest.fixture
def server(make_server):
    """Start a server with a grace of five seconds, within which a reconnecting page resumes."""
    return make_server(CHAT_GRACE="5")


def quote(person, text):
    return person.message(text).locator(".quote")


async def expect_no_button(person, button, text):
    """Hover over the message, so that its buttons appear, and expect this one to be missing."""
    message = person.message(text)
    await message.locator(".text").hover()
    await expect(message.get_by_role("button", name="Reply")).to_be_visible()
    await expect(message.get_by_role("button", name=button)).to_be_hidden()


def is_on_disk(server, text):
    """Return whether any file in the data folder contains the text."""
    files = [path for path in server.data_dir.rglob("*") if path.is_file()]
    assert server.history_file in files
    return any(text.encode() in path.read_bytes() for path in files)


# Reply.


async def test_reply_quotes_author_and_first_words(enter, guest):
    ann, bob = await enter("Ann"), await guest("Bob")
    await bob.say("Shall we meet\non *Thursday*?")
    await ann.reply(to="Thursday", text="Fine by me")
    await expect(quote(ann, "Fine by me")).to_have_text("Bob Shall we meet on Thursday?")
    await expect(ann.about).to_be_hidden()
    await ann.say("See you")
    for person in ann, bob:
        await person.sees("Shall we meet on Thursday?", "Fine by me", "See you")
    await expect(quote(ann, "See you")).to_have_count(0)


async def test_long_message_is_quoted_in_one_line(enter):
    ann = await enter("Ann")
    await ann.say("word " * 700)
    await ann.reply(to="word", text="That is a lot")
    await expect(quote(ann, "That is a lot")).to_contain_text("Ann word word")
    line, box = await quote(ann, "That is a lot").bounding_box(), await ann.log.bounding_box()
    assert line["height"] < 30
    assert line["x"] + line["width"] <= box["x"] + box["width"]


@pytest.mark.exhaustive
@pytest.mark.parametrize("locale", ["en", "ar"])
@pytest.mark.parametrize("word", ["word ", "كلمة "])
async def test_quote_starts_with_the_first_words_in_either_direction(enter, locale, word, guest):
    bob, ann = await guest("Bob"), await enter(locale=locale, **TOUCH)
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


async def test_click_on_a_quote_jumps_to_its_message(enter, guest):
    ann, bob = await enter("Ann"), await guest("Bob")
    await ann.say("the question")
    await ann.say(TALL)
    await bob.reply(to="the question", text="the answer")
    await ann.say(TALL)
    original = ann.messages.first
    await quote(ann, "the answer").click()
    await ann.page.wait_for_function(IS_MARKED)
    await expect(original).to_be_focused()
    await expect(original.locator(".text")).to_be_in_viewport()
    await expect(ann.messages.last).not_to_be_in_viewport()


async def test_escape_and_the_button_cancel_a_reply_and_keep_the_text(enter):
    ann = await enter("Ann")
    await ann.say("the question")
    await ann.press("Reply", "the question")
    await expect(ann.about).to_have_text("Replying to Ann the question")
    await expect(ann.field).to_be_focused()
    await ann.write("by the way")
    await ann.field.press("Escape")
    await expect(ann.about).to_be_hidden()
    await expect(ann.field).to_have_value("by the way")
    await ann.press("Reply", "the question")
    await expect(ann.about).to_have_text("Replying to Ann the question")
    await ann.about.get_by_role("button", name="Cancel").click()
    await expect(ann.about).to_be_hidden()
    await expect(ann.field).to_be_focused()
    await expect(ann.field).to_have_value("by the way")
    await ann.field.press("Enter")
    await ann.sees("the question", "by the way")
    await expect(quote(ann, "by the way")).to_have_count(0)


@pytest.mark.exhaustive
async def test_reply_can_switch_to_another_message(enter):
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


async def test_reply_on_touch(enter, guest):
    ann, bob = await enter("Ann", **TOUCH), await guest("Bob")
    question = "the question, which takes more room than there is in a line on a phone"
    await bob.say(question)
    await ann.press("Reply", "the question")
    head = ann.about.locator("b")
    await expect(head).to_have_text("Replying to Bob")
    assert await head.evaluate("head => head.scrollWidth <= head.clientWidth")  # the text is cut, not the name
    await ann.say("the answer")
    await expect(quote(ann, "the answer")).to_have_text(f"Bob {question}")


async def test_reply_survives_a_lost_connection(enter, make_proxy, guest):
    proxy = await make_proxy()
    ann, bob = await enter("Ann", url=proxy.url), await guest("Bob")
    await bob.say("the question")
    await ann.press("Reply", "the question")
    await expect(ann.about).to_be_visible()
    await proxy.cut()
    await expect(ann.offline_notice).to_be_visible()
    await ann.send("the answer")
    await expect(ann.about).to_be_hidden()
    await proxy.heal()
    await expect(quote(ann, "the answer")).to_have_text("Bob the question")
    for person in ann, bob:
        await person.sees("the question", "the answer")


@pytest.mark.exhaustive
async def test_reply_to_a_deleted_message_is_rejected_and_the_text_kept(enter):
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


async def test_edited_message_shows_when_it_was_edited(enter, server):
    ann = await enter("Ann")
    await ann.say("At sevn")
    await ann.edit("At sevn", into="At *seven*")
    await ann.sees("At seven")
    await expect(ann.message("At seven").locator(".text em")).to_have_text("seven")
    await ann.page.mouse.move(0, 0)
    mark = ann.message("At seven").get_by_text("edited")
    await expect(mark).to_be_visible()
    await expect(mark.locator("relative-time")).to_be_hidden()
    await ann.message("At seven").locator(".text").hover()
    await expect(mark.locator("relative-time")).to_be_visible()
    await expect(ann.field).to_have_value("")
    await expect(ann.about).to_be_hidden()
    assert [message["text"] for message in server.messages()] == ["At *seven*"]


async def test_up_arrow_edits_the_last_own_message(enter, guest):
    ann, bob = await enter("Ann"), await guest("Bob")
    await ann.say("first")
    await ann.say("secnd")
    await ann.sees("first", "secnd")
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
    await expect(ann.about).to_be_hidden()
    await ann.write("half")
    await ann.field.press("ArrowUp")  # within a text, the caret moves
    await ann.write("a\n")
    await bob.sees("first", "second", "third", "ahalf")


@pytest.mark.exhaustive
async def test_up_arrow_without_an_own_message_does_nothing(enter, guest):
    ann, bob = await enter("Ann"), await guest("Bob")
    await bob.say("hello")
    await ann.sees("hello")
    await ann.field.press("ArrowUp")
    await ann.write("hi\n")
    await bob.sees("hello", "hi")


async def test_escape_cancels_an_edit_and_restores_the_draft(enter, guest):
    ann, bob = await enter("Ann"), await guest("Bob")
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


@pytest.mark.parametrize("blank", sampled("\u200b", "", " \n "))
async def test_blank_edit_changes_nothing(enter, blank, guest):
    ann, bob = await enter("Ann"), await guest("Bob")
    await ann.say("stays")
    await ann.edit("stays", into=blank)
    await expect(ann.about).to_be_visible()  # this text is blank for the server only
    await expect(ann.about).to_contain_text("Editing your message")
    await ann.say("stays, changed")
    await bob.sees("stays, changed")


async def test_many_lines_are_edited_as_typed(enter, server):
    ann = await enter("Ann")
    await ann.say(f"{TALL}\n\n  - *indented* :tada:")
    await expect(ann.messages).to_have_count(1)
    await ann.field.press("ArrowUp")
    await expect(ann.field).to_have_value(f"{TALL}\n\n  - *indented* :tada:")
    await ann.field.press("Control+Home")
    await ann.write("line 0")
    await ann.field.press("Shift+Enter")
    await ann.field.press("Enter")
    await expect(ann.messages.get_by_text("line 0")).to_be_visible()
    assert [message["text"] for message in server.messages()] == [f"line 0\n{TALL}\n\n  - *indented* :tada:"]


async def test_slashes_are_edited_as_they_were_typed(enter):
    ann = await enter("Ann")
    await ann.say("//help me")
    await ann.sees("/help me")
    await ann.field.press("ArrowUp")
    await expect(ann.field).to_have_value("//help me")
    await ann.write(" out\n")
    await ann.sees("/help me out")
    edited = ["/help me out"]
    for text in "// TODO", "/home/an", "//example.org/an":
        await ann.say(text)
        await ann.sees(*edited, text)
        await ann.field.press("ArrowUp")
        await expect(ann.field).to_have_value(text)
        await ann.write("n\n")
        edited.append(f"{text}n")
        await ann.sees(*edited)


@pytest.mark.exhaustive
async def test_message_cannot_be_edited_into_a_command(enter, guest):
    ann, bob = await enter("Ann"), await guest("Bob")
    await ann.say("stays")
    await ann.write("half a sent")
    await ann.edit("stays", into="/me waves")
    await ann.is_refused("/me waves", because="can't turn a message into a command")
    await expect(ann.about).to_contain_text("Editing your message")
    await ann.say("waves")
    await bob.sees("waves")
    await expect(ann.reason).to_be_hidden()
    await expect(ann.field).to_have_value("half a sent")


@pytest.mark.exhaustive
async def test_edit_survives_a_lost_connection(enter, make_proxy, guest):
    proxy = await make_proxy()
    ann, bob = await enter("Ann", url=proxy.url), await guest("Bob")
    await ann.say("before")
    await ann.sees("before")
    await ann.write("half a sent")
    await ann.press("Edit", "before")
    await expect(ann.about).to_be_visible()
    await proxy.cut()
    await expect(ann.offline_notice).to_be_visible()
    await ann.send("after")
    await expect(ann.field).to_have_value("half a sent")
    await proxy.heal()
    for person in ann, bob:
        await person.sees("after")
    await expect(ann.waiting).to_have_count(0)


async def test_edit_of_a_deleted_message_is_rejected_and_the_text_kept(enter, guest):
    ann, bob = await enter("Ann"), await guest("Bob")
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


# Delete.


async def test_deletion_asks_for_confirmation(enter):
    ann = await enter("Ann")
    await ann.say("stays")
    await ann.press("Delete", "stays")
    await expect(ann.delete_dialog).to_contain_text("stays")
    await expect(ann.delete_dialog.get_by_role("button", name="Cancel")).to_be_focused()
    await ann.delete_dialog.get_by_role("button", name="Cancel").click()
    await expect(ann.delete_dialog).to_be_hidden()
    await ann.say("too")
    await ann.sees("stays", "too")


@pytest.mark.exhaustive
async def test_deleted_message_is_gone_for_everyone_after_a_restart(enter, server):
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
    newcomer = await bob.open_another_tab()
    for person in ann, bob, newcomer:
        await person.sees("one", "three")


@pytest.mark.exhaustive
async def test_deleted_message_is_gone_from_the_disk(enter, server):
    ann, bob = await enter("Ann"), await enter("Bob")
    await ann.say("rosebud")
    await bob.reply(to="rosebud", text="Who?")
    await ann.say("never mind")
    await ann.sees("rosebud", "Who?", "never mind")
    assert is_on_disk(server, "rosebud")
    await ann.messages.first.locator(".text").hover()
    await ann.messages.first.get_by_role("button", name="More actions").click()
    await ann.actions.get_by_role("button", name="Delete", exact=True).click()
    await ann.delete_dialog.get_by_role("button", name="Delete").click()
    await bob.sees("Who?", "never mind")
    assert not is_on_disk(server, "rosebud")
    await ann.say("anything")
    await bob.sees("Who?", "never mind", "anything")
    server.stop()
    assert not is_on_disk(server, "rosebud")


@pytest.mark.exhaustive
async def test_deleted_message_disappears_from_open_replies_and_searches_of_others(enter):
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


async def test_only_author_and_admins_have_the_delete_button(enter, guest):
    ann, bob = await enter("Ann"), await guest("Bob")
    await ann.say("mine")
    await bob.say("yours")
    await expect_no_button(ann, "Delete", "yours")
    await ann.become_admin(ADMIN_PASSWORD)
    await expect_no_button(ann, "Edit", "yours")
    await ann.delete("yours")
    for person in ann, bob:
        await person.sees("mine")


async def test_changes_made_while_offline_show_after_reconnecting(enter, make_proxy, guest):
    proxy = await make_proxy()
    ann, bob = await enter("Ann", url=proxy.url), await guest("Bob")
    for text in "to be deleted", "before", "stays":
        await bob.say(text)
    await bob.react("stays", "👍")
    await expect(ann.reaction("stays", "👍")).to_be_visible()
    await ann.mark_page()
    await proxy.cut()
    await expect(ann.offline_notice).to_be_visible()
    await bob.delete("to be deleted")
    await bob.edit("before", into="after")
    await bob.react("stays", "👍")
    await bob.react("stays", "🎉")
    await bob.sees("after", "stays")
    await proxy.heal()
    await ann.sees("after", "stays")
    await expect(ann.message("stays").locator(".reactions button:visible")).to_have_text(["🎉 1"])
    await ann.is_on_the_same_page()


@pytest.mark.exhaustive
async def test_delete_on_touch(enter, guest):
    ann, bob = await enter("Ann", **TOUCH), await guest("Bob")
    await ann.say("to be deleted")
    await bob.sees("to be deleted")
    await ann.delete("to be deleted")
    await bob.sees()


# In flight.


async def test_message_sent_before_the_page_is_connected_arrives(enter, make_proxy, guest):
    proxy = await make_proxy(0.2)
    ann, bob = await enter(url=proxy.url), await guest("Bob")
    await ann.card_name.fill("Ann")
    await ann.join_button.click()
    await ann.send("quick")
    await bob.sees("quick")
    await ann.sees("quick")
    await expect(ann.waiting).to_have_count(0)


@pytest.mark.exhaustive
async def test_half_an_emoji_is_sent_as_a_replacement_character(enter, guest):
    ann, bob = await enter("Ann"), await guest("Bob")
    await ann.field.evaluate("field => { field.value = 'half: \\ud83c'; field.form.requestSubmit() }")
    await bob.sees("half: \ufffd")
    await expect(ann.waiting).to_have_count(0)


@pytest.mark.exhaustive
async def test_emoji_as_the_second_character_counts_as_typing(enter, guest):
    ann, bob = await enter("Ann"), await guest("Bob")
    await ann.field.fill("a🎉")
    await bob.sees_typing("Ann is typing")
