"""Links to messages that can't be shown."""

import asyncio
import re

import pytest
from nicegui import Client

from tests.support.scene_page import until


async def test_link_to_no_message_says_so(ann):
    for target in "unknown0id", "../moderation", "x" * 2000:
        ann.open_link(target)
        await ann.is_refused("That message no longer exists.")
        await ann.say("Never mind", knowing=True)
        await ann.is_not_refused()


async def test_link_to_a_deleted_message_says_so(ann, bob):
    await ann.say("Cake?")
    await bob.sees("Cake?")
    message_id = bob.message_id("Cake?")
    await ann.delete("Cake?")
    await bob.sees()
    bob.open_link(message_id)
    await bob.is_refused("That message no longer exists.")


async def test_link_to_a_message_is_followed_without_a_word(ann):
    await ann.say("Cake?")
    await ann.sees("Cake?")
    ann.open_link(ann.message_id("Cake?"))
    await ann.say("Tea?")
    await ann.sees("Cake?", "Tea?")
    assert ann.reason == ""


@pytest.mark.parametrize(
    ("css", "arguments"),
    [("room", lambda message_id: ["", message_id, "keep"]), ("log", lambda message_id: [message_id, 0])],
    ids=["a link", "a place kept before a reload"],
)
async def test_page_that_is_closed_before_it_is_ready_leaves_nothing_waiting(ann, css, arguments):
    await ann.say("Cake?")
    await ann.sees("Cake?")
    before, message_id = asyncio.all_tasks(), ann.message_id("Cake?")
    response = await ann.user.http_client.get("/")  # the browser never opens a socket
    client = Client.instances[re.search(r"'client_id': '([0-9a-f-]+)'", response.text)[1]]
    element = next(element for element in client.elements.values() if element.props.get("class") == css)
    for listener in element._event_listeners.values():
        if listener.type == "vnodeMounted" and listener.handler:
            element._handle_event({"listener_id": listener.id, "args": arguments(message_id)})
    await until(lambda: bool(waiting(before)))
    client.delete()
    await until(lambda: not waiting(before), lambda: str(waiting(before)))


def waiting(before):
    """Return the handlers that began since: NiceGUI names their tasks like them, `<bound method ...>` for one."""
    return [task.get_name() for task in asyncio.all_tasks() - before if task.get_name().startswith("<")]
