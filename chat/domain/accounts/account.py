"""An account: a member with a reserved name."""

from dataclasses import dataclass, field
from datetime import datetime

from chat.domain.accounts.password_resets import PasswordReset
from chat.domain.users import Member, Nickname, Role


@dataclass(frozen=True, slots=True)
class Account:
    """A member's account. `id` is the member id they had as a guest.

    `password` is a hash that only `chat.state.accounts.passwords` understands; empty for accounts of single sign-on.
    Sessions of another `generation` have ended; it only grows, even across a deletion. `reset` is the open link to
    replace the password. `picture` is the SHA-256 of their picture, if they chose one.
    """

    id: str
    nickname: Nickname
    password: str = field(repr=False)
    created: datetime
    generation: int
    role: Role = Role.MEMBER
    reset: PasswordReset | None = None
    picture: str = ""

    @property
    def name(self) -> str:
        return self.nickname.shown

    @property
    def key(self) -> str:
        """The name in the form used for comparison."""
        return self.nickname.key

    @property
    def has_password(self) -> bool:
        return bool(self.password)

    @property
    def member(self) -> Member:
        return Member(self.id, self.nickname, self.role, self.picture)

    def next_generation(self, now: datetime) -> int:
        """Return the generation that ends all sessions of this one."""
        return max(self.generation + 1, generation_at(now))


def generation_at(now: datetime) -> int:
    """Return the generation of an account created now.

    It is a time, so that sessions of a deleted account stay invalid if the account is created again.
    """
    return int(now.timestamp() * 1000)
