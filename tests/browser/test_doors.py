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


async def test_who_knows_the_password_of_the_room_comes_in_and_is_not_asked_again(enter, locked):
    ann = await enter(url=locked.url)
    await ann.card_name.fill("Ann")
    await room_password(ann).fill(ROOM_PASSWORD)
    await ann.join_button.click()
    await ann.is_in()
    await ann.reload()
    await ann.choose("Leave")
    await ann.is_at_the_card()


async def test_who_does_not_know_it_stays_outside_and_keeps_the_name(enter, locked):
    eve = await enter(url=locked.url)
    await eve.card_name.fill("Eve")
    await room_password(eve).fill("sesame")
    await eve.join_button.click()
    await expect(eve.form_reason).to_contain_text("Wrong room password")
    await expect(eve.card_name).to_have_value("Eve")
    await eve.page.reload()
    await eve.is_at_the_card()


async def test_an_account_needs_the_password_of_the_room_once(enter, locked):
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


async def test_another_password_of_the_room_shuts_guests_out(enter, locked):
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


async def test_nobody_comes_in_without_an_invitation(enter, closed):
    eve = await enter(url=closed.url)
    await expect(eve.password).to_be_visible()
    await expect(eve.join_button).to_be_hidden()
    await expect(eve.page.get_by_role("button", name="Sign up")).to_be_hidden()
    await expect(eve.page.locator(".card")).to_contain_text("Ask for an invitation")


async def test_the_link_printed_at_the_first_start_makes_the_owner(enter, closed):
    owner = await found_owner(enter, closed)
    await expect(owner.row("Olga")).to_contain_text("owner", ignore_case=True)
    closed.stop()
    closed.log_path.write_text("")
    closed.start()
    assert "/invite/" not in closed.output


async def test_a_link_that_nobody_made_opens_nothing(enter, closed):
    eve = await enter(url=f"{closed.url}invite/guessed")
    await expect(eve.password).to_be_visible()
    await expect(eve.page.get_by_role("button", name="Sign up")).to_be_hidden()


async def test_who_was_signed_out_is_told_why_at_a_closed_door(enter, closed):
    owner = await found_owner(enter, closed)
    await owner.choose("Account")
    await owner.page.get_by_role("button", name="Sign out everywhere").click()
    await expect(owner.form_reason).to_contain_text("all devices were signed out")


async def test_the_history_is_for_those_who_are_in(enter, locked, closed):
    for server in locked, closed:
        eve = await enter(url=server.url)
        answer = await eve.page.request.get(f"{server.url}history.txt")
        assert answer.status == 403


@SIZES
async def test_the_card_of_a_room_with_a_password_is_for_everybody(enter, locked, look):
    ann = await enter(url=locked.url, **look)
    await axe_finds_nothing(ann)


@SIZES
async def test_the_card_of_a_closed_chat_is_for_everybody(enter, closed, look):
    ann = await enter(url=closed.url, **look)
    await expect(ann.password).to_be_visible()
    await axe_finds_nothing(ann)


async def test_the_admin_password_makes_the_holder_of_an_account_the_owner(enter, server):
    ann = await enter()
    await ann.sign_up("Ann", PASSWORD)
    await ann.say(f"/admin {ADMIN_PASSWORD}")
    await expect(ann.row("Ann")).to_contain_text("owner", ignore_case=True)
    server.stop()
    server.start()
    await ann.reload()
    await expect(ann.row("Ann")).to_contain_text("owner", ignore_case=True)
