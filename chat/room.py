"""The room: decides what may happen (returning facts, or raising), and applies facts to what is known."""

from datetime import datetime, timedelta

from chat.errors import CommandRefused, NameRefused, NotHere
from chat.events import (
    Connected,
    Disconnected,
    Fact,
    HistoryCleared,
    MemberChanged,
    MemberJoined,
    MemberLeft,
    MessagePosted,
    TypingStarted,
    TypingStopped,
)
from chat.members import Member, Nickname, Role, check_nickname
from chat.messages import History, Kind, Message, clean_text
from chat.presence import Presence, Typing
from chat.timeline import Cleared, Promoted, Renamed, Timeline, Verb

LOBBY = "lobby"


class Room:
    """One room with its history, members, presence and typing. Decisions change nothing; `apply` does."""

    def __init__(self, name: str, history: History, grace: timedelta) -> None:
        self.name = name
        self.history = history
        self.timeline = Timeline(history.limit, history)
        self.members: dict[str, Member] = {}
        self.presence = Presence(grace)
        self.typing = Typing()
        self._cleared: HistoryCleared | None = None

    def member(self, member_id: str) -> Member:
        """The member with this id; raises `NotHere`."""
        try:
            return self.members[member_id]
        except KeyError:
            raise NotHere from None

    def roster(self) -> list[Member]:
        """Everybody who is here, by name."""
        return sorted(self.members.values(), key=lambda member: (member.nickname.key, member.id))

    def check_name(self, member_id: str, nickname: Nickname) -> None:
        """Raise `NameRefused` if this member can't go by `nickname`: by the rules, or because it is taken."""
        check_nickname(nickname)
        if any(m.nickname.key == nickname.key and m.id != member_id for m in self.members.values()):
            raise NameRefused("name-taken", name=nickname.shown)

    def has_said(self, member_id: str, message_id: str) -> bool:
        """Whether the member's message with this id is in the history: then it is only being sent again."""
        known = (self.history.get(message_id), self.history.get(f"{message_id}-{member_id}"))
        return any(message and message.author == member_id for message in known)

    # Decisions.

    def connect(self, member: Member, connection: str, now: datetime) -> list[Fact]:
        """A tab opens or comes back: news only if the member was not here."""
        connected = Connected(self.name, member.id, connection)
        if member.id in self.members:
            return [connected]
        self.check_name(member.id, member.nickname)
        return [MemberJoined(self.name, member, now), connected]

    def disconnect(self, member_id: str, connection: str, now: datetime) -> list[Fact]:
        """A tab is gone; whether the member has left is known after the grace."""
        return [Disconnected(self.name, member_id, connection, now)]

    def leave(self, member_id: str, now: datetime) -> list[Fact]:
        """The member leaves on purpose, with all their tabs."""
        member = self.members.get(member_id)
        return [MemberLeft(self.name, member, now)] if member else []

    def rename(self, member_id: str, nickname: Nickname, now: datetime) -> MemberChanged:
        """The member takes another name; raises `NameRefused`, `NotHere`."""
        member = self.member(member_id)
        self.check_name(member_id, nickname)
        return MemberChanged(self.name, member, member.renamed(nickname), now)

    def promote(self, member_id: str, role: Role, now: datetime) -> MemberChanged:
        """The member takes another role."""
        member = self.member(member_id)
        return MemberChanged(self.name, member, member.promoted(role), now)

    def post(
        self, member_id: str, text: object, message_id: str, now: datetime, kind: Kind = Kind.TEXT
    ) -> MessagePosted:
        """The member says something; raises `TextRefused`, `NotHere`.

        An id of theirs that is in the history is the same message sent again: the fact of then is returned.
        """
        member = self.member(member_id)
        known = self.history.get(message_id)
        if known and known.author == member_id:
            return MessagePosted(self.name, known)
        if known:
            message_id = f"{message_id}-{member_id}"  # somebody else had the same idea of a unique id
        message = Message(message_id, self.name, member_id, member.name, clean_text(text), now, kind)
        return MessagePosted(self.name, message)

    def clear(self, member_id: str, now: datetime) -> HistoryCleared:
        """An admin wipes the history; raises `CommandRefused` for everybody else."""
        member = self.member(member_id)
        if not member.may_clear:
            raise CommandRefused("admins-only")
        return HistoryCleared(self.name, member.id, member.name, now)

    def type(self, member_id: str, is_typing: bool, now: datetime) -> list[Fact]:
        """The member types, or does not any more."""
        if is_typing and member_id in self.members:
            return [TypingStarted(self.name, member_id, now)]
        return [TypingStopped(self.name, (member_id,))] if member_id in self.typing.members else []

    def expire(self, now: datetime) -> list[Fact]:
        """What time alone has ended: graces and typing."""
        left: list[Fact] = [MemberLeft(self.name, self.members[i], now) for i in self.presence.overdue(now)]
        silent = self.typing.overdue(now)
        return [*left, TypingStopped(self.name, tuple(silent))] if silent else left

    # Facts.

    def apply(self, fact: Fact) -> bool:
        """Take in a fact; the same one again changes nothing. Returns whether something is new."""
        match fact:
            case MessagePosted(message=message):
                if self.history.get(message.id):
                    return False
                self.history.add(message)
                self.timeline.add(message)
                self.typing.stop([message.author])
            case HistoryCleared(name=name, at=at):
                if self._cleared == fact:
                    return False
                self._cleared = fact
                self.history.clear()
                self.timeline.clear()
                self.timeline.add(Cleared(at, name))
            case MemberJoined(member=member, at=at):
                if member.id in self.members:
                    return False
                self.members[member.id] = member
                self.timeline.add_move(member.id, member.name, Verb.JOINED, at)
            case MemberLeft(member=member, at=at):
                if self.members.pop(member.id, None) is None:
                    return False
                self.presence.leave(member.id)
                self.typing.stop([member.id])
                self.timeline.add_move(member.id, member.name, Verb.LEFT, at)
            case MemberChanged(before=before, member=member, at=at):
                if self.members.get(member.id) != before or before == member:
                    return False
                self.members[member.id] = member
                if before.name != member.name:
                    self.timeline.add(Renamed(at, before.name, member.name))
                if before.role != member.role:
                    self.timeline.add(Promoted(at, member.name))
            case Connected(member=member_id, connection=connection):
                return member_id in self.members and self.presence.connect(member_id, connection)
            case Disconnected(member=member_id, connection=connection, at=at):
                return self.presence.disconnect(member_id, connection, at)
            case TypingStarted(member=member_id, at=at):
                known = member_id in self.typing.members
                self.typing.start(member_id, at)
                return not known
            case TypingStopped(members=member_ids):
                return self.typing.stop(member_ids)
        return True
