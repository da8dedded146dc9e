"""Restarts, which people don't notice: their pages are built again by the new process."""

import pytest
from playwright.async_api import expect

from tests.browser.test_rooms import go_into
from tests.support.matrix import sampled
from tests.support.stored_history import write_history
from tests.support.stored_rooms import write_rooms

CARET = "() => document.activeElement.selectionStart"


@pytest.fixture
def server(make_server):
    """A chat with a history and the room Tea."""
    server = make_server()
    server.stop()
    write_history(server.history_file, [f"message {number}" for number in range(300)])
    write_rooms(server.data_dir, "Tea")
    server.environment["CHAT_HISTORY_LIMIT"] = "1000"
    return server.start()


@pytest.mark.parametrize("end", sampled("stop", "kill"))
async def test_restart_changes_nothing_on_the_page(enter, server, end):
    ann, bob, cid = await enter("Ann"), await enter("Bob"), await enter("Cid")
    await ann.press("Reply", "message 299")
    await expect(ann.about).to_be_visible()
    await ann.write("half a sentence")
    await ann.keys("Home", "ArrowRight")
    await go_into(cid, "Tea")
    await cid.send("/help")
    await expect(cid.answer).to_contain_text("/nick NAME")
    await cid.choose("Change name")
    await cid.rename_dialog.get_by_role("textbox", name="Name").fill("Cidney")
    await cid.keys("ArrowLeft")
    await bob.search("message 120")
    await bob.results.first.click()
    found = bob.message("message 120")
    await expect(found).to_be_focused()
    top = await bob.top_of("message 120")
    for person in ann, bob, cid:
        await person.notes_rebuilding()
    getattr(server, end)()
    server.start()
    for person in ann, bob, cid:
        await person.is_rebuilt()
        await person.sees_people("Ann", "Bob", "Cid")
    assert await ann.ask(CARET) == 1
    await expect(ann.field).to_have_value("half a sentence")
    await expect(ann.about).to_contain_text("message 299")
    await bob.stays("message 120", top)
    await expect(found).to_be_focused()
    assert await cid.ask(CARET) == 5
    await expect(cid.answer).to_contain_text("/nick NAME")
    await cid.keys("Enter")
    await cid.sees_people("Ann", "Bob", "Cidney")
    await expect(cid.page).to_have_title("Tea · TCPChatNet")
    await ann.keys("End", "Enter")
    await expect(ann.message("half a sentence").locator(".quote")).to_contain_text("message 299")
    await expect(ann.notices).to_have_text(["Cid is now called Cidney"])


async def test_popovers_stay_open(enter, server):
    ann, bob = await enter("Ann"), await enter("Bob")
    await ann.press("React", "message 299")
    await ann.quick_row.get_by_role("button", name="More emoji").click()
    search = ann.picker.get_by_role("combobox")
    await search.fill("party popper")
    await bob.row("Ann").get_by_role("button").first.click()
    await expect(bob.card).to_contain_text("Here now")
    for person in ann, bob:
        await person.notes_rebuilding()
    server.stop()
    server.start()
    for person in ann, bob:
        await person.is_rebuilt()
    await expect(search).to_be_focused()
    await expect(search).to_have_value("party popper")
    await ann.picker.get_by_role("option", name="party popper").click()
    await expect(ann.reaction("message 299", "🎉")).to_have_attribute("aria-pressed", "true")
    await expect(bob.card.locator(".item:focus")).to_be_visible()
    await bob.card.get_by_role("button", name="Mention").click()
    await expect(bob.field).to_have_value("@Ann ")
