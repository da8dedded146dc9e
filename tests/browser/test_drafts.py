"""Drafts: unsent text stays in the browser, for the same person only."""

import shutil

import pytest
from playwright.async_api import expect

from tests.support.matrix import sampled

# Pretend that this message was in flight when the connection was lost.
ADD_PENDING = """([id, text]) => sessionStorage.setItem(
  `chat.sent.${document.getElementById('composer').dataset.owner}.${id}`, JSON.stringify([text, '']))"""

STORED = "() => JSON.stringify([localStorage, sessionStorage])"


async def test_draft_survives_a_reload_and_closing_the_tab_exactly(enter):
    ann = await enter("Ann")
    await ann.field.fill("  one\n\n@Bob :smi /help <b> \n")
    await ann.write("half a sent")
    await ann.reload()
    await expect(ann.field).to_have_value("  one\n\n@Bob :smi /help <b> \nhalf a sent")
    await ann.page.close()
    ann = await ann.open_another_tab()
    await expect(ann.field).to_have_value("  one\n\n@Bob :smi /help <b> \nhalf a sent")


@pytest.mark.parametrize("end", sampled("stop", "kill"))
async def test_draft_survives_a_server_restart(enter, server, end):
    ann = await enter("Ann")
    await ann.notes_rebuilding()
    await ann.write("half a sent")
    getattr(server, end)()
    await ann.write("en")
    server.start()
    await ann.is_rebuilt()
    await expect(ann.field).to_have_value("half a senten")
    await ann.field.press("End")
    await ann.write("ce\n")
    await ann.sees("half a sentence")


async def test_texts_come_back_after_the_server_lost_its_files(enter, server):
    ann = await enter("Ann")
    await ann.write("half a sent")
    server.stop()
    await expect(ann.page.locator(".offline:visible")).to_have_count(1)
    await ann.write("ence\nand half a sent")
    await expect(ann.waiting).to_have_text("half a sentence")
    shutil.rmtree(server.data_dir)
    server.start()
    await ann.is_at_the_card()
    await expect(ann.card_name).to_have_value("Ann")
    await ann.join_button.click()
    await expect(ann.field).to_have_value("half a sentence\nand half a sent")
    await ann.sees()


FORBIDDEN = """for (const name of ['localStorage', 'sessionStorage'])
  Object.defineProperty(window, name, {get() { throw new DOMException('', 'SecurityError') }, configurable: true})"""


async def test_chat_works_without_storage_and_says_what_is_not_saved(enter):
    ann = await enter()
    await ann.page.add_init_script(FORBIDDEN)
    await ann.page.reload()
    await ann.join("Ann")
    notice = ann.page.get_by_role("alert").filter(has_text="isn't saving what you type")
    await expect(notice).to_be_hidden()
    await ann.write("half a sent")
    await expect(notice).to_be_visible()
    await ann.write("ence\n")
    await ann.sees("half a sentence")
    await expect(notice).to_be_hidden()
    await ann.press("Edit", "half a sentence")
    await expect(ann.field).to_have_value("half a sentence")


async def test_draft_is_removed_once_sent_or_emptied_and_there_again_once_rejected(enter):
    ann = await enter("Ann")
    await ann.say("/dance")
    await ann.is_refused("/dance", because="Unknown command: /dance")
    await ann.reload()
    await expect(ann.field).to_have_value("/dance")
    await ann.field.fill("")
    await ann.reload()
    await expect(ann.field).to_have_value("")
    await ann.write("a sentence\n")
    await ann.sees("a sentence")
    await ann.reload()
    await expect(ann.field).to_have_value("")
    second = await ann.open_another_tab()
    await expect(second.field).to_have_value("")


async def test_pending_message_and_draft_are_gone_when_the_next_member_joins(enter):
    ann = await enter("Ann")
    await ann.page.evaluate(ADD_PENDING, ["mabcd1234", "hi"])
    await ann.reload()
    await ann.sees("hi")
    await ann.eventually(lambda stored: "mabcd1234" not in stored, STORED)  # the page resends nothing from now on
    await ann.page.evaluate(ADD_PENDING, ["mabcd1235", "my secret"])
    await ann.write("my draft")
    await ann.leave()
    assert "my secret" in await ann.page.evaluate(STORED) and "my draft" in await ann.page.evaluate(STORED)
    await ann.join("Eve")
    await ann.eventually(lambda stored: "my secret" not in stored and "my draft" not in stored, STORED)
    await ann.say("hello")
    await ann.sees("hi", "hello")


async def test_guest_who_comes_back_finds_the_draft_and_the_next_member_does_not(enter):
    ann = await enter("Ann")
    await ann.write("half a sent")
    await ann.leave()
    await ann.card_name.press("Enter")
    await ann.is_in()
    await expect(ann.field).to_have_value("half a sent")
    await ann.sees_people("Ann")
    await ann.leave()
    await ann.join("Eve")
    await expect(ann.field).to_have_value("")
    await ann.reload()
    await expect(ann.field).to_have_value("")


async def test_signing_out_deletes_the_draft(enter):
    ann = await enter()
    await ann.sign_up("Ann", "seven wild geese")
    await ann.write("my draft")
    await ann.sign_out()
    await ann.eventually(lambda stored: "draft" not in stored, STORED)


async def test_signing_out_without_a_connection_deletes_nothing_yet(enter, make_proxy):
    proxy = await make_proxy()
    ann = await enter(url=proxy.url)
    await ann.sign_up("Ann", "seven wild geese")
    await proxy.cut()
    await expect(ann.offline_notice).to_be_visible()
    await ann.send("waits")
    await ann.write("my draft")
    await ann.choose("Sign out")
    await expect(ann.field).to_have_value("my draft")
    stored = await ann.page.evaluate(STORED)
    assert "waits" in stored and "my draft" in stored


@pytest.mark.exhaustive
async def test_leaving_in_one_tab_removes_the_draft_of_another(enter):
    ann = await enter("Ann")
    second = await ann.open_another_tab()
    await ann.write("my secret")
    await second.leave()
    for tab in ann, second:
        await tab.is_at_the_card()
    await second.join("Eve")
    await expect(second.field).to_have_value("")


async def test_edit_survives_a_reload_alongside_the_draft(enter):
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


@pytest.mark.exhaustive
async def test_cancelled_edit_does_not_return(enter):
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


async def test_reply_survives_a_server_restart(enter, server):
    ann, bob = await enter("Ann"), await enter("Bob")
    await ann.say("the question")
    await bob.press("Reply", "the question")
    await expect(bob.about).to_be_visible()
    await bob.write("the ans")
    await bob.notes_rebuilding()
    server.stop()
    server.start()
    await bob.is_rebuilt()
    await expect(bob.about).to_have_text("Replying to Ann the question")
    await expect(bob.field).to_have_value("the ans")
    await bob.field.press("End")
    await bob.write("wer\n")
    await expect(ann.message("the answer").locator(".quote")).to_contain_text("the question")


@pytest.mark.exhaustive
async def test_text_of_a_reply_is_kept_if_its_message_is_deleted_during_a_reload(enter):
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


async def test_text_sent_in_one_tab_is_not_a_draft_in_another(enter):
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


async def test_draft_returns_to_the_field_after_an_edit(enter):
    ann = await enter("Ann")
    await ann.say("a mistake")
    await ann.sees("a mistake")
    await ann.write("half a sent")
    await ann.edit("a mistake", into="all right")
    await ann.sees("all right")
    await expect(ann.field).to_have_value("half a sent")
    await ann.reload()
    await expect(ann.field).to_have_value("half a sent")
