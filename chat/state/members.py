"""The people of a chat as a use case: their names, joining and leaving, and the tabs that they have open."""

import asyncio
import time
from contextlib import suppress
from datetime import datetime

from chat.domain.accounts.events import MemberRenamed
from chat.domain.client_identity import UNKNOWN_CLIENT, ClientIdentity, identifiers
from chat.domain.errors import AccountRefused, NameRefused, RoomRefused
from chat.domain.moderation.events import Banned, Kicked
from chat.domain.rooms.chat_state import ChatState
from chat.domain.rooms.directory.room_info import LOBBY, may_see
from chat.domain.users import Member, Nickname, Role
from chat.state import clock
from chat.state.accounts.password_guard import PasswordGuard
from chat.state.pipeline.event_pipeline import EventPipeline
from chat.state.rate_limits import ActionRateLimiter
from chat.state.rooms.room_loader import RoomLoader
from chat.storage.peers import Peers
from chat.text.nicknames import parse_nickname

TIME_TO_RETURN = 30  # seconds after a start; until then, pages often look whether the chat is back


class MemberService:
    """Lets members join, leave and change their names."""

    def __init__(
        self,
        state: ChatState,
        pipeline: EventPipeline,
        loader: RoomLoader,
        guard: PasswordGuard,
        rate_limiter: ActionRateLimiter,
        *,
        peers: Peers | None = None,
    ) -> None:
        self._state = state
        self._people = state.people
        self._pipeline = pipeline
        self._loader = loader
        self._guard = guard
        self._rate_limiter = rate_limiter
        self._started, self._started_at = clock.now(), time.monotonic()
        self._left: set[str] = set()
        self._peers = peers

    def check_name(self, member_id: str, text: object) -> Nickname:
        """Return the nickname in `text` if the member may have it; raises `NameRefused`."""
        wanted = parse_nickname(text)
        self._people.check_name(member_id, wanted)
        return wanted

    async def claim_name(self, member_id: str, nickname: Nickname) -> None:
        """Reserve the name across processes for a moment; raises `NameRefused`."""
        if self._peers and not await self._peers.claim(nickname.key, member_id):
            raise NameRefused("name-taken", name=nickname.shown)

    def check_can_join(self, member_id: str, client_identity: ClientIdentity, role: Role = Role.GUEST) -> None:
        """Raise `EntryRefused` if the member is banned or was just kicked."""
        self._people.moderation.check_can_join(member_id, client_identity, role, clock.now())

    def count_join(self, client_identity: ClientIdentity, name: str) -> None:
        """Count a guest's join; raises `AccountRefused` if there were too many, `TextRefused` for a secret name."""
        if self._rate_limiter.hit("join", identifiers("", client_identity)):
            raise AccountRefused("sign-in-paused")
        self._guard.check(name)

    def connect(
        self,
        member: Member,
        connection_id: str,
        client_identity: ClientIdentity = UNKNOWN_CLIENT,
        *,
        signed_in_at: datetime | None = None,
    ) -> None:
        """Connect a tab. Members who were signed in before a restart aren't announced if they are back soon after it.

        Raises `NameRefused` if the name was taken meanwhile, and `EntryRefused`.
        """
        was_here = signed_in_at is not None and signed_in_at < self._started
        is_back = was_here and self._is_restarting and member.id not in self._left
        events = self._people.connect(member, connection_id, clock.now(), client_identity, is_back=is_back)
        self._pipeline.apply_and_publish(*events)

    @property
    def _is_restarting(self) -> bool:
        """Whether people may still be coming back after a restart."""
        return time.monotonic() - self._started_at < TIME_TO_RETURN

    def note_left(self, member_id: str) -> None:
        """Note that a member has left: a return is announced."""
        if self._is_restarting:
            self._left.add(member_id)

    def disconnect(self, member_id: str, connection_id: str) -> None:
        self._pipeline.apply_and_publish(self._people.disconnect(member_id, connection_id, clock.now()))

    def set_viewing_latest(self, member_id: str, connection_id: str, room_id: str, is_viewing: bool) -> None:
        """Set whether a tab shows the newest message of a room; a new tab doesn't yet."""
        changes = self._people.set_viewing_latest(member_id, connection_id, room_id, is_viewing)
        self._pipeline.apply_and_publish(*changes)

    def leave(self, member_id: str) -> None:
        """Let the member leave by choice, with all tabs."""
        self._pipeline.apply_and_publish(*self._people.leave(member_id, clock.now(), is_by_choice=True))

    def remove_after(self, event: Kicked | Banned) -> None:
        """Remove a member, whichever process they were kicked or banned in, after all listeners got the event."""

        def leave() -> None:
            self._pipeline.apply_and_publish(*self._people.leave(event.target.id, clock.now()))

        asyncio.get_running_loop().call_soon(leave)

    async def rename(self, member_id: str, name: object) -> None:
        """Give the member another name, and their account too.

        Raises `NotAllowed`, `NameRefused`, `NotHere`, `SpeechRefused`, `AccountsUnwritable`.
        """
        nickname = name if isinstance(name, Nickname) else parse_nickname(name)

        def decide() -> MemberRenamed:
            return self._state.lobby.rename(member_id, nickname, clock.now())

        is_other_name = decide().before.shown != nickname.shown
        if is_other_name and self._rate_limiter.hit("rename", self._people.moderation.identifiers_of(member_id)):
            raise NameRefused("sign-in-paused")
        with self._people.accounts.hold_name(member_id, nickname):
            await self.claim_name(member_id, nickname)
            await self._pipeline.decide(decide)

    async def anonymize(self, member_id: str, pseudonym: str) -> None:
        """Replace the member by `pseudonym` in every room, also on disk.

        Raises `HistoryUnwritable`, or `RoomRefused` if a room can't be read; then nothing changed.
        """
        for room_id in await self._rooms_with(member_id):
            with suppress(RoomRefused):  # it ended meanwhile
                async with self._loader.visit(room_id) as room:
                    await self._pipeline.submit(room.conversation.anonymize(member_id, pseudonym, clock.now()))

    async def _rooms_with(self, member_id: str) -> list[str]:
        """Return the ids of the lobby and of all other rooms that know the member. Raises `RoomRefused`."""
        found, unreadable = [LOBBY], []
        for info in list(self._state.directory):
            try:
                async with self._loader.visit(info.id) as room:
                    event = room.conversation.anonymize(member_id, "", clock.now())
                    if info.id != LOBBY and room.conversation.history.copy().apply(event) is not None:
                        found.append(info.id)
            except RoomRefused as problem:
                if problem.key == "room-unreadable":
                    unreadable.append(info)
        if unreadable:
            names = [info.name for info in unreadable if info.name and may_see(info, member_id)]
            raise RoomRefused("room-keeps-name", room=names[0]) if names else RoomRefused("rooms-keep-name")
        return found
