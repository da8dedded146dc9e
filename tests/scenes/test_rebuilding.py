"""Pages that are built again have the same elements under the same numbers, so the browser changes nothing."""

import re
from collections.abc import Awaitable, Callable
from typing import Any

import pytest
from nicegui import Client, core

from chat.framework.page_record import PageRecord
from chat.framework.rebuilding import find_page
from chat.web.security.request_context import request_context
from tests.support.scene_page import until
from tests.support.scene_person import ScenePerson
from tests.support.server import ADMIN_PASSWORD, ROOT

CHANGING = {"aria-invalid", "aria-live", "data-switched", "key"}  # while a page is used, or built again
Step = Callable[[ScenePerson], Awaitable[object]]


async def build_again(person: ScenePerson) -> Client:
    """Return the page as another process builds it."""
    client = person.user.client
    assert client
    [record] = [element for element in client.elements.values() if isinstance(element, PageRecord)]
    query = {"client_id": client.id, "page": record.sign(), "next_message_id": "7"}
    cookies = "; ".join(f"{name}={value}" for name, value in person.user.http_client.cookies.items())
    socket = {
        "type": "websocket",
        "scheme": "ws",
        "path": "/_nicegui_ws/socket.io/",
        "root_path": "",
        "query_string": b"",
        "headers": [(b"cookie", cookies.encode()), (b"host", b"test"), (b"upgrade", b"websocket")],
        "client": ("127.0.0.1", 1),
    }
    request_context(socket).pages = core.app
    client.delete()
    rebuilt = await find_page(query, socket, client.request.session["id"])
    assert rebuilt
    return rebuilt


def shape(client: Client) -> dict[int, Any]:
    """Return what the browser knows of each element, but for what the server alone needs to know."""
    return {
        number: {
            "tag": element.tag,
            "props": {name: value for name, value in element._props.items() if name not in CHANGING},
            "events": [event["listener_id"] for event in element._to_dict().get("events", [])],
        }
        for number, element in client.elements.items()
        if number > 3 and element.tag != "style"  # the first ones are NiceGUI's; styles show what is seen right now
    }


def keys(client: Client) -> set[str]:
    """Return the keys of elements that report something when the browser puts them up."""
    return {element.props["key"] for element in client.elements.values() if "key" in element.props}


async def expect_same_elements(person: ScenePerson) -> Client:
    assert person.user.client
    before, keys_before = shape(person.user.client), keys(person.user.client)
    rebuilt = await build_again(person)
    after = shape(rebuilt)
    assert keys(rebuilt).isdisjoint(keys_before), "what is in sight would not be reported again"
    for number in after:
        assert after[number] == before.get(number)
    return rebuilt


def in_menu(item: str) -> Step:
    return lambda person: person.choose(item)


def on_message(button: str) -> Step:
    return lambda person: person.press(button, "hello")


def invoking(command: str) -> Step:
    async def invoke(person: ScenePerson) -> None:
        person.invoke([command, "", ""])

    return invoke


def moderating(choice: str = "") -> Step:
    async def open_dialog(person: ScenePerson) -> None:
        person.open_moderation("Bob")
        if choice:
            await until(lambda: any(label.startswith(choice) for label in person.shown_buttons))
            person.click(next(label for label in person.shown_buttons if label.startswith(choice)))

    return open_dialog


DIALOGS: dict[str, Step] = {
    "rename-dialog": in_menu("Change name"),
    "sign-up-dialog": in_menu("Sign up"),
    "sign-in-dialog": in_menu("Sign in"),
    "leave-dialog": in_menu("Leave"),
    "message-dialog": in_menu("New message"),
    "mentions-dialog": in_menu("Mentions"),
    "keys-dialog": in_menu("Keyboard shortcuts"),
    "settings-dialog": in_menu("Settings"),
    "clear-dialog": in_menu("Clear history"),
    "new-room-dialog": invoking("--new-room"),
    "room-settings-dialog": in_menu("Room settings"),
    "search-dialog": invoking("--search"),
    "delete-dialog": on_message("Delete"),
    "report-dialog": on_message("Report"),
    "person-dialog": moderating(),
    "step-dialog": moderating("Mute"),
}


@pytest.mark.parametrize("name", DIALOGS)
async def test_dialog_is_built_again(ann: ScenePerson, bob: ScenePerson, name: str):
    await ann.become_admin(ADMIN_PASSWORD)
    await bob.say("hello")
    await DIALOGS[name](ann)
    await until(lambda: name in open_dialogs(ann.user.client))
    assert open_dialogs(await expect_same_elements(ann)) == [name]


def open_dialogs(client: Client) -> list[str]:
    return [element.props["class"] for element in client.elements.values() if element.props.get("id") == "dialog"]


def test_every_dialog_can_be_opened_again():
    source = "".join(path.read_text() for path in (ROOT / "chat" / "ui").rglob("*.py"))
    opened = re.findall(r'_dialog\.open\(\s*"([\w-]+)"', source)
    registered = re.findall(r'"([\w-]+)": (?:self\.|partial\()|openers\["([\w-]+)"\]', source)
    assert len(opened) > len(DIALOGS)
    assert set(opened) - {name for names in registered for name in names} == set()


@pytest.mark.parametrize("choice", ["Kick", "Ban", "Delete recent messages", "Change role"])
async def test_each_step_of_moderating_is_built_again(ann: ScenePerson, bob: ScenePerson, choice: str):
    await ann.become_admin(ADMIN_PASSWORD)
    await moderating(choice)(ann)
    await until(lambda: choice in ann.shown_buttons)
    rebuilt = await expect_same_elements(ann)
    assert any(element.props.get("textContent") == choice for element in rebuilt.elements.values())


async def test_page_with_rooms_and_replies_is_built_again(ann: ScenePerson, bob: ScenePerson):
    await ann.become_admin(ADMIN_PASSWORD)
    await bob.say("hello")
    await ann.say("/room create Tea")
    await ann.say("/room private Plans")
    await ann.say("/msg @Bob hi")
    await ann.go("")
    await ann.start("Reply", "hello")
    rebuilt = await expect_same_elements(ann)
    assert any("Replying to" in str(element.props.get("innerHTML")) for element in rebuilt.elements.values())


@pytest.mark.parametrize("asked", ["/help", "/who", "/role @Bob moderator"])
async def test_answer_of_a_command_is_built_again(ann: ScenePerson, bob: ScenePerson, asked: str):
    await ann.become_admin(ADMIN_PASSWORD)
    await ann.say(asked)
    await until(lambda: ann.answer)
    shown = answers(ann.user.client)
    assert answers(await expect_same_elements(ann)) == shown != []


def answers(client: Client) -> list[str]:
    return [
        element.props["innerHTML"] for element in client.elements.values() if element.props.get("class") == "answer"
    ]


@pytest.mark.parametrize("switches", [[], ["Sign in"], ["Sign up"]])
async def test_welcome_card_is_built_again(enter: Callable, switches: list[str]):
    eve = await enter()
    for label in switches:
        eve.click(label)
    await expect_same_elements(eve)


async def test_moderation_page_is_built_again(ann: ScenePerson):
    await ann.become_admin(ADMIN_PASSWORD)
    await ann.open("/moderation")
    await ann.reads("Audit log")
    rebuilt = await build_again(ann)
    assert rebuilt.id == ann.user.client.id
    assert rebuilt.outbox.next_message_id == 7
