"""Selects the pages to notify of a new message, report or invitation."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Set
from itertools import chain
from typing import Protocol

from chat.domain.accounts.preferences import Preferences
from chat.domain.events import Event
from chat.domain.messages.events import HistoryCleared, MessageDeleted, MessagePosted, MessagesPurged
from chat.domain.messages.mentions import ALL
from chat.domain.messages.message import Message
from chat.domain.moderation.events import MessageReported, ReportResolved
from chat.domain.people.events import ViewingChanged
from chat.domain.permissions import Permission, has_permission
from chat.domain.rooms.directory.room_info import RoomInfo, audience
from chat.domain.rooms.events import MemberAdded, MemberRemoved, RoomDeleted
from chat.state.chat import Chat
from chat.state.visibility_relay import VisibilityRelay

WITHDRAWING = (
    HistoryCleared,
    MemberRemoved,
    MessageDeleted,
    MessagesPurged,
    ReportResolved,
    RoomDeleted,
    ViewingChanged,
)


class Notifier(Protocol):
    """Notifies one page (a `PageNotifier`)."""

    session: str
    member_id: str

    @property
    def wants_everything(self) -> bool:
        """Whether the member asked to be notified of every message."""

    @property
    def rooms_wanted(self) -> Collection[str]:
        """The ids of the rooms of which the member asked to be notified of every message."""

    @property
    def is_page_visible(self) -> bool:
        """Whether the member can see the page, whatever it shows of the messages."""

    def notify(self, message: Message) -> None:
        """Notify of a message, in the ways the member chose."""

    def notify_of_report(self, report: MessageReported) -> None:
        """Notify of a report, in the ways the member chose."""

    def notify_of_invitation(self, event: MemberAdded, room: RoomInfo) -> None:
        """Notify the member that someone added them to a private room, in the ways they chose."""

    def withdraw(self, room_id: str, message_ids: Collection[str] | None = None) -> None:
        """Close a room's system notification, if it is about one of these messages; without ids, in any case."""

    def withdraw_report(self, message_id: str) -> None:
        """Close the system notification of a report of this message."""

    def offer(self) -> None:
        """Offer to turn on notifications, unless the member has answered before."""

    def play(self, preferences: Preferences) -> None:
        """Play the chosen sound."""


class Notifications:
    """Notifies the pages that something concerns. The others cost nothing."""

    def __init__(self, chat: Chat, visibility: VisibilityRelay | None = None) -> None:
        self._visibility = visibility or VisibilityRelay()
        self._by_member: defaultdict[str, set[Notifier]] = defaultdict(set)
        self._for_everything: set[Notifier] = set()
        self._for_room: defaultdict[str, set[Notifier]] = defaultdict(set)
        self._rooms: dict[Notifier, Collection[str]] = {}
        self._people = chat.people
        self._directory = chat.directory
        chat.subscribe(self._on_event, MessagePosted, MessageReported, MemberAdded, *WITHDRAWING)

    def add(self, notifier: Notifier) -> None:
        """Use a notifier from now on, by its member's current preferences."""
        self._forget_wishes(notifier)
        self._by_member[notifier.member_id].add(notifier)
        if notifier.wants_everything:
            self._for_everything.add(notifier)
        self._rooms[notifier] = notifier.rooms_wanted
        for room_id in self._rooms[notifier]:
            self._for_room[room_id].add(notifier)
        self.note_visibility(notifier.member_id)

    def refresh(self, notifier: Notifier) -> None:
        """Follow a change of preferences; does nothing for a notifier that is not in use."""
        if notifier in self._by_member.get(notifier.member_id, ()):
            self.add(notifier)

    def remove(self, notifier: Notifier) -> None:
        self._forget_wishes(notifier)
        self._by_member[notifier.member_id].discard(notifier)
        if not self._by_member[notifier.member_id]:
            del self._by_member[notifier.member_id]
        self.note_visibility(notifier.member_id)

    def sees_page(self, member_id: str) -> bool:
        """Tell whether a member sees a page, whatever it shows of the messages."""
        return self._sees_page_here(member_id) or self._visibility.sees_page_elsewhere(member_id)

    def note_visibility(self, member_id: str) -> None:
        """Note that a page of a member may have been shown or hidden."""
        self._visibility.note(member_id, sees_page=self._sees_page_here(member_id))

    def _sees_page_here(self, member_id: str) -> bool:
        return any(notifier.is_page_visible for notifier in self._by_member.get(member_id, ()))

    def _forget_wishes(self, notifier: Notifier) -> None:
        self._for_everything.discard(notifier)
        for room_id in self._rooms.pop(notifier, ()):
            self._for_room[room_id].discard(notifier)
            if not self._for_room[room_id]:
                del self._for_room[room_id]

    def _on_event(self, event: Event) -> None:
        match event:
            case MessagePosted(message=message):
                self._notify_all(message)
            case MessageReported():
                self._notify_moderators(event)
            case MemberAdded():
                self._notify_invited(event)
            case ViewingChanged(member_id=member_id, room_id=room_id, is_viewing=True):
                for notifier in self._by_member.get(member_id, ()):
                    notifier.withdraw(room_id)
            case MessageDeleted(room_id=room_id, message_id=message_id):
                self._withdraw_all(room_id, {message_id})
            case MessagesPurged(room_id=room_id, message_ids=message_ids):
                self._withdraw_all(room_id, message_ids)
            case MemberRemoved(room_id=room_id, target=target):
                for notifier in self._by_member.get(target.id, ()):
                    notifier.withdraw(room_id)
            case HistoryCleared(room_id=room_id) | RoomDeleted(room_id=room_id):
                self._withdraw_all(room_id)
            case ReportResolved(message_id=message_id):
                for notifier in self._all():
                    notifier.withdraw_report(message_id)

    def _all(self) -> Iterator[Notifier]:
        return chain.from_iterable(self._by_member.values())

    @staticmethod
    def _one_each(notifiers: Iterable[Notifier]) -> Collection[Notifier]:
        """Return only one tab of each browser."""
        return {notifier.session: notifier for notifier in notifiers}.values()

    def _withdraw_all(self, room_id: str, message_ids: Collection[str] | None = None) -> None:
        for notifier in self._all():
            notifier.withdraw(room_id, message_ids)

    def _notify_all(self, message: Message) -> None:
        room = self._directory.get(message.room)
        if room is None:
            return
        for notifier in self._one_each(self._concerned_by(message, audience(room))):
            member_id = notifier.member_id
            is_viewing = self._people.presence.is_viewing_latest(member_id, message.room)
            if member_id != message.author and not is_viewing:
                notifier.notify(message)

    def _notify_invited(self, event: MemberAdded) -> None:
        """Notify a member who sees no page; the pages themselves say it."""
        room, member_id = self._directory.get(event.room_id), event.target.id
        if room and event.actor.id != member_id and not self.sees_page(member_id):
            for notifier in self._one_each(self._by_member.get(member_id, ())):
                notifier.notify_of_invitation(event, room)

    def _concerned_by(self, message: Message, members: Set[str] | None) -> set[Notifier]:
        """Return the pages that may want a notification; `members` are given if only they may see the room."""
        if members is not None:
            return self._pages_of(members)
        addressed = set(message.mentions.values())
        if message.reply:
            addressed.add(message.reply.author)
        found = self._pages_of(self._by_member.keys() if ALL in addressed else addressed)
        return found | self._for_everything | self._for_room.get(message.room, set())

    def _pages_of(self, members: Set[str]) -> set[Notifier]:
        return set(chain.from_iterable(self._by_member.get(member_id, ()) for member_id in members))

    def _notify_moderators(self, report: MessageReported) -> None:
        """Notify moderators who see no page; the pages themselves show the number of reports."""
        for member_id in self._by_member.keys() - {report.actor.id}:
            is_concerned = has_permission(self._people.role_of(member_id), Permission.HANDLE_REPORTS)
            if is_concerned and not self.sees_page(member_id):
                for notifier in self._one_each(self._by_member[member_id]):
                    notifier.notify_of_report(report)
