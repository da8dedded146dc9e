"""People: members, their nicknames and roles, and their initials."""

import re
from dataclasses import dataclass, replace
from enum import StrEnum


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
    """One person in the chat, with any number of open tabs. `picture` is its SHA-256, if they chose one."""

    id: str
    nickname: Nickname
    role: Role = Role.GUEST
    picture: str = ""

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

    def with_picture(self, picture: str) -> "Member":
        return replace(self, picture=picture)


# A letter with its marks, a flag, or an emoji with its style, skin tone, keycap, tags and what is joined to it.
_FIRST = re.compile(
    "[\U0001f1e6-\U0001f1ff]{2}"
    "|.[\u0300-\u036f\ufe0f\u20e3\U0001f3fb-\U0001f3ff\U000e0020-\U000e007f]*"
    "(?:\u200d.[\ufe0f\U0001f3fb-\U0001f3ff]*)*"
)


def initials(name: str) -> str:
    """Return the first letters of the first and the last word, or the first emoji of a name without letters."""
    words = [word for word in name.split() if _first(word).isalnum()]
    if not words:
        return _first(name)
    picked = [words[0], words[-1]] if len(words) > 1 else words
    return "".join(map(_first, picked)).upper()[:2]


def _first(text: str) -> str:
    found = _FIRST.match(text)
    return found[0] if found else text[:1]
