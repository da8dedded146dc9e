"""The ways in that lead over an address of their own, asked by programs."""

import asyncio
import json
import re
import stat

import pytest

from tests.support.server import Server

OVER = "This invitation is not good any more."


@pytest.fixture
def server(make_server) -> Server:
    """A chat for those who were invited."""
    return make_server(CHAT_ACCESS="invite", CHAT_GRACE="1")


@pytest.fixture
def link(server: Server) -> str:
    """What makes the owner."""
    [link] = re.findall(r"http://\S+/invite/\S+", server.output)
    return link


def accounts(server: Server) -> list[tuple[str, str]]:
    kept = json.loads((server.data_dir / "accounts.json").read_text())["accounts"]
    return [(account["role"], account["id"]) for account in kept]


async def test_of_two_who_use_the_owners_link_at_once_one_is_the_owner(program, server: Server, link: str):
    two = [program("Olga"), program("Eve")]
    for one in two:
        await one.comes_by(link)
    await asyncio.gather(*(one.fill_in(one.name, "seven wild geese") for one in two))
    asked = [asyncio.create_task(one.is_led_in()) for one in two]
    told = [asyncio.create_task(one.sees(OVER)) for one in two]
    done, others = await asyncio.wait(asked, return_when=asyncio.FIRST_COMPLETED)
    owner = asked.index(done.pop())
    await told[1 - owner]
    for task in [*others, told[owner]]:
        task.cancel()
    assert [role for role, _ in accounts(server)] == ["owner"]


async def test_the_owners_link_is_good_until_an_account_was_made(program, server: Server, link: str):
    olga = program("Olga")
    await olga.comes_by(link)
    await olga.fill_in("Olga", "short")
    await olga.sees("at least")
    await olga.fill_in("Olga", "seven wild geese")
    await olga.is_led_in()
    assert [role for role, _ in accounts(server)] == ["owner"]


async def test_who_comes_by_a_link_that_is_over_is_told(program):
    eve = program("Eve")
    await eve.comes_by("guessed")
    await eve.sees(OVER)


async def test_links_that_nobody_made_leave_nothing_behind(program, server: Server):
    for number in range(3):
        await program("Eve").comes_by(f"guessed{number}")
    assert list(server.data_dir.glob(".nicegui/*")) == []


async def test_what_is_written_is_for_its_owner_only(program, server: Server, link: str):
    olga = program("Olga")
    await olga.comes_by(link)
    await olga.fill_in("Olga", "seven wild geese")
    await olga.is_led_in()
    await olga.say("Hello")
    files = [path for path in server.data_dir.rglob("*") if path.is_file()]
    assert {stat.S_IMODE(path.stat().st_mode) for path in files} == {0o600}
