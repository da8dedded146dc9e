"""The people of a chat, present or not: their names, roles and avatars."""

from collections.abc import Callable, Iterable
from datetime import timedelta

from chat.domain.accounts.directory import Directory
from chat.domain.errors import CommandRefused, NotHere
from chat.domain.moderation.state import Moderation
from chat.domain.people.avatar_colors import AvatarColors
from chat.domain.people.avatars import Avatar
from chat.domain.people.members import Members
from chat.domain.people.names import Names
from chat.domain.people.presence import Presence
from chat.domain.text.folding import fold
from chat.domain.users import Member, Role, UserRef


class KnownPeople:
    """Finds present members, account holders, and authors of messages.

    `is_reached` tells whether an absent member gets messages: by pushes, or because they may come back any moment.
    """

    def __init__(
        self, grace: timedelta, moderation: Moderation | None = None, accounts: Directory | None = None
    ) -> None:
        self.moderation = moderation or Moderation()
        self.accounts = Directory() if accounts is None else accounts  # an empty directory is falsy
        self.members = Members()
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
        """Return a person's avatar; only present members and account holders have a picture."""
        known = self.members.get(member_id) or self.accounts.get(member_id)
        return Avatar(member_id, self.colors.of(member_id), known.picture if known and self.shows_pictures else "")

    def roster(self) -> list[Member]:
        """Return the present members, sorted by name."""
        return sorted(self.members.values(), key=lambda member: (member.nickname.key, member.id))

    def absent_members(self) -> list[Member]:
        """Return the absent account holders, by role (highest first) and name."""
        away = (account.member for account in self.accounts if account.id not in self.members)
        roles = list(Role)
        return sorted(away, key=lambda member: (-roles.index(member.role), member.nickname.key))

    def away(self, authors: Iterable[str]) -> list[UserRef]:
        """Return the absent people who may return, sorted by name: account holders, and these authors."""
        names = {author: self.names.get(author) for author in authors}
        known = names | {account.id: account.name for account in self.accounts}
        away = [UserRef(member_id, name) for member_id, name in known.items() if name and self._may_return(member_id)]
        return sorted(away, key=lambda user: (fold(user.name), user.id))

    def _may_return(self, member_id: str) -> bool:
        ban = self.moderation.bans.get(member_id)
        is_banned = ban is not None and ban.until is None
        return member_id not in self.members and member_id not in self.accounts.deleted and not is_banned
