"""The people of a chat: decides how they join, leave and change their names, and applies the events."""

from datetime import datetime

from chat.domain.accounts.directory import Directory
from chat.domain.accounts.events import AccountCreated, AccountEvent, AvatarChanged, MemberRenamed, RoleChanged
from chat.domain.client_identity import UNKNOWN_CLIENT, ClientIdentity
from chat.domain.errors import NameRefused
from chat.domain.moderation.word_filter import find_blocked
from chat.domain.nickname_policy import check_nickname
from chat.domain.people.avatar_colors import AvatarColor
from chat.domain.people.events import (
    Connected,
    Disconnected,
    MemberJoined,
    MemberLeft,
    PresenceEvent,
    ViewingChanged,
)
from chat.domain.people.known_people import KnownPeople
from chat.domain.permissions import Permission, is_above, require, require_not_below
from chat.domain.users import Member, Nickname, Role, UserRef


class People(KnownPeople):
    """Decisions change nothing; `apply` does."""

    def require_not_below(self, actor: Member, imposed_by: UserRef | None) -> None:
        """Raise `NotAllowed` if the actor's role is below that of the member who imposed the sanction to lift."""
        if imposed_by is not None:
            require_not_below(actor.role, self.role_of(imposed_by.id))

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
        if self.members.is_named(nickname.key, other_than=member_id):
            raise NameRefused("name-taken", name=nickname.shown)

    # Decisions.

    def connect(
        self,
        member: Member,
        connection_id: str,
        now: datetime,
        client_identity: ClientIdentity = UNKNOWN_CLIENT,
        *,
        is_back: bool = False,
    ) -> list[PresenceEvent]:
        """Connect a tab; an absent member joins. Raises `EntryRefused`, `NameRefused`."""
        role = self.members.get(member.id, member).role
        self.moderation.check_can_join(member.id, client_identity, role, now)
        connected = Connected(member.id, connection_id, client_identity)
        if member.id in self.members:
            return [connected]
        self.check_name(member.id, member.nickname)
        return [MemberJoined(member, now, is_back), connected]

    def disconnect(self, member_id: str, connection_id: str, now: datetime) -> Disconnected:
        """Disconnect a tab. After the last one, the member leaves when the grace period is over."""
        return Disconnected(member_id, connection_id, now)

    def set_viewing_latest(
        self, member_id: str, connection_id: str, room_id: str, is_viewing: bool
    ) -> list[ViewingChanged]:
        """Set whether a tab shows the newest message of a room; if so, it no longer shows that of another."""
        change = ViewingChanged(member_id, connection_id, room_id, is_viewing)
        before = self.presence.viewed_by(connection_id)
        if not is_viewing or before in (None, room_id):
            return [change]
        return [ViewingChanged(member_id, connection_id, before, False), change]

    def leave(self, member_id: str, now: datetime, *, is_by_choice: bool = False) -> list[MemberLeft]:
        """Remove the member with all tabs."""
        member = self.members.get(member_id)
        return [MemberLeft(member, now, is_by_choice)] if member else []

    def expire(self, now: datetime) -> list[MemberLeft]:
        """Return the members whose grace period is over as having left."""
        return [MemberLeft(self.members[member_id], now) for member_id in self.presence.expired(now)]

    def rename(self, member_id: str, nickname: Nickname, now: datetime) -> MemberRenamed:
        """Change the member's name; raises `NotAllowed`, `NameRefused`, `NotHere`."""
        member = self.member(member_id)
        require(member.role, Permission.RENAME)
        self.check_name(member_id, nickname)
        return MemberRenamed(member_id, member.nickname, nickname, now)

    def promote_by_password(self, member_id: str, room_id: str, now: datetime) -> RoleChanged:
        """Give the member, who knows the admin password, the role that it grants; raises `NotHere`."""
        member, role = self.member(member_id), self.accounts.role_by_password(member_id)
        new_role = role if is_above(role, member.role) else member.role
        return RoleChanged(room_id, member.ref, member.ref, now, member.role, new_role)

    # Events.

    def reload_accounts(self, accounts: Directory) -> None:
        """Replace all accounts, and update the names, roles and pictures of present members."""
        self.accounts.restore(accounts)
        for account in accounts:
            self._rename(account.id, account.nickname)
            self._change_role(account.id, account.role)
            self._change_picture(account.id, account.picture)
            self.names.remember(account.id, account.name)

    def apply(self, event: PresenceEvent | AccountEvent) -> bool:
        """Apply an event; applying it again changes nothing. Return whether anything changed."""
        match event:
            case MemberJoined(member=member, color=color):
                return member.id not in self.members and self._join(member, color)
            case MemberLeft(member=member):
                self.presence.leave(member.id)
                return self.members.remove(member.id)
            case Connected(member_id=member_id, connection_id=connection_id, client_identity=client_identity):
                if member_id not in self.members:
                    return False
                self.moderation.remember_client(member_id, client_identity)
                return self.presence.connect(member_id, connection_id, client_identity.session)
            case Disconnected(member_id=member_id, connection_id=connection_id, at=at):
                return self.presence.disconnect(member_id, connection_id, at)
            case ViewingChanged(member_id, connection_id, room_id, is_viewing):
                return self.presence.set_viewing_latest(member_id, connection_id, room_id, is_viewing)
            case _:
                is_new = self.accounts.apply(event)
                return self._update_member(event) or is_new

    def _join(self, member: Member, color: AvatarColor | None) -> bool:
        if color:
            self.colors.take(member.id, color)
        else:
            self.colors.differ(member.id, self.members)
        self.members.put(member)
        self.names.remember(member.id, member.name)
        return True

    def _update_member(self, event: AccountEvent) -> bool:
        """Update the name, role and picture of a present member. Return whether anything changed."""
        match event:
            case MemberRenamed(member_id=member_id, nickname=nickname):
                return self._rename(member_id, nickname)
            case RoleChanged(target=target, role=role):
                return self._change_role(target.id, role)
            case AvatarChanged(target=target, picture=picture):
                return self._change_picture(target.id, picture)
            case AccountCreated(account=account):
                member = self.members.get(account.id)
                is_guest = member is not None and member.role is Role.GUEST
                renamed = self._rename(account.id, account.nickname)
                return (is_guest and self._change_role(account.id, account.role)) or renamed
        return False

    def _rename(self, member_id: str, nickname: Nickname) -> bool:
        member = self.members.get(member_id)
        if member is None or member.nickname == nickname:
            return False
        self.members.put(member.renamed(nickname))
        self.names.remember(member_id, nickname.shown)
        return True

    def _change_role(self, member_id: str, role: Role) -> bool:
        member = self.members.get(member_id)
        if member is None or member.role is role:
            return False
        self.members.put(member.with_role(role))
        return True

    def _change_picture(self, member_id: str, picture: str) -> bool:
        member = self.members.get(member_id)
        if member is None or member.picture == picture:
            return False
        self.members.put(member.with_picture(picture))
        return True
