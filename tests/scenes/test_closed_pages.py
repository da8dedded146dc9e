"""Closed pages end at once: to collect many of them as garbage would hold up everyone's messages."""

import gc
from collections.abc import Awaitable, Callable, Iterator
from weakref import ref

import pytest

from chat.framework.clients import delete_client
from tests.scenes.conftest import ADMIN_PASSWORD
from tests.support.scene_page import until
from tests.support.scene_person import ScenePerson

pytestmark = pytest.mark.settings(CHAT_GRACE="1")
OF_PAGES = ("chat.ui", "chat.framework", "chat.web.session", "nicegui.client", "nicegui.element")

SHARED = {"ChatView", "ItemRenderer", "LiveRegion", "MessageNodes", "RenderKey", "RoomView"}  # by all who see a room
DIALOGS = {
    "--settings": "Settings",
    "--search": "Search",
    "--mentions": "Mentions",
    "--rename": "Change name",
    "--sign-up": "Create an account",
    "--new-message": "New message",
    "--keys": "Keyboard shortcuts",
    "--leave": "Leave the chat?",
}


@pytest.fixture(autouse=True)
def no_collection() -> Iterator[None]:
    gc.disable()
    yield
    gc.enable()


def of_pages() -> list[object]:
    """Return all objects that may be part of a page."""
    return [each for each in gc.get_objects() if str(type(each).__module__).startswith(OF_PAGES)]


def is_own(part: object) -> bool:
    """Whether a part of a page belongs to no other page, and can be watched."""
    return type(part).__name__ not in SHARED and type(part).__weakrefoffset__ > 0


async def does_nothing(bob: ScenePerson) -> None:
    pass


async def is_refused(bob: ScenePerson) -> None:
    await bob.say("/topic tea")
    await bob.is_refused(because="Only")


async def opens_dialogs(bob: ScenePerson) -> None:
    for command, heading in DIALOGS.items():
        bob.invoke([command, "", ""])
        await bob.reads(heading)


async def opens_popovers(bob: ScenePerson) -> None:
    await bob.say("tea?")
    await bob.shows("tea?")
    await bob.react("tea?", "🍵")
    await bob.start("Reply", "tea?")
    bob.suggest(["@a", 0])


async def shows_another_room(bob: ScenePerson) -> None:
    await bob.become_admin(ADMIN_PASSWORD)
    await bob.say("/room create Tea")
    await until(lambda: bob.room_id != "lobby")


async def leaves(bob: ScenePerson) -> None:
    await bob.leave()
    await bob.is_at_the_card()


async def moderates(bob: ScenePerson) -> None:
    await bob.become_admin(ADMIN_PASSWORD)
    await bob.open("/moderation")
    await bob.reads("Bans")


@pytest.mark.parametrize(
    "acts", [does_nothing, is_refused, opens_dialogs, opens_popovers, shows_another_room, leaves, moderates]
)
async def test_closed_page_leaves_nothing_to_collect(
    ann: ScenePerson, enter: Callable[..., Awaitable[ScenePerson]], acts: Callable[[ScenePerson], Awaitable[None]]
):
    bob = await enter("Bob")
    known = {id(each): each for each in of_pages()}
    await bob.reload()
    await acts(bob)
    made = [ref(each) for each in of_pages() if id(each) not in known and is_own(each)]
    assert made
    known.clear()
    close(bob)
    await until(lambda: not names(made), lambda: f"{names(made)} are still there")


def close(person: ScenePerson) -> None:
    """Close a page as a browser does, and without waiting whether it comes back."""
    client, person.user.client = person.user.client, None
    assert client
    for socket in [*client._socket_to_document_id]:
        client.handle_disconnect(socket)
    delete_client(client)


def names(references: list[ref]) -> list[str]:
    """Return the classes of those that are still there."""
    return sorted(type(reference()).__name__ for reference in references if reference() is not None)
