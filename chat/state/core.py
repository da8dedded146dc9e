"""The core that all services of a chat share: its state, and the pipeline that changes it."""

from datetime import timedelta
from functools import partial
from typing import Any

from chat.domain.accounts.events import AccountEvent
from chat.domain.accounts.shared_password import SharedPassword
from chat.domain.events import EphemeralEvent
from chat.domain.messages.events import MessageEvent
from chat.domain.messages.link_preview import FirstLink
from chat.domain.moderation.events import StoredModerationEvent
from chat.domain.people.people import People
from chat.domain.rooms.chat_state import ChatState
from chat.domain.rooms.directory.directory import RoomDirectory
from chat.domain.rooms.directory.room_info import LOBBY
from chat.domain.rooms.events import DirectoryEvent, RoomDeleted
from chat.domain.rooms.reloads import StateReloaded
from chat.domain.text.cleaning import TEXT_LIMIT
from chat.state import clock
from chat.state.accounts.password_guard import PasswordGuard
from chat.state.pipeline.event_bus import EventBus
from chat.state.pipeline.event_pipeline import EventPipeline
from chat.state.rate_limits import ActionRateLimiter, WriteLimit
from chat.state.rooms.room_access import RoomAccess
from chat.state.rooms.room_loader import RoomLoader
from chat.storage.base import StateStore
from chat.storage.peers import Peers
from chat.storage.stores import Stores
from chat.text.markup.renderer import shown_mentions, to_plain


class ChatCore:
    """The stored state, the pipeline, the rooms in memory, and the limits on what members do."""

    def __init__(
        self,
        stores: Stores,
        admin_password: SharedPassword,
        *,
        grace: timedelta,
        message_rate: str,
        peers: Peers | None,
        first_link: FirstLink,
    ) -> None:
        self.state = _load_state(stores, grace, first_link)
        self.bus, self.password_guard = EventBus(), PasswordGuard(admin_password)
        is_private = self.state.directory.is_private
        self.pipeline = EventPipeline(self.bus, stores.audit_log, self.password_guard.check_event, is_private)
        self._connect_stores(stores)
        self.loader = RoomLoader(self.state, stores.histories, self.pipeline)
        self.loader.note_last()
        self.rates = ActionRateLimiter(message_rate, peers)
        self.write_limit = WriteLimit(self.state.people, self.rates)
        self.room_access = RoomAccess(self.state, self.loader, self.rates, self.bus)

    def _connect_stores(self, stores: Stores) -> None:
        self.pipeline.attach(EphemeralEvent, self.state.apply)
        self.pipeline.attach(MessageEvent, self.state.apply)
        self.pipeline.open_room(LOBBY, stores.messages)
        states: dict[Any, StateStore[Any, Any]] = {
            DirectoryEvent: stores.rooms,
            StoredModerationEvent: stores.moderation,
            AccountEvent: stores.accounts,
        }
        for kinds, store in states.items():
            self.pipeline.attach(kinds, self.state.apply, store, self._reload)

    def _reload(self, state: Any) -> None:
        if isinstance(state, RoomDirectory):  # or an ended room would stay, here and in its file
            ended = [room.id for room in self.state.directory if state.get(room.id) is None]
            self.pipeline.apply_and_publish(*(RoomDeleted(room_id, clock.now()) for room_id in ended))
        self.pipeline.apply_and_publish(StateReloaded(state))


def _load_state(stores: Stores, grace: timedelta, first_link: FirstLink) -> ChatState:
    history, directory, moderation = stores.messages.load(), stores.rooms.load(), stores.moderation.load()
    moderation.to_plain = partial(to_plain, limit=2 * TEXT_LIMIT, shows_spoilers=True)
    people = People(grace, moderation, stores.accounts.load())
    return ChatState(people, history, directory, shown_mentions, first_link)
