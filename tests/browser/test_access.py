"""Access: a room with a password, and one by invitation only."""

import re

import pytest
from playwright.async_api import expect

from tests.browser.test_accessibility import SIZES, expect_no_axe_violations
from tests.support.server import ADMIN_PASSWORD

ROOM_PASSWORD = "open sesame"
PASSWORD = "seven wild geese"


@pytest.fixture
def password_server(make_server):
    return make_server(CHAT_ACCESS="password", CHAT_ROOM_PASSWORD=ROOM_PASSWORD, CHAT_GRACE="1")


@pytest.fixture
def invite_server(make_server):
    return make_server(CHAT_ACCESS="invite", CHAT_GRACE="1")


def room_password(person):
    return person.page.get_by_role("textbox", name="Room password")


async def sign_up_owner(enter, server):
    """Sign up with the link printed at the first start."""
    [link] = re.findall(r"http://\S+/invite/\S+", server.output)
    owner = await enter(url=link)
    owner.url = server.url
    await expect(owner.page.locator(".card")).to_contain_text("makes you the owner")
    await owner.card_name.fill("Olga")
    await owner.password.fill(PASSWORD)
    await owner.page.get_by_role("button", name="Sign up").click()
    await owner.is_in()
    return owner


@pytest.mark.own_server
async def test_room_password_is_asked_for_once(enter, password_server):
    ann = await enter(url=password_server.url)
    await ann.card_name.fill("Ann")
    await room_password(ann).fill(ROOM_PASSWORD)
    await ann.join_button.click()
    await ann.is_in()
    await ann.reload()
    await ann.leave()


@pytest.mark.own_server
async def test_wrong_room_password_keeps_the_name_in_the_form(enter, password_server):
    eve = await enter(url=password_server.url)
    await eve.card_name.fill("Eve")
    await room_password(eve).fill("sesame")
    await eve.join_button.click()
    await expect(eve.form_reason).to_contain_text("Wrong room password")
    await expect(eve.card_name).to_have_value("Eve")
    await eve.page.reload()
    await eve.is_at_the_card()


@pytest.mark.own_server
@pytest.mark.exhaustive
async def test_account_needs_the_room_password_once(enter, password_server):
    ann = await enter(url=password_server.url)
    await ann.card_name.fill("Ann")
    await ann.page.get_by_role("button", name="Sign up").click()
    await ann.password.fill(PASSWORD)
    await ann.page.get_by_role("button", name="Sign up").click()
    await expect(ann.form_reason).to_contain_text("Wrong room password")
    await room_password(ann).fill(ROOM_PASSWORD)
    await ann.page.get_by_role("button", name="Sign up").click()
    await ann.is_in()
    away = await enter(url=password_server.url)
    await away.sign_in("Ann", PASSWORD)


@pytest.mark.own_server
@pytest.mark.exhaustive
async def test_changed_room_password_ends_guest_sessions(enter, password_server):
    ann = await enter(url=password_server.url)
    await ann.card_name.fill("Ann")
    await room_password(ann).fill(ROOM_PASSWORD)
    await ann.join_button.click()
    await ann.is_in()
    password_server.stop()
    password_server.environment["CHAT_ROOM_PASSWORD"] = "another one"
    password_server.start()
    await ann.reload_page()
    await ann.is_at_the_card()


@pytest.mark.own_server
async def test_printed_link_creates_the_owner(enter, invite_server):
    owner = await sign_up_owner(enter, invite_server)
    await expect(owner.row("Olga")).to_contain_text("owner", ignore_case=True)
    invite_server.stop()
    invite_server.log_path.write_text("")
    invite_server.start()
    assert "/invite/" not in invite_server.output


@pytest.mark.own_server
@pytest.mark.exhaustive
@SIZES
async def test_card_with_a_room_password_passes_axe(enter, password_server, look):
    ann = await enter(url=password_server.url, **look)
    await expect_no_axe_violations(ann)


@pytest.mark.own_server
@pytest.mark.exhaustive
@SIZES
async def test_card_of_an_invite_only_chat_passes_axe(enter, invite_server, look):
    ann = await enter(url=invite_server.url, **look)
    await expect(ann.password).to_be_visible()
    await expect_no_axe_violations(ann)


@pytest.mark.exhaustive
async def test_owner_role_survives_a_restart(enter, server):
    ann = await enter()
    await ann.sign_up("Ann", PASSWORD)
    await ann.say(f"/admin {ADMIN_PASSWORD}")
    await expect(ann.row("Ann")).to_contain_text("owner", ignore_case=True)
    server.stop()
    server.start()
    await ann.reload()
    await expect(ann.row("Ann")).to_contain_text("owner", ignore_case=True)


async def test_page_says_that_cookies_are_missing(enter, make_proxy):
    proxy = await make_proxy()
    proxy.loses_cookies = True
    ann = await enter(url=proxy.url)
    notice = ann.page.locator(".no-cookies")
    await expect(notice).to_be_visible()
    await expect(notice).to_contain_text("This chat needs cookies.")
