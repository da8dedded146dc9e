"""The quick switcher on the desk, by keyboard alone, and on a phone."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.async_api import expect

from tests.browser.test_accessibility import PHONE, expect_no_axe_violations
from tests.support.past import used_server
from tests.support.people import Person
from tests.support.server import Server
from tests.support.stored_history import write_rooms

pytestmark = pytest.mark.own_server

ROOMS = {"Team": [f"Line {n}" for n in range(40)] + ["Where is the tea pot?"], "Green tea": ["Ready"], "Class 7b": []}


@pytest.fixture
def talked(tmp_path: Path) -> Iterator[Server]:
    write_rooms(tmp_path / "rooms", ROOMS)
    with used_server(tmp_path / "rooms", 3, CHAT_GRACE="15") as server:
        yield server


async def expect_options(person: Person, **groups: list[str]) -> None:
    for name, options in groups.items():
        found = person.search_dialog.get_by_role("group", name=name).get_by_role("option")
        await expect(found).to_contain_text(options)


async def test_switcher_works_by_keyboard(enter, guest, talked):
    ann = await enter("Ann", url=talked.url)
    await guest("Bob", url=talked.url)
    await ann.sees_people("Ann", "Bob")
    await ann.keys("Control+k")
    await expect_options(ann, Rooms=["Class 7b", "Green tea", "Team"], People=["Bob"])
    await expect_no_axe_violations(ann)
    await ann.searchbox.press_sequentially("gre te")
    await expect_options(ann, Rooms=["Green tea"])
    await ann.keys("Enter")
    await expect(ann.page).to_have_url(f"{talked.url}room/green-tea")
    await ann.sees("Ready")
    await expect(ann.field).to_be_focused()

    await ann.keys("Control+k")  # the room before is the first
    await expect_options(ann, Rooms=["Lobby", "Class 7b", "Team"])
    await ann.searchbox.press_sequentially("pot in:te")
    await expect_options(ann, Rooms=["Team", "Green tea"])
    await ann.keys("Enter")
    await expect(ann.searchbox).to_have_value("pot in:#Team ")
    await expect_options(ann, Messages=["Where is the tea pot?"])
    await expect_no_axe_violations(ann)
    await ann.keys("Enter")
    await expect(ann.page).to_have_url(f"{talked.url}room/team")
    await expect(ann.message("Where is the tea pot?")).to_be_focused()

    await ann.keys("Control+k")
    selected = ann.search_dialog.locator("[aria-selected=true]")
    await expect(selected).to_have_text("Green tea")
    await ann.keys("ArrowUp")
    await expect(selected).to_contain_text("Bob")
    await ann.keys("Escape")
    await expect(ann.search_dialog).to_be_hidden()
    await ann.page.go_back()
    await ann.sees("Ready")


async def test_many_rooms_are_filtered_by_keyboard(enter, tmp_path):
    write_rooms(tmp_path / "many", {f"Project {n}": [f"Plan {n}"] for n in range(12)})
    with used_server(tmp_path / "many", 3) as server:
        ann = await enter("Ann", url=server.url)
        rooms = ann.page.get_by_role("navigation", name="Rooms")
        await expect(rooms.get_by_role("link")).to_have_count(13)
        await rooms.get_by_role("link", name="Lobby").focus()
        await ann.keys("/", "1", "1", "ArrowDown", "Enter")
        await ann.sees("Plan 11")
        await expect(rooms.get_by_role("link")).to_have_count(13)
        await rooms.get_by_role("searchbox", name="Filter rooms").fill("PRÓJECT 3")
        await expect(rooms.get_by_role("link")).to_have_text(["Project 3"])
        await expect_no_axe_violations(ann)
        await ann.keys("Enter")
        await ann.sees("Plan 3")
        await rooms.get_by_role("link", name="Project 3").focus()
        await ann.keys("/", "1", "1", "Escape")
        await expect(rooms.get_by_role("searchbox", name="Filter rooms")).to_be_focused()
        await expect(rooms.get_by_role("link")).to_have_count(13)
        await ann.keys("Escape")
        await expect(ann.field).to_be_focused()
        await ann.keys("/")  # begins a command
        await expect(ann.field).to_have_value("/")


async def test_switcher_on_a_phone(enter, talked):
    ann = await enter("Ann", url=talked.url, color_scheme="dark", **PHONE)
    await ann.search("te")
    await expect_options(ann, Rooms=["Team", "Green tea"], Messages=["Where is the tea pot?"])
    await expect(ann.search_dialog).to_be_in_viewport(ratio=1)
    await expect_no_axe_violations(ann)
    await ann.search_dialog.get_by_role("button", name="Only in Lobby").tap()
    await expect(ann.searchbox).to_have_value("te in:#Lobby ")
    await expect(ann.search_dialog.get_by_role("status")).to_have_text("No messages found")
    await ann.searchbox.fill("class")
    room = ann.search_dialog.get_by_role("option", name="Class 7b")
    box = await room.bounding_box()
    assert box
    assert box["height"] >= 44
    await room.tap()
    await expect(ann.page).to_have_url(f"{talked.url}room/class-7b")
    await expect(ann.search_dialog).to_be_hidden()
