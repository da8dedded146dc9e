"""Drafts: what is half written waits in the browser, for the same person and nobody else."""

import pytest
from playwright.async_api import expect


async def test_a_draft_survives_a_reload(enter):
    ann = await enter("Ann")
    await ann.write("half a sent")
    await ann.reload()
    await expect(ann.field).to_have_value("half a sent")


async def test_a_draft_of_several_lines_comes_back_as_it_was(enter):
    ann = await enter("Ann")
    await ann.field.fill("  one\n\n@Bob :smi /help <b> \n")
    await ann.reload()
    await expect(ann.field).to_have_value("  one\n\n@Bob :smi /help <b> \n")


async def test_a_draft_is_in_another_tab(enter):
    ann = await enter("Ann")
    await ann.write("half a sent")
    second = await ann.open_another_tab()
    await expect(second.field).to_have_value("half a sent")


async def test_a_draft_waits_while_the_tab_is_closed(enter):
    ann = await enter("Ann")
    await ann.write("half a sent")
    await ann.page.close()
    ann = await ann.open_another_tab()
    await expect(ann.field).to_have_value("half a sent")


@pytest.mark.parametrize("end", ["stop", "kill"])
async def test_a_draft_survives_a_restart_of_the_server(enter, server, end):
    ann = await enter("Ann")
    await ann.mark_page()
    await ann.write("half a sent")
    getattr(server, end)()
    await ann.write("en")
    server.start()
    await ann.page.wait_for_function("() => window.mark === undefined")
    await ann.is_in()
    await expect(ann.field).to_have_value("half a senten")
    await ann.field.press("End")
    await ann.write("ce\n")
    await ann.sees("half a sentence")


async def test_a_draft_is_gone_once_it_was_sent(enter):
    ann = await enter("Ann")
    await ann.write("a sentence\n")
    await ann.sees("a sentence")
    await ann.reload()
    await expect(ann.field).to_have_value("")
    second = await ann.open_another_tab()
    await expect(second.field).to_have_value("")


async def test_a_draft_that_was_deleted_is_gone(enter):
    ann = await enter("Ann")
    await ann.write("never mind")
    await ann.field.fill("")
    await ann.reload()
    await expect(ann.field).to_have_value("")


async def test_the_next_one_in_the_same_browser_does_not_see_it(enter):
    ann = await enter("Ann")
    await ann.write("my secret")
    await ann.choose("Leave")
    await ann.is_at_the_card()
    await ann.join("Eve")
    await expect(ann.field).to_have_value("")
    await ann.reload()
    await expect(ann.field).to_have_value("")


async def test_what_waits_to_be_sent_is_not_sent_by_the_next_one(enter):
    ann = await enter("Ann")
    await ann.say("hi")
    await ann.sees("hi")
    await expect(ann.waiting).to_have_count(0)  # what waited when the page was connected has been sent again by now
    await ann.page.evaluate("() => sessionStorage.setItem('chat.sent.mabcd1234', JSON.stringify(['my secret', '']))")
    await ann.choose("Leave")
    await ann.is_at_the_card()
    await ann.join("Eve")
    await ann.say("hello")
    await ann.sees("hi", "hello")


async def test_leaving_in_one_tab_forgets_what_is_written_in_another(enter):
    ann = await enter("Ann")
    second = await ann.open_another_tab()
    await ann.write("my secret")
    await second.choose("Leave")
    for tab in ann, second:
        await tab.is_at_the_card()
    await second.join("Eve")
    await expect(second.field).to_have_value("")


async def test_what_was_refused_is_a_draft_again(enter):
    ann = await enter("Ann")
    await ann.say("/dance")
    await ann.is_refused("/dance", because="Unknown command: /dance")
    await ann.reload()
    await expect(ann.field).to_have_value("/dance")


async def test_what_is_being_edited_is_there_after_a_reload_and_leaves_the_draft_alone(enter):
    ann = await enter("Ann")
    await ann.say("a mistake")
    await ann.sees("a mistake")
    await ann.write("half a sent")
    await ann.press("Edit", "a mistake")
    await expect(ann.field).to_have_value("a mistake")
    await ann.reload()
    await expect(ann.field).to_have_value("a mistake")
    await ann.field.fill("still a mistake")
    second = await ann.open_another_tab()
    await expect(second.field).to_have_value("half a sent")
    await ann.reload()
    await expect(ann.about).to_contain_text("Editing your message a mistake")
    await expect(ann.field).to_have_value("still a mistake")
    await ann.field.press("Enter")
    await ann.sees("still a mistake")
    await expect(ann.field).to_have_value("half a sent")
    await ann.reload()
    await expect(ann.field).to_have_value("half a sent")
    await expect(ann.about).to_be_hidden()


async def test_an_edit_that_was_given_up_does_not_come_back(enter):
    ann = await enter("Ann")
    await ann.say("stays")
    await ann.write("half a sent")
    await ann.press("Edit", "stays")
    await expect(ann.field).to_have_value("stays")
    await ann.write(" or not")
    await ann.field.press("Escape")
    await expect(ann.field).to_have_value("half a sent")
    await ann.reload()
    await expect(ann.field).to_have_value("half a sent")
    await expect(ann.about).to_be_hidden()


async def test_a_reply_is_still_one_after_a_restart_of_the_server(enter, server):
    ann, bob = await enter("Ann"), await enter("Bob")
    await ann.say("the question")
    await bob.press("Reply", "the question")
    await expect(bob.about).to_be_visible()
    await bob.write("the ans")
    await bob.mark_page()
    server.stop()
    server.start()
    await bob.page.wait_for_function("() => window.mark === undefined")
    await expect(bob.about).to_have_text("Replying to Ann the question")
    await expect(bob.field).to_have_value("the ans")
    await bob.field.press("End")
    await bob.write("wer\n")
    await expect(ann.message("the answer").locator(".quote")).to_contain_text("the question")


async def test_what_was_answered_is_gone_after_a_reload_and_the_text_stays(enter):
    ann, bob = await enter("Ann"), await enter("Bob")
    await ann.say("the question")
    await bob.press("Reply", "the question")
    await expect(bob.about).to_be_visible()
    await bob.write("the answer")
    await bob.page.goto("about:blank")
    await ann.delete("the question")
    await ann.sees()
    await bob.page.goto(bob.url)
    await expect(bob.about).to_have_text("The message was deleted.")
    await expect(bob.field).to_have_value("the answer")


async def test_what_was_sent_in_one_tab_is_no_draft_in_another(enter):
    ann = await enter("Ann")
    await ann.write("half a sent")
    second = await ann.open_another_tab()
    await expect(second.field).to_have_value("half a sent")
    await ann.write("ence")
    await expect(second.field).to_have_value("half a sentence")
    await ann.field.press("Enter")
    await ann.sees("half a sentence")
    await expect(second.field).to_have_value("")
    await second.write("something else")
    await expect(ann.field).to_have_value("something else")
    await second.press("Reply", "half a sentence")
    await expect(second.about).to_be_visible()
    await ann.field.press("Enter")
    await ann.sees("half a sentence", "something else")
    await expect(second.field).to_have_value("something else")


async def test_the_draft_is_back_in_the_field_after_an_edit(enter):
    ann = await enter("Ann")
    await ann.say("a mistake")
    await ann.sees("a mistake")
    await ann.write("half a sent")
    await ann.edit("a mistake", into="all right")
    await ann.sees("all right")
    await expect(ann.field).to_have_value("half a sent")
    await ann.reload()
    await expect(ann.field).to_have_value("half a sent")
