"""The door: a room with a password, and one for those who were invited."""

import re

import pytest
from playwright.async_api import expect

from tests.browser.test_accessibility import SIZES, axe_finds_nothing
from tests.support.server import ADMIN_PASSWORD

ROOM_PASSWORD = "open sesame"
PASSWORD = "seven wild geese"


@pytest.fixture
def locked(make_server):
    return make_server(CHAT_ACCESS="password", CHAT_ROOM_PASSWORD=ROOM_PASSWORD, CHAT_GRACE="1")


@pytest.fixture
def closed(make_server):
    return make_server(CHAT_ACCESS="invite", CHAT_GRACE="1")


def room_password(person):
    return person.page.get_by_role("textbox", name="Room password")


async def found_owner(enter, server):
    """Whoever has started the program signs up by the link that it printed."""
    [link] = re.findall(r"http://\S+/invite/\S+", server.output)
    owner = await enter(url=link)
    owner.url = server.url
    await expect(owner.page.locator(".card")).to_contain_text("makes you the owner")
    await owner.card_name.fill("Olga")
    await owner.password.fill(PASSWORD)
    await owner.page.get_by_role("button", name="Sign up").click()
    await owner.is_in()
    return owner


async def test_room_password_is_asked_once(enter, locked):
    ann = await enter(url=locked.url)
    await ann.card_name.fill("Ann")
    await room_password(ann).fill(ROOM_PASSWORD)
    await ann.join_button.click()
    await ann.is_in()
    await ann.reload()
    await ann.choose("Leave")
    await ann.is_at_the_card()


async def test_wrong_room_password_keeps_the_name_in_the_form(enter, locked):
    eve = await enter(url=locked.url)
    await eve.card_name.fill("Eve")
    await room_password(eve).fill("sesame")
    await eve.join_button.click()
    await expect(eve.form_reason).to_contain_text("Wrong room password")
    await expect(eve.card_name).to_have_value("Eve")
    await eve.page.reload()
    await eve.is_at_the_card()


@pytest.mark.exhaustive
async def test_account_needs_the_room_password_once(enter, locked):
    ann = await enter(url=locked.url)
    await ann.card_name.fill("Ann")
    await ann.page.get_by_role("button", name="Sign up").click()
    await ann.password.fill(PASSWORD)
    await ann.page.get_by_role("button", name="Sign up").click()
    await expect(ann.form_reason).to_contain_text("Wrong room password")
    await room_password(ann).fill(ROOM_PASSWORD)
    await ann.page.get_by_role("button", name="Sign up").click()
    await ann.is_in()
    away = await enter(url=locked.url)
    await away.sign_in("Ann", PASSWORD)


@pytest.mark.exhaustive
async def test_changed_room_password_ends_guest_sessions(enter, locked):
    ann = await enter(url=locked.url)
    await ann.card_name.fill("Ann")
    await room_password(ann).fill(ROOM_PASSWORD)
    await ann.join_button.click()
    await ann.is_in()
    locked.stop()
    locked.environment["CHAT_ROOM_PASSWORD"] = "another one"
    locked.start()
    await ann.page.reload()
    await ann.is_at_the_card()


async def test_printed_link_makes_the_owner(enter, closed):
    owner = await found_owner(enter, closed)
    await expect(owner.row("Olga")).to_contain_text("owner", ignore_case=True)
    closed.stop()
    closed.log_path.write_text("")
    closed.start()
    assert "/invite/" not in closed.output


@pytest.mark.exhaustive
@SIZES
async def test_card_with_a_room_password_passes_axe(enter, locked, look):
    ann = await enter(url=locked.url, **look)
    await axe_finds_nothing(ann)


@pytest.mark.exhaustive
@SIZES
async def test_card_of_a_closed_chat_passes_axe(enter, closed, look):
    ann = await enter(url=closed.url, **look)
    await expect(ann.password).to_be_visible()
    await axe_finds_nothing(ann)


@pytest.mark.exhaustive
async def test_owner_stays_owner_after_a_restart(enter, server):
    ann = await enter()
    await ann.sign_up("Ann", PASSWORD)
    await ann.say(f"/admin {ADMIN_PASSWORD}")
    await expect(ann.row("Ann")).to_contain_text("owner", ignore_case=True)
    server.stop()
    server.start()
    await ann.reload()
    await expect(ann.row("Ann")).to_contain_text("owner", ignore_case=True)
