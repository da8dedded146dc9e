"""A room: decides requests, and applies events to its state."""

from datetime import datetime, timedelta

from chat.domain.accounts.directory import Directory
from chat.domain.accounts.events import (
    AccountChanged,
    AccountCreated,
    AccountDeleted,
    InvitationCreated,
    InvitationRevoked,
    InvitationUsed,
    MemberRenamed,
    PasswordResetCreated,
    PasswordResetUsed,
    RoleChanged,
)
from chat.domain.client_identity import UNKNOWN_CLIENT, ClientIdentity
from chat.domain.errors import ChatError, NameRefused, NotHere
from chat.domain.events import Event
from chat.domain.messages.events import MessagePosted
from chat.domain.messages.history import History
from chat.domain.moderation.events import ModerationEvent, Muted
from chat.domain.moderation.state import Moderation
from chat.domain.moderation.word_filter import find_blocked
from chat.domain.nickname_policy import check_nickname
from chat.domain.permissions import Permission, is_above, require, require_not_below
from chat.domain.rooms.conversation import Conversation
from chat.domain.rooms.events import (
    Connected,
    Disconnected,
    MemberJoined,
    MemberLeft,
    PresenceEvent,
    TypingStarted,
    TypingStopped,
    ViewingChanged,
)
from chat.domain.rooms.notices import (
    JoinOrLeave,
    PresenceChange,
    PublicModerationEvent,
    RenamedNotice,
    RoleChangedNotice,
)
from chat.domain.rooms.presence import Presence
from chat.domain.rooms.typing_indicator import TypingIndicator
from chat.domain.text.folding import fold
from chat.domain.users import Member, Nickname, Role, UserRef

LOBBY = "lobby"


class Room:
    """One room: its conversation, members, presence and typing. Decisions change nothing; `apply` does."""

    def __init__(
        self,
        name: str,
        history: History,
        grace: timedelta,
        moderation: Moderation | None = None,
        accounts: Directory | None = None,
    ) -> None:
        self.name = name
        self.moderation = moderation or Moderation()
        self.conversation = Conversation(name, history, self.moderation)
        self.members: dict[str, Member] = {}
        self.presence = Presence(grace)
        self.typing = TypingIndicator()
        self.accounts = Directory() if accounts is None else accounts  # an empty directory is falsy
        for account in self.accounts:
            self.conversation.remember_name(account.id, account.name)
        self.conversation.colors.spread([*history.authors, *(account.id for account in self.accounts)])

    def member(self, member_id: str) -> Member:
        """Return the member with this id; raises `NotHere`."""
        try:
            return self.members[member_id]
        except KeyError:
            raise NotHere from None

    def find_member(self, member_id: str) -> Member | None:
        """Return a present member or account holder."""
        account = self.accounts.get(member_id)
        return self.members.get(member_id) or (account.member if account else None)

    def find_user(self, member_id: object) -> UserRef | None:
        """Return any person whose name is known: a member, an account holder, or an author in the history."""
        name = self.name_of(member_id) if isinstance(member_id, str) else None
        return UserRef(member_id, name) if isinstance(member_id, str) and name is not None else None

    def role_of(self, member_id: str) -> Role:
        """Return a member's role, present or not; guest if unknown."""
        known = self.find_member(member_id)
        return known.role if known else Role.GUEST

    def name_of(self, member_id: str) -> str | None:
        """Return a member's last known name, present or not."""
        known = self.find_member(member_id)
        return known.name if known else self.conversation.name_of(member_id)

    def require_not_below(self, actor: Member, imposed_by: UserRef | None) -> None:
        """Raise `NotAllowed` for an actor below the role of the member who imposed what they would lift."""
        if imposed_by is not None:
            require_not_below(actor.role, self.role_of(imposed_by.id))

    def absent_members(self) -> list[Member]:
        """Return the account holders not in the room, by role (highest first) and name."""
        away = (account.member for account in self.accounts if account.id not in self.members)
        roles = list(Role)
        return sorted(away, key=lambda member: (-roles.index(member.role), member.nickname.key))

    def away(self) -> list[UserRef]:
        """Return the people not here who may return, sorted by name: account holders, and authors in the history."""
        authors = {author: self.conversation.name_of(author) for author in self.conversation.history.authors}
        known = authors | {account.id: account.name for account in self.accounts}
        away = [UserRef(member_id, name) for member_id, name in known.items() if name and self._may_return(member_id)]
        return sorted(away, key=lambda user: (fold(user.name), user.id))

    def roster(self) -> list[Member]:
        """Return the present members, sorted by name."""
        return sorted(self.members.values(), key=lambda member: (member.nickname.key, member.id))

    def check_name(self, member_id: str, nickname: Nickname) -> None:
        """Raise `NameRefused` if the name breaks a rule, has a blocked word, or belongs to another member.

        Account holders keep their name when the rules change.
        """
        account = self.accounts.get(member_id)
        if account is None or account.nickname != nickname:
            check_nickname(nickname)
            if find_blocked(nickname.shown, self.moderation.blocked_words):
                raise NameRefused("name-filtered")
        if self.accounts.reserved_by(nickname) not in (None, member_id):
            raise NameRefused("name-account", name=nickname.shown)
        if any(m.nickname.key == nickname.key and m.id != member_id for m in self.members.values()):
            raise NameRefused("name-taken", name=nickname.shown)

    # Decisions.

    def connect(
        self, member: Member, connection_id: str, now: datetime, client_identity: ClientIdentity = UNKNOWN_CLIENT
    ) -> list[PresenceEvent]:
        """Connect a tab; an absent member joins. Raises `EntryRefused`, `NameRefused`."""
        role = self.members.get(member.id, member).role
        self.moderation.check_can_join(member.id, client_identity, role, now)
        connected = Connected(self.name, member.id, connection_id, client_identity)
        if member.id in self.members:
            return [connected]
        self.check_name(member.id, member.nickname)
        return [MemberJoined(self.name, member, now), connected]

    def disconnect(self, member_id: str, connection_id: str, now: datetime) -> Disconnected:
        """Disconnect a tab. After the last one, the member leaves when the grace period is over."""
        return Disconnected(self.name, member_id, connection_id, now)

    def set_viewing_latest(self, member_id: str, connection_id: str, is_viewing: bool) -> ViewingChanged:
        return ViewingChanged(self.name, member_id, connection_id, is_viewing)

    def leave(self, member_id: str, now: datetime) -> list[PresenceEvent]:
        """Remove the member with all tabs."""
        member = self.members.get(member_id)
        return [MemberLeft(self.name, member, now)] if member else []

    def rename(self, member_id: str, nickname: Nickname, now: datetime) -> MemberRenamed:
        """Change the member's name; raises `NotAllowed`, `NameRefused`, `NotHere`, `SpeechRefused`."""
        member = self.member(member_id)
        require(member.role, Permission.RENAME)
        self.moderation.check_can_post(member, now)
        self.check_name(member_id, nickname)
        return MemberRenamed(self.name, member_id, member.nickname, nickname, now)

    def promote_by_password(self, member_id: str, now: datetime) -> RoleChanged:
        """Give the member, who knows the admin password, the role that it grants; raises `NotHere`."""
        member, role = self.member(member_id), self.accounts.role_by_password(member_id)
        new_role = role if is_above(role, member.role) else member.role
        return RoleChanged(self.name, member.ref, member.ref, now, member.role, new_role)

    def type(self, member_id: str, is_typing: bool, now: datetime) -> list[PresenceEvent]:
        """Start or stop showing the member as typing; a member who can't post is never shown."""
        if is_typing and self._can_post(member_id, now):
            return [TypingStarted(self.name, member_id, now)]
        return [TypingStopped(self.name, (member_id,))] if member_id in self.typing.member_ids else []

    def expire(self, now: datetime) -> list[PresenceEvent]:
        """Return the events that are due: grace periods that are over, and typing that timed out."""
        left: list[PresenceEvent] = [MemberLeft(self.name, self.members[i], now) for i in self.presence.expired(now)]
        silent = self.typing.expired(now)
        return [*left, TypingStopped(self.name, tuple(silent))] if silent else left

    def adjust_clock(self, change: timedelta) -> None:
        """Keep what is left of all waits when the clock was set by `change`."""
        for waits in (self.presence, self.typing, self.moderation):
            waits.adjust_clock(change)

    def _may_return(self, member_id: str) -> bool:
        ban = self.moderation.bans.get(member_id)
        is_banned = ban is not None and ban.until is None
        return member_id not in self.members and member_id not in self.accounts.deleted and not is_banned

    def _can_post(self, member_id: str, now: datetime) -> bool:
        try:
            member = self.member(member_id)
            require(member.role, Permission.POST)
            self.moderation.check_can_post(member, now)
        except ChatError:
            return False
        return True

    # Events.

    def apply(self, event: Event) -> bool:
        """Apply an event; applying it again changes nothing. Return whether anything changed."""
        match event:
            case MessagePosted(message=message):
                self.typing.stop([message.author])
                return self.conversation.apply(event)
            case MemberJoined() | MemberLeft():
                return self._apply_presence(event)
            case Connected(member_id=member_id, connection_id=connection_id, client_identity=client_identity):
                if member_id not in self.members:
                    return False
                self.moderation.remember_client(member_id, client_identity)
                return self.presence.connect(member_id, connection_id)
            case Disconnected(member_id=member_id, connection_id=connection_id, at=at):
                changed = self.presence.disconnect(member_id, connection_id, at)
                if not self.presence.is_connected(member_id):
                    self.typing.stop([member_id])
                return changed
            case ViewingChanged(member_id=member_id, connection_id=connection_id, is_viewing=is_viewing):
                return self.presence.set_viewing_latest(member_id, connection_id, is_viewing)
            case TypingStarted(member_id=member_id, at=at):
                return self.typing.start(member_id, at)
            case TypingStopped(member_ids=member_ids):
                return self.typing.stop(member_ids)
            case AccountCreated() | MemberRenamed() | RoleChanged():
                is_new = self.accounts.apply(event)
                return self._update_member(event) or is_new
            case AccountChanged() | AccountDeleted() | PasswordResetCreated() | PasswordResetUsed():
                return self.accounts.apply(event)
            case InvitationCreated() | InvitationUsed() | InvitationRevoked():
                return False  # a room has no invitations
            case _ if isinstance(event, ModerationEvent):
                return self._enforce(event)
            case _:
                return self.conversation.apply(event)

    def _apply_presence(self, event: MemberJoined | MemberLeft) -> bool:
        member = event.member
        is_joining = isinstance(event, MemberJoined)
        if is_joining == (member.id in self.members):
            return False
        if is_joining:
            self.conversation.colors.differ(member.id, self.members)
            self.members[member.id] = member
            self.conversation.remember_name(member.id, member.name)
        else:
            del self.members[member.id]
            self.presence.leave(member.id)
            self.typing.stop([member.id])
        change = JoinOrLeave.JOINED if is_joining else JoinOrLeave.LEFT
        self.conversation.timeline.add_join_or_leave(PresenceChange(member.id, member.name, change, event.at))
        return True

    def _update_member(self, event: AccountCreated | MemberRenamed | RoleChanged) -> bool:
        """Update the name and role of a present member. Return whether anything changed."""
        match event:
            case MemberRenamed(member_id=member_id, nickname=nickname, at=at):
                return self._rename(member_id, nickname, at)
            case RoleChanged(target=target, role=role, at=at):
                return self._change_role(target.id, role, at)
            case AccountCreated(account=account):
                member = self.members.get(account.id)
                is_guest = member is not None and member.role is Role.GUEST
                renamed = self._rename(account.id, account.nickname, account.created)
                return (is_guest and self._change_role(account.id, account.role, account.created)) or renamed

    def _rename(self, member_id: str, nickname: Nickname, at: datetime) -> bool:
        member = self.members.get(member_id)
        if member is None or member.nickname == nickname:
            return False
        self.members[member_id] = member.renamed(nickname)
        self.conversation.remember_name(member_id, nickname.shown)
        if member.name != nickname.shown:
            self.conversation.timeline.add(RenamedNotice(at, member.name, nickname.shown))
        return True

    def _change_role(self, member_id: str, role: Role, at: datetime) -> bool:
        member = self.members.get(member_id)
        if member is None or member.role is role:
            return False
        self.members[member_id] = member.with_role(role)
        if {member.role, role} - {Role.GUEST, Role.MEMBER}:
            self.conversation.timeline.add(RoleChangedNotice(at, member.name, role))
        return True

    def _enforce(self, event: ModerationEvent) -> bool:
        if not self.moderation.apply(event):
            return False
        if isinstance(event, Muted):
            self.typing.stop([event.target.id])
        if isinstance(event, PublicModerationEvent):
            self.conversation.timeline.add(event)
        return True
