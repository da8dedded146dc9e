"""The shared chat state: builds and connects the services that the pages and routes of one running chat use.

Each use case is a method of a service: it decides by the room and hands the event to the pipeline, which stores,
applies and publishes it.
"""

import asyncio
from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import timedelta
from functools import partial
from typing import Any

from chat.domain.accounts.events import AccountDeleted, AccountEvent, AvatarChanged
from chat.domain.accounts.shared_password import SharedPassword
from chat.domain.events import EphemeralEvent, Event
from chat.domain.messages.events import (
    AuthorAnonymized,
    FilesRemoved,
    HistoryCleared,
    MessageDeleted,
    MessageEdited,
    MessageEvent,
    MessagePosted,
    MessagesPurged,
    PreviewAdded,
    PreviewRemoved,
)
from chat.domain.messages.link_preview import FirstLink, no_link
from chat.domain.moderation.events import Banned, Kicked, StoredModerationEvent
from chat.domain.people.events import MemberLeft
from chat.domain.people.people import People
from chat.domain.rooms.chat_state import ChatState
from chat.domain.rooms.directory.room_info import LOBBY
from chat.domain.rooms.directory.room_policy import RoomPolicy
from chat.domain.rooms.events import DirectoryEvent, RoomCreated, RoomDeleted
from chat.domain.rooms.reloads import HistoryReloaded, StateReloaded
from chat.domain.text.cleaning import TEXT_LIMIT
from chat.previews.finder import PreviewFinder
from chat.state import clock
from chat.state.accounts.avatars import AvatarService
from chat.state.accounts.password_guard import PasswordGuard
from chat.state.color_relay import ColorRelay
from chat.state.commands import CommandService
from chat.state.files.files import FileService
from chat.state.files.previews import PreviewService
from chat.state.files.upload_limits import UploadLimits
from chat.state.files.uploads import UploadService
from chat.state.members import MemberService
from chat.state.messages import MessageService
from chat.state.moderation import ModerationService
from chat.state.pipeline.event_bus import EventBus, Listener
from chat.state.pipeline.event_pipeline import EventPipeline
from chat.state.pipeline.signals import Signal
from chat.state.presence_relay import PresenceRelay
from chat.state.pushes.push_devices import PushDeviceService
from chat.state.rate_limits import ActionRateLimiter, WriteLimit
from chat.state.rooms.calls import CallService
from chat.state.rooms.departures import Departures
from chat.state.rooms.direct_rooms import DirectRoomService
from chat.state.rooms.door import RoomDoor
from chat.state.rooms.every_room import EveryRoom
from chat.state.rooms.room_commands import RoomCommandService
from chat.state.rooms.room_links import RoomLinkService
from chat.state.rooms.room_loader import RoomLoader
from chat.state.rooms.room_messages import RoomMessages
from chat.state.rooms.rooms import RoomService
from chat.state.rooms.unread_rooms import UnreadRooms
from chat.state.search.search import MessageSearch
from chat.state.storage_health import StorageHealth
from chat.state.timers import Timers
from chat.storage.base import StateStore, Stores
from chat.storage.peers import Peers
from chat.text.markup.renderer import shown_mentions, to_plain

GONE = (
    MessageDeleted,
    MessageEdited,
    MessagesPurged,
    HistoryCleared,
    AuthorAnonymized,
    FilesRemoved,
    RoomDeleted,
    HistoryReloaded,
)


class Chat:
    """One running chat. Build it, `start()` it, and call its services from pages and routes of one event loop."""

    def __init__(
        self,
        stores: Stores,
        admin_password: SharedPassword,
        *,
        grace: timedelta,
        message_rate: str,
        room_policy: RoomPolicy = RoomPolicy.ADMINS,
        peers: Peers | None = None,
        upload_limits: UploadLimits = UploadLimits(),  # noqa: B008 - frozen
        preview_finder: PreviewFinder | None = None,
    ) -> None:
        self._stores = stores
        self.storage_health = StorageHealth(stores)
        self._state = _load_state(stores, grace, preview_finder.link_in if preview_finder else no_link)
        self.people, self.directory, self.lobby = self._state.people, self._state.directory, self._state.lobby
        self._bus, guard = EventBus(), PasswordGuard(admin_password)
        self.pipeline = EventPipeline(self._bus, stores.audit_log, guard.check_event, self.directory.is_private)
        self._connect_stores()
        self._loader = RoomLoader(self._state, stores.histories, self.pipeline)
        self._loader.note_last()
        rates = ActionRateLimiter(message_rate, peers)
        self.door = RoomDoor(self._state, self._loader, rates, self._bus)
        limit = WriteLimit(self.people, rates)
        self.push_devices = PushDeviceService(self.pipeline, stores.push_devices, limit)
        self.people.is_reached = self.push_devices.reaches

        self.members = MemberService(self._state, self.pipeline, self._loader, guard, rates, peers=peers)
        every_room = EveryRoom(self.directory, self._loader)
        self.moderation = ModerationService(
            self.people, self.pipeline, stores.audit_log, self.door, limit=limit, every_room=every_room
        )
        self.departures = Departures(self.people, self.directory, self.pipeline, self._loader)
        self.rooms = RoomService(
            self.people, self.directory, self.pipeline, self.departures, limit=limit, policy=room_policy
        )
        self.room_links = RoomLinkService(self.people, self.directory, self.pipeline, limit)
        self.room_commands = RoomCommandService(self.people, self.directory, self.rooms)
        for files in filter(None, (stores.files, stores.avatars)):
            files.open()
        self.uploads = UploadService(self.people, self.door, stores.files, upload_limits, rates=rates, peers=peers)
        self.files = FileService(
            self._state, self.pipeline, self._loader, self.door, uploads=self.uploads, store=stores.files
        )
        self._previews = PreviewService(
            self.people, self.pipeline, self._loader, rates, files=self.files, finder=preview_finder
        )
        self.avatars = AvatarService(self.people, self.pipeline, stores.avatars, self.uploads, rates)
        messages = RoomMessages(self.pipeline, self.moderation, self._previews)
        commands = CommandService(
            messages,
            self.moderation,
            self.pipeline,
            admin_password,
            members=self.members,
            rooms=self.room_commands,
            write_direct=lambda *request: self.direct_rooms.carry_out(*request),  # noqa: PLW0108 - built below
        )
        self.messages = MessageService(
            self._state,
            self.pipeline,
            self._loader,
            self.door,
            limit,
            messages=messages,
            commands=commands,
            files=self.files,
            peers=peers,
        )
        self.direct_rooms = DirectRoomService(
            self.people, self.directory, self.pipeline, limit, departures=self.departures, messages=self.messages
        )
        self.unread = UnreadRooms(self._state, self._bus)
        self.calls = CallService(self._state, self._loader, self.unread, limit)
        self.search = MessageSearch(self._state, self._loader, stores.histories)
        self._timers = Timers(self._state, self.pipeline, self.departures)
        self._connect_services()
        if peers:
            PresenceRelay(self._state, self.pipeline, self._bus, peers)
            ColorRelay(self.people, self._bus, peers)

    def subscribe(
        self,
        listener: Listener,
        *kinds: type[Event | Signal],
        room_id: str | None = None,
        member_id: str | None = None,
    ) -> Callable[[], None]:
        """Call `listener` with events of these kinds, or of all kinds; see `EventBus.subscribe`."""
        return self._bus.subscribe(listener, *kinds, room_id=room_id, member_id=member_id)

    def signal(self, signal: Signal) -> None:
        """Tell those who listen to this kind of signal."""
        self._bus.publish(signal)

    def reporting_refusals(self) -> AbstractContextManager[None]:
        """Report a `ChatError` that ends the context."""
        return self._bus.reporting_refusals()

    async def start(self) -> None:
        """Start the timers that end grace periods and typing, and unload rooms; look for calls in all rooms."""
        await self._timers.start()
        await self._loader.start()
        await self.calls.start()
        self.pipeline.start(self.files.start())
        self.pipeline.start(self.avatars.remove_unused_of_accounts())

    async def close(self) -> None:
        """Store everything that was accepted, and close the stores."""
        await self._timers.close()
        await self._previews.close()
        await self.uploads.close()
        await self.calls.close()
        self.search.close()
        await self.pipeline.close()
        await self._loader.close()
        await self._stores.close()

    def _connect_stores(self) -> None:
        self.pipeline.attach(EphemeralEvent, self._state.apply)
        self.pipeline.attach(MessageEvent, self._state.apply)
        self.pipeline.open_room(LOBBY, self._stores.messages)
        states: dict[Any, StateStore[Any, Any]] = {
            DirectoryEvent: self._stores.rooms,
            StoredModerationEvent: self._stores.moderation,
            AccountEvent: self._stores.accounts,
        }
        for kinds, store in states.items():
            self.pipeline.attach(
                kinds, self._state.apply, store, lambda state: self.pipeline.apply_and_publish(StateReloaded(state))
            )

    def _connect_services(self) -> None:
        start, departures = self.pipeline.start, self.departures
        self.subscribe(lambda event: start(departures.on_left(event)), MemberLeft)
        self.subscribe(lambda event: start(departures.on_account_deleted(event)), AccountDeleted)
        self.subscribe(self.push_devices.forget_member, AccountDeleted)
        self.subscribe(lambda event: self.members.note_left(event.member.id), MemberLeft)
        self.subscribe(lambda _: self._loader.load_heard(), RoomCreated, StateReloaded)
        self.subscribe(lambda event: start(self._loader.forget(event.room_id)), RoomDeleted)
        self.subscribe(self._let_leave, Kicked, Banned)
        self.subscribe(lambda event: self.search.forget(event.room_id), *GONE)
        self.subscribe(self.files.follow, *GONE, MessagePosted, PreviewAdded, PreviewRemoved)
        self.subscribe(self.avatars.follow, AvatarChanged, AccountDeleted, MemberLeft)

    def _let_leave(self, event: Kicked | Banned) -> None:
        """Remove a member, whichever process they were kicked or banned in, after all have been told why."""

        def leave() -> None:
            self.pipeline.apply_and_publish(*self.people.leave(event.target.id, clock.now()))

        asyncio.get_running_loop().call_soon(leave)


def _load_state(stores: Stores, grace: timedelta, first_link: FirstLink) -> ChatState:
    history, directory, moderation = stores.messages.load(), stores.rooms.load(), stores.moderation.load()
    moderation.to_plain = partial(to_plain, limit=2 * TEXT_LIMIT, shows_spoilers=True)
    people = People(grace, moderation, stores.accounts.load())
    return ChatState(people, history, directory, shown_mentions, first_link)
