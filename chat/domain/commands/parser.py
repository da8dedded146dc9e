"""The table of all slash commands, and the parser for typed text."""

import re
import unicodedata
from collections.abc import Set

from chat.domain.commands import everyone, moderators, rooms
from chat.domain.commands.registry import Command, Table
from chat.domain.errors import CommandRefused, TextRefused
from chat.domain.permissions import has_permission
from chat.domain.text.cleaning import is_visible
from chat.domain.users import Role

COMMANDS: Table = {**everyone.COMMANDS, **moderators.COMMANDS, **rooms.COMMANDS}


# Slashes of other keyboards, and characters that look like one. Faces and lines begin with them, too: a look-alike
# counts only before a Latin letter.
_LOOK_ALIKES = "／⁄∕╱⟋⧸"
_SLASH = re.compile(rf"/|[{_LOOK_ALIKES}](?=[a-zA-Zａ-ｚＡ-Ｚ])")
_SLASHES = re.compile(rf"([/{_LOOK_ALIKES}]+)(\S+)")


def parse(text: str) -> tuple[Command, str] | None:
    """Return the command in `text` and its argument; None for a message, including `//text` and paths (`/home/ann`).

    A full-width slash or one that looks alike, and full-width letters, count as plain ones. Raises `CommandRefused` for
    an unknown command, which is never posted, and `TextRefused` unless `text` is a string.
    """
    if not isinstance(text, str):
        raise TextRefused("text-empty")
    text = _from_first_visible(text)
    slash = _SLASH.match(text)
    if not slash or text.startswith("//"):
        return None
    text = text[slash.end() :]
    word, *rest = text.split(maxsplit=1) or [""]
    name = _command_name(word)
    if "/" in word:
        return None
    if not _is_first_word(name) or text[:1].isspace():
        raise CommandRefused("command-unknown", name=name[:20])
    argument = "".join(rest).strip()
    if name not in COMMANDS:
        name, argument = _with_second_word(name, argument)
    found = COMMANDS[name]
    if found.usage and not found.usage.startswith("[") and not argument:
        raise CommandRefused("command-usage", name=name, usage=found.usage)
    return found, argument


def escape(text: str) -> str:
    """Return what to type to post `text`: one slash more before a command's name."""
    return text[0] + text if _slashes_before_command(text) else text


def unescape(text: str) -> str:
    """Return the message that `//text` stands for: one slash less before a command's name, else as typed."""
    return text[1:] if _slashes_before_command(text) > 1 else text


def begins_command(beginning: str) -> bool:
    """Tell whether a text that begins so, while it is being typed, may become a command."""
    return bool(_SLASH.match(_from_first_visible(beginning))) and not beginning.startswith("//")


def _from_first_visible(text: str) -> str:
    # An invisible character before "/admin ..." must not make it a message.
    return text[next((at for at, character in enumerate(text) if is_visible(character)), 0) :]


def _slashes_before_command(text: str) -> int:
    found = _SLASHES.match(text)
    return len(found[1]) if found and _is_first_word(_command_name(found[2])) else 0


def _is_first_word(word: str) -> bool:
    return any(word == name.split()[0] for name in COMMANDS)


def _with_second_word(first: str, rest: str) -> tuple[str, str]:
    word, *argument = rest.split(maxsplit=1) or [""]
    name = f"{first} {_command_name(word)}"
    if name not in COMMANDS:
        verbs = [known.removeprefix(f"{first} ") for known in COMMANDS if known.startswith(f"{first} ")]
        raise CommandRefused("command-usage", name=first, usage=", ".join(verbs))
    return name, "".join(argument)


def _command_name(word: str) -> str:
    return unicodedata.normalize("NFKC", word).lower()


def allowed_commands(role: Role, about_room: Set[str] = frozenset()) -> list[Command]:
    """Return the commands of a role; of those about rooms only the ones that are named, as they apply here."""
    return [
        found
        for found in COMMANDS.values()
        if (found.needs is None or has_permission(role, found.needs))
        and (found.name not in rooms.COMMANDS or found.name in about_room)
    ]
