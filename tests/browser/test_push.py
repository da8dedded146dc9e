"""Pushes in Chromium: its real service worker, and the debugger in place of the push service."""

import asyncio
from collections.abc import Callable
from datetime import timedelta
from typing import Any

from playwright.async_api import expect

from chat.config.branding import Brand
from chat.domain.messages.message import Message
from chat.domain.people.people import People
from chat.domain.rooms.directory.room_info import LOBBY, RoomInfo, RoomKind
from chat.web.push.payload import PushPayloads
from tests.browser.test_accessibility import expect_no_axe_violations
from tests.support.people import Person
from tests.support.push import NOON, device, subscribed

# Browsers without a profile on disk have no push service, and headless ones deny notifications to pages.
SUBSCRIBE = """found => { const manager = PushManager.prototype, options = {}
  manager.getSubscription = async () => options.applicationServerKey ? {toJSON: () => found,
    unsubscribe: async () => { delete options.applicationServerKey; return true }} : null
  manager.subscribe = async asked => Object.assign(options, asked)
  Notification.requestPermission = async () => 'granted' }"""
# The worker's own notifications are denied as well: what it would show is kept.
KEEP_SHOWN = """() => { self.shown = []
  self.registration.showNotification = async (...shown) => { self.shown.push(shown) } }"""
SHOWN = """() => new Promise(done => { const look = () => self.shown.length ? done(self.shown) : setTimeout(look, 20)
  look() })"""
LOBBY_ROOM = RoomInfo(LOBBY, RoomKind.PUBLIC, "Lobby", "lobby")
POSTED = Message("message00001", LOBBY, "bob", "Bob", "@Ann tea?", NOON)


async def push(person: Person, payload: bytes) -> list[Any]:
    """Push to the service worker as the browser does, and return what it shows."""
    [worker] = (found for found in person.page.context.service_workers if found.url.startswith(person.url))
    await worker.evaluate(KEEP_SHOWN)
    debugger = await person.page.context.new_cdp_session(person.page)
    registered = asyncio.get_running_loop().create_future()

    def note(event: dict[str, Any]) -> None:
        for found in event["registrations"]:
            if found["scopeURL"] == f"{person.url}push/" and not registered.done():
                registered.set_result(found["registrationId"])

    debugger.on("ServiceWorker.workerRegistrationUpdated", note)
    await debugger.send("ServiceWorker.enable")
    message = {"origin": person.url, "registrationId": await asyncio.wait_for(registered, 20), "data": payload.decode()}
    await debugger.send("ServiceWorker.deliverPushMessage", message)
    return await worker.evaluate(SHOWN)


async def test_push_is_turned_on_by_a_switch_and_shown_by_the_worker_alone(enter: Callable):
    ann = await enter("Ann")
    await ann.page.evaluate(SUBSCRIBE, subscribed("1")[0])
    await ann.choose("Settings")
    switch = ann.settings.get_by_role("switch", name="Push notifications")
    await expect(switch).not_to_be_checked()
    await switch.press("Space")
    await expect(ann.settings.get_by_role("button", name="Send me a test")).to_be_visible()
    await expect(switch).to_be_checked()
    await ann.settings.get_by_role("checkbox", name="Quiet hours").check()
    await expect(ann.settings.get_by_label("End of quiet hours")).to_have_value("07:00")
    await expect_no_axe_violations(ann)

    site = device("a", site=ann.url.rstrip("/"))
    payload = PushPayloads(People(timedelta()), Brand("TCPChatNet")).of_news(site, POSTED, LOBBY_ROOM, 1)
    [[title, options]] = await push(ann, payload)
    assert (title, options["body"], options["tag"]) == ("Bob", "1 new message", "lobby")
    click = {"operation": "openWindow", "url": f"{ann.url}room/lobby#m-message00001"}
    assert options["data"] == {"onActionClick": {"default": click}}
    assert await ann.page.evaluate("fetch('push/ngsw.json').then(found => found.json())")

    await switch.press("Space")
    await expect(ann.settings.get_by_role("button", name="Send me a test")).to_be_hidden()
    await ann.page.reload()
    await ann.is_in()
    assert await ann.page.evaluate("navigator.serviceWorker.controller") is None
