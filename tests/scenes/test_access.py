"""Access: a room with a password, and one by invitation only."""

import pytest

from tests.support.scene_page import until
from tests.support.server import ADMIN_PASSWORD

ROOM_PASSWORD = "open sesame"
PASSWORD = "seven wild geese"
with_password = pytest.mark.settings(CHAT_ACCESS="password", CHAT_ROOM_PASSWORD=ROOM_PASSWORD)
by_invitation = pytest.mark.settings(CHAT_ACCESS="invite")


@with_password
async def test_room_password_is_asked_for_once(enter):
    ann = await enter()
    await ann.join("Ann", "", ROOM_PASSWORD)
    await ann.reload()
    await ann.leave()
    await ann.is_at_the_card()


@with_password
async def test_wrong_room_password_is_rejected(enter):
    eve = await enter()
    eve.submit_card("Eve", "", "sesame")
    await eve.is_refused(because="Wrong room password")
    await eve.open()
    await eve.is_at_the_card()


@with_password
async def test_account_needs_the_room_password_once(enter):
    ann = await enter()
    ann.click("Sign up")
    ann.submit_card("Ann", PASSWORD, "")
    await ann.is_refused(because="Wrong room password")
    ann.submit_card("Ann", PASSWORD, ROOM_PASSWORD)
    await ann.is_in()
    away = await enter()
    await away.sign_in("Ann", PASSWORD)


@by_invitation
async def test_joining_requires_an_invitation(enter):
    eve = await enter()
    await eve.reads("This chat is for members only. Ask for an invitation to join.")
    assert eve.shown_buttons == ["Sign in"]


@by_invitation
@pytest.mark.parametrize("path", ["/invite/guessed"])
async def test_guessed_invitation_is_rejected(enter, path):
    eve = await enter(path=path)
    await eve.is_at_the_card()
    assert eve.shown_buttons == ["Sign in"]


@pytest.mark.parametrize("access", [pytest.param(None, marks=with_password), pytest.param(None, marks=by_invitation)])
async def test_history_download_requires_joining(enter, access):
    eve = await enter()
    assert (await eve.download("/history.txt")).status_code == 403


async def test_admin_password_makes_an_account_owner(enter):
    ann = await enter()
    await ann.sign_up("Ann", PASSWORD)
    await ann.say(f"/admin {ADMIN_PASSWORD}")
    await until(lambda: "owner" in ann.row("Ann").lower())
