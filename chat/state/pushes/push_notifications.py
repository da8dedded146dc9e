"""Pushes messages and invitations to browsers whose members want notifications and see no page."""

import asyncio
import time
from collections.abc import Callable, Collection, Iterable
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
from chat.domain.rooms.events import MemberAdded, RoomDeleted
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

News = Message | MemberAdded
"""What is pushed: a message, or that the member was added to a room."""

Describe = Callable[[PushDevice, News, RoomInfo, int], bytes]
"""Returns what a device shows of news; the number is that of its pushes since the member read."""

log = structlog.get_logger()


class PushNotifications:
    """Follows the news, and pushes each at once; of a room, the last one replaces those that still wait.

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
        self._due: dict[Place, News] = {}
        self._tasks: dict[Place, asyncio.Task[None]] = {}
        self._missed: dict[str, int] = {}
        chat.subscribe(self._on_event, MessagePosted, MemberAdded, ViewingChanged, *GONE)

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
                if room := self._directory.get(message.room):
                    self._note(message, room, self._devices.concerned_by(message, audience(room)))
            case MemberAdded(actor=actor, target=target) if actor.id != target.id:
                if room := self._directory.get(event.room_id):
                    self._note(event, room, self._devices.of_member(target.id))
            case ViewingChanged(member_id=member_id, is_viewing=True):
                for device in self._devices.of_member(member_id):
                    self._missed.pop(device.id, None)
            case MessageDeleted(room_id=room_id, message_id=message_id):
                self._withdraw(room_id, {message_id})
            case MessagesPurged(room_id=room_id, message_ids=message_ids):
                self._withdraw(room_id, message_ids)
            case HistoryCleared(room_id=room_id) | RoomDeleted(room_id=room_id):
                self._withdraw(room_id)

    def _note(self, news: News, room: RoomInfo, devices: Iterable[PushDevice]) -> None:
        for device in devices:
            place = device.id, room.id
            if self._is_wanted(device, news, room) and len(self._due) < MAX_DUE:
                self._due[place] = news
                if place not in self._tasks:
                    self._tasks[place] = asyncio.create_task(self._push_due(place))

    def _is_wanted(self, device: PushDevice, news: News, room: RoomInfo) -> bool:
        """Tell whether a device is to show news now: pages in the same browser do so by themselves."""
        member_id, is_direct = device.member_id, room.kind is RoomKind.DIRECT
        local_time = clock.now().astimezone(_zone(device.timezone)).time()
        if isinstance(news, Message):
            is_chosen = device.wants(news, local_time, is_direct=is_direct)
        else:
            is_chosen = device.wants_invitations(local_time)
        return (
            is_chosen
            and not self._presence.is_reading(member_id)
            and not self._sees_page(member_id)
            and (device.is_phone or not self._presence.is_connected_in(member_id, device.id))
            and may_see(room, member_id)
            and self._may_receive(device)
        )

    def _withdraw(self, room_id: str, message_ids: Collection[str] | None = None) -> None:
        for place, news in [*self._due.items()]:
            is_meant = message_ids is None or (isinstance(news, Message) and news.id in message_ids)
            if place[1] == room_id and is_meant:
                del self._due[place]

    async def _push_due(self, place: Place) -> None:
        try:
            while place in self._due:
                if self._may_be_back(place[0]):
                    await asyncio.sleep(BACK_WITHIN)
                if news := self._due.pop(place, None):
                    await self._push(news, place)
                await asyncio.sleep(PAUSE)
        except Exception:
            log.exception("news can't be pushed")
        finally:
            self._due.pop(place, None)
            del self._tasks[place]

    def _may_be_back(self, device_id: str) -> bool:
        """Tell whether the member's page may only be reloading, or the chat was restarted."""
        device = self._devices.get(device_id)
        member_id = device.member_id if device else ""
        has_just_gone = member_id in self._presence and not self._presence.is_connected(member_id)
        return has_just_gone or time.monotonic() - self._started < START

    async def _push(self, news: News, place: Place) -> None:
        device, room = self._devices.get(place[0]), self._directory.get(place[1])
        if device and room and self._is_wanted(device, news, room):
            self._missed[device.id] = count = self._missed.get(device.id, 0) + 1  # also what other processes push
            if await self._is_ours(news, room):
                payload = partial(self._describe, device, news, room, count)
                await self._sender.send(device, room.id, payload, *RETRIES)

    async def _is_ours(self, news: News, room: RoomInfo) -> bool:
        """Tell whether no other process pushes the news."""
        key = news.id if isinstance(news, Message) else f"{news.target.id} {news.at.isoformat()}"
        return self._peers is None or await self._peers.claim(f"push {room.id} {key}", self._process)


def _zone(name: str) -> tzinfo:
    """Return a time zone, UTC if this system doesn't know it."""
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return UTC
