"""People: members, their nicknames and roles, and how their avatar looks."""

from dataclasses import dataclass, replace
from enum import StrEnum
from zlib import crc32


class Role(StrEnum):
    """Roles in rising order; `chat.domain.permissions` lists their permissions."""

    GUEST = "guest"
    MEMBER = "member"
    MODERATOR = "moderator"
    ADMIN = "admin"
    OWNER = "owner"


@dataclass(frozen=True, slots=True)
class UserRef:
    """A person by id, with the name they had at the time."""

    id: str
    name: str


@dataclass(frozen=True, slots=True)
class Nickname:
    """A name as shown and as compared (RFC 8266); built by `chat.text.nicknames.parse_nickname`."""

    shown: str
    key: str


@dataclass(frozen=True, slots=True)
class Member:
    """One person in the chat, with any number of open tabs."""

    id: str
    nickname: Nickname
    role: Role = Role.GUEST

    @property
    def name(self) -> str:
        return self.nickname.shown

    @property
    def ref(self) -> UserRef:
        return UserRef(self.id, self.name)

    def renamed(self, nickname: Nickname) -> "Member":
        return replace(self, nickname=nickname)

    def with_role(self, role: Role) -> "Member":
        return replace(self, role=role)


def hue(member_id: str) -> int:
    """Return the member's angle (0 to 359) on the colour wheel; it never changes."""
    return crc32(member_id.encode()) % 24 * 15


def initials(name: str) -> str:
    """Return the first letters of the first and the last word."""
    words = name.split()
    picked = [words[0], words[-1]] if len(words) > 1 else words
    return "".join(word[0] for word in picked).upper()[:2]
