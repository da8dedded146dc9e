"""Invitation links, requested by clients other than browsers."""

import asyncio
import json
import re
import stat

import aiohttp
import pytest

from tests.support.server import Server

EXPIRED = "This invitation has expired."


@pytest.fixture
def server(make_server) -> Server:
    """Start a chat that requires an invitation."""
    return make_server(CHAT_ACCESS="invite", CHAT_GRACE="1")


@pytest.fixture
def link(server: Server) -> str:
    """Return the owner's invitation link."""
    [link] = re.findall(r"http://\S+/invite/\S+", server.output)
    return link


def accounts(server: Server) -> list[tuple[str, str]]:
    kept = json.loads((server.data_dir / "accounts.json").read_text())["accounts"]
    return [(account["role"], account["id"]) for account in kept]


async def test_owners_link_used_twice_at_once_creates_one_owner(program, server: Server, link: str):
    pair = [program("Olga"), program("Eve")]
    for person in pair:
        await person.open_invitation(link)
    await asyncio.gather(*(person.fill_in(person.name, "seven wild geese") for person in pair))
    signed_up = [asyncio.create_task(person.follow_redirect()) for person in pair]
    refused = [asyncio.create_task(person.sees(EXPIRED)) for person in pair]
    done, others = await asyncio.wait(signed_up, return_when=asyncio.FIRST_COMPLETED)
    owner = signed_up.index(done.pop())
    await refused[1 - owner]
    for task in [*others, refused[owner]]:
        task.cancel()
    assert [role for role, _ in accounts(server)] == ["owner"]


async def test_owners_link_is_valid_until_an_account_is_created(program, server: Server, link: str):
    olga = program("Olga")
    await olga.open_invitation(link)
    await olga.fill_in("Olga", "short")
    await olga.sees("at least")
    await olga.fill_in("Olga", "seven wild geese")
    await olga.follow_redirect()
    assert [role for role, _ in accounts(server)] == ["owner"]


async def test_previews_do_not_use_up_a_one_time_login(program, server: Server, link: str, http: aiohttp.ClientSession):
    olga = program("Olga")
    await olga.open_invitation(link)
    await olga.fill_in("Olga", "seven wild geese")
    await olga._until(lambda: olga._asked_to_reload)
    enter = server.url + olga.redirects[-1].lstrip("/")
    async with olga.http.head(enter, allow_redirects=False) as response:
        assert (response.status, response.headers["Allow"]) == (405, "GET")
    async with http.get(enter, allow_redirects=False) as response:  # a program without Olga's cookie
        assert response.status == 303
    await olga.follow_redirect()


async def test_invalid_link_shows_an_error(program):
    eve = program("Eve")
    await eve.open_invitation("guessed")
    await eve.sees(EXPIRED)


async def test_invalid_links_create_no_files(program, server: Server):
    for number in range(3):
        await program("Eve").open_invitation(f"guessed{number}")
    assert list(server.data_dir.glob(".nicegui/*")) == []


async def test_files_are_readable_by_their_owner_only(program, server: Server, link: str):
    olga = program("Olga")
    await olga.open_invitation(link)
    await olga.fill_in("Olga", "seven wild geese")
    await olga.follow_redirect()
    await olga.say("Hello")
    files = [path for path in server.data_dir.rglob("*") if path.is_file()]
    assert {stat.S_IMODE(path.stat().st_mode) for path in files} == {0o600}
