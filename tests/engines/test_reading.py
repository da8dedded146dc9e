"""Reading: lines, and further up nothing moves and the place is kept, whatever the width of the window."""

import pytest

from tests.support.past import said, used_server

COUNT = 300


@pytest.fixture
def server(tmp_path):
    """Start a server with more messages than a page opens with."""
    with used_server(tmp_path / "old", COUNT) as server:
        yield server


async def test_short_messages_keep_on_one_line(enter):
    ann = await enter("Ann")
    await ann.has_in_view(said(COUNT))
    assert [text for text in await ann.broken_messages() if not text.endswith("more words")] == []


async def test_earlier_messages_load_without_a_jump(enter):
    ann = await enter("Ann")
    await ann.has_in_view(said(COUNT))
    await ann.scroll_up(await ann.distance_to_start() - 500)
    before = await ann.top_of(said(COUNT - 80))
    await ann.has(said(COUNT - 130))
    await ann.stays(said(COUNT - 80), before)


async def test_arriving_messages_move_nothing_further_up(enter, guest):
    ann, bob = await enter("Ann"), await guest("Bob")
    await ann.scroll_up(700)
    before = await ann.top_of(said(COUNT - 20))
    await bob.say("news")
    await ann.sees_pill("1 new message")
    await ann.stays(said(COUNT - 20), before)
    await ann.send("/lock")
    await ann.is_refused("/lock", because="Only moderators can do that.")
    await ann.stays(said(COUNT - 20), before)


async def test_place_is_kept_over_a_reload(enter):
    ann = await enter("Ann")
    await ann.pages_up(2)
    await ann.has_kept_its_place()
    before = await ann.top_of(said(COUNT - 30))
    await ann.reload()
    await ann.returns(said(COUNT - 30), before)


async def test_restart_is_not_noticed(enter, server):
    ann = await enter("Ann")
    await ann.write("half a sentence")
    await ann.scroll_up(await ann.distance_to_start() - 500)
    await ann.has(said(COUNT - 130))
    await ann.has_kept_its_place()
    before = await ann.top_of(said(COUNT - 80))
    await ann.notes_rebuilding()
    server.stop()
    server.start()
    await ann.is_rebuilt()
    await ann.returns(said(COUNT - 80), before)
    await ann.field_has("half a sentence")
    await ann.write(".")
    await ann.keys("Enter")
    await ann.has("half a sentence.")


async def test_shift_tab_leads_to_the_newest_message(enter):
    ann = await enter("Ann")
    await ann.has_in_view(said(COUNT))
    await ann.write("h")
    await ann.keys("Shift+Tab")
    await ann.is_at(said(COUNT))


async def test_button_leads_down(enter):
    ann = await enter("Ann")
    await ann.has_in_view(said(COUNT))
    await ann.is_shown(".pill", False)
    await ann.scroll_up(700)
    await ann.is_shown(".pill")
    await ann.click("button", "Go to the newest message")
    await ann.is_shown(".pill", False)
    await ann.has_in_view(said(COUNT))


async def test_room_follows_the_width_of_the_window_under_a_dialog(enter):
    ann = await enter("Ann")
    for has_dialog in False, True:  # WebKit failed only once it had styled both widths
        if has_dialog:
            await ann.choose("Settings")
            await ann.sees_dialog("Settings")
        await ann.resize(500, 800)
        await ann.is_shown(".roster", False)
        await ann.resize(1280, 800)
        await ann.is_shown(".roster")
