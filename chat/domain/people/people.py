"""The people of a chat: decides who joins under which name and role, and applies the events."""

from collections.abc import Callable, Iterable
from datetime import datetime, timedelta

from chat.domain.accounts.directory import Directory
from chat.domain.accounts.events import AccountCreated, AccountEvent, AvatarChanged, MemberRenamed, RoleChanged
from chat.domain.client_identity import UNKNOWN_CLIENT, ClientIdentity
from chat.domain.errors import CommandRefused, NameRefused, NotHere
from chat.domain.moderation.state import Moderation
from chat.domain.moderation.word_filter import find_blocked
from chat.domain.nickname_policy import check_nickname
from chat.domain.people.avatar_colors import AvatarColor, AvatarColors
from chat.domain.people.avatars import Avatar
from chat.domain.people.events import (
    Connected,
    Disconnected,
    MemberJoined,
    MemberLeft,
    PresenceEvent,
    ViewingChanged,
)
from chat.domain.people.names import Names
from chat.domain.people.presence import Presence
from chat.domain.permissions import Permission, is_above, require, require_not_below
from chat.domain.text.folding import fold
from chat.domain.users import Member, Nickname, Role, UserRef


class People:
    """The members here, and those who may return. Decisions change nothing; `apply` does.

    `is_reached` tells whether messages are pushed to a member.
    """

    def __init__(
        self, grace: timedelta, moderation: Moderation | None = None, accounts: Directory | None = None
    ) -> None:
        self.moderation = moderation or Moderation()
        self.accounts = Directory() if accounts is None else accounts  # an empty directory is falsy
        self.members: dict[str, Member] = {}
        self.presence = Presence(grace)
        self.is_reached: Callable[[str], bool] = lambda member_id: False
        self.names = Names()
        self.colors = AvatarColors()
        self.shows_pictures = True
        for account in self.accounts:
            self.names.remember(account.id, account.name)

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

    def require_known(self, member_id: object) -> Member:
        """Return a present member or account holder; raises `CommandRefused`."""
        member = self.find_member(member_id) if isinstance(member_id, str) else None
        if member is None:
            raise CommandRefused("nobody")
        return member

    def find_user(self, member_id: object) -> UserRef | None:
        """Return any person whose name is known: a member, an account holder, or an author in a history."""
        name = self.name_of(member_id) if isinstance(member_id, str) else None
        return UserRef(member_id, name) if isinstance(member_id, str) and name is not None else None

    def role_of(self, member_id: str) -> Role:
        """Return a member's role, present or not; guest if unknown."""
        known = self.find_member(member_id)
        return known.role if known else Role.GUEST

    def name_of(self, member_id: str) -> str | None:
        """Return a member's last known name, present or not."""
        known = self.find_member(member_id)
        return known.name if known else self.names.get(member_id)

    def avatar_of(self, member_id: str) -> Avatar:
        """Return what stands for a person; only those here and account holders have a picture."""
        known = self.members.get(member_id) or self.accounts.get(member_id)
        return Avatar(member_id, self.colors.of(member_id), known.picture if known and self.shows_pictures else "")

    def require_not_below(self, actor: Member, imposed_by: UserRef | None) -> None:
        """Raise `NotAllowed` for an actor below the role of the member who imposed what they would lift."""
        if imposed_by is not None:
            require_not_below(actor.role, self.role_of(imposed_by.id))

    def roster(self) -> list[Member]:
        """Return the present members, sorted by name."""
        return sorted(self.members.values(), key=lambda member: (member.nickname.key, member.id))

    def absent_members(self) -> list[Member]:
        """Return the account holders who are not here, by role (highest first) and name."""
        away = (account.member for account in self.accounts if account.id not in self.members)
        roles = list(Role)
        return sorted(away, key=lambda member: (-roles.index(member.role), member.nickname.key))

    def away(self, authors: Iterable[str]) -> list[UserRef]:
        """Return the people not here who may return, sorted by name: account holders, and these authors."""
        names = {author: self.names.get(author) for author in authors}
        known = names | {account.id: account.name for account in self.accounts}
        away = [UserRef(member_id, name) for member_id, name in known.items() if name and self._may_return(member_id)]
        return sorted(away, key=lambda user: (fold(user.name), user.id))

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
        """Note whether a tab shows the newest message of a room; it no longer shows that of another then."""
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

    def _may_return(self, member_id: str) -> bool:
        ban = self.moderation.bans.get(member_id)
        is_banned = ban is not None and ban.until is None
        return member_id not in self.members and member_id not in self.accounts.deleted and not is_banned

    # Events.

    def reload_accounts(self, accounts: Directory) -> None:
        """Take other accounts in place of those before, also for the names, roles and pictures of members here."""
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
                return self.members.pop(member.id, None) is not None
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
        self.members[member.id] = member
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
        self.members[member_id] = member.renamed(nickname)
        self.names.remember(member_id, nickname.shown)
        return True

    def _change_role(self, member_id: str, role: Role) -> bool:
        member = self.members.get(member_id)
        if member is None or member.role is role:
            return False
        self.members[member_id] = member.with_role(role)
        return True

    def _change_picture(self, member_id: str, picture: str) -> bool:
        member = self.members.get(member_id)
        if member is None or member.picture == picture:
            return False
        self.members[member_id] = member.with_picture(picture)
        return True
