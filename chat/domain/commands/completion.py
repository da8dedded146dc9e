"""Completion of the word being typed: members after "@", rooms after "#", commands after "/", emoji after ":"."""

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Literal

from chat.domain.commands.registry import Command
from chat.domain.commands.rooms import FIRST_WORD
from chat.domain.messages.mentions import ALL, SIGNS
from chat.domain.nickname_policy import NAME_LIMIT
from chat.domain.rooms import room_mentions
from chat.domain.rooms.directory.room_info import RoomInfo
from chat.domain.text.folding import fold
from chat.domain.text.matching import WORD, best, rank
from chat.domain.text.words import is_unspaced, is_word_character
from chat.domain.users import Member, UserRef

Emojis = Callable[[str, int], list[tuple[str, str]]]

_COMMAND = re.compile(rf"[/／](?:\w*|{FIRST_WORD} \w*)", re.IGNORECASE)
# Not emoticons such as ":-)" or ":D".
_EMOJI = re.compile(r":(?:\w\w|[+-]1)[\w+-]*\Z")
_ROOM = re.compile(rf"[{room_mentions.SIGNS}][\w-]*\Z")
_MAX_LENGTH = 80


@dataclass(frozen=True, slots=True)
class Option:
    """A suggestion: `label` is shown, `text` replaces the word.

    `key` is the member's id (or `all`), the room's id, the command's name, or the emoji.
    """

    text: str
    label: str
    kind: Literal["member", "room", "command", "emoji"]
    key: str

    @property
    def typed(self) -> str:
        """The completed word: "@Ann", "/nick", ":tada:"."""
        return self.label.split()[-1] if self.kind == "emoji" else self.text.strip()


def complete(
    before: str,
    members: Iterable[Member | UserRef],
    commands: Iterable[Command],
    emojis: Emojis,
    *,
    rooms: Sequence[RoomInfo] = (),
    can_mention_everyone: bool,
    limit: int = 8,
) -> tuple[str, list[Option]]:
    """Return the word at the end of `before`, the text up to the caret, and up to `limit` options, best first.

    `emojis` finds shortcodes and their emoji. Equally good members, rooms and commands keep the order given.
    """
    people = list(members)
    word = word_before(before, (member.name for member in people))
    if word is None:
        return "", []
    if word.startswith(("/", "／")):
        return word, _commands(fold(word[1:]), commands)[:limit]
    if word.startswith(tuple(room_mentions.SIGNS)):
        return word, _rooms(word[1:], rooms)[:limit]
    if word.startswith(":"):
        return word, [
            Option(f"{emoji} ", f"{emoji} :{code}:", "emoji", emoji) for code, emoji in emojis(word[1:], limit)
        ]
    return word, _members(fold(word[1:]), people, can_mention_everyone, limit)


def word_before(text: str, names: Iterable[str] = ()) -> str | None:
    """Return the word to complete at the end of `text`, with its sign: "@an", "#te", "/ni", ":ta"; or None.

    A command must be the whole text. "@", "#" and ":" (also full-width "@" and "#") count at the start, after white
    space and punctuation, and after a script without spaces; ":" needs two more characters. A word after "@" may
    contain spaces while it still matches one of `names`.
    """
    if not isinstance(text, str):
        return None
    if len(text) <= _MAX_LENGTH and _COMMAND.fullmatch(text):
        return text
    end = text[-_MAX_LENGTH:]
    emoji = _EMOJI.search(end)
    if emoji and _can_begin(text, len(text) - len(emoji[0])):
        return emoji[0]
    at = max(text.rfind(sign, max(0, len(text) - NAME_LIMIT - 1)) for sign in SIGNS)
    if at >= 0 and _can_begin(text, at) and _can_be_a_name(text[at + 1 :], names):
        return text[at:]
    room = _ROOM.search(end)
    return room[0] if room and _can_begin(text, len(text) - len(room[0])) else None


def _can_begin(text: str, at: int) -> bool:
    before = text[at - 1 : at]
    if not before or before in f"{SIGNS}{room_mentions.SIGNS}:/":
        return not before
    return not is_word_character(before) or is_unspaced(before)


def _can_be_a_name(typed: str, names: Iterable[str]) -> bool:
    if not re.search(r"\s", typed):
        return True
    folded, known = fold(typed), [fold(name) for name in names]
    # A full name and a space end a mention, even if a longer name begins the same way.
    is_complete = folded.endswith(" ") and folded[:-1] in known
    return not is_complete and not re.search(r"[^\S ]", typed) and any(rank(folded, name) <= WORD for name in known)


def _members(typed: str, members: Iterable[Member | UserRef], can_mention_everyone: bool, limit: int) -> list[Option]:
    named = (((member.name,), Option(f"@{member.name} ", f"@{member.name}", "member", member.id)) for member in members)
    options = best(typed, named)
    if not can_mention_everyone or not ALL.startswith(typed):
        return options[:limit]
    everyone = Option(f"@{ALL} ", f"@{ALL}", "member", ALL)
    return [everyone, *options[: limit - 1]] if typed == ALL else [*options[: limit - 1], everyone]


def _rooms(typed: str, rooms: Iterable[RoomInfo]) -> list[Option]:
    named = (((room.slug, room.name), Option(f"#{room.slug} ", f"#{room.slug}", "room", room.id)) for room in rooms)
    return best(typed, named)


def _commands(typed: str, commands: Iterable[Command]) -> list[Option]:
    return best(typed, (((row.name,), _command(row)) for row in commands))


def _command(row: Command) -> Option:
    # After a command that takes a member, the list suggests members.
    text = f"/{row.name} @" if row.usage.startswith("@") else f"/{row.name} "
    return Option(text, f"/{row.name} {row.usage}".rstrip(), "command", row.name)
