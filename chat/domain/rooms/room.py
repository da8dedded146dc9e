"""The room: decides what may happen (returning facts, or raising), and applies facts to what is known."""

from collections.abc import Callable
from datetime import datetime, timedelta

from chat.domain.accounts.directory import Accounts
from chat.domain.errors import ChatError, NameRefused, NotHere
from chat.domain.events import (
    Connected,
    Disconnected,
    Event,
    MemberChanged,
    MemberJoined,
    MemberLeft,
    MessagePosted,
    TypingStarted,
    TypingStopped,
    ViewingChanged,
)
from chat.domain.messages.history import History
from chat.domain.moderation import word_filter
from chat.domain.moderation.events import ModerationEvent, Muted
from chat.domain.moderation.sanctions import UNKNOWN_CLIENT, ClientIdentity
from chat.domain.moderation.state import Moderation
from chat.domain.rooms.conversation import Conversation
from chat.domain.rooms.presence import Presence, Typing
from chat.domain.rooms.timeline import JoinOrLeave, PublicModerationEvent, RenamedNotice, RoleChangedNotice
from chat.domain.users import Member, Nickname, Role, check_nickname

LOBBY = "lobby"

ReservedBy = Callable[[Nickname], str | None]
"""Tells the id of the member who alone may have a name, or one that looks like it."""


class Room:
    """One room: what is said there, its members, presence and typing. Decisions change nothing; `apply` does."""

    def __init__(
        self,
        name: str,
        history: History,
        grace: timedelta,
        moderation: Moderation | None = None,
        reserved_by: ReservedBy = lambda _: None,
    ) -> None:
        self.name = name
        self._reserved_by = reserved_by
        self.moderation = moderation or Moderation()
        self.conversation = Conversation(name, history, self.moderation)
        self.members: dict[str, Member] = {}
        self.presence = Presence(grace)
        self.typing = Typing()
        self.accounts = Accounts()

    def member(self, member_id: str) -> Member:
        """The member with this id; raises `NotHere`."""
        try:
            return self.members[member_id]
        except KeyError:
            raise NotHere from None

    def role_of(self, member_id: str) -> Role:
        """The role of somebody, here or not: who has no account is a guest."""
        known = self.known(member_id)
        return known.role if known else Role.GUEST

    def known(self, member_id: str) -> Member | None:
        """Who is here, or has an account."""
        account = self.accounts.get(member_id)
        return self.members.get(member_id) or (account.member if account else None)

    def name_of(self, member_id: str) -> str | None:
        """What somebody is called, or was called last, if that is known."""
        known = self.known(member_id)
        return known.name if known else self.conversation.name_of(member_id)

    def absent_members(self) -> list[Member]:
        """Who has an account and is not here, the highest roles first, by name."""
        away = (account.member for account in self.accounts if account.id not in self.members)
        roles = list(Role)
        return sorted(away, key=lambda member: (-roles.index(member.role), member.nickname.key))

    def roster(self) -> list[Member]:
        """Everybody who is here, by name."""
        return sorted(self.members.values(), key=lambda member: (member.nickname.key, member.id))

    def check_name(self, member_id: str, nickname: Nickname) -> None:
        """Raise `NameRefused` for a name against the rules or the filter, taken, or somebody else's for good."""
        check_nickname(nickname)
        if self._reserved_by(nickname) not in (None, member_id):
            raise NameRefused("name-account", name=nickname.shown)
        if any(m.nickname.key == nickname.key and m.id != member_id for m in self.members.values()):
            raise NameRefused("name-taken", name=nickname.shown)
        if word_filter.find(nickname.shown, self.moderation.words):
            raise NameRefused("name-filtered")

    # Decisions.

    def connect(
        self, member: Member, connection: str, now: datetime, client_identity: ClientIdentity = UNKNOWN_CLIENT
    ) -> list[Event]:
        """A tab opens or comes back: news only if the member was not here. Raises `EntryRefused`, `NameRefused`."""
        here = self.members.get(member.id, member)
        self.moderation.check_can_join(member.id, client_identity, here.role, now)
        connected = Connected(self.name, member.id, connection, client_identity)
        if member.id in self.members:
            return [connected]
        self.check_name(member.id, member.nickname)
        return [MemberJoined(self.name, member, now), connected]

    def disconnect(self, member_id: str, connection: str, now: datetime) -> list[Event]:
        """A tab is gone; whether the member has left is known after the grace."""
        return [Disconnected(self.name, member_id, connection, now)]

    def set_viewing_latest(self, member_id: str, connection: str, on: bool) -> ViewingChanged:
        """A tab shows what is newest, or does not any more."""
        return ViewingChanged(self.name, member_id, connection, on)

    def leave(self, member_id: str, now: datetime) -> list[Event]:
        """The member leaves on purpose, with all their tabs."""
        member = self.members.get(member_id)
        return [MemberLeft(self.name, member, now)] if member else []

    def rename(self, member_id: str, nickname: Nickname, now: datetime) -> MemberChanged:
        """The member takes another name; raises `NameRefused`, `NotHere`, `SpeechRefused`."""
        member = self.member(member_id)
        self.moderation.check_can_post(member, now)
        self.check_name(member_id, nickname)
        return MemberChanged(self.name, member, member.renamed(nickname), now)

    def apply_role(self, member_id: str, role: Role, now: datetime) -> MemberChanged:
        """The member takes another role."""
        member = self.member(member_id)
        return MemberChanged(self.name, member, member.with_role(role), now)

    def type(self, member_id: str, is_typing: bool, now: datetime) -> list[Event]:
        """The member types, or does not any more."""
        if is_typing and self._may_speak(member_id, now):
            return [TypingStarted(self.name, member_id, now)]
        return [TypingStopped(self.name, (member_id,))] if member_id in self.typing.members else []

    def _may_speak(self, member_id: str, now: datetime) -> bool:
        try:
            self.moderation.check_can_post(self.member(member_id), now)
        except ChatError:
            return False
        return True

    def expire(self, now: datetime) -> list[Event]:
        """What time alone has ended: graces and typing."""
        left: list[Event] = [MemberLeft(self.name, self.members[i], now) for i in self.presence.overdue(now)]
        silent = self.typing.overdue(now)
        return [*left, TypingStopped(self.name, tuple(silent))] if silent else left

    # Facts.

    def apply(self, event: Event) -> bool:
        """Take in a fact; the same one again changes nothing. Returns whether something is new."""
        match event:
            case MessagePosted(message=message):
                self.typing.stop([message.author])
                self.moderation.record_post(message.author, message.at)
                return self.conversation.apply(event)
            case MemberJoined(member=member, at=at):
                if member.id in self.members:
                    return False
                self.members[member.id] = member
                self.conversation.remember_name(member.id, member.name)
                self.conversation.timeline.add_join_or_leave(member.id, member.name, JoinOrLeave.JOINED, at)
            case MemberLeft(member=member, at=at):
                if self.members.pop(member.id, None) is None:
                    return False
                self.presence.leave(member.id)
                self.typing.stop([member.id])
                self.conversation.timeline.add_join_or_leave(member.id, member.name, JoinOrLeave.LEFT, at)
            case MemberChanged(before=before, member=member, at=at):
                if self.members.get(member.id) != before or before == member:
                    return False
                self.members[member.id] = member
                self.conversation.remember_name(member.id, member.name)
                if before.name != member.name:
                    self.conversation.timeline.add(RenamedNotice(at, before.name, member.name))
                if before.role != member.role and {before.role, member.role} - {Role.GUEST, Role.MEMBER}:
                    self.conversation.timeline.add(RoleChangedNotice(at, member.name, member.role))
            case Connected(member=member_id, connection=connection, client_identity=client_identity):
                if member_id in self.members:
                    self.moderation.remember_client(member_id, client_identity)
                return member_id in self.members and self.presence.connect(member_id, connection)
            case Disconnected(member=member_id, connection=connection, at=at):
                return self.presence.disconnect(member_id, connection, at)
            case ViewingChanged(member=member_id, connection=connection, on=on):
                return self.presence.set_viewing_latest(member_id, connection, on)
            case TypingStarted(member=member_id, at=at):
                known = member_id in self.typing.members
                self.typing.start(member_id, at)
                return not known
            case TypingStopped(members=member_ids):
                return self.typing.stop(member_ids)
            case _ if isinstance(event, ModerationEvent):
                return self._enforce(event)
            case _:
                return self.conversation.apply(event)
        return True

    def _enforce(self, event: ModerationEvent) -> bool:
        if not self.moderation.apply(event):
            return False
        if isinstance(event, Muted):
            self.typing.stop([event.whom.id])
        if isinstance(event, PublicModerationEvent):
            self.conversation.timeline.add(event)
        return True
