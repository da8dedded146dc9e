"""Popovers are built when they are first opened, and again with a page that is built again, so that they stay open."""

import pytest
from nicegui import Client

from tests.scenes.test_rebuilding import expect_same_elements, open_dialogs
from tests.support.scene_page import until
from tests.support.scene_person import ScenePerson
from tests.support.server import ADMIN_PASSWORD

QUICK_ROW, PICKER, EMOJI, CARD = "quick row", "picker", "emoji", "card"


def shown(client: Client | None) -> set[str]:
    """Return which popovers there are, open or closed; of quick row and picker, which share one, what it shows."""
    assert client
    ids = {element.props.get("id") for element in client.elements.values()}
    visible = [element for element in client.elements.values() if element.props.get("hidden") is None]
    reactions = {
        QUICK_ROW: any(element.props.get("class") == "quick" for element in visible),
        PICKER: any(element.tag == "emoji-picker" and _is_in_reactions(element) for element in visible),
    }
    found = {EMOJI: "emoji" in ids, CARD: "person" in ids, **reactions}
    return {name for name, is_found in found.items() if is_found}


def _is_in_reactions(element) -> bool:
    return element.parent_slot.parent.props["id"] == "reactions"


async def open_settings(ann: ScenePerson) -> None:
    await ann.choose("Settings")
    await until(lambda: bool(open_dialogs(ann.user.client)))


async def open_popover(ann: ScenePerson, name: str) -> None:
    if name == CARD:
        await ann.open_card("Bob")
    else:
        command = {QUICK_ROW: "--react", PICKER: "--more-reactions", EMOJI: "--emoji"}[name]
        ann.invoke([command, "", "" if name == EMOJI else ann.message_id("hello")])
        await until(lambda: name in shown(ann.user.client))


@pytest.mark.parametrize(
    "order",
    [[EMOJI, QUICK_ROW, CARD, PICKER], [PICKER, CARD, QUICK_ROW, EMOJI]],
    ids=["picker is shown", "quick row is shown"],
)
async def test_popovers_are_built_again(ann: ScenePerson, bob: ScenePerson, order: list[str]):
    await bob.say("hello")
    await ann.shows("hello")
    for name in order:
        await open_popover(ann, name)
        await open_settings(ann)  # gets other numbers each time
    before = shown(ann.user.client)
    rebuilt = await expect_same_elements(ann)
    assert shown(rebuilt) == before == {*order} - {QUICK_ROW if order[-1] == PICKER else PICKER}
    assert open_dialogs(rebuilt) == ["settings-dialog"]


async def test_popovers_of_the_room_before_are_not_built_again(ann: ScenePerson, bob: ScenePerson):
    await ann.become_admin(ADMIN_PASSWORD)
    await ann.say("/room create Tea")
    await until(lambda: ann.room_id != "lobby")
    await ann.say("hello")
    await ann.shows("hello")
    for name in (QUICK_ROW, EMOJI, CARD):
        await open_popover(ann, name)
    await ann.go("")
    assert not shown(ann.user.client)
    assert not shown(await expect_same_elements(ann))
