"""Two processes behind a balancer that leads each request to another one: both know at once who came, and who left."""

import asyncio
import re
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack, asynccontextmanager

import pytest

from tests.support.engine import HAS_ENGINE, EngineProcess
from tests.support.page_program import PASSWORD, Program
from tests.support.proxy import Balancer
from tests.support.server import Server, free_port

pytestmark = pytest.mark.skipif(not HAS_ENGINE, reason="there is no engine for this system")

TURNS = ("01", "011", "001")
"""Which process gets a person's first, second, and third request (a page, its socket, the next page), and so on."""

EXPIRED = "has expired"


class Visitor(Program):
    """Somebody whose requests go to different processes."""

    async def is_known_everywhere(self, *, as_member: bool = True) -> None:
        """Load the page often enough to get it of each process."""
        await self.close()
        for _ in range(3):
            assert await self._load() == as_member
            await self.close()

    async def enter_by_new_link(self, path: str, *values: str) -> None:
        """Fill in the form that a link leads to, once the processes have learnt of it: it was created a moment ago."""
        async with asyncio.timeout(30):
            await self._load(path)
            while not await self._can_enter(*values):
                await self.close()
                await self._load(path)
        await self.follow_redirect()

    async def _can_enter(self, *values: str) -> bool:
        if EXPIRED in self.text():
            return False
        await self.fill_in(*values)
        await self._until(lambda: self._asked_to_reload or EXPIRED in self.text())
        return self._asked_to_reload

    def found(self, pattern: str) -> str:
        """Return the last text of the page with this pattern."""
        return re.findall(pattern, self.text())[-1]

    async def becomes_a_member(self) -> None:
        """Create an account as a guest in the room."""
        await self.choose("--sign-up")
        await self.sees("An account reserves your name")
        await self.fill_in(self.name, PASSWORD)
        await self.follow_redirect()


@asynccontextmanager
async def visitors(
    make_server: Callable[..., Server], turns: str, **settings: str
) -> AsyncIterator[tuple[Callable[..., Awaitable[Visitor]], list[Server]]]:
    """Start two processes, and create visitors by their names."""
    async with AsyncExitStack() as stack:
        engine = EngineProcess()
        stack.callback(engine.remove)
        servers = [await asyncio.to_thread(make_server, CHAT_REDIS_URL=engine.url, **settings) for _ in range(2)]

        async def make(name: str, like: Visitor | None = None) -> Visitor:
            balancer = Balancer(free_port(), [servers[int(turn)].port for turn in turns])
            await balancer.heal()
            stack.push_async_callback(balancer.cut)
            return await stack.enter_async_context(Visitor(balancer.url, name, like))

        yield make, servers


in_all_orders = pytest.mark.parametrize(
    "turns", [TURNS[0], *(pytest.param(t, marks=pytest.mark.exhaustive) for t in TURNS[1:])]
)


@in_all_orders
async def test_who_joins_and_signs_up_in_and_out_is_who_they_are(make_server: Callable[..., Server], turns: str):
    async with visitors(make_server, turns) as (visitor, _):
        ann = await visitor("Ann")
        await ann.open()
        await ann.is_known_everywhere()
        await ann.open()
        await ann.becomes_a_member()
        await ann.is_known_everywhere()
        again = await visitor("Again")
        await again.fill_in_card("Sign in", "Ann")
        await again.follow_redirect()
        await again.choose("--sign-out")
        await again.is_disconnected()
        await again.is_known_everywhere(as_member=False)
        await ann.is_known_everywhere()


@in_all_orders
async def test_other_tabs_of_a_session_end_once_it_is_replaced(make_server: Callable[..., Server], turns: str):
    async with visitors(make_server, turns) as (visitor, _):
        ann = await visitor("Ann")
        await ann.open()
        other_tab = await visitor("Ann", like=ann)
        await other_tab.open()
        await ann.becomes_a_member()
        await other_tab.is_disconnected()
        await ann.is_known_everywhere()


@pytest.mark.exhaustive
@pytest.mark.parametrize("turns", TURNS)
async def test_guest_who_leaves_and_comes_back_is_the_same(make_server: Callable[..., Server], turns: str):
    async with visitors(make_server, turns) as (visitor, _):
        ann = await visitor("Ann")
        await ann.open()
        await ann.leave()
        await ann.is_disconnected()
        await ann.is_known_everywhere(as_member=False)
        await ann.open()
        await ann.is_known_everywhere()


@pytest.mark.exhaustive
@pytest.mark.parametrize("turns", TURNS)
async def test_invitations_and_password_links_are_valid_everywhere(make_server: Callable[..., Server], turns: str):
    async with visitors(make_server, turns, CHAT_ACCESS="invite") as (visitor, servers):
        olga, ann, away, eve = [await visitor(name) for name in ("Olga", "Ann", "Ann, away", "Eve")]
        [link] = re.findall(r"http://\S+/invite/\S+", servers[0].output)
        await olga.open_invitation(link)
        await olga.fill_in("Olga", PASSWORD)
        await olga.follow_redirect()
        await olga.is_known_everywhere()
        await eve.open_invitation(link)
        await eve.sees("This invitation has expired.")
        await olga.open_moderation()
        await olga.choose("--invite")
        await olga.sees("/invite/")
        await ann.enter_by_new_link(olga.found(r"invite/[\w-]+"), "Ann", PASSWORD)
        await olga.close()
        await olga.open()
        await olga.sees("Moderate Ann")
        await olga.choose("--person", olga.found(r"value=(\w+) [^>]*Moderate Ann"))
        await olga.press("Reset password…")
        await olga.press("Create link")
        await olga.sees("/reset/")
        await away.enter_by_new_link(olga.found(r"reset/[\w-]+"), "Ann", "eight tame ducks")
        await away.is_known_everywhere()
        await ann.is_disconnected()
        await ann.is_known_everywhere(as_member=False)
