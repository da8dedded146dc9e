"""Shares presence and typing between processes, so that all of them show the same roster."""

import asyncio
from dataclasses import dataclass, field
from datetime import timedelta

from pydantic import TypeAdapter

from chat.domain.accounts.events import AvatarChanged, MemberRenamed, RoleChanged
from chat.domain.client_identity import UNKNOWN_CLIENT, ClientIdentity
from chat.domain.events import Event
from chat.domain.people.avatar_colors import AvatarColor
from chat.domain.people.events import Connected, Disconnected, MemberJoined, MemberLeft, ViewingChanged
from chat.domain.rooms.chat_state import ChatState
from chat.domain.rooms.events import TypingStarted, TypingStopped
from chat.domain.users import Member
from chat.state import clock
from chat.state.pipeline.event_bus import EventBus
from chat.state.pipeline.event_pipeline import EventPipeline
from chat.storage.peers import Peer, Peers

TOPIC = "people"
OWN_GRACE_FIRST = timedelta(seconds=2)
"""The process whose tab was closed removes its member; others do so only if its message is lost."""
TYPING_AGAIN_AFTER = 3.0  # seconds


@dataclass(frozen=True, slots=True)
class Tab:
    """A tab that is connected, and the room whose newest message it shows."""

    client_identity: ClientIdentity = UNKNOWN_CLIENT
    room_id: str | None = None


@dataclass(frozen=True, slots=True)
class Here:
    """A member with their tabs in one process, the colour of their avatar, and whether they weren't announced there."""

    member: Member
    tabs: dict[str, Tab] = field(default_factory=dict)
    color: AvatarColor | None = None
    is_back: bool = False


@dataclass(frozen=True, slots=True)
class Gone:
    """A member left, with all tabs that they had or, if their grace period was over, unless they have any."""

    member_id: str
    had_tabs: bool


@dataclass(frozen=True, slots=True)
class Typing:
    """Members are typing, or no longer."""

    room_id: str
    member_ids: tuple[str, ...]
    is_typing: bool


HERE = TypeAdapter(Here)
PASSING: TypeAdapter[Gone | Typing] = TypeAdapter(Gone | Typing)


class PresenceRelay(Peer):
    """Follows the tabs of this process, and applies what happens to those of others."""

    def __init__(self, state: ChatState, pipeline: EventPipeline, bus: EventBus, peers: Peers) -> None:
        self._state = state
        self._people = state.people
        self._pipeline = pipeline
        self._peers = peers
        self._own: dict[str, dict[str, Tab]] = {}
        self._back: set[str] = set()
        self._others: dict[str, dict[str, dict[str, Tab]]] = {}
        self._is_hearing = False
        peers.add(TOPIC, self)
        bus.subscribe(self._on_joined, MemberJoined)
        bus.subscribe(self._on_tab, Connected, Disconnected, ViewingChanged)
        bus.subscribe(self._on_member, MemberLeft, MemberRenamed, RoleChanged, AvatarChanged)
        bus.subscribe(self._on_typing, TypingStarted, TypingStopped)

    def on_published(self, process: str, key: str, note: bytes) -> None:
        """Apply who a member is and which tabs they have in another process."""
        found = HERE.validate_json(note) if note else None
        members = self._others.setdefault(process, {})
        before, tabs = members.pop(key, {}), found.tabs if found else {}
        if found and tabs:
            members[key] = tabs
        self._apply(*self._changes(key, found, before, tabs))

    def on_broadcast(self, process: str, note: bytes) -> None:
        """Apply that a member left or is typing."""
        match PASSING.validate_json(note):
            case Gone(member_id=member_id, had_tabs=had_tabs):
                if had_tabs or not self._people.presence.is_connected(member_id):
                    self._apply(*self._people.leave(member_id, clock.now()))
            case Typing(room_id=room_id, member_ids=member_ids, is_typing=is_typing) if room_id in self._state.rooms:
                if is_typing:
                    self._apply(*(TypingStarted(room_id, member_id, clock.now()) for member_id in member_ids))
                else:
                    self._apply(TypingStopped(room_id, member_ids))

    def on_process_lost(self, process: str) -> None:
        """Begin the grace period of those whose tabs were in a process that ended."""
        for member_id, tabs in self._others.pop(process, {}).items():
            self._apply(*(Disconnected(member_id, tab, clock.now()) for tab in tabs))

    def _changes(self, member_id: str, found: Here | None, before: dict[str, Tab], tabs: dict[str, Tab]) -> list[Event]:
        now, changes = clock.now(), list[Event]()
        if found and tabs and member_id not in self._people.members:
            is_back = found.is_back or not self._peers.is_synced
            changes.append(MemberJoined(found.member, now, is_back, found.color))
        for key, tab in tabs.items():
            known = before.get(key)
            if known is None:
                changes.append(Connected(member_id, key, tab.client_identity))
            if tab.room_id != (known.room_id if known else None):
                is_viewing = tab.room_id is not None
                room_id = tab.room_id or (known.room_id if known else None) or ""
                changes.append(ViewingChanged(member_id, key, room_id, is_viewing))
        closed = (key for key in before if key not in tabs)
        return [*changes, *(Disconnected(member_id, key, now + OWN_GRACE_FIRST) for key in closed)]

    def _apply(self, *events: Event) -> None:
        self._is_hearing = True
        try:
            self._pipeline.apply_and_publish(*events)
        finally:
            self._is_hearing = False

    def _on_joined(self, event: MemberJoined) -> None:
        if event.is_back and not self._is_hearing:
            self._back.add(event.member.id)

    def _on_tab(self, event: Connected | Disconnected | ViewingChanged) -> None:
        tabs = self._own.get(event.member_id, {})
        match event:
            case Connected(connection_id=key, client_identity=client_identity) if not self._is_hearing:
                tabs = {**tabs, key: Tab(client_identity)}
            case Disconnected(connection_id=key) if key in tabs:
                tabs = {other: tab for other, tab in tabs.items() if other != key}
            case ViewingChanged(connection_id=key, room_id=room_id, is_viewing=is_viewing) if key in tabs:
                tabs = {**tabs, key: Tab(tabs[key].client_identity, room_id if is_viewing else None)}
            case _:
                return
        self._own[event.member_id] = tabs
        self._publish(event.member_id)

    def _on_member(self, event: MemberLeft | MemberRenamed | RoleChanged | AvatarChanged) -> None:
        if not isinstance(event, MemberLeft):
            if event.member_id in self._own:
                self._publish(event.member_id)
            return
        member_id = event.member.id
        self._back.discard(member_id)
        had_own = bool(self._own.pop(member_id, None))
        had_others = [bool(members.pop(member_id, None)) for members in self._others.values()]
        self._peers.publish(TOPIC, member_id, b"")
        if had_own or not self._is_hearing:  # that there are tabs may have crossed that the member left
            self._peers.broadcast(TOPIC, PASSING.dump_json(Gone(member_id, had_own or any(had_others))))

    def _on_typing(self, event: TypingStarted | TypingStopped) -> None:
        if self._is_hearing:
            return
        if isinstance(event, TypingStarted):
            self._pass_on_typing(event.room_id, event.member_id)
        elif own := tuple(member_id for member_id in event.member_ids if member_id in self._own):
            self._peers.broadcast(TOPIC, PASSING.dump_json(Typing(event.room_id, own, is_typing=False)))

    def _pass_on_typing(self, room_id: str, member_id: str) -> None:
        """Pass on that a member types now and, while they do, again: elsewhere it ends by itself."""
        room = self._state.rooms.get(room_id)
        if room and member_id in room.typing.member_ids and member_id in self._own:
            self._peers.broadcast(TOPIC, PASSING.dump_json(Typing(room_id, (member_id,), is_typing=True)))
            loop = asyncio.get_running_loop()
            loop.call_later(TYPING_AGAIN_AFTER, self._pass_on_typing, room_id, member_id)

    def _publish(self, member_id: str) -> None:
        tabs, member = self._own[member_id], self._people.members.get(member_id)
        if not tabs or member is None:
            del self._own[member_id]
            self._peers.publish(TOPIC, member_id, b"")
        else:
            here = Here(member, tabs, self._people.colors.of(member_id), member_id in self._back)
            self._peers.publish(TOPIC, member_id, HERE.dump_json(here))
