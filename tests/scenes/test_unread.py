"""Unread messages: the unread line and the title counter."""

import asyncio
import json
from pathlib import Path

import pytest

from chat.framework.page_record import NEWEST
from chat.state import clock
from chat.ui import page_context
from chat.ui.components.messages import unread_counter
from chat.ui.last_seen import LastSeen
from chat.ui.pages import room
from tests.support.scene_page import until
from tests.support.server import ADMIN_PASSWORD

TITLE = "TCPChatNet"


async def expect_title(person, title):
    await until(lambda: person.title == title, lambda: f"{person.title} instead of {title}")


async def expect_unread_line(person, before=""):
    """Expect the unread line above exactly this message, or no line."""
    await until(lambda: person.unread_line == before, lambda: f"{person.unread_line!r} instead of {before!r}")


async def come_back(person, newest):
    """Connect the page again, whose browser has this message as its newest."""
    client = person.user.client
    client.request.scope[NEWEST] = person.message_id(newest)
    await client.handle_handshake("again", "tab", None, "document", None)


async def test_title_counts_while_the_page_is_hidden(ann, bob):
    assert ann.title == TITLE
    await ann.look_away()
    await bob.say("one")
    await expect_title(ann, f"(1) {TITLE}")
    await bob.say("two")
    await expect_title(ann, f"(2) {TITLE}")
    await ann.look_away(False)
    await expect_title(ann, TITLE)


async def test_title_counts_only_mentions_if_asked_to(ann, bob):
    await ann.set_preference("title", "mentions")
    await ann.look_away()
    await bob.say("not for Ann")
    await bob.say("@Ann hello")
    await expect_title(ann, f"(1) {TITLE}")


async def test_unread_line_stays_until_the_next_absence(ann, bob):
    await ann.look_away()
    await bob.say("one")
    await expect_unread_line(ann, before="one")
    await ann.look_away(False)
    await bob.say("two")
    await ann.sees("one", "two")
    await expect_unread_line(ann, before="one")
    await ann.look_away()
    await bob.say("three")
    await expect_unread_line(ann, before="three")


async def test_own_messages_written_offline_leave_the_unread_line(ann, bob):
    await ann.look_away()
    await bob.say("news")
    await expect_unread_line(ann, before="news")
    await ann.look_away(False)
    for text in "from the train", "still there":
        await ann.say_late(text)
    await ann.sees("news", "from the train", "still there")
    assert ann.unread_line == "news"


async def test_own_message_removes_the_unread_line(ann, bob):
    await ann.look_away()
    await bob.say("news")
    await expect_unread_line(ann, before="news")
    await ann.look_away(False)
    await ann.say("I have read it")
    await expect_unread_line(ann)


async def test_newcomer_has_no_unread_line(enter, ann):
    await ann.say("one")
    await ann.say("two")
    bob = await enter("Bob")
    await bob.sees("one", "two")
    await expect_unread_line(bob)
    assert bob.title == TITLE


@pytest.mark.parametrize(("name", "unread"), [("Ann", "news"), ("Eve", "")])
async def test_only_the_guest_who_comes_back_sees_what_is_new(ann, bob, name, unread):
    await bob.say("old")
    await ann.sees("old")
    await ann.leave()
    await ann.is_at_the_card()
    await bob.say("news")
    await bob.sees("old", "news")
    await ann.join(name)
    await ann.sees("old", "news")
    await expect_unread_line(ann, before=unread)


async def test_message_that_may_not_have_arrived_before_the_connection_was_lost_is_unread(ann, bob, monkeypatch):
    await bob.say("old")
    await ann.sees("old")
    last_heard = clock.now()
    monkeypatch.setattr(page_context, "heard_at", lambda client: last_heard)
    await bob.say("news")
    await bob.say("more")
    await ann.sees("old", "news", "more")
    for socket in [*ann.user.client._socket_to_document_id]:
        ann.user.client.handle_disconnect(socket)
    await expect_unread_line(ann, before="news")
    await ann.reload()
    await expect_unread_line(ann, before="news")


async def test_message_that_arrived_after_all_before_the_connection_was_lost_is_read(ann, bob, monkeypatch):
    last_heard = clock.now()
    monkeypatch.setattr(page_context, "heard_at", lambda client: last_heard)
    await bob.say("news")
    await bob.say("more")
    await ann.sees("news", "more")
    ann.close()
    await expect_unread_line(ann, before="news")
    await come_back(ann, newest="news")
    await expect_unread_line(ann, before="more")


async def test_what_is_unread_in_a_hidden_page_stays_so_when_its_connection_is_back(ann, bob):
    await ann.look_away()
    await bob.say("news")
    await expect_title(ann, f"(1) {TITLE}")
    ann.close()
    await come_back(ann, newest="news")
    await bob.say("more")
    await expect_title(ann, f"(2) {TITLE}")
    await expect_unread_line(ann, before="news")


async def test_what_is_unread_in_a_hidden_page_stays_so_when_another_tab_was_lost_first(ann, bob, monkeypatch):
    hidden, last_heard = await ann.open_another_tab(), clock.now()
    await hidden.look_away()
    monkeypatch.setattr(page_context, "heard_at", lambda client: last_heard)
    await bob.say("news")
    await ann.sees("news")
    ann.close()
    await expect_title(hidden, f"(1) {TITLE}")
    hidden.close()
    await come_back(hidden, newest="news")
    await bob.say("more")
    await expect_title(hidden, f"(2) {TITLE}")


async def test_what_was_read_in_a_tab_that_is_closed_is_not_unread_in_others(ann, bob, monkeypatch):
    def save_soon(self, until=None):  # as a tab in another process does
        asyncio.get_running_loop().call_later(0.1, save, self, until)

    hidden, save = await ann.open_another_tab(), LastSeen.save
    await hidden.look_away()
    monkeypatch.setattr(LastSeen, "save", save_soon)
    await bob.say("news")
    await ann.sees("news")
    ann.close()
    await asyncio.sleep(unread_counter.MARKS_DELAY + 0.2)
    assert hidden.title == TITLE
    await expect_unread_line(hidden)


async def test_joins_renames_and_leaves_are_not_unread(enter, ann):
    await ann.look_away()
    bob = await enter("Bob")
    await bob.rename("Robert")
    await ann.sees_line("Bob is now called Robert")
    await bob.leave()
    await ann.sees_line("left")
    cid = await enter("Cid")
    await cid.say("news")
    await expect_title(ann, f"(1) {TITLE}")
    await expect_unread_line(ann, before="news")


async def test_message_read_in_one_tab_is_read_in_all(ann, bob):
    await ann.look_away()
    tab = await ann.open_another_tab()
    await tab.look_away()
    await bob.say("news")
    for page in ann, tab:
        await expect_title(page, f"(1) {TITLE}")
    await tab.look_away(False)
    for page in ann, tab:
        await expect_title(page, TITLE)


async def test_message_visible_in_another_tab_is_not_unread(ann, bob):
    tab = await ann.open_another_tab()
    await ann.look_away()
    await bob.say("news")
    for page in ann, tab:
        await page.sees("news")
    await expect_title(ann, TITLE)
    await ann.look_away(False)
    await expect_unread_line(ann)


async def test_deleted_message_is_no_longer_unread(ann, bob):
    await ann.look_away()
    for text in "one", "two", "three":
        await bob.say(text)
    await expect_title(ann, f"(3) {TITLE}")
    await bob.delete("one")
    await expect_title(ann, f"(2) {TITLE}")
    await expect_unread_line(ann, before="two")


async def test_cleared_history_has_nothing_unread(ann, bob):
    await bob.become_admin(ADMIN_PASSWORD)
    await ann.look_away()
    await bob.say("news")
    await expect_title(ann, f"(1) {TITLE}")
    await bob.clear_history()
    await expect_title(ann, TITLE)
    await bob.say("a fresh start")
    await expect_title(ann, f"(1) {TITLE}")
    await expect_unread_line(ann, before="a fresh start")


@pytest.fixture
def _short_minutes(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(room, "MINUTE", 0.02)


@pytest.mark.usefixtures("_short_minutes")
async def test_read_mark_is_on_the_disk_within_a_minute(ann, bob, own_data_dir: Path):
    def seen() -> list[int]:
        sessions = [json.loads(path.read_bytes()) for path in own_data_dir.glob(".nicegui/storage-user-*.json")]
        return [data.get("seen", {}).get("lobby") for data in sessions if data["member"]["name"] == "Ann"]

    for number, text in enumerate(("one", "two"), 1):
        await bob.say(text)
        await ann.shows(text)
        await until(lambda number=number: seen() == [number])


@pytest.mark.settings(CHAT_HISTORY_LIMIT="8")
async def test_unread_line_moves_to_the_oldest_kept_message(ann, bob):
    await ann.look_away()
    for number in range(10):
        await bob.say(f"news {number}")
    await ann.sees(*(f"news {number}" for number in range(2, 10)))
    await expect_title(ann, f"(8) {TITLE}")
    await expect_unread_line(ann, before="news 2")


async def test_message_marked_as_unread_stays_so_until_the_member_comes_back(ann, bob):
    tab = await ann.open_another_tab()
    for text in "one", "two", "three":
        await bob.say(text)
    await ann.shows("three")
    await ann.press("Mark-unread", "two")
    for page in ann, tab:
        await expect_unread_line(page, before="two")
        assert "2 new messages" in page.shown_buttons
    await bob.say("four")
    await expect_unread_line(ann, before="two")
    await ann.look_away()
    await expect_title(ann, f"(3) {TITLE}")
    await ann.look_away(False)
    await expect_title(ann, TITLE)
    for page in ann, tab:
        await until(lambda page=page: not any("new message" in label for label in page.shown_buttons))


async def test_mark_survives_a_reload(ann, bob):
    for text in "one", "two":
        await bob.say(text)
    await ann.say("three")
    await ann.press("Mark-unread", "one")
    await ann.reload()
    await expect_unread_line(ann, before="one")


async def test_mark_lasts_at_the_end_of_the_list_until_the_member_scrolls_up_and_back(ann, bob):
    await bob.say("one")
    await ann.press("Mark-unread", "one")
    ann.scroll(to_end=True)
    await bob.say("two")
    await ann.shows("two")
    assert "2 new messages" in ann.shown_buttons
    ann.scroll(to_end=False)
    ann.scroll(to_end=True)
    await until(lambda: not any("new message" in label for label in ann.shown_buttons))
    await expect_unread_line(ann, before="one")


@pytest.mark.parametrize("way", ["own message", "all read", "menu"])
async def test_mark_ends_with_an_own_message_and_when_all_is_marked_as_read(ann, bob, way):
    await bob.say("one")
    await ann.press("Mark-unread", "one")
    await expect_unread_line(ann, before="one")
    if way == "own message":
        await ann.say("I have read it")
    elif way == "menu":
        await ann.choose("Mark all as read")
    else:
        await ann.press_shift_escape()
    await expect_unread_line(ann)
    await bob.say("two")
    await ann.shows("two")
    await expect_unread_line(ann)
    await ann.reload()
    await expect_unread_line(ann)


async def test_number_in_the_title_is_on_the_icon_too(ann, bob):
    await ann.look_away()
    await bob.say("one")
    await bob.say("two")
    await until(lambda: ann.title.startswith("(2)"))
    await until(lambda: ann.user.badges[-1:] == [2])
    await ann.look_away(hidden=False)
    await until(lambda: ann.user.badges[-1:] == [0])
