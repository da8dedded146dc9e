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
    await ann.is_refused("/dance", because="There is no command /dance")
    await ann.reload()
    await expect(ann.field).to_have_value("/dance")


async def test_an_edit_leaves_the_draft_alone(enter):
    ann = await enter("Ann")
    await ann.say("a mistake")
    await ann.sees("a mistake")
    await ann.write("half a sent")
    await ann.press("Edit", "a mistake")
    await expect(ann.field).to_have_value("a mistake")
    await ann.field.fill("still a mistake")
    await ann.reload()
    await expect(ann.field).to_have_value("half a sent")


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
