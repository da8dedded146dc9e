"""Pushes messages to browsers whose members want notifications and see no page."""

import asyncio
import time
from collections.abc import Callable, Collection
from datetime import UTC, tzinfo
from functools import partial
from uuid import uuid4
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import structlog

from chat.domain.accounts.push_devices import PushDevice
from chat.domain.events import Event
from chat.domain.messages.events import HistoryCleared, MessageDeleted, MessagePosted, MessagesPurged
from chat.domain.messages.message import Message
from chat.domain.people.events import ViewingChanged
from chat.domain.rooms.directory.room_info import RoomInfo, RoomKind, audience, may_see
from chat.domain.rooms.events import RoomDeleted
from chat.state import clock
from chat.state.chat import Chat
from chat.state.pushes.push_sending import RETRIES, PushOutcome, PushSender, PushService
from chat.storage.ending import end
from chat.storage.peers import Peers

MAX_DUE = 20_000  # pushes that wait
PAUSE = 2.0  # seconds between two pushes of one room to a device
BACK_WITHIN = 2.0  # seconds in which a page that reloads is back
START = 15.0  # seconds after a start in which pages come back
GONE = (HistoryCleared, MessageDeleted, MessagesPurged, RoomDeleted)

Place = tuple[str, str]
"""The ids of a device and a room."""

log = structlog.get_logger()


Describe = Callable[[PushDevice, Message, RoomInfo, int], bytes]
"""Returns what a device shows of a message; the number is that of its pushes since the member read."""


class PushNotifications:
    """Follows the messages, and pushes each at once; of a room, the last one replaces those that still wait.

    `may_receive` tells whether the member may still join from a device; `is_reading` whether they see a page.
    """

    def __init__(
        self,
        chat: Chat,
        service: PushService,
        *,
        describe: Describe,
        may_receive: Callable[[PushDevice], bool],
        is_reading: Callable[[str], bool],
        peers: Peers | None = None,
    ) -> None:
        self._devices, self._directory, self._presence = chat.push_devices, chat.directory, chat.people.presence
        self._service = service
        self._sender = PushSender(service, chat.push_devices.remove)
        self._describe = describe
        self._may_receive = may_receive
        self._sees_page = is_reading
        self._peers = peers
        self._process = uuid4().hex
        self._started = time.monotonic()
        self._due: dict[Place, Message] = {}
        self._tasks: dict[Place, asyncio.Task[None]] = {}
        self._missed: dict[str, int] = {}
        chat.subscribe(self._on_event, MessagePosted, ViewingChanged, *GONE)

    async def test(self, device: PushDevice, payload: bytes) -> bool:
        """Push something to a device, whatever its member prefers. Return whether its push service took it."""
        return await self._sender.send(device, "test", lambda: payload) is PushOutcome.TAKEN

    async def close(self) -> None:
        """Cancel pending pushes."""
        await end(*self._tasks.values())
        await self._service.close()

    def _on_event(self, event: Event) -> None:
        match event:
            case MessagePosted(message=message):
                self._note(message)
            case ViewingChanged(member_id=member_id, is_viewing=True):
                for device in self._devices.of_member(member_id):
                    self._missed.pop(device.id, None)
            case MessageDeleted(room_id=room_id, message_id=message_id):
                self._withdraw(room_id, {message_id})
            case MessagesPurged(room_id=room_id, message_ids=message_ids):
                self._withdraw(room_id, message_ids)
            case HistoryCleared(room_id=room_id) | RoomDeleted(room_id=room_id):
                self._withdraw(room_id)

    def _note(self, message: Message) -> None:
        room = self._directory.get(message.room)
        if room is None:
            return
        for device in self._devices.concerned_by(message, audience(room)):
            place = device.id, room.id
            if self._is_wanted(device, message, room) and len(self._due) < MAX_DUE:
                self._due[place] = message
                if place not in self._tasks:
                    self._tasks[place] = asyncio.create_task(self._push_due(place))

    def _is_wanted(self, device: PushDevice, message: Message, room: RoomInfo) -> bool:
        """Tell whether a device is to show a message now: pages in the same browser do so by themselves."""
        member_id, is_direct = device.member_id, room.kind is RoomKind.DIRECT
        local_time = clock.now().astimezone(_zone(device.timezone)).time()
        return (
            device.wants(message, local_time, is_direct=is_direct)
            and not self._presence.is_reading(member_id)
            and not self._sees_page(member_id)
            and (device.is_phone or not self._presence.is_connected_in(member_id, device.id))
            and may_see(room, member_id)
            and self._may_receive(device)
        )

    def _withdraw(self, room_id: str, message_ids: Collection[str] | None = None) -> None:
        for place, message in [*self._due.items()]:
            if message.room == room_id and (message_ids is None or message.id in message_ids):
                del self._due[place]

    async def _push_due(self, place: Place) -> None:
        try:
            while place in self._due:
                if self._may_be_back(place[0]):
                    await asyncio.sleep(BACK_WITHIN)
                if message := self._due.pop(place, None):
                    await self._push(message, place[0])
                await asyncio.sleep(PAUSE)
        except Exception:
            log.exception("a message can't be pushed")
        finally:
            self._due.pop(place, None)
            del self._tasks[place]

    def _may_be_back(self, device_id: str) -> bool:
        """Tell whether the member's page may only be reloading, or the chat was restarted."""
        device = self._devices.get(device_id)
        member_id = device.member_id if device else ""
        has_just_gone = member_id in self._presence and not self._presence.is_connected(member_id)
        return has_just_gone or time.monotonic() - self._started < START

    async def _push(self, message: Message, device_id: str) -> None:
        device, room = self._devices.get(device_id), self._directory.get(message.room)
        if device and room and self._is_wanted(device, message, room) and await self._is_ours(message):
            self._missed[device_id] = count = self._missed.get(device_id, 0) + 1
            payload = partial(self._describe, device, message, room, count)
            await self._sender.send(device, room.id, payload, *RETRIES)

    async def _is_ours(self, message: Message) -> bool:
        """Tell whether no other process pushes the message."""
        return self._peers is None or await self._peers.claim(f"push {message.room} {message.id}", self._process)


def _zone(name: str) -> tzinfo:
    """Return a time zone, UTC if this system doesn't know it."""
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return UTC
