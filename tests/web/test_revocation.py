"""Pages of banned, kicked and signed-out members are revoked, even if a program ignores the reload."""

import pytest

from tests.support.page_program import Program
from tests.support.server import ADMIN_PASSWORD, Server


@pytest.fixture
async def olga(program) -> Program:
    """Join as the owner."""
    olga = program("Olga")
    await olga.sign_up("Olga")
    assert await olga.say(f"/admin {ADMIN_PASSWORD}")
    return olga


@pytest.mark.parametrize("command", ["/ban Eve", "/kick Eve"])
async def test_revoked_page_can_neither_read_nor_write(program, olga: Program, command: str):
    eve = program("Eve")
    await eve.open()
    assert await olga.say(command)
    assert await olga.say("behind her back")
    await eve.is_disconnected()
    assert eve.redirects[-1] == "/"
    assert "behind her back" not in eve.text()
    with pytest.raises(ConnectionError):
        await eve.say("I am still here")
    assert await eve.status("history.txt") == 403


@pytest.mark.parametrize("command", ["/ban Eve", "/kick Eve"])
async def test_account_does_not_bypass_a_sanction(program, olga: Program, command: str):
    eve = program("Eve")
    await eve.open()
    async with program("Another") as other:
        await other.sign_up("Another")
        await other.close()
    assert await olga.say(command)
    await eve.is_disconnected()
    for method, name in ("Sign up", "Somebody else"), ("Sign in", "Another"):
        await eve.fill_in_card(method, name)
        await eve.sees("You were")
        assert not eve._asked_to_reload


async def test_mute_survives_a_new_account(program, olga: Program):
    eve = program("Eve")
    await eve.open()
    assert await olga.say("/mute Eve")
    await eve.leave()
    await eve.is_disconnected()
    await eve.sign_up("Somebody else")
    assert not await eve.say("Hello again")


async def test_banned_admin_cannot_invite(program, olga: Program):
    adam = program("Adam")
    await adam.sign_up("Adam")
    assert await olga.say("/role Adam admin")
    page = program("Adam", like=adam)
    await page.open_moderation()
    assert await olga.say("/ban Adam")
    await page.choose("--invite")
    await page.is_disconnected()
    assert "/invite/" not in page.text()
    assert await page.status("audit.jsonl") == 403
    assert await page.status("moderation") == 303


async def test_admin_is_redirected_after_leaving(program, server: Server, olga: Program):
    adam = program("Adam")
    await adam.sign_up("Adam")
    assert await olga.say("/role Adam admin")
    page = program("Adam", like=adam)
    await page.open_moderation()
    await adam.choose("--sign-out")
    await page.is_disconnected()
    assert "Traceback" not in server.output


async def test_signing_out_everywhere_ends_a_stolen_session(program, olga: Program):
    thief = program("Thief", like=olga)
    await thief.open()
    assert await thief.say("as if I were Olga")
    ann = program("Ann")
    await ann.open()
    await olga.choose("--account")
    await olga.press("Sign out everywhere")
    await thief.is_disconnected()
    await olga.is_disconnected()
    assert await ann.say("now it is us")
    assert "now it is us" not in thief.text()


async def test_changing_the_password_ends_a_stolen_session(program, olga: Program):
    thief = program("Thief", like=olga)
    await thief.open()
    await olga.choose("--account")
    await olga.sees("Change password")
    await olga.fill_in("seven wild geese", "eight wild geese")
    await thief.is_disconnected()
