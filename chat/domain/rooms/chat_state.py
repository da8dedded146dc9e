"""The state of a chat: its people, its moderation and its rooms. Only events change it."""

from collections.abc import Set
from datetime import datetime, timedelta
from functools import partial

from chat.domain.accounts.directory import Directory
from chat.domain.accounts.events import AccountCreated, AccountEvent, InvitationEvent, MemberRenamed, RoleChanged
from chat.domain.accounts.push_devices import PushEvent
from chat.domain.events import Event
from chat.domain.messages.calls import RoomCalls
from chat.domain.messages.events import MessageEvent, MessagePosted
from chat.domain.messages.history import History
from chat.domain.messages.link_preview import FirstLink, no_link
from chat.domain.moderation.events import Muted, StoredModerationEvent
from chat.domain.moderation.state import Moderation
from chat.domain.people.events import Disconnected, MemberJoined, MemberLeft, PresenceEvent
from chat.domain.people.people import People
from chat.domain.rooms.announcements import announce_change
from chat.domain.rooms.directory.directory import RoomDirectory
from chat.domain.rooms.directory.room_info import LOBBY, RoomKind, audience
from chat.domain.rooms.events import DirectoryEvent, MemberRemoved, RoomDeleted
from chat.domain.rooms.mention_finder import ShownMentions, keep_all
from chat.domain.rooms.notices import DirectoryNotice, PublicModerationEvent
from chat.domain.rooms.reloads import HistoryReloaded, StateReloaded
from chat.domain.rooms.room import Room


class ChatState:
    """The people and the rooms in memory. The lobby, the room that everyone is in, announces changes of people.

    `calls` has the calls in all rooms loaded since the start.
    """

    def __init__(
        self,
        people: People,
        lobby: History,
        directory: RoomDirectory | None = None,
        shown_mentions: ShownMentions = keep_all,
        first_link: FirstLink = no_link,
    ) -> None:
        self.people = people
        self.directory = directory or RoomDirectory()
        self.moderation = people.moderation
        self._shown_mentions = shown_mentions
        self._first_link = first_link
        self.rooms: dict[str, Room] = {}
        self.calls: dict[str, RoomCalls] = {}
        self.lobby = self.open(LOBBY, lobby)
        people.colors.spread([*lobby.authors, *(account.id for account in people.accounts)])

    def open(self, room_id: str, history: History) -> Room:
        """Hold a room in memory."""
        info = self.directory.get(room_id)
        self.directory.last[room_id] = history.last
        is_direct = info is not None and info.kind is RoomKind.DIRECT
        self.calls[room_id] = RoomCalls(history, is_direct=is_direct)
        self.rooms[room_id] = Room(
            room_id,
            history,
            self.people,
            self._shown_mentions,
            is_direct=is_direct,
            audience=partial(self._audience, room_id),
            first_link=self._first_link,
        )
        return self.rooms[room_id]

    def close(self, room_id: str) -> None:
        """Drop a room from memory. What is in it stays in its store."""
        del self.rooms[room_id]
        self.moderation.forget_posts(room_id)

    def expire(self, now: datetime) -> list[Event]:
        """Return the events that are due: grace periods that are over, and typing that timed out."""
        typing = (event for room in self.rooms.values() for event in room.expire(now))
        return [*self.people.expire(now), *typing]

    def adjust_clock(self, change: timedelta) -> None:
        """Preserve the remaining time of all waits after the clock was set by `change`."""
        self.people.presence.adjust_clock(change)
        self.moderation.adjust_clock(change)
        for room in self.rooms.values():
            room.typing.adjust_clock(change)

    def apply(self, event: Event) -> bool:
        """Apply an event; applying it again changes nothing. Return whether anything changed."""
        if isinstance(event, PresenceEvent | AccountEvent):
            return self._apply_to_people(event)
        if isinstance(event, StoredModerationEvent):
            return self._enforce(event)
        if isinstance(event, DirectoryEvent):
            return self._apply_to_directory(event)
        if isinstance(event, InvitationEvent | PushEvent):
            return False  # rooms have none of them
        if isinstance(event, StateReloaded):
            return self._reload(event)
        room = self.rooms[event.room_id]
        if isinstance(event, HistoryReloaded):
            return self._reload_history(room, event.history)
        if not isinstance(event, MessageEvent):
            return room.apply(event)
        self.directory.advance(room.id, event.number, _written_at(event))
        changed = room.apply(event)
        if changed:
            self.calls[room.id].apply(event, room.conversation.history)
        return changed

    def _reload(self, event: StateReloaded) -> bool:
        match event.state:
            case Directory():
                self.people.reload_accounts(event.state)
            case Moderation():
                self.moderation.restore(event.state)
            case RoomDirectory():
                self.directory.restore(event.state)
        return True

    def _reload_history(self, room: Room, history: History) -> bool:
        room.conversation.reload(history)
        newest = next(reversed(history), None)
        self.directory.advance(room.id, history.last, newest.at if newest else None)
        self.calls[room.id] = RoomCalls(room.conversation.history, is_direct=room.is_direct)
        return True

    def _apply_to_directory(self, event: DirectoryEvent) -> bool:
        if isinstance(event, RoomDeleted):
            self.calls.pop(event.room_id, None)
        if not self.directory.apply(event):
            return False
        room = self.rooms.get(event.room_id)
        if room and isinstance(event, DirectoryNotice) and event.actor.name:  # not of a deleted account
            room.conversation.timeline.add(event)
        if room and isinstance(event, MemberRemoved):
            room.typing.stop([event.target.id])
        return True

    def _apply_to_people(self, event: PresenceEvent | AccountEvent) -> bool:
        match event:
            case MemberJoined(is_back=True):
                return self.people.apply(event)
            case MemberJoined(member=member, at=at) | MemberLeft(member=member, at=at):
                member_id = member.id
            case MemberRenamed(member_id=member_id, at=at) | RoleChanged(member_id=member_id, at=at):
                pass
            case AccountCreated(account=account):
                member_id, at = account.id, account.created
            case Disconnected(member_id=member_id):
                changed = self.people.apply(event)
                if not self.people.presence.is_connected(member_id):
                    self._stop_typing(member_id)
                return changed
            case _:
                return self.people.apply(event)
        before = self.people.members.get(member_id)
        changed = self.people.apply(event)
        after = self.people.members.get(member_id)
        if after is None:
            self._stop_typing(member_id)
        announce_change(self.lobby.conversation.timeline, before, after, at)
        return changed

    def _enforce(self, event: StoredModerationEvent) -> bool:
        if not self.moderation.apply(event):
            return False
        if isinstance(event, Muted):
            self._stop_typing(event.target.id)
        room = self.rooms.get(event.room_id)  # another process may have loaded it alone
        if room and isinstance(event, PublicModerationEvent):
            room.conversation.timeline.add(event)
        return True

    def _audience(self, room_id: str) -> Set[str] | None:
        room = self.directory.get(room_id)
        return audience(room) if room else frozenset()

    def _stop_typing(self, member_id: str) -> None:
        for room in self.rooms.values():
            room.typing.stop([member_id])


def _written_at(event: MessageEvent) -> datetime | None:
    return event.message.at if isinstance(event, MessagePosted) else None
