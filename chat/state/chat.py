"""The shared chat state: builds and connects the services that the pages and routes of one running chat use.

Each use case is a method of a service: the domain decides, and the pipeline stores, applies and publishes the
event.
"""

from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import timedelta

from chat.domain.accounts.events import AccountDeleted, AvatarChanged
from chat.domain.accounts.shared_password import SharedPassword
from chat.domain.events import CONTENT_REMOVED, Event
from chat.domain.messages.events import MessagePosted, PreviewAdded, PreviewRemoved
from chat.domain.messages.link_preview import no_link
from chat.domain.moderation.events import Banned, Kicked
from chat.domain.people.events import MemberLeft
from chat.domain.rooms.directory.room_policy import RoomPolicy
from chat.domain.rooms.events import RoomCreated, RoomDeleted
from chat.domain.rooms.reloads import StateReloaded
from chat.previews.finder import PreviewFinder
from chat.state.accounts.avatars import AvatarService
from chat.state.accounts.password_attempts import PasswordAttempts
from chat.state.color_relay import ColorRelay
from chat.state.commands import CommandService
from chat.state.core import ChatCore
from chat.state.files.file_cleanup import FileCleanup
from chat.state.files.files import FileService
from chat.state.files.previews import PreviewService
from chat.state.files.upload_limits import UploadLimits
from chat.state.files.uploads import UploadService
from chat.state.members import MemberService
from chat.state.messages import MessageService
from chat.state.moderation import ModerationService
from chat.state.pipeline.event_bus import Listener
from chat.state.pipeline.signals import Signal
from chat.state.presence_relay import PresenceRelay
from chat.state.pushes.push_devices import PushDeviceService
from chat.state.rooms.calls import CallService
from chat.state.rooms.departures import Departures
from chat.state.rooms.direct_rooms import DirectRoomService
from chat.state.rooms.every_room import EveryRoom
from chat.state.rooms.room_commands import RoomCommandService
from chat.state.rooms.room_links import RoomLinkService
from chat.state.rooms.room_messages import RoomMessages
from chat.state.rooms.rooms import RoomService
from chat.state.rooms.unread_rooms import UnreadRooms
from chat.state.search.search import MessageSearch
from chat.state.storage_health import StorageHealth
from chat.state.timers import Timers
from chat.storage.peers import Peers
from chat.storage.stores import Stores


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
        core = ChatCore(
            stores,
            admin_password,
            grace=grace,
            message_rate=message_rate,
            peers=peers,
            first_link=preview_finder.link_in if preview_finder else no_link,
        )
        self._state, self._loader, self._bus, self.pipeline = core.state, core.loader, core.bus, core.pipeline
        self.people, self.directory, self.lobby = core.state.people, core.state.directory, core.state.lobby
        self.room_access, rates, limit = core.room_access, core.rates, core.write_limit
        self.push_devices = PushDeviceService(self.pipeline, stores.push_devices, limit)

        self.members = MemberService(self._state, self.pipeline, self._loader, core.password_guard, rates, peers=peers)
        every_room = EveryRoom(self.directory, self._loader)
        self.moderation = ModerationService(
            self.people, self.pipeline, stores.audit_log, self.room_access, limit=limit, every_room=every_room
        )
        self.departures = Departures(self.people, self.directory, self.pipeline, self._loader)
        pushes, departures = self.push_devices, self.departures
        self.people.is_reached = lambda member_id: pushes.reaches(member_id) or departures.expects(member_id)
        self.rooms = RoomService(
            self.people, self.directory, self.pipeline, self.departures, limit=limit, policy=room_policy
        )
        self.room_links = RoomLinkService(self.people, self.directory, self.pipeline, limit)
        self.room_commands = RoomCommandService(self.people, self.directory, self.rooms)
        for files in filter(None, (stores.files, stores.avatars)):
            files.open()
        self.uploads = UploadService(
            self.people, self.room_access, stores.files, upload_limits, rates=rates, peers=peers
        )
        self.file_cleanup = FileCleanup(self._state, self.pipeline, self._loader, stores.files, upload_limits)
        self.files = FileService(self.room_access, self.uploads, stores.files, self.file_cleanup)
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
            self.room_access,
            limit,
            messages=messages,
            commands=commands,
            files=self.files,
            peers=peers,
        )
        self.direct_rooms = DirectRoomService(
            self.people, self.directory, self.pipeline, limit, departures=self.departures, messages=self.messages
        )
        self.unread = UnreadRooms(self._state, self._bus, peers)
        self.calls = CallService(self._state, self._loader, self.unread, limit)
        self.search = MessageSearch(self._state, self._loader, stores.histories)
        self._timers = Timers(self._state, self.pipeline, self.departures)
        self._connect_services()
        if peers:
            PresenceRelay(self._state, self.pipeline, self._bus, peers)
            ColorRelay(self.people, self._bus, peers)
            PasswordAttempts(admin_password, peers)

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
        """Publish a signal to its listeners."""
        self._bus.publish(signal)

    def reporting_refusals(self) -> AbstractContextManager[None]:
        """Report a `ChatError` that ends the context."""
        return self._bus.reporting_refusals()

    async def start(self) -> None:
        """Start the timers that end grace periods and typing, and unload rooms; look for calls in all rooms."""
        await self._timers.start()
        await self._loader.start()
        await self.calls.start()
        self.pipeline.start(self.file_cleanup.start())
        self.pipeline.start(self.avatars.start())

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

    def _connect_services(self) -> None:
        start, departures = self.pipeline.start, self.departures
        self.subscribe(departures.expect_back, MemberLeft)
        self.subscribe(lambda event: start(departures.on_left(event)), MemberLeft)
        self.subscribe(lambda event: start(departures.on_account_deleted(event)), AccountDeleted)
        self.subscribe(self.push_devices.forget_member, AccountDeleted)
        self.subscribe(lambda event: self.members.note_left(event.member.id), MemberLeft)
        self.subscribe(lambda _: self._loader.heard.load_rooms(), RoomCreated, StateReloaded)
        self.subscribe(lambda event: start(self._loader.forget(event.room_id)), RoomDeleted)
        self.subscribe(self.members.remove_after, Kicked, Banned)
        self.subscribe(lambda event: self.search.forget(event.room_id), *CONTENT_REMOVED)
        self.subscribe(self.file_cleanup.follow, *CONTENT_REMOVED, MessagePosted, PreviewAdded, PreviewRemoved)
        self.subscribe(self.avatars.follow, AvatarChanged, AccountDeleted, MemberLeft)
