"""Members: who they are, what they may be called, and how their avatar looks."""

import unicodedata
from dataclasses import dataclass, replace
from enum import StrEnum
from zlib import crc32

from chat.domain.errors import NameRefused
from chat.domain.messages.message import BLANKS
from chat.domain.text.confusables import skeleton

NAME_LIMIT = 32
RESERVED = frozenset({
    "admin", "administrator", "all", "anonymous", "channel", "everyone", "here", "mod", "moderator", "nobody", "owner",
    "root", "server", "system", "tcpchatnet", "you",
})  # fmt: skip
_RESERVED_LOOKS = frozenset(map(skeleton, RESERVED)) - {skeleton("Ali")}  # who looks like "all", and is a person
# Scripts with look-alike letters: a name that mixes them imitates another (Unicode TR 39, section 5).
LOOKALIKE_SCRIPTS = frozenset({"LATIN", "CYRILLIC", "GREEK", "ARMENIAN", "CHEROKEE", "COPTIC", "LISU"})
MARKS_IN_A_ROW = 2


class Role(StrEnum):
    """One step up for each; what they may do is in `chat.domain.permissions`."""

    GUEST = "guest"
    MEMBER = "member"
    MODERATOR = "moderator"
    ADMIN = "admin"
    OWNER = "owner"


@dataclass(frozen=True, slots=True)
class Nickname:
    """A name as shown and as compared (RFC 8266); built by `chat.text.nicknames.nickname`."""

    shown: str
    key: str


@dataclass(frozen=True, slots=True)
class Member:
    """One person in the chat, whatever number of tabs they have open."""

    id: str
    nickname: Nickname
    role: Role = Role.GUEST

    @property
    def name(self) -> str:
        """The name other people see."""
        return self.nickname.shown

    def renamed(self, nickname: Nickname) -> "Member":
        """The same member under another name."""
        return replace(self, nickname=nickname)

    def with_role(self, role: Role) -> "Member":
        """The same member in another role."""
        return replace(self, role=role)


def check_nickname(nickname: Nickname) -> None:
    """Raise `NameRefused` for a name that is too long, reserved, blank, piled with marks, or an imitation."""
    name = nickname.shown
    if len(name) > NAME_LIMIT:
        raise NameRefused("name-too-long", limit=NAME_LIMIT)
    if nickname.key in RESERVED or skeleton(name) in _RESERVED_LOOKS:
        raise NameRefused("name-reserved", name=name)
    if BLANKS & set(name) or not any(unicodedata.category(c)[0] in "LNS" for c in name):
        raise NameRefused("name-invalid")
    if _longest_pile(name) > MARKS_IN_A_ROW:
        raise NameRefused("name-invalid")
    if len(_scripts(name) & LOOKALIKE_SCRIPTS) > 1:
        raise NameRefused("name-mixed-scripts")


def _longest_pile(name: str) -> int:
    longest = pile = 0
    for character in unicodedata.normalize("NFC", name):
        pile = pile + 1 if unicodedata.category(character)[0] == "M" else 0
        longest = max(longest, pile)
    return longest


def _scripts(name: str) -> set[str]:
    return {unicodedata.name(c, "").split(" ")[0] for c in name if c.isalpha()}


def hue(member_id: str) -> int:
    """The angle (0 to 359) of a member's colour on the colour wheel, the same for ever."""
    return crc32(member_id.encode()) % 24 * 15


def initials(name: str) -> str:
    """One or two letters for the avatar: of the first and the last word."""
    words = name.split()
    picked = [words[0], words[-1]] if len(words) > 1 else words
    return "".join(word[0] for word in picked).upper()[:2]
