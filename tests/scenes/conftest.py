"""Fixtures: several people in one chat, each with a simulated page."""

import gc
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from chat.ui.components.messages import unread_counter
from chat.ui.views import live_view
from tests.support.scene_page import SimulatedUser
from tests.support.scene_person import ScenePerson
from tests.support.server import ADMIN_PASSWORD


@pytest.fixture(autouse=True)
def permanent_modules() -> Iterator[None]:
    """Spare the next scenes the modules that NiceGUI imports anew for each: it collects garbage twice a scene."""
    yield
    gc.freeze()


@pytest.fixture(autouse=True)
def settings(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch, own_data_dir: Path) -> None:
    """Apply the settings given with `@pytest.mark.settings(CHAT_...="...")` before the chat starts."""
    for marker in request.node.iter_markers("settings"):
        for name, value in marker.kwargs.items():
            monkeypatch.setenv(name, value)


@pytest.fixture(autouse=True)
def immediate_presence(monkeypatch: pytest.MonkeyPatch) -> None:
    """Show who joins and what is unread at once: scenes would mostly wait until several of them are gathered."""
    monkeypatch.setattr(live_view, "DELAY", 0)
    monkeypatch.setattr(unread_counter, "TITLE_DELAY", 0)


@pytest.fixture
async def enter(create_user: Callable) -> Callable:
    """Open pages: `ann = await enter("Ann")` joins; without a name the page stays at the welcome card."""

    async def open_page(name: str | None = None, path: str = "/") -> ScenePerson:
        person = ScenePerson(SimulatedUser())
        await person.open(path)
        if name is not None:
            await person.join(name)
        return person

    return open_page


@pytest.fixture
async def ann(enter: Callable) -> ScenePerson:
    return await enter("Ann")


@pytest.fixture
async def bob(enter: Callable, ann: ScenePerson) -> ScenePerson:
    return await enter("Bob")


@pytest.fixture
async def olga(enter: Callable) -> ScenePerson:
    """Join as an admin."""
    olga: ScenePerson = await enter("Olga")
    await olga.become_admin(ADMIN_PASSWORD)
    return olga
